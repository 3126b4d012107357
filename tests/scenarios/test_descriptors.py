"""No descriptors left, and too many connections: who is there stays, who comes is told or waits, nobody is forgotten."""

import os
import resource
import subprocess
import time

import httpx

from harness.client import expect
from harness.many import Crowd
from harness.live import Live
from harness.server import BINARY, environment, wait_until
from harness.wire import Wire, request

TROUBLE = "Cannot accept connections"


def descriptors_of(server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def allow_no_more_descriptors(server) -> tuple[int, int]:
    """Gives the limit that was."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (descriptors_of(server), before[1]))
    return before


def test_without_descriptors_the_old_connections_live_on_and_new_ones_wait(new_server):
    server = new_server()
    anna = server.register("anna")
    room = server.admin.make_room()
    anna.join(room)
    with Live(anna) as live:
        live.expect("hello")
        anna.say(room, "before")
        before = allow_no_more_descriptors(server)
        with Wire(server, timeout=30) as waiting:
            waiting.send(request("GET", "/healthz"))
            wait_until(lambda: TROUBLE in server.log_text(), why="the log says so")
            command = subprocess.Popen(
                [BINARY, "user", "list"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env=environment(server.folder, {"MAKECHAT_DATA_DIR": str(server.data)}), cwd=server.folder)
            for number in range(40):  # for four sweeps, of which each tries again
                anna.say(room, f"without {number}")
                assert len(expect(anna.get("/api/messages", room=room, limit=200), 200)) == number + 2
                live.expect(lambda e, n=number: e["type"] == "message" and e["message"]["text"] == f"without {n}")
                time.sleep(0.1)
            listener = [line for line in server.log_text().splitlines() if TROUBLE in line]
            assert len(listener) <= 2, "once for the port, once for the control socket"
            assert command.poll() is None, "the command waits"
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, before)
            assert waiting.read_answer().status == 200
            out, _ = command.communicate(timeout=20)
            assert command.returncode == 0 and anna.name in out, out
        wait_until(lambda: "Connections are accepted again." in server.log_text())
        anna.say(room, "afterwards")
        live.expect(lambda e: e["type"] == "message" and e["message"]["text"] == "afterwards")
    expect(server.register("late").get("/api/ping"), 200)


def test_a_server_with_few_descriptors_starts_and_refuses_whom_it_has_no_room_for(new_server):
    """`ulimit -n 300` leaves room for 172 connections; their slots come back, each once, however they end."""
    server = new_server(start=False)
    server.wrapper = ["prlimit", "--nofile=300:300"]
    server.start()
    room_for = 300 - 128
    anna = server.register("anna")
    server.hang_up()
    ask = request("GET", "/healthz")

    def served_of(count: int) -> int:
        with Crowd(server, count) as crowd:
            for one in crowd.all:
                crowd.send(one, ask)
            crowd.read_until(lambda: all(one.status for one in crowd.all), why="an answer to each")
            refused = [one for one in crowd.all if one.status == 503]
            assert all(b"Retry-After: " in one.received and b"Connection: close" in one.received for one in refused)
            crowd.read_until(lambda: all(one.ended for one in refused), why="the refused are closed")
            assert not any(one.ended for one in crowd.all if one.status == 200), "the others stay"
            return len(crowd.all) - len(refused)

    wait_until(lambda: served_of(room_for + 30) == room_for, timeout=30, why="all slots are used")
    for number in range(1_000):
        wire = Wire(server)
        if number % 4 == 1:
            wire.send(ask)
        if number % 4 == 2:
            wire.send(ask[:10])
        if number % 4 == 3:
            wire.send(ask)
            wire.read_answer()
        wire.socket.close()
    wait_until(lambda: served_of(room_for + 30) == room_for, timeout=30, why="all slots are free again")
    wait_until(lambda: works(anna), timeout=30)


def works(client) -> bool:
    try:
        return client.get("/api/ping").status_code == 200
    except httpx.TransportError:
        return False
