"""Messages: written, read in pages, edited, deleted, answered, retried; nothing lost, seq without holes."""

import pytest

from harness.client import expect, is_time, oid

SETTINGS = {"rooms_created_by": "everyone"}
MESSAGE_KEYS = {"_id", "room", "seq", "sender", "username", "text", "created", "edited", "deleted", "mentions", "reply_to"}


@pytest.fixture
def pair(make_user):
    """Two people in a room of their own."""
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    return anna, boris, room


TEXTS = [
    "hello", "Съешь же ещё этих мягких французских булок", "我能吞下玻璃而不伤身体", "أنا قادر على أكل الزجاج و هذا لا يؤلمني",
    "👩‍👩‍👧‍👦 é e\u0301 \u200f\u202e", "<script>alert('x')</script> &amp; \"quotes\" \\ / \b\f\t", "  spaces kept  \n\n\ttabs and\r\nlines\n",
    "```\ncode\n```", "\u2028\u2029\ufeff\x7f\x01", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010ffff", "null", "0",
]


def test_texts_are_stored_as_sent(pair):
    anna, boris, room = pair
    for text in TEXTS:
        assert anna.say(room, text)["text"] == text
    assert [m["text"] for m in boris.messages(room)] == TEXTS


def test_a_message_says_all_about_itself(pair):
    anna, boris, room = pair
    message = anna.say(room, "hello")
    assert message.keys() >= MESSAGE_KEYS
    assert (oid(message["room"]), oid(message["sender"]), message["username"]) == (room, anna.id, anna.name)
    assert is_time(message["created"]) and not message["edited"] and not message["deleted"]
    assert message["mentions"] == [] and message["reply_to"] is None
    assert message.get("bot") in (None, False)
    assert boris.messages(room) == [message]
    assert expect(boris.get(f"/api/messages/{oid(message['_id'])}"), 200) == message
    assert anna.room(room)["last_seq"] == message["seq"]


def test_the_log_of_a_room_has_no_holes(pair):
    """Messages, edits, deletions, joins, leaves and room changes are entries: 1, 2, 3, …"""
    anna, boris, room = pair
    first = anna.say(room, "one")
    second = boris.say(room, "two")
    boris.edit(second, "two, better")
    anna.erase(first)
    anna.set_role(room, boris, "admin")
    expect(boris.patch(f"/api/rooms/{room}", {"topic": "holes"}), 200)
    boris.leave(room)
    entries = anna.all_entries(room)
    assert [e["seq"] for e in entries] == list(range(1, anna.room(room)["last_seq"] + 1))
    assert all(oid(e["room"]) == room for e in entries)
    told = [(e["type"], e.get("action")) for e in entries if e["seq"] >= first["seq"]]
    assert told == [("message", None), ("message", None), ("edit", None), ("delete", None),
                    ("member", "role"), ("room", "changed"), ("member", "leave")]
    by_type = {e["type"]: e for e in entries}
    assert by_type["edit"]["message"]["text"] == "two, better"
    assert oid(by_type["delete"]["_id"]) == oid(first["_id"])
    assert by_type["room"]["state"]["topic"] == "holes" and by_type["room"]["was"]["topic"] in ("", None)


def test_refused_writes_use_no_seq(pair):
    anna, boris, room = pair
    before = anna.room(room)["last_seq"]
    for body in ({"room": room}, {"room": room, "text": ""}, {"room": room, "text": 5}, {"text": "where?"},
                 {"room": room, "text": "x", "nonce": "n" * 65}, {"room": room, "text": "x", "reply_to": "x"},
                 {"room": room, "text": "x", "reply_to": "0" * 24}):
        assert anna.post("/api/messages", body).status_code in (400, 404), body
    assert anna.say(room, "at last")["seq"] == before + 1


def test_what_is_missing_is_named(pair):
    anna, _, room = pair
    expect(anna.post("/api/messages", {"room": room}), 400, "Missing parameter", "The 'text' parameter is required.")
    expect(anna.post("/api/messages", {"text": "x"}), 400, "Missing parameter")
    expect(anna.get("/api/messages"), 400, "Missing parameter", "The 'room' parameter is required.")


# Pages


@pytest.fixture(scope="module")
def history(module_server):
    """A room with 230 messages."""
    anna = module_server.register("anna")
    room = anna.make_room()
    messages = [anna.say(room, f"message {i}") for i in range(230)]
    return anna, room, [m["seq"] for m in messages]


def seqs(messages: list[dict]) -> list[int]:
    return [m["seq"] for m in messages]


def test_pages(history):
    anna, room, all_ = history
    middle = all_[100]
    assert seqs(anna.messages(room)) == all_[-50:], "the latest fifty, ascending"
    assert seqs(anna.messages(room, limit=3)) == all_[-3:]
    assert seqs(anna.messages(room, limit=1000)) == all_[-200:], "cut to the maximum"
    assert seqs(anna.messages(room, before=middle, limit=10)) == all_[90:100]
    assert seqs(anna.messages(room, after=middle, limit=10)) == all_[101:111]
    assert seqs(anna.messages(room, before=all_[0])) == []
    assert seqs(anna.messages(room, after=all_[-1])) == []
    assert seqs(anna.messages(room, before=10**9, limit=2)) == all_[-2:]
    around = seqs(anna.messages(room, around=middle, limit=11))
    assert middle in around and 10 <= len(around) <= 12
    assert around == all_[all_.index(around[0]):][:len(around)], "no holes around it"
    assert 3 <= around.index(middle) <= 8, "in the middle"


def test_walking_back_and_forth_meets_every_message_once(history):
    anna, room, all_ = history
    back: list[int] = []
    page = seqs(anna.messages(room, limit=37))
    while page:
        back = page + back
        page = seqs(anna.messages(room, before=page[0], limit=37))
    assert back == all_
    assert seqs(anna.all_messages(room)) == all_


@pytest.mark.parametrize("params", [
    {"limit": 0}, {"limit": -1}, {"limit": "x"}, {"limit": "1e3"}, {"before": "x"}, {"after": -1}, {"around": "now"},
    {"before": "99999999999999999999"}, {"entries": "some"},
], ids=str)
def test_bad_bounds(history, params):
    anna, room, _ = history
    expect(anna.get("/api/messages", room=room, **params), 400, "Bad parameter")


# Edit, delete, history


def test_an_edit_changes_the_text_in_its_place(pair):
    anna, boris, room = pair
    message = anna.say(room, "frist")
    boris.say(room, "you mean first")
    edited = anna.edit(message, "first")
    assert (edited["text"], edited["seq"], edited["_id"]) == ("first", message["seq"], message["_id"])
    assert is_time(edited["edited"]) and edited["created"] == message["created"]
    assert [m["text"] for m in boris.messages(room)] == ["first", "you mean first"]
    history = boris.get(f"/api/messages/{oid(message['_id'])}/history")
    expect(history, 200)
    assert "frist" in history.text and '"first"' in history.text


def test_edits_are_refused_with_bad_texts(pair):
    anna, boris, room = pair
    message = anna.say(room, "as it was")
    path = f"/api/messages/{oid(message['_id'])}"
    expect(anna.patch(path, {}), 400, "Missing parameter", "The 'text' parameter is required.")
    assert expect(anna.patch(path, {"text": ""}), 400)
    expect(anna.patch(path, {"text": 5}), 400, "Bad parameter")
    expect(anna.patch(path, {"text": "x" * 16001}), 400, "Bad parameter")
    assert boris.messages(room) == [message]


def test_a_deleted_text_is_gone_from_every_answer(pair):
    anna, boris, room = pair
    message = anna.say(room, "regretted words")
    anna.edit(message, "regretted words, repeated")
    boris.say(room, "what?", reply_to=message["_id"])
    anna.erase(message)
    message_id = oid(message["_id"])
    for caller in (anna, boris):
        for answer in (
            caller.get("/api/messages", room=room), caller.get("/api/messages", room=room, entries="all", after=0),
            caller.get("/api/messages", room=room, around=message["seq"]), caller.get(f"/api/messages/{message_id}"),
            caller.get(f"/api/messages/{message_id}/history"), caller.get(f"/api/rooms/{room}"), caller.get("/api/unread"),
        ):
            assert answer.status_code in (200, 404) and "regretted" not in answer.text
    edit = anna.patch(f"/api/messages/{message_id}", {"text": "back"})
    assert 400 <= edit.status_code < 500, "what is deleted stays so"
    assert "back" not in boris.get("/api/messages", room=room).text


def test_deleting_twice_is_one_entry(pair):
    anna, _, room = pair
    message = anna.say(room, "x")
    anna.erase(message)
    last = anna.room(room)["last_seq"]
    anna.delete(f"/api/messages/{oid(message['_id'])}")
    assert anna.room(room)["last_seq"] == last


def test_who_lost_the_right_to_write_edits_and_deletes_no_more(pair):
    anna, boris, room = pair
    message = boris.say(room, "mine")
    path = f"/api/messages/{oid(message['_id'])}"
    anna.set_role(room, boris, "guest")
    expect(boris.patch(path, {"text": "changed"}), 403, "Permission Denied", "Guests can only read.")
    expect(boris.delete(path), 403, "Permission Denied")
    anna.remove(room, boris)
    expect(boris.patch(path, {"text": "changed"}), 403, "Permission Denied")
    assert anna.messages(room) == [message]


def test_messages_that_do_not_exist(pair):
    anna, _, _ = pair
    path = "/api/messages/" + "0" * 24
    for answer in (anna.get(path), anna.patch(path, {"text": "x"}), anna.delete(path), anna.get(path + "/history")):
        expect(answer, 404, "Not Found")


# Replies and retries


def test_a_reply_names_what_it_answers(pair):
    anna, boris, room = pair
    question = anna.say(room, "tea or coffee?")
    answer = boris.say(room, "tea", reply_to=oid(question["_id"]))
    assert answer["reply_to"] == question["_id"]
    assert anna.messages(room)[-1]["reply_to"] == question["_id"]
    other = anna.make_room()
    elsewhere = anna.post("/api/messages", {"room": other, "text": "tea", "reply_to": question["_id"]})
    assert elsewhere.status_code in (400, 404), "not into another room"


def test_a_nonce_makes_a_retry_safe(pair):
    anna, boris, room = pair
    body = {"room": room, "text": "once", "nonce": "retry-1"}
    first = expect(anna.post("/api/messages", body), 201)
    again = expect(anna.post("/api/messages", body), 200)
    assert again == first
    other_text = expect(anna.post("/api/messages", body | {"text": "other"}), 200)
    assert other_text == first, "the first message, and nothing new"
    expect(boris.post("/api/messages", body), 201)  # another sender
    other_room = anna.make_room()
    expect(anna.post("/api/messages", body | {"room": other_room}), 201)
    expect(anna.post("/api/messages", body | {"nonce": "retry-2"}), 201)
    assert [m["username"] for m in anna.messages(room)] == [anna.name, boris.name, anna.name]


@pytest.mark.parametrize("nonce,status", [("n" * 64, 201), ("n" * 65, 400), (5, 400)], ids=str)
def test_nonces(pair, nonce, status):
    anna, _, room = pair
    expect(anna.post("/api/messages", {"room": room, "text": "x", "nonce": nonce}), status)


def test_a_retry_after_a_restart_is_known(new_server):
    server = new_server()
    room = server.admin.make_room()
    body = {"room": room, "text": "once", "nonce": "before the restart"}
    first = expect(server.admin.post("/api/messages", body), 201)
    server.restart()
    assert expect(server.admin.post("/api/messages", body), 200)["_id"] == first["_id"]
    assert len(server.admin.messages(room)) == 1


def test_unknown_keys_are_ignored(pair):
    anna, _, room = pair
    message = anna.say(room, "x", seq=99, sender="0" * 24, username="somebody", colour={"deep": [1, 2]})
    assert (message["username"], oid(message["sender"])) == (anna.name, anna.id)
