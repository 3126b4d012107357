"""More than there is memory for: it is refused or cut, and whoever behaves is served on."""

import json
import sqlite3
import threading
import time

import pytest

from harness.client import expect
from harness.many import Crowd, plain_frame, resident_kib
from harness.live import Live
from harness.server import wait_until
from harness.wire import exchange, request, upgrade_headers

MIB = 1024
pytestmark = pytest.mark.plain("measures memory")


class Memory(threading.Thread):
    """The most that the server took while this ran, above what it took before."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.before = server, resident_kib(server)
        self.highest, self.over = self.before, threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def run(self):
        while not self.over.wait(0.05):
            self.highest = max(self.highest, resident_kib(self.server))

    @property
    def grown_mib(self) -> int:
        return (self.highest - self.before) // MIB


def post(token: str, room: str, text: str) -> bytes:
    return request("POST", "/api/messages", {"X-Auth-Token": token, "Content-Type": "application/json"},
                   json.dumps({"room": room, "text": text}))


def test_a_store_that_stalls_sheds_writes_with_503_and_loses_none_that_it_acknowledged(new_server):
    """300 MB of messages come while another program holds the database."""
    server = new_server()
    anna = server.register("anna")
    room = server.admin.make_room()
    anna.join(room)
    first = anna.say(room, "before")["seq"]
    op = plain_frame(json.dumps({"op": "send", "room": room, "text": "x" * 15_900}).encode())
    each = 64
    with Memory(server) as memory, Crowd(server, 300) as crowd:
        elsewhere = request("GET", f"/api/live?room={server.admin.make_room()}", upgrade_headers() | {"X-Auth-Token": anna.token})
        for one in crowd.all:
            crowd.send(one, elsewhere)
        crowd.read_until(lambda: all(b"hello" in one.received for one in crowd.all), why="hello")
        foreign = sqlite3.connect(server.data / "makechat.db", isolation_level=None, timeout=10)
        foreign.execute("BEGIN IMMEDIATE")
        try:
            for one in crowd.all:
                crowd.send(one, op * each)
            crowd.read_until(lambda: sum(one.received.count(b'"Overloaded"') for one in crowd.all) > 100, why="refusals")
            answer = exchange(server, post(anna.token, room, "y" * 15_900))
            assert answer.status == 503 and answer.json()["title"] == "Overloaded"
            assert int(answer.header("retry-after")) >= 1
            expect(anna.get("/api/ping"), 200)
            assert anna.get("/api/messages", room=room).status_code == 200, "reading goes on"
        finally:
            foreign.execute("ROLLBACK")
            foreign.close()
        total = each * len(crowd.all)
        done = lambda: sum(one.received.count(b'"type": "ack"') + one.received.count(b'"type": "error"') for one in crowd.all)  # noqa: E731
        crowd.read_until(lambda: done() >= total or any(one.ended for one in crowd.all), timeout=60, why="an answer to each")
        acknowledged = sum(one.received.count(b'"type": "ack"') for one in crowd.all)
    assert 0 < acknowledged < total
    assert memory.grown_mib < 400, f"{memory.grown_mib} MiB"
    after = anna.say(room, "after")["seq"]
    written = after - first - 1
    assert written >= acknowledged if any(one.ended for one in crowd.all) else written == acknowledged


def test_bodies_that_stop_before_their_end_do_not_fill_the_memory(new_server):
    """Six thousand times 128 KiB, each a byte short, are 750 MiB."""
    server = new_server()
    anna = server.register("anna")
    head = request("POST", "/api/messages", {"X-Auth-Token": anna.token, "Content-Type": "application/json",
                                             "Content-Length": str(128 * 1024)})
    with Memory(server) as memory, Crowd(server, 6_000) as crowd:
        data = head + b" " * (128 * 1024 - 1)
        for number, one in enumerate(crowd.all):
            crowd.send(one, data)
            if number % 500 == 0:
                crowd.read()
                expect(anna.get("/api/ping"), 200)
        crowd.read_until(lambda: crowd.statuses().get(503, 0) > 1_000, why="503s")
        refused = [one for one in crowd.all if one.status == 503]
        assert all(b"Retry-After: " in one.received and b'"Overloaded"' in one.received for one in refused)
        assert set(crowd.statuses()) <= {503, None, 408}, crowd.statuses()  # 408: on a machine this slow
    assert memory.grown_mib < 500, f"{memory.grown_mib} MiB"
    expect(anna.get("/api/ping"), 200)


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
def test_answers_that_nobody_takes_do_not_fill_the_memory(new_server, gzip):
    """Four hundred who ask for 3.2 MB again and again, and read nothing: they are 1.3 GB at a time."""
    server = new_server()
    anna = server.register("anna")
    room = server.admin.make_room()
    anna.join(room)
    with Live(anna, rooms=[server.admin.make_room()]) as writer:
        for number in range(200):
            writer.send(op="send", room=room, text=f"{number} ".ljust(15_900, "x"))
        wait_until(lambda: anna.room(room)["last_seq"] >= 202, timeout=30)
    extra = {"Accept-Encoding": "gzip"} if gzip else {}
    page = request("GET", f"/api/messages?room={room}&limit=200", {"X-Auth-Token": anna.token} | extra)
    with Memory(server) as memory, Crowd(server, 400, receive_buffer=4096) as crowd:
        for one in crowd.all:
            crowd.try_send(one, page * 20)
        for _ in range(20):
            expect(anna.get("/api/ping"), 200)
            time.sleep(0.2)
    assert memory.grown_mib < 500, f"{memory.grown_mib} MiB"
    assert len(expect(anna.get("/api/messages", room=room, limit=200), 200)) == 200


def test_live_readers_who_do_not_read_are_cut_and_the_others_miss_nothing(new_server):
    """Four hundred whose outboxes may hold 1 MiB each, in strings that may be twice as large."""
    server = new_server()
    anna, boris = server.register("anna"), server.register("boris")
    room = server.admin.make_room()
    for each in (anna, boris):
        each.join(room)
    with Memory(server) as memory, Crowd(server, 400, receive_buffer=4096) as crowd, Live(anna) as reader:
        reader.expect("hello")
        for one in crowd.all:
            crowd.send(one, request("GET", "/api/live", upgrade_headers() | {"X-Auth-Token": boris.token}))
        crowd.read_until(lambda: all(one.received for one in crowd.all), why="the upgrades")
        sent = 500  # 7.5 MB for each of them: more than the kernel takes and they may have waiting
        for number in range(1, sent + 1):
            boris.say(room, f"{number} ".ljust(15_000, "x"))
        connections = lambda: server.admin.get("/api/server").json()["connections"]["websocket"]  # noqa: E731
        wait_until(lambda: connections() == 1, timeout=30, why="all but the reader are cut")
        for number in range(1, sent + 1):
            reader.expect(lambda e, n=number: e["type"] == "message" and e["message"]["text"].startswith(f"{n} "))
    assert memory.grown_mib < 500, f"{memory.grown_mib} MiB"
