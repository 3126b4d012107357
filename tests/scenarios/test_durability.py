"""What was acknowledged is kept: after kill -9, and when the store fails and comes back."""

import os
import random
import resource
import subprocess
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from harness.client import Client, expect, oid
from harness.live import Live
from harness.server import Server, wait_until


class Writer(threading.Thread):
    """Posts until the server is gone; remembers what was acknowledged, by the text."""

    def __init__(self, client: Client, rooms: list[str], over_socket: bool, stamp: str):
        super().__init__(daemon=True)
        self.client, self.rooms, self.over_socket, self.stamp = client, rooms, over_socket, stamp
        self.acknowledged: dict[str, tuple[str, int, str]] = {}  # text: room, seq, id
        self.sent: dict[str, str] = {}
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            self.write_by_socket() if self.over_socket else self.write_by_http()
        except (httpx.TransportError, ConnectionClosed, OSError):
            pass  # killed
        except BaseException as error:
            self.trouble = error

    def next(self, i: int) -> tuple[str, str]:
        text, room = f"{self.stamp} {self.client.name} {i}", self.rooms[i % len(self.rooms)]
        self.sent[text] = room
        return text, room

    def write_by_http(self) -> None:
        for i in range(10**6):
            text, room = self.next(i)
            answer = self.client.post("/api/messages", {"room": room, "text": text, "nonce": text})
            body = expect(answer, 201)
            self.acknowledged[text] = room, body["seq"], oid(body["_id"])

    def write_by_socket(self) -> None:
        """Keeps a dozen on the way."""
        with Live(self.client) as live:
            for i in range(10**6):
                text, room = self.next(i)
                try:
                    live.send(op="send", room=room, text=text, nonce=text)
                except ConnectionClosed:
                    break
                if i >= 12 and not self.take_ack(live):
                    return
            while self.take_ack(live):  # what was acknowledged before the end counts
                pass

    def take_ack(self, live: Live) -> bool:
        while (event := live.take(timeout=20)) is not None:
            assert event["type"] != "error", event
            if event["type"] == "ack":
                self.acknowledged[event["nonce"]] = self.sent[event["nonce"]], event["seq"], oid(event["_id"])
                return True
        return False


def check(reader: Client, rooms: list[str], writers: list[Writer]) -> None:
    for room in rooms:
        entries = reader.all_entries(room)
        assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1)), "dense"
        assert reader.room(room)["last_seq"] == len(entries)
        messages = {e["message"]["text"]: (room, e["seq"], oid(e["message"]["_id"])) for e in entries if e["type"] == "message"}
        assert len(messages) == len([e for e in entries if e["type"] == "message"]), "each text once"
        for writer in writers:
            assert writer.trouble is None, writer.trouble
            for text, where in writer.acknowledged.items():
                if where[0] == room:
                    assert messages.get(text) == where, f"acknowledged and not there: {text}"


def test_kill_9_loses_nothing_acknowledged(new_server):
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    dice = random.Random(seed)
    server = new_server({"rooms_created_by": "everyone"})
    owner = server.register("owner")
    rooms = [owner.make_room() for _ in range(3)]
    people = [server.register("writer") for _ in range(6)]
    for person in people:
        for room in rooms:
            person.join(room)
    everything: list[Writer] = []
    for round_ in range(4):
        writers = [Writer(p, rooms, over_socket=i < 2, stamp=f"round {round_}") for i, p in enumerate(people)]
        for writer in writers:
            writer.start()
        enough = dice.randint(80, 600)
        wait_until(lambda: sum(len(w.acknowledged) for w in writers) >= enough, 30, f"{enough} acknowledged messages")
        server.kill()
        for writer in writers:
            writer.join(timeout=30)
            assert not writer.is_alive()
        everything += writers
        server.start()
        for client in [owner, *people]:
            client.hang_up()
        check(owner, rooms, everything)
        # A retry of what was on its way is safe, whether it had arrived or not.
        for writer in writers:
            for text in set(writer.sent) - set(writer.acknowledged):
                body = {"room": writer.sent[text], "text": text, "nonce": text}
                first = expect(writer.client.post("/api/messages", body), (200, 201))
                assert expect(writer.client.post("/api/messages", body), 200)["_id"] == first["_id"]
        check(owner, rooms, everything)


def test_kill_9_keeps_accounts_rooms_members_and_markers(new_server):
    server = new_server({"rooms_created_by": "everyone"})
    anna, boris = server.register("anna"), server.register("boris")
    browser = boris.log_in()
    room = anna.make_room("kept", topic="kept too", is_visible=False)
    anna.add(room, boris, "guest")
    message = anna.say(room, "first")
    anna.edit(message, "first, edited")
    anna.erase(anna.say(room, "second"))
    expect(boris.put(f"/api/rooms/{room}/read", {"seq": message["seq"]}), 200)
    bot = server.client(expect(anna.post("/api/tokens", {"name": "bot"}), 201)["value"])
    revoked = expect(anna.post("/api/tokens", {"name": "revoked"}), 201)
    anna.delete(f"/api/tokens/{oid(revoked['_id'])}")
    before = anna.room(room), anna.members(room), anna.all_entries(room), boris.unread(room)
    server.kill()
    server.start()
    for client in (anna, boris, browser, bot):
        client.hang_up()
    after = anna.room(room), anna.members(room), anna.all_entries(room), boris.unread(room)
    assert after[0] == before[0] and after[3] == before[3]
    assert [{k: v for k, v in e.items() if k != "cursor"} for e in after[2]] == \
        [{k: v for k, v in e.items() if k != "cursor"} for e in before[2]]
    assert {n: m["role"] for n, m in after[1].items()} == {n: m["role"] for n, m in before[1].items()}
    expect(browser.get("/api/ping"), 200)
    expect(bot.get("/api/ping"), 200)
    expect(server.client(revoked["value"]).get("/api/ping"), 401)


# A store that fails


@contextmanager
def small_disk(new_server, tmp_path):
    """A server on a file system of its own, and how to take its space away and give it back."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("no right to mount a file system here")
    ballast = disk / "ballast"

    def fill():
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass

    server = new_server({"rooms_created_by": "everyone"}, start=False, data=disk / "data")
    try:
        server.start()
        yield server, fill, ballast.unlink
        server.stop()
    finally:
        if server.alive:
            server.kill()
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def small_files(new_server, tmp_path):
    """The same by RLIMIT_FSIZE, which needs no rights: no file may grow past 64 KiB."""
    server = new_server({"rooms_created_by": "everyone"}, start=False)
    server.pipe_log = True  # its log is not the disk that fails
    server.start()
    pid = server.process.pid
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)

    def fill():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 * 1024, unlimited[1]))

    def empty():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)

    yield server, fill, empty
    server.stop()


@pytest.mark.parametrize("failing", [small_disk, small_files], ids=["full disk", "file size limit"])
def test_a_failing_store_gets_503_and_the_server_lives(new_server, tmp_path, failing):
    with failing(new_server, tmp_path) as (server, fail, recover):
        anna, boris = server.register("anna"), server.register("boris")
        room = anna.make_room()
        boris.join(room)
        acknowledged = [anna.say(room, f"before {i} " + "x" * 8000)["_id"] for i in range(20)]
        for round_ in range(2):
            fail()
            refused, full = None, 0
            deadline = time.monotonic() + 30
            while full < 5:  # some still fit into what was reserved
                assert time.monotonic() < deadline, "the store never failed"
                answer = anna.post("/api/messages", {"room": room, "text": f"while full {round_} " + "y" * 15000})
                if answer.status_code == 201:
                    acknowledged.append(answer.json()["_id"])
                else:
                    refused, full = answer, full + 1
            expect(refused, 503)
            assert int(refused.headers["retry-after"]) >= 1
            assert server.alive and server.answers()
            with Live(boris) as live:
                live.expect("hello")
                assert [m["_id"] for m in boris.all_messages(room)] == acknowledged, "reads work, and no refused one shows"
                assert expect(anna.get("/api/ping"), 200)["username"] == anna.name
                recover()

                def works_again():
                    answer = anna.post("/api/messages", {"room": room, "text": f"after {round_}"})
                    return answer if answer.status_code == 201 else None

                last = expect(wait_until(works_again, 15, "writing after the store is back"), 201)
                acknowledged.append(last["_id"])
                event = live.expect(lambda e: e["type"] == "message" and e["message"]["text"] == f"after {round_}")
                assert event["message"]["_id"] == last["_id"]
        assert [m["_id"] for m in boris.all_messages(room)] == acknowledged
        entries = boris.all_entries(room)
        assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1)), "a refused write takes no seq"
        server.restart()
        for client in (anna, boris):
            client.hang_up()
        assert [m["_id"] for m in boris.all_messages(room)] == acknowledged


def test_a_store_of_the_future_or_of_rubbish_is_refused(new_server):
    """Neither is written over."""
    server: Server = new_server()
    server.register("anna")
    server.stop()
    store = [f for f in server.data.rglob("*") if f.is_file() and f.read_bytes()[:15] == b"SQLite format 3"]
    assert len(store) == 1
    rubbish = os.urandom(65536)
    store[0].write_bytes(rubbish)
    done = server.cli("user", "list")
    assert done.returncode != 0 and "ERROR: " in done.stderr
    with pytest.raises(AssertionError, match="serve ended with"):
        server.start()
    assert "ERROR: " in server.log_text()
    assert store[0].read_bytes() == rubbish
