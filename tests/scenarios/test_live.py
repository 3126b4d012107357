"""Live events: what is told, over all three carriers, in which form, and to whom."""

import time

import pytest

from harness.client import expect, is_time, oid
from harness.live import CARRIERS, Live, LongPoll, Sse, in_room, member, message, of_type, open_stream
from harness.wire import exchange, request, upgrade_headers

SETTINGS = {"rooms_created_by": "everyone"}


@pytest.fixture(params=CARRIERS, ids=lambda c: c.__name__)
def carrier(request):
    return request.param


@pytest.fixture
def pair(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    return anna, boris, room


@pytest.mark.parametrize("carrier", [Live, Sse], ids=lambda c: c.__name__)
def test_hello_says_who_and_where(make_user, carrier):
    anna = make_user("anna")
    with carrier(anna) as stream:
        hello = stream.take()
        assert hello["type"] == "hello"
        assert hello.keys() >= {"user", "cursor", "server", "retry_ms"}
        assert oid(hello["user"]) == anna.id
        assert isinstance(hello["cursor"], str) and isinstance(hello["retry_ms"], int)


def test_a_long_poll_without_a_cursor_answers_at_once(make_user):
    anna = make_user("anna")
    anna.make_room()
    started = time.monotonic()
    body = anna.get("/api/events", wait=30).json()
    assert body["events"] == [] and isinstance(body["cursor"], str)
    assert time.monotonic() - started < 5


def test_a_long_poll_waits_as_long_as_it_was_asked_to(make_user):
    anna = make_user("anna")
    cursor = anna.get("/api/events").json()["cursor"]
    started = time.monotonic()
    answer = anna.get("/api/events", cursor=cursor, wait=1)
    assert answer.status_code == 200 and answer.json()["events"] == []
    assert 0.8 < time.monotonic() - started < 5
    for bad in ("x", "-1"):
        expect(anna.get("/api/events", cursor=cursor, wait=bad), 400, "Bad parameter")


def test_every_logged_event_is_told_in_order(pair, carrier):
    anna, boris, room = pair
    with open_stream(carrier, boris) as stream:
        first = anna.say(room, "один")
        second = anna.say(room, "二")
        anna.edit(first, "one, edited")
        anna.erase(second)
        anna.set_role(room, boris, "admin")
        expect(anna.patch(f"/api/rooms/{room}", {"topic": "live", "is_open": False}), 200)
        last = anna.say(room, "the end")
        stream.expect(message(room, "the end"))
        events = stream.of_room(room)
        assert [e["type"] for e in events] == ["message", "message", "edit", "delete", "member", "room", "message"]
        assert [e["seq"] for e in events] == list(range(first["seq"], last["seq"] + 1))
        assert all(isinstance(e["cursor"], str) for e in events) and len({e["cursor"] for e in events}) == 7
        said, _, edit, delete, role, changed, _ = events
        assert said["message"] == first, "the same object as the API shows"
        assert edit["message"]["text"] == "one, edited" and is_time(edit["message"]["edited"])
        assert edit["message"]["_id"] == first["_id"]
        assert delete["_id"] == second["_id"] and "二" not in str(delete)
        assert (role["action"], role["username"], role["role"]) == ("role", boris.name, "admin") and "member" in role
        assert changed["action"] == "changed"
        assert (changed["state"]["topic"], changed["state"]["is_open"], changed["was"]["is_open"]) == ("live", False, True)
        assert "is_visible" not in changed["was"], "only what changed"


def test_live_events_are_the_entries_of_the_log(pair, carrier):
    anna, boris, room = pair
    with open_stream(carrier, boris) as stream:
        start = anna.room(room)["last_seq"]
        anna.say(room, "a")
        boris.say(room, "b", reply_to=anna.messages(room)[0]["_id"])
        expect(anna.patch(f"/api/rooms/{room}", {"topic": "t"}), 200)
        anna.say(room, "the end")
        stream.expect(message(room, "the end"))
        entries = [e for e in boris.all_entries(room) if e["seq"] > start]
        live = stream.of_room(room)
        assert [{k: v for k, v in e.items() if k != "cursor"} for e in live] == \
            [{k: v for k, v in e.items() if k != "cursor"} for e in entries]


def test_joins_and_leaves_are_told(pair, carrier, make_user):
    anna, boris, room = pair
    vera = make_user("vera")
    with open_stream(carrier, anna) as stream:
        vera.join(room)
        stream.expect(member(room, vera.name, "join"))
        vera.leave(room)
        stream.expect(member(room, vera.name, "leave"))


def test_a_stream_follows_its_user_into_new_rooms(make_user, carrier):
    """Invited, joined, written to directly: events come with no new connection."""
    anna, boris = make_user("anna"), make_user("boris")
    with open_stream(carrier, boris) as stream:
        invited = anna.make_room(is_visible=False)
        anna.add(invited, boris)
        anna.say(invited, "welcome")
        stream.expect(message(invited, "welcome"))
        joined = anna.make_room()
        boris.join(joined)
        anna.say(joined, "good that you came")
        stream.expect(message(joined, "good that you came"))
        expect(anna.post("/api/messages", {"recipient": boris.id, "text": "psst"}), 201)
        stream.expect(lambda e: e["type"] == "message" and e["message"]["text"] == "psst")


def test_nobody_hears_rooms_that_he_is_not_in(pair, carrier, make_user):
    anna, boris, room = pair
    other = anna.make_room()
    private = anna.make_direct(make_user("vera"))
    with open_stream(carrier, boris) as stream:
        anna.say(other, "an open room, but not his")
        anna.say(private, "between us")
        anna.say(room, "the end")
        stream.expect(message(room, "the end"))
        assert not stream.of_room(other) and not stream.of_room(private)


def test_rooms_can_be_chosen(pair, carrier, make_user):
    anna, boris, room = pair
    second, third, foreign = anna.make_room(), anna.make_room(), anna.make_room()
    for r in (second, third):
        boris.join(r)
    with open_stream(carrier, boris, rooms=[second, foreign]) as stream:
        anna.say(room, "not chosen")
        anna.say(third, "not chosen either")
        anna.say(second, "chosen")
        anna.say(foreign, "open to any reader")
        anna.say(second, "the end")
        stream.expect(message(second, "the end"))
        stream.expect(message(foreign, "open to any reader"))
        stream.expect(message(second, "chosen"))
        assert not stream.of_room(room) and not stream.of_room(third)


def upgrade_status(client, path: str, headers: dict | None = None) -> int:
    headers = upgrade_headers() | {"Host": f"127.0.0.1:{client.server.port}"} | (headers or {"X-Auth-Token": client.token})
    return exchange(client.server, request("GET", path, headers)).status


def test_only_rooms_that_one_may_read_can_be_chosen(pair, make_user):
    anna, _, _ = pair
    stranger = make_user("stranger")
    private, hidden = anna.make_room(is_open=False), anna.make_room(is_visible=False)
    for room, status in ((private, 403), (hidden, 404), ("0" * 24, 404), ("nonsense", 400)):
        assert upgrade_status(stranger, f"/api/live?room={room}") == status
        for accept in ("text/event-stream", "application/json"):
            assert stranger.get("/api/events", room=room, headers={"Accept": accept}).status_code == status, room


def test_live_needs_a_user(server, make_user):
    nobody = server.client("0" * 32)
    assert upgrade_status(nobody, "/api/live") == 401
    assert exchange(server, request("GET", "/api/live", upgrade_headers())).status == 401
    for accept in ("text/event-stream", "application/json"):
        expect(nobody.get("/api/events", headers={"Accept": accept}), 401, "Not authentificated")
    anna = make_user("anna")
    assert exchange(server, request("GET", f"/api/live?token={anna.token}", upgrade_headers())).status == 401
    plain = anna.get("/api/live")
    assert 400 <= plain.status_code < 500, "no upgrade was asked for"


def test_a_browser_upgrades_from_our_own_pages_only(make_user):
    browser = make_user("anna").log_in()
    cookie = {"Cookie": f"session={browser.http.cookies['session']}"}
    for origin, status in (({}, 403), ({"Origin": "http://evil.example"}, 403), (browser.own_origin, 101)):
        assert upgrade_status(browser, "/api/live", cookie | origin) == status
    with Live(browser, headers=cookie | browser.own_origin) as stream:
        assert oid(stream.expect("hello")["user"]) == browser.id


# What is not in a room's log


def test_presence_comes_and_goes(pair):
    anna, boris, room = pair
    with open_stream(Live, anna) as watcher:
        with open_stream(Live, boris):
            came = watcher.expect(lambda e: e["type"] == "presence" and e["user"] == {"$oid": boris.id})
            assert came["status"] == "online" and "seq" not in came
            assert anna.members(room)[boris.name]["online"] is True
        went = watcher.expect(lambda e: e["type"] == "presence" and e["user"] == {"$oid": boris.id})
        assert went["status"] == "offline"
        assert anna.members(room)[boris.name]["online"] is False


def test_presence_is_told_to_those_who_share_a_room(pair, make_user):
    anna, boris, room = pair
    stranger = make_user("stranger")
    own = stranger.make_room()
    with open_stream(Live, stranger) as watcher, open_stream(Live, anna) as friend:
        with open_stream(Live, boris):
            friend.expect(lambda e: e["type"] == "presence" and e["user"] == {"$oid": boris.id})
            stranger.say(own, "barrier")
            watcher.expect(message(own, "barrier"))
            assert not [e for e in watcher.events if e["type"] == "presence" and e["user"] == {"$oid": boris.id}]


@pytest.mark.parametrize("carrier", [Live, Sse], ids=lambda c: c.__name__)
def test_typing_is_told_to_the_room(pair, carrier, make_user):
    anna, boris, room = pair
    other = anna.make_room()
    with open_stream(carrier, boris) as stream, open_stream(Live, anna) as typist:
        typist.send(op="typing", room={"$oid": other})
        typist.send(op="typing", room={"$oid": room})
        event = stream.expect("typing")
        assert (oid(event["room"]), oid(event["user"])) == (room, anna.id)
        assert "seq" not in event


def test_a_changed_profile_is_told(pair):
    anna, boris, _ = pair
    with open_stream(Live, anna) as stream:
        expect(boris.patch("/api/users/me", {"display_name": "Борис Б."}), 200)
        event = stream.expect("user")
        assert boris.id in str(event) and "Борис Б." in str(event)
        assert "@example.com" not in str(event)


def test_ones_settings_reach_ones_other_devices(pair, carrier):
    anna, boris, room = pair
    with open_stream(carrier, boris) as stream, open_stream(Live, anna) as other:
        expect(boris.patch("/api/users/me", {"settings": {"theme": "dark"}}), 200)
        event = stream.expect("settings")
        assert "dark" in str(event) and "cursor" in event and "seq" not in event
        boris.say(room, "the end")
        other.expect(message(room, "the end"))
        assert "settings" not in [e["type"] for e in other.events]


# Operations over the WebSocket


def test_sending_over_the_socket(pair):
    anna, boris, room = pair
    with open_stream(Live, anna) as sender, open_stream(Live, boris) as receiver:
        for room_form, nonce in (({"$oid": room}, "n1"), (room, "n2")):
            sender.send(op="send", room=room_form, text=f"по проводу {nonce}", nonce=nonce)
            ack = sender.expect("ack")
            event = receiver.expect(message(room, f"по проводу {nonce}"))
            assert (ack["nonce"], ack["seq"], ack["_id"]) == (nonce, event["seq"], event["message"]["_id"])
        again = sender.say(room, "по проводу n1", "n1")
        first = anna.messages(room)[0]
        assert (again["seq"], again["_id"]) == (first["seq"], first["_id"]), "a retry is safe here too"
        assert len(anna.messages(room)) == 2


def test_errors_over_the_socket_repeat_the_nonce_and_change_nothing(pair, make_user):
    anna, boris, room = pair
    hidden = make_user("vera").make_room(is_visible=False)
    anna.set_role(room, boris, "guest")
    before = anna.room(room)["last_seq"]
    with open_stream(Live, boris) as stream:
        for i, (op, words) in enumerate([
            ({"op": "send", "room": room, "text": "I am a guest"}, "Guests can only read."),
            ({"op": "send", "room": hidden, "text": "anybody?"}, None),
            ({"op": "send", "room": room}, "text"),
            ({"op": "send", "room": room, "text": 5}, "text"),
            ({"op": "send", "room": "nonsense", "text": "x"}, "room"),
            ({"op": "send", "text": "x"}, "room"),
            ({"op": "send", "room": room, "text": "x" * 16001}, "text"),
            ({"op": "dance"}, None),
            ({}, None),
        ]):
            stream.send(**op, nonce=f"bad {i}")
            error = stream.expect("error")
            assert error["nonce"] == f"bad {i}", op
            assert words is None or words in str(error), error
        for frame in ("not JSON", "[]", "5", '"text"', '{"op": 5}', '{"op": "send"', "", "{\"op\":" + "[" * 5000):
            stream.send_text(frame)
            stream.expect("error")
        stream.send(op="read", room={"$oid": room}, seq=before)
        anna.say(room, "the connection stayed")
        stream.expect(message(room, "the connection stayed"))
    assert anna.room(room)["last_seq"] == before + 1


def test_reading_over_the_socket(pair):
    anna, boris, room = pair
    sent = anna.say(room, "read me")
    with open_stream(Live, boris) as one, open_stream(Sse, boris) as other:
        one.send(op="read", room={"$oid": room}, seq=sent["seq"])
        event = other.expect("read")
        assert (oid(event["room"]), event["read_seq"]) == (room, sent["seq"])
        assert boris.unread(room)["unread"] == 0


def test_two_devices_of_one_user_hear_the_same(pair):
    anna, boris, room = pair
    streams = [open_stream(c, boris) for c in CARRIERS]
    for i in range(5):
        anna.say(room, f"m{i}")
    for stream in streams:
        stream.expect(message(room, "m4"))
        assert [e["message"]["text"] for e in stream.of_room(room)] == [f"m{i}" for i in range(5)]
        stream.cut()


def test_nothing_is_told_of_what_was_refused(pair):
    anna, boris, room = pair
    anna.set_role(room, boris, "guest")
    with open_stream(Live, anna) as stream:
        expect(boris.post("/api/messages", {"room": room, "text": "refused"}), 403)
        expect(anna.post("/api/messages", {"room": room, "text": "x" * 16001}), 400)
        anna.say(room, "the end")
        stream.expect(message(room, "the end"))
        assert [e["type"] for e in stream.of_room(room)] == ["message"]
        assert not [e for e in stream.events if in_room(e, room) and "refused" in str(e)]


def test_retries_tell_nothing_twice(pair):
    anna, boris, room = pair
    with open_stream(Live, boris) as stream:
        for status in (201, 200, 200):
            expect(anna.post("/api/messages", {"room": room, "text": "once", "nonce": "n"}), status)
        anna.say(room, "the end")
        stream.expect(message(room, "the end"))
        assert [e["message"]["text"] for e in stream.of_room(room)] == ["once", "the end"]


def test_an_erased_room_is_the_last_word_of_it(pair, carrier):
    anna, boris, room = pair
    other = anna.make_room()
    boris.join(other)
    with open_stream(carrier, boris) as stream:
        anna.say(room, "one more thing")
        expect(anna.delete(f"/api/rooms/{room}"), 200)
        event = stream.expect(of_type("room", room))
        assert event["action"] == "deleted"
        anna.say(other, "the end")
        stream.expect(message(other, "the end"))
        assert stream.of_room(room)[-1] == event
