"""SIGTERM, SIGINT and SIGHUP: no new work, what was accepted is finished, live clients are told, status 0 within 10 s,
whatever clients and disks are up to; a second signal ends at once, and nothing acknowledged is lost by that either."""

import asyncio
import fcntl
import json
import os
import pty
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import termios
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from harness.client import Client, expect
from harness.lines import Gone, Line, Socket
from harness.live import Live
from harness.server import BINARY, PATIENCE, Server, environment, running, wait_until
from harness.wire import CLOSE, TEXT, Ended, Frames, Wire, request
from test_kill import Rounds


SETTINGS = {"rooms_created_by": "everyone"}


def one_in_a_room(server: Server) -> tuple[Server, Client, str]:
    anna = server.register("anna")
    return server, anna, anna.make_room()


def stopping(server: Server) -> bool:
    return "Stopping" in server.log_text()


def status_within_10_s(server: Server) -> int:
    """The contract's time, from the signal on."""
    running.discard(server)
    return server.process.wait(timeout=10 * PATIENCE)


def has_read_all(server: Server) -> bool:
    """Nothing that clients have sent is on its way to the server, or waits for it in the kernel."""
    port = f":{server.port:04X}"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    to_send = [row[4].split(":")[0] for row in rows if row[2].endswith(port)]
    to_read = [row[4].split(":")[1] for row in rows if row[1].endswith(port) and row[3] == "01"]
    return all(int(size, 16) == 0 for size in to_send + to_read)


def post(client, room: str, text: str) -> bytes:
    body = f'{{"room": "{room}", "text": "{text}", "nonce": "{text}"}}'
    return request("POST", "/api/messages", {"X-Auth-Token": client.token, "Content-Type": "application/json"}, body)


def status_of(wire: Wire) -> int | None:
    """Of the answer; None where the connection ends without one."""
    try:
        return wire.read_answer().status
    except Ended:
        return None


# Those who wait for something


class EventSource:
    """Keeps all that came, to the end."""

    def __init__(self, port: int, token: str):
        self.port, self.token, self.all = port, token, b""

    async def run(self) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request("GET", "/api/events", {"X-Auth-Token": self.token, "Accept": "text/event-stream"}))
        while data := await reader.read(65536):
            self.all += data
        writer.close()
        return self.all


async def watch(socket: Socket) -> tuple[list[dict], int | None]:
    events = []
    try:
        while True:
            events.append(await socket.receive())
    except Gone:
        return events, socket.close_code


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_two_hundred_live_clients_get_their_last_event_and_are_told(new_server, with_signal):
    server, anna, room = one_in_a_room(new_server(SETTINGS))

    async def play():
        sockets = [await Socket.open(server.port, anna.token) for _ in range(140)]
        sources = [EventSource(server.port, anna.token) for _ in range(30)]
        line = await Line.open(server.port, anna.token)
        _, poll = await line.call("GET", "/api/events")
        pollers = [await Line.open(server.port, anna.token) for _ in range(30)]
        watching = [asyncio.create_task(watch(each)) for each in sockets]
        streaming = [asyncio.create_task(each.run()) for each in sources]
        while not all(b"hello" in each.all for each in sources):
            await asyncio.sleep(0.01)
        status, last = await line.call("POST", "/api/messages", {"room": room, "text": "the last"})
        assert status == 201
        _, now = await line.call("GET", f"/api/events?cursor={poll['cursor']}&wait=0")
        polling = [asyncio.create_task(each.call("GET", f"/api/events?cursor={now['cursor']}&wait=50")) for each in pollers]
        admin = await Line.open(server.port, server_admin)
        while (await admin.call("GET", "/api/server"))[1]["connections"]["long_poll"] < len(pollers):
            await asyncio.sleep(0.01)
        server.process.send_signal(with_signal)
        return last, await asyncio.gather(*watching), await asyncio.gather(*streaming), await asyncio.gather(*polling)

    server_admin = server.admin.token
    last, watched, streamed, polled = asyncio.run(play())
    server.wait_for_end()
    for events, code in watched:
        assert code == 1012
        assert events[0]["type"] == "hello" and events[-1].get("message", {}).get("_id") == last["_id"], events
    for bytes_ in streamed:
        assert b'"the last"' in bytes_ and bytes_.endswith(b"0\r\n\r\n"), bytes_[-300:]
    for status, body in polled:
        assert (status, body["events"]) == (200, []) and body["cursor"]


def test_nobody_who_dawdles_holds_the_server_back(new_server):
    """Each of them would wait for minutes; the server must end by itself, not by what ends it after nine seconds."""
    server, anna, room = one_in_a_room(new_server(SETTINGS))
    for _ in range(200):
        anna.say(room, "x" * 16000)
    half_head, half_body, half_chunk, deaf = Wire(server), Wire(server), Wire(server), Wire(server, receive_buffer=4096)
    deaf_watcher = Frames(server, {"X-Auth-Token": anna.token}, receive_buffer=4096)
    silent, half_line = (socket.socket(socket.AF_UNIX) for _ in range(2))
    for control in (silent, half_line):
        control.connect(str(server.data / "makechat.sock"))
    half_line.send(b'{"words": ["user"')
    half_head.send("GET /api/ping HTTP/1.1\r\nHost: makechat\r\nX-Auth")
    half_body.send(request("POST", "/api/messages", {"X-Auth-Token": anna.token, "Content-Type": "application/json",
                                                     "Content-Length": "100", "Expect": "100-continue"}))
    half_chunk.send(request("POST", "/api/messages", {"X-Auth-Token": anna.token, "Content-Type": "application/json",
                                                      "Transfer-Encoding": "chunked", "Expect": "100-continue"}))
    deaf.send(request("GET", f"/api/messages?room={room}&limit=200", {"X-Auth-Token": anna.token}))
    for wire in (half_body, half_chunk):
        assert wire.read_answer(head=True).status == 100
    half_body.send('{"room": ')
    half_chunk.send('5\r\n{"roo')
    assert deaf.read_exactly(8) == b"HTTP/1.1"
    for _ in range(100):
        anna.say(room, "y" * 16000)  # to the deaf watcher too
    before = len(anna.all_entries(room))
    anna.hang_up()
    server.terminate()
    assert half_head.ended(), "nothing of it was accepted"
    assert silent.recv(1) == b"" and half_line.recv(1) == b""
    for wire in (half_body, half_chunk):
        answer = wire.read_answer()
        assert (answer.status, answer.header("connection")) == (503, "close") and int(answer.header("retry-after")) >= 1
    server.wait_for_end()
    assert "Stopped." in server.log_text(), "it was left behind"
    server.start()
    assert len(anna.all_entries(room)) == before
    for each in (half_head, half_body, half_chunk, deaf, deaf_watcher):
        each.socket.close()
    for each in (silent, half_line):
        each.close()


def test_a_body_that_comes_in_time_is_answered(new_server):
    server, anna, room = one_in_a_room(new_server(SETTINGS))
    body = f'{{"room": "{room}", "text": "in time"}}'
    with Wire(server) as wire:
        head = {"X-Auth-Token": anna.token, "Content-Type": "application/json", "Content-Length": str(len(body)),
                "Expect": "100-continue"}
        wire.send(request("POST", "/api/messages", head))
        assert wire.read_answer(head=True).status == 100
        server.terminate()
        wait_until(lambda: stopping(server), why="the stop")
        wire.send(body)
        answer = wire.read_answer()
        assert (answer.status, answer.header("connection")) == (201, "close")
    server.wait_for_end()
    server.start()
    anna.hang_up()
    assert [m["text"] for m in anna.messages(room)] == ["in time"]


# Work under way


class Stops(Rounds):
    """As the kills, but the server is asked to end."""

    async def end(self) -> None:
        self.ledger.stopping = True
        self.server.terminate()
        with ThreadPoolExecutor(1) as thread:
            await asyncio.get_running_loop().run_in_executor(thread, self.server.wait_for_end)
        assert not (self.server.data / "makechat.sock").exists()
        assert not (self.server.data / "makechat.db-wal").exists(), "the log is in the database after a clean end"

    def start(self, dice: random.Random) -> None:
        self.ledger.stopping = False
        super().start(dice)


def test_a_stop_under_load_loses_nothing_acknowledged(new_server, tmp_path):
    server = new_server(SETTINGS | {"log_level": "warning"})
    asyncio.run(Stops(server, tmp_path, rounds=5, seed=random.SystemRandom().randrange(10**6)).play())


@contextmanager
def locked_store(server: Server):
    """Another program holds the database: no commit is made until it lets go (or 5 s have passed)."""
    with closing(sqlite3.connect(server.data / "makechat.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def test_waiting_commits_are_finished(new_server):
    server, anna, room = one_in_a_room(new_server(SETTINGS))
    with ExitStack() as stack:
        wires = {f"waits {i}": stack.enter_context(Wire(server)) for i in range(20)}
        with locked_store(server):
            for text, wire in wires.items():
                wire.send(post(anna, room, text))
            wait_until(lambda: has_read_all(server), why="the requests")
            server.terminate()
            wait_until(lambda: stopping(server), why="the stop")
            assert server.alive, "it waits for them"
        assert {status_of(wire) for wire in wires.values()} == {201}
    server.wait_for_end()
    server.start()
    anna.hang_up()
    assert sorted(m["text"] for m in anna.messages(room)) == sorted(wires)


def test_ops_under_way_are_acknowledged_before_the_socket_closes(new_server):
    server, anna, room = one_in_a_room(new_server(SETTINGS))
    with Frames(server, {"X-Auth-Token": anna.token}) as wire:
        with locked_store(server):
            for nonce in ("one", "two"):
                wire.send_frame(TEXT, json.dumps({"op": "send", "room": room, "text": nonce, "nonce": nonce}))
            wait_until(lambda: has_read_all(server), why="the ops")
            server.terminate()
            wait_until(lambda: stopping(server), why="the stop")
        frames = []
        while not frames or frames[-1][0] != CLOSE:
            frames.append(wire.read_frame())
    events = [json.loads(payload) for opcode, payload in frames if opcode == TEXT]
    assert sorted(event["nonce"] for event in events if event["type"] == "ack") == ["one", "two"], events
    assert frames[-1][1][:2] == (1012).to_bytes(2, "big")
    server.wait_for_end()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once_and_without_harm(new_server, second):
    server, anna, room = one_in_a_room(new_server(SETTINGS))
    anna.say(room, "acknowledged")
    with locked_store(server), Wire(server) as wire:
        wire.send(post(anna, room, "waits"))
        wait_until(lambda: has_read_all(server), why="the request")
        server.terminate()
        wait_until(lambda: stopping(server), why="the stop")
        server.process.send_signal(signal.SIGHUP)  # never a second one: the next assertion would see it
        server.process.send_signal(second)
        assert status_within_10_s(server) == 128 + second
        assert status_of(wire) is None
    server.start()
    anna.hang_up()
    message = {"room": room, "text": "waits", "nonce": "waits"}
    first, again = expect(anna.post("/api/messages", message), (200, 201)), expect(anna.post("/api/messages", message), 200)
    assert first["_id"] == again["_id"]
    assert [m["text"] for m in anna.messages(room)] == ["acknowledged", "waits"]


def test_a_disk_that_hangs_does_not_keep_it(new_server, tmp_path):
    """Nobody is told that anything was written then, and all that was told before is there."""
    library, hanging = tmp_path / "hanging_disk.so", tmp_path / "hanging"
    source = Path(__file__).parent / "harness/hanging_disk.c"
    subprocess.run([shutil.which("cc") or "clang-19", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    server = new_server(SETTINGS, start=False)
    server.env = {"LD_PRELOAD": str(library), "HANGING_DISK": str(hanging)}
    server, anna, room = one_in_a_room(server.start())
    acknowledged = [anna.say(room, f"written {i}")["text"] for i in range(20)]
    hanging.touch()
    with ExitStack() as stack:
        wires = {f"hangs {i}": stack.enter_context(Wire(server, timeout=30)) for i in range(8)}
        for text, wire in wires.items():
            wire.send(post(anna, room, text))
        wait_until(lambda: has_read_all(server), why="the requests")
        server.terminate()
        assert status_within_10_s(server) == 0
        assert {status_of(wire) for wire in wires.values()} == {None}
    hanging.unlink()
    server.start()
    anna.hang_up()
    assert [m["text"] for m in anna.messages(room)][:20] == acknowledged
    for text in wires:
        expect(anna.post("/api/messages", {"room": room, "text": text, "nonce": text}), (200, 201))
    assert sorted(m["text"] for m in anna.messages(room)) == sorted([*acknowledged, *wires])


def test_a_log_that_nobody_reads_does_not_keep_it(new_server):
    server = new_server(SETTINGS, start=False)
    server.process = subprocess.Popen([BINARY, "serve", *server.flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, env=environment(server.folder, {}), cwd=server.folder)
    running.add(server)
    wait_until(server.answers, why="the start")
    with Wire(server) as wire:
        waited = [0]

        def full() -> bool:
            """How many bytes a pipe takes depends on how they are cut; a full one takes no more, however much there is."""
            for _ in range(100):
                wire.send(request("GET", "/healthz"))
                wire.read_answer()
            waiting = array("i", [0])
            fcntl.ioctl(server.process.stdout, termios.FIONREAD, waiting)
            waited.append(waiting[0])
            return waited[-1] > 32_000 and waited[-3:] == waited[-1:] * 3
        wait_until(full, why="a full pipe")
    server.terminate()
    assert status_within_10_s(server) == 0
    server.process.stdout.close()


# Other moments, other signals


def test_a_signal_during_the_start_ends_it(new_server):
    server = new_server(SETTINGS, start=False)
    server.data.mkdir(mode=0o700)
    with closing(sqlite3.connect(server.data / "makechat.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")  # it waits for the file before it can make its tables
        server.launch()
        lock = server.data / "makechat.lock"
        wait_until(lambda: lock.exists() and lock.read_text().strip() == str(server.process.pid), why="the start")
        assert not server.answers()
        server.terminate()
        assert status_within_10_s(server) == 0
        database.execute("ROLLBACK")
    server.start()
    server.register("anna")


def test_nohup_keeps_it_when_the_terminal_goes(new_server):
    server = new_server(SETTINGS, start=False)
    with open(server.log, "ab") as log:
        server.process = subprocess.Popen(["nohup", BINARY, "serve", *server.flags], stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, env=environment(server.folder, {}), cwd=server.folder)
    running.add(server)
    wait_until(server.answers, why="the start")
    server.process.send_signal(signal.SIGHUP)
    anna = server.register("anna")
    with Live(anna) as live:
        live.expect("hello")
        server.process.send_signal(signal.SIGHUP)
        anna.say(anna.make_room(), "still there")
        live.expect(lambda event: event["type"] == "message")
    assert not stopping(server)


@pytest.mark.plain("ThreadSanitizer holds a signal back while stdio waits for input")
def test_giving_up_at_the_password_prompt_leaves_a_terminal_that_echoes(new_server):
    server = new_server(SETTINGS)
    ours, theirs = pty.openpty()
    try:
        asking = subprocess.Popen([BINARY, "user", "create", "-u", "anna", "-p", "-", "-e", "anna@example.com"],
                                  stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=server.folder,
                                  env=environment(server.folder, {"MAKECHAT_DATA_DIR": str(server.data)}))

        def silent() -> bool:
            return not termios.tcgetattr(theirs)[3] & termios.ECHO
        wait_until(silent, why="the prompt")
        asking.send_signal(signal.SIGINT)
        assert asking.wait(timeout=10) == -signal.SIGINT
        assert not silent()
    finally:
        os.close(ours)
        os.close(theirs)
