"""What a person is to notice: mentions, read markers, unread counts, levels of notification."""

import pytest

from harness.client import expect, oid
from harness.live import Live, message

SETTINGS = {"rooms_created_by": "everyone"}


@pytest.fixture
def pair(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    return anna, boris, room


MENTIONS = [
    # text ({} is Boris), is he mentioned
    ("@{}", True), ("hello, @{}!", True), ("(@{})", True), ("привет,@{}，你好", True), ("line\n@{}: look", True),
    ("{} without the sign", False), ("`@{}`", False), ("a `code with @{} inside` here", False),
    ("```\n@{}\n```", False), ("```python\n# @{}\nprint()\n```\nend", False), ("```\ncode\n```\n@{} after", True),
    ("`code` then @{}", True), ("@{}x", False),
]


@pytest.mark.parametrize("text,mentioned", MENTIONS, ids=[m[0] for m in MENTIONS])
def test_mentions(pair, text, mentioned):
    anna, boris, room = pair
    message = anna.say(room, text.format(boris.name))
    assert [oid(m) for m in message["mentions"]] == ([boris.id] if mentioned else [])
    assert boris.unread(room)["mentions"] == int(mentioned)
    assert boris.messages(room)[-1] == message


def test_mentions_in_any_case_once_and_of_several(pair, make_user):
    anna, boris, room = pair
    vera = make_user("vera")
    vera.join(room)
    message = anna.say(room, f"@{boris.name.upper()} and @{vera.name}, and @{boris.name} again, not @nobody_at_all")
    assert {oid(m) for m in message["mentions"]} == {boris.id, vera.id} and len(message["mentions"]) == 2


def test_an_edit_brings_its_own_mentions(pair):
    anna, boris, room = pair
    message = anna.say(room, "nobody yet")
    edited = anna.edit(message, f"now @{boris.name}")
    assert [oid(m) for m in edited["mentions"]] == [boris.id]


def test_all_and_here(pair, make_user):
    anna, boris, room = pair
    assert anna.say(room, "@all lunch").get("mentions_all") == "all"
    assert boris.say(room, "@here who is there?").get("mentions_all") == "here"
    assert not anna.say(room, "`@all` is how one calls everybody").get("mentions_all")
    assert boris.unread(room)["mentions"] == 0
    anna.say(room, "@all really")
    assert boris.unread(room)["mentions"] == 1, "he is one of all"


def test_all_may_be_kept_for_owners(pair):
    anna, boris, room = pair
    expect(anna.patch(f"/api/rooms/{room}", {"mention_all_by": "owners"}), 200)
    assert not boris.say(room, "@all I shout").get("mentions_all")
    assert not boris.say(room, "@here I shout").get("mentions_all")
    assert anna.say(room, "@all I may").get("mentions_all") == "all"
    anna.set_role(room, boris, "admin")
    assert boris.say(room, "@all now I may").get("mentions_all") == "all"


# Unread


def test_unread_counts_others_messages_only(pair):
    anna, boris, room = pair
    start = boris.unread(room)
    assert start.keys() >= {"room", "last_seq", "read_seq", "unread", "mentions", "level"}
    messages = [anna.say(room, f"m{i}") for i in range(5)]
    row = boris.unread(room)
    assert (row["unread"], row["last_seq"]) == (5, messages[-1]["seq"])
    assert anna.unread(room)["unread"] == 0, "own messages do not count"
    anna.edit(messages[0], "edited")
    anna.erase(messages[1])
    expect(anna.patch(f"/api/rooms/{room}", {"topic": "no message"}), 200)
    assert boris.unread(room)["unread"] == 5, "deleted ones count, edits and changes do not"


def test_the_read_marker(pair):
    anna, boris, room = pair
    messages = [anna.say(room, f"m{i}") for i in range(5)]
    path = f"/api/rooms/{room}/read"
    expect(boris.put(path, {"seq": messages[2]["seq"]}), 200)
    assert (boris.unread(room)["read_seq"], boris.unread(room)["unread"]) == (messages[2]["seq"], 2)
    boris.put(path, {"seq": messages[0]["seq"]})
    assert boris.unread(room)["read_seq"] == messages[2]["seq"], "back only on purpose"
    expect(boris.put(path, {"seq": messages[0]["seq"], "unread": True}), 200)
    assert boris.unread(room)["unread"] == 4
    expect(boris.put(path, {"seq": messages[4]["seq"]}), 200)
    assert boris.unread(room)["unread"] == 0
    expect(boris.put(path, {}), 400, "Missing parameter", "The 'seq' parameter is required.")
    for bad in (-1, "x", 1.5, None, True):
        assert boris.put(path, {"seq": bad}).status_code == 400, bad
    assert boris.unread(room)["unread"] == 0


def test_posting_marks_read(pair):
    anna, boris, room = pair
    anna.say(room, "one")
    anna.say(room, "two")
    mine = boris.say(room, "three")
    row = boris.unread(room)
    assert (row["unread"], row["read_seq"]) == (0, mine["seq"])


def test_mentions_are_counted_and_read(pair):
    anna, boris, room = pair
    anna.say(room, f"@{boris.name} one")
    anna.say(room, "two")
    last = anna.say(room, f"@{boris.name} three")
    assert (boris.unread(room)["unread"], boris.unread(room)["mentions"]) == (3, 2)
    expect(boris.put(f"/api/rooms/{room}/read", {"seq": last["seq"]}), 200)
    assert boris.unread(room)["mentions"] == 0


def test_unread_survives_a_restart(new_server):
    server = new_server({"rooms_created_by": "everyone"})
    anna, boris = server.register("anna"), server.register("boris")
    room = anna.make_room()
    boris.join(room)
    for i in range(4):
        last = anna.say(room, f"@{boris.name} {i}")
    expect(boris.put(f"/api/rooms/{room}/read", {"seq": last["seq"] - 1}), 200)
    expect(boris.put(f"/api/rooms/{room}/notify", {"level": "mentions"}), 200)
    before = boris.unread(room)
    server.restart()
    assert boris.unread(room) == before
    assert (before["unread"], before["mentions"], before["level"]) == (1, 1, "mentions")


def test_the_level_of_notification(pair):
    anna, boris, room = pair
    path = f"/api/rooms/{room}/notify"
    for level in ("mentions", "none", "all"):
        expect(boris.put(path, {"level": level}), 200)
        assert boris.unread(room)["level"] == level
    assert anna.unread(room)["level"] == "all", "his own alone"
    expect(boris.put(path, {"level": "loud"}), 400, "Bad parameter")
    expect(boris.put(path, {}), 400, "Missing parameter", "The 'level' parameter is required.")


def test_reading_on_one_device_reaches_the_other(pair, make_user):
    anna, boris, room = pair
    vera = make_user("vera")
    vera.join(room)
    with Live(boris) as other_device, Live(vera) as veras:
        other_device.expect("hello")
        veras.expect("hello")
        read = anna.say(room, "read me")
        expect(boris.put(f"/api/rooms/{room}/read", {"seq": read["seq"]}), 200)
        event = other_device.expect("read")
        assert (oid(event["room"]), event["read_seq"], event["unread"], event["mentions"]) == (room, read["seq"], 0, 0)
        assert "cursor" in event and "seq" not in event, "from the user's own log"
        anna.say(room, "done")
        veras.expect(message(room, "done"))
        assert not [e for e in veras.events if e["type"] == "read"], "nobody else's business"
