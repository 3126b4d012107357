"""Losing a right cuts the live stream at once."""

import threading

import pytest

from harness.client import done, expect, oid
from harness.live import CARRIERS, Live, LongPoll, Sse, member, message, of_type, open_stream, present_cursor

SETTINGS = {"rooms_created_by": "everyone"}


@pytest.fixture(params=CARRIERS, ids=lambda c: c.__name__)
def carrier(request):
    return request.param


def test_two_stay_while_a_third_is_removed(make_user, carrier):
    """Messages flow all the time. Nothing that was acknowledged after the removal reaches him; the others miss nothing."""
    anna, boris, vera = make_user("anna"), make_user("boris"), make_user("vera")
    room, other = anna.make_room(), anna.make_room()
    for person in (boris, vera):
        person.join(room)
        person.join(other)
    with open_stream(carrier, boris) as stays, open_stream(carrier, vera) as goes:
        removed, stop = threading.Event(), threading.Event()
        after: list[int] = []

        def talk():
            while not stop.is_set():
                late = removed.is_set()
                seq = boris.say(room, f"talk {len(after)}")["seq"]
                if late:
                    after.append(seq)
                    if len(after) == 20:
                        return

        talker = threading.Thread(target=talk)
        talker.start()
        try:
            goes.expect(of_type("message", room))
            anna.remove(room, vera)
            removed.set()
            talker.join(timeout=20)
            assert not talker.is_alive() and len(after) == 20
        finally:
            stop.set()
        last = anna.say(room, "the end")
        anna.say(other, "the end")
        stays.expect(message(room, "the end"))
        goes.expect(message(other, "the end"))
        cut = goes.expect(member(room, vera.name, "leave"))
        assert goes.of_room(room)[-1]["type"] == "member" == cut["type"], "his own leaving is the last that he gets of it"
        assert not [e for e in goes.of_room(room) if e.get("seq") in after]
        seqs = [e["seq"] for e in stays.of_room(room)]
        assert seqs == list(range(seqs[0], last["seq"] + 1)), "the others miss nothing"


def test_leaving_freely_ends_the_room_too(make_user, carrier):
    anna, boris = make_user("anna"), make_user("boris")
    room, other = anna.make_room(), anna.make_room()
    boris.join(room)
    boris.join(other)
    with open_stream(carrier, boris) as stream:
        boris.leave(room)
        stream.expect(member(room, boris.name, "leave"))
        anna.say(room, "without him")
        anna.say(other, "the end")
        stream.expect(message(other, "the end"))
        assert stream.of_room(room)[-1]["type"] == "member"


@pytest.mark.parametrize("carrier", [Live, Sse], ids=lambda c: c.__name__)
def test_a_room_that_becomes_private_is_silent_for_readers(make_user, carrier):
    """Who only watched an open room by ?room= loses it with the right to read it."""
    anna, reader = make_user("anna"), make_user("reader")
    room, other = anna.make_room(), anna.make_room()
    with open_stream(carrier, reader, rooms=[room, other]) as stream:
        anna.say(room, "in the open")
        stream.expect(message(room, "in the open"))
        expect(anna.patch(f"/api/rooms/{room}", {"is_open": False}), 200)
        anna.say(room, "behind the door")
        anna.say(other, "the end")
        stream.expect(message(other, "the end"))
        assert "behind the door" not in str(stream.events)


def test_a_reader_polls_no_more_of_a_room_that_became_private(make_user):
    anna, reader = make_user("anna"), make_user("reader")
    room = anna.make_room()
    cursor = expect(reader.get("/api/events", room=room), 200)["cursor"]
    expect(anna.patch(f"/api/rooms/{room}", {"is_open": False}), 200)
    anna.say(room, "behind the door")
    answer = reader.get("/api/events", room=room, cursor=cursor, wait=1)
    assert answer.status_code in (200, 403) and "behind the door" not in answer.text


def test_a_guest_goes_on_hearing(make_user, carrier):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    with open_stream(carrier, boris) as stream:
        anna.set_role(room, boris, "guest")
        anna.say(room, "you may listen")
        stream.expect(message(room, "you may listen"))


def ends_of(client, session: str | None = None):
    """Both streams that stay open, by the token or by a browser's session."""
    who = {"Cookie": f"session={session}"} | client.own_origin if session else {"X-Auth-Token": client.token}
    streams = [Live(client, headers=who), Sse(client, headers=who)]
    for stream in streams:
        stream.expect("hello")
    return streams


def test_a_disabled_user_is_cut_off(server, make_user):
    anna = make_user("anna")
    session = anna.log_in().http.cookies["session"]
    poll = LongPoll(anna, wait=30)
    streams = ends_of(anna) + ends_of(anna, session)
    expect(server.admin.patch(f"/api/users/{anna.id}", {"is_disabled": True}), 200)
    for stream in streams:
        stream.expect_end(timeout=5)
    poll.expect_end(timeout=5)
    assert poll.status in (401, None), "refused, or cut off"
    expect(anna.get("/api/events"), 401)


def test_a_user_disabled_by_the_command_line_is_cut_off(server, make_user):
    anna = make_user("anna")
    streams = ends_of(anna)
    server.run("user", "disable", "-u", anna.name)
    for stream in streams:
        stream.expect_end(timeout=5)


def test_a_revoked_token_ends_its_connections_and_no_others(server, make_user):
    anna = make_user("anna")
    bot = server.client(expect(anna.post("/api/tokens", {"name": "bot"}), 201)["value"], name=anna.name, id=anna.id)
    bots, own = ends_of(bot), ends_of(anna)
    token = [t for t in expect(anna.get("/api/tokens"), 200) if t["name"] == "bot"][0]
    done(anna.delete(f"/api/tokens/{oid(token['_id'])}"))
    for stream in bots:
        stream.expect_end(timeout=5)
    room = anna.make_room()
    anna.say(room, "still on the line")
    for stream in own:
        stream.expect(message(room, "still on the line"))
        stream.cut()


def test_an_ended_session_ends_its_connections_and_no_others(make_user):
    anna = make_user("anna")
    here, there = anna.log_in(), anna.log_in()
    heres, theres = ends_of(here, here.http.cookies["session"]), ends_of(there, there.http.cookies["session"])
    current = [s for s in expect(there.get("/api/sessions"), 200) if s["current"]][0]
    done(here.delete(f"/api/sessions/{oid(current['_id'])}", headers=here.own_origin))
    for stream in theres:
        stream.expect_end(timeout=5)
    room = anna.make_room()
    anna.say(room, "still on the line")
    for stream in heres:
        stream.expect(message(room, "still on the line"))
        stream.cut()


def test_logging_out_ends_the_connections(make_user):
    browser = make_user("anna").log_in()
    streams = ends_of(browser, browser.http.cookies["session"])
    expect(browser.get("/api/logout"), 200)
    for stream in streams:
        stream.expect_end(timeout=5)


@pytest.mark.parametrize("how", ["removal", "deletion"])
def test_a_replay_tells_what_outlives_the_right(make_user, carrier, how):
    """He was away when he lost the room: on resuming he learns that, and nothing that came later."""
    anna, boris = make_user("anna"), make_user("boris")
    room, other = anna.make_room(), anna.make_room()
    boris.join(room)
    boris.join(other)
    cursor = present_cursor(boris, carrier)
    if how == "removal":
        anna.remove(room, boris)
        anna.say(room, "without him")
    else:
        expect(anna.delete(f"/api/rooms/{room}"), 200)
    anna.say(other, "the end")
    with carrier(boris, cursor=cursor) as stream:
        stream.expect(message(other, "the end"))
        if how == "removal":
            stream.expect(member(room, boris.name, "leave"))
        else:
            assert stream.expect(of_type("room", room))["action"] == "deleted"
        assert "without him" not in str(stream.events)
