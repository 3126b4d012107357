"""Resuming: connections are cut at random while people talk, and everybody still sees everything once, in order."""

import random
import threading
import time

import pytest

from harness.client import Client, expect, oid
from harness.live import CARRIERS, Live, LongPoll, Sse, entry_key, fold, message, open_stream, present_cursor, query
from harness.wire import exchange, request, upgrade_headers

SETTINGS = {"rooms_created_by": "everyone"}


class Follower(threading.Thread):
    """A client on a bad line. Keeps all that it got, over however many connections."""

    def __init__(self, carrier, client: Client, cursor: str, seed: int):
        super().__init__(daemon=True)
        self.carrier, self.client, self.cursor = carrier, client, cursor
        self.random = random.Random(seed)
        self.events: list[dict] = []
        self.connections = 0
        self.finals: dict[str, int] | None = None  # room: its last seq, once everybody has finished
        self.trouble: BaseException | None = None

    def last_seqs(self) -> dict[str, int]:
        return {room: log[-1]["seq"] for room, log in fold(self.events).items()}

    def complete(self) -> bool:
        return self.finals is not None and all(self.last_seqs().get(r, 0) >= seq for r, seq in self.finals.items())

    def run(self) -> None:
        deadline = time.monotonic() + 90
        try:
            while not self.complete():
                assert time.monotonic() < deadline, f"incomplete: has {self.last_seqs()}, wants {self.finals}"
                self.connections += 1
                (self.poll if self.carrier is LongPoll else self.listen)(self.random.randint(1, 25))
        except BaseException as error:  # shown by the test
            self.trouble = error

    def listen(self, count: int) -> None:
        """One connection for so many events, then the line is cut."""
        with self.carrier(self.client, cursor=self.cursor) as stream:
            assert stream.take()["type"] == "hello"
            for _ in range(count):
                try:
                    event = stream.take(timeout=1)
                except AssertionError:  # silence; is that all?
                    return
                assert event is not None, f"the server ended the stream ({stream.close_code})"
                self.events.append(event)
                self.cursor = event.get("cursor", self.cursor)

    def poll(self, count: int) -> None:
        """One answer; sometimes it gets lost on its way and the client asks again."""
        body = LongPoll.poll(self.client.http, (), self.cursor, wait=1)
        if count <= 3:
            return
        self.events += body["events"]
        self.cursor = body["cursor"]


def talk(client: Client, rooms: list[str], count: int, seed: int, failures: list) -> None:
    """Sends, edits and deletes."""
    dice = random.Random(seed)
    own: list[dict] = []
    try:
        for i in range(count):
            room = dice.choice(rooms)
            if own and dice.random() < 0.15:
                client.edit(dice.choice(own), f"edited {seed}/{i} ещё раз")
            elif own and dice.random() < 0.1:
                client.erase(own.pop(dice.randrange(len(own))))
            else:
                own.append(client.say(room, f"said {seed}/{i} 消息"))
    except BaseException as error:
        failures.append(error)


def test_cut_at_random_everybody_sees_everything_once_in_order(make_user):
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    owner = make_user("owner")
    rooms = [owner.make_room() for _ in range(2)]
    writers = [make_user("writer") for _ in range(3)]
    readers = [make_user("reader") for _ in CARRIERS]
    for person in writers + readers:
        for room in rooms:
            person.join(room)
    followers = []
    starts = {room: owner.room(room)["last_seq"] for room in rooms}
    for i, carrier in enumerate(CARRIERS * 2):
        reader = readers[i % 3]
        followers.append(Follower(carrier, reader, present_cursor(reader, carrier), seed + i))
    failures: list = []
    talkers = [threading.Thread(target=talk, args=(w, rooms, 80, seed + i, failures)) for i, w in enumerate(writers)]
    for thread in followers + talkers:
        thread.start()
    visitor = make_user("visitor")
    while any(t.is_alive() for t in talkers):  # joins and leaves between the messages
        visitor.join(rooms[0])
        visitor.leave(rooms[0])
    for thread in talkers:
        thread.join()
    assert not failures, failures
    finals = {room: owner.room(room)["last_seq"] for room in rooms}
    for follower in followers:
        follower.finals = finals
    for follower in followers:
        follower.join(timeout=100)
        assert follower.trouble is None, f"{follower.carrier.__name__}: {follower.trouble!r}"
        assert follower.connections >= 5
        kept = fold(follower.events)
        assert "resync" not in [e["type"] for e in follower.events]
        for room in rooms:
            entries = [e for e in owner.all_entries(room) if e["seq"] > starts[room]]
            assert [e["seq"] for e in entries] == list(range(starts[room] + 1, finals[room] + 1))
            assert [entry_key(e) for e in kept[room]] == [entry_key(e) for e in entries], follower.carrier.__name__
            in_force = {e["message"]["_id"]["$oid"]: e["message"]["text"] for e in entries if e["type"] in ("message", "edit")}
            erased = {oid(e["_id"]) for e in entries if e["type"] == "delete"}
            seen = {e["message"]["_id"]["$oid"]: e["message"]["text"] for e in kept[room] if e["type"] in ("message", "edit")}
            assert {k: v for k, v in seen.items() if k not in erased} == {k: v for k, v in in_force.items() if k not in erased}


@pytest.fixture(params=CARRIERS, ids=lambda c: c.__name__)
def carrier(request):
    return request.param


@pytest.fixture
def pair(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    return anna, boris, room


def test_a_resume_brings_what_was_missed(pair, carrier):
    anna, boris, room = pair
    cursor = present_cursor(boris, carrier)
    texts = [f"missed {i}" for i in range(120)]
    for text in texts:
        anna.say(room, text)
    with carrier(boris, cursor=cursor) as stream:
        stream.expect(message(room, texts[-1]))
        assert [e["message"]["text"] for e in fold(stream.events)[room]] == texts
        anna.say(room, "and live again")
        stream.expect(message(room, "and live again"))


def test_each_events_cursor_resumes_right_after_it(pair, carrier):
    anna, boris, room = pair
    with open_stream(carrier, boris) as stream:
        for i in range(6):
            anna.say(room, f"m{i}")
        stream.expect(message(room, "m5"))
        events = [e for e in stream.events if e["type"] == "message"]
    for i, event in enumerate(events[:-1]):
        with carrier(boris, cursor=event["cursor"]) as stream:
            stream.expect(message(room, "m5"))
            fresh = [e for e in stream.events if e["type"] == "message" and e["seq"] > event["seq"]]
            assert [e["message"]["text"] for e in fresh] == [f"m{j}" for j in range(i + 1, 6)]


def test_a_cursor_of_one_carrier_resumes_another(pair):
    anna, boris, room = pair
    cursor = present_cursor(boris)
    for i, carrier in enumerate([Sse, LongPoll, Live]):
        anna.say(room, f"m{i}")
        with carrier(boris, cursor=cursor) as stream:
            cursor = stream.expect(message(room, f"m{i}"))["cursor"]


def test_last_event_id_resumes_as_browsers_do(pair):
    anna, boris, room = pair
    with open_stream(Sse, boris) as stream:
        anna.say(room, "before")
        last = stream.expect(message(room, "before"))["cursor"]
    anna.say(room, "missed")
    with Sse(boris, last_event_id=last) as stream:
        stream.expect(message(room, "missed"))
        assert "before" not in [e["message"]["text"] for e in fold(stream.events).get(room, []) if e["type"] == "message"
                                and e["cursor"] != last]


def test_a_replay_shows_messages_as_they_are_now(pair, carrier):
    anna, boris, room = pair
    cursor = present_cursor(boris, carrier)
    edited, erased = anna.say(room, "frist version"), anna.say(room, "regretted words")
    anna.edit(edited, "second version")
    anna.erase(erased)
    anna.say(room, "the end")
    with carrier(boris, cursor=cursor) as stream:
        stream.expect(message(room, "the end"))
        events = fold(stream.events)[room]
        assert [e["type"] for e in events] == ["message", "message", "edit", "delete", "message"]
        assert events[0]["message"]["text"] == events[2]["message"]["text"] == "second version"
        assert not events[1]["message"]["text"]
        assert "regretted" not in str(stream.events) and "frist" not in str(stream.events)


def test_a_resume_with_a_room_filter(pair, carrier):
    anna, boris, room = pair
    other = anna.make_room()
    boris.join(other)
    cursor = present_cursor(boris, carrier)
    for i in range(10):
        anna.say(room, f"a{i}")
        anna.say(other, f"b{i}")
    with carrier(boris, cursor=cursor, rooms=[other]) as stream:
        stream.expect(message(other, "b9"))
        assert [e["message"]["text"] for e in stream.of_room(other)] == [f"b{i}" for i in range(10)]
        assert not stream.of_room(room)


def test_ones_own_log_is_resumed_too(pair, carrier):
    anna, boris, room = pair
    cursor = present_cursor(boris, carrier)
    said = anna.say(room, "x")
    expect(boris.put(f"/api/rooms/{room}/read", {"seq": said["seq"]}), 200)
    expect(boris.patch("/api/users/me", {"settings": {"theme": "dark"}}), 200)
    with carrier(boris, cursor=cursor) as stream:
        read = stream.expect("read")
        assert (oid(read["room"]), read["read_seq"]) == (room, said["seq"])
        stream.expect("settings")


def test_what_came_before_one_joined_is_not_replayed_of_a_private_room(pair, carrier):
    anna, boris, _ = pair
    cursor = present_cursor(boris, carrier)
    hidden = anna.make_room(is_visible=False)
    anna.say(hidden, "before he came")
    anna.add(hidden, boris)
    anna.say(hidden, "welcome")
    with carrier(boris, cursor=cursor) as stream:
        stream.expect(message(hidden, "welcome"))


def test_cursors_survive_a_restart_and_a_kill(new_server):
    server = new_server({"rooms_created_by": "everyone"})
    anna, boris = server.register("anna"), server.register("boris")
    room = anna.make_room()
    boris.join(room)
    cursors = {carrier: present_cursor(boris, carrier) for carrier in CARRIERS}
    anna.say(room, "before the stop")
    server.stop()
    server.start()
    anna.say(room, "between")
    server.kill()
    server.start()
    for client in (anna, boris):
        client.hang_up()
    anna.say(room, "after the kill")
    for carrier, cursor in cursors.items():
        with carrier(boris, cursor=cursor) as stream:
            stream.expect(message(room, "after the kill"))
            assert [e["message"]["text"] for e in fold(stream.events)[room] if e["type"] == "message"] == \
                ["before the stop", "between", "after the kill"]


@pytest.mark.parametrize("forged", ["x", "-1", "999999999999", "5706dac4d55cfe00010944ac", "%00", "A" * 400, "{}"])
def test_a_forged_cursor_is_refused(pair, forged):
    _, boris, _ = pair
    real = present_cursor(boris)
    if forged == real:
        pytest.skip("that is a real one")
    upgrade = exchange(boris.server, request("GET", "/api/live" + query((), forged), upgrade_headers() | {"X-Auth-Token": boris.token}))
    assert upgrade.status == 400 and upgrade.json()["title"] == "Bad parameter"
    for accept in ("text/event-stream", "application/json"):
        expect(boris.get("/api/events", cursor=forged, headers={"Accept": accept}), 400, "Bad parameter")
    expect(boris.get("/api/events", headers={"Accept": "text/event-stream", "Last-Event-ID": forged}), 400, "Bad parameter")


def test_an_ancient_cursor_gets_one_resync_and_then_live_events(new_server):
    """Older than the 10,000 events that the server keeps to replay."""
    server = new_server({"rooms_created_by": "everyone"})
    anna, boris = server.register("anna"), server.register("boris")
    room = anna.make_room()
    boris.join(room)
    cursors = {carrier: present_cursor(boris, carrier) for carrier in CARRIERS}
    count = 10100
    with open_stream(Live, anna, rooms=[anna.make_room()]) as sender:  # does not get her own flood back
        for i in range(count):
            sender.send(op="send", room=room, text=f"flood {i}", nonce=str(i))
            if i >= 32:  # on their way at once
                sender.expect("ack", timeout=20)
        for _ in range(32):
            sender.expect("ack", timeout=20)
    for i, (carrier, cursor) in enumerate(cursors.items()):
        with carrier(boris, cursor=cursor) as stream:
            stream.expect("resync", timeout=20)
            anna.say(room, f"live {i}")
            stream.expect(message(room, f"live {i}"))
            assert [e["type"] for e in stream.events].count("resync") == 1
            assert len([e for e in stream.events if e["type"] == "message"]) < 100, "live, not a replay"
    assert boris.room(room)["last_seq"] >= count + len(cursors)
