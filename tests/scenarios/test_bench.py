"""`makechat bench`: that it measures and tells, not what it finds."""

import json
import os
import pty
import re
import resource
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.server import BINARY, environment, wait_until

KEYS = {"what", "value", "unit", "raw", "raw_name", "ratio", "target", "reached", "remark"}


def bench(folder, *words, status=0, descriptors=None, timeout=180):
    def limit():
        if descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    done = subprocess.run([BINARY, "bench", *words], env=environment(folder, {"TMPDIR": str(folder)}), preexec_fn=limit,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == status, done.stdout + done.stderr
    return done


class SomethingElse(BaseHTTPRequestHandler):
    """A server that has rooms and answers pings, and refuses all else."""

    protocol_version = "HTTP/1.1"
    room = {"_id": {"$oid": "5706dac4d55cfe00010944ad"}}

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200 if self.path == "/api/ping" else 404, {})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(*((201, self.room) if self.path == "/api/rooms" else (503, {})))

    def do_DELETE(self):
        self.answer(200, {})

    def log_message(self, *_):
        pass


@pytest.fixture
def something_else():
    class Listener(ThreadingHTTPServer):
        request_queue_size = 1_000

        def handle_error(self, *_):
            """The bench hangs up."""

    class Handler(SomethingElse):
        pass

    listener = Listener(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield listener
    listener.shutdown()
    listener.server_close()


def test_a_figure_stands_beside_the_limit_of_the_machine(tmp_path):
    figures = json.loads(bench(tmp_path, "--json", "--only", "get").stdout)
    assert [set(figure) for figure in figures] == [KEYS]
    [get] = figures
    assert get["value"] > 0 and get["raw"] > 0 and get["target"] == 0.8
    assert get["ratio"] == pytest.approx(get["value"] / get["raw"], rel=0.01)
    assert list(tmp_path.iterdir()) == [], "what it needed meanwhile is gone"


def test_people_get_a_table_and_nothing_else_where_no_terminal_is(tmp_path):
    done = bench(tmp_path, "--only", "start")
    assert "first answer after start" in done.stdout and "resident without clients" in done.stdout
    assert "<= 50" in done.stdout
    assert done.stderr == ""


def test_a_server_that_runs_can_be_measured_and_is_left_as_it_was(server, admin, tmp_path):
    rooms = {room["name"] for room in admin.get("/api/rooms").json()}
    figures = json.loads(bench(tmp_path, "--json", "--only", "post", "--url", server.url, "--token", admin.token).stdout)
    assert figures[0]["what"].startswith("durable POST")
    assert {room["name"] for room in admin.get("/api/rooms").json()} == rooms


def test_a_name_that_is_nobodys_is_not_taken_for_this_machine(server, admin, tmp_path):
    """Its token would go to whoever listens here."""
    rooms = {room["name"] for room in admin.get("/api/rooms").json()}
    url = f"http://nowhere.invalid:{server.port}"
    done = bench(tmp_path, "--only", "get", "--url", url, "--token", admin.token, status=1)
    assert "nowhere.invalid" in done.stderr
    assert {room["name"] for room in admin.get("/api/rooms").json()} == rooms


def test_a_server_is_found_by_its_name(server, admin, tmp_path):
    [get] = json.loads(bench(tmp_path, "--json", "--only", "get", "--url", f"http://localhost:{server.port}/",
                             "--token", admin.token).stdout)
    assert get["value"] > 0


@pytest.mark.parametrize("words, says", [
    (["--url", "ftp://x"], "write http://127.0.0.1:8000"),
    (["--url", "http://127.0.0.1:1", "--token", "x"], "Cannot make a room for the bench there"),
    (["--url", "http://nowhere.invalid", "--token", "x"], "'nowhere.invalid' has no IPv4 address"),
    (["--url", "http://", "--token", "x"], "no IPv4 address"),
    (["--only", "nothing of that name"], "no figure"),
    (["--growth", "--url", "http://127.0.0.1:1"], "leave --url away"),
    (["--growth", "--only", "get"], "leave --only away"),
    (["--folder", "/nowhere"], "Name another with --folder"),
])
def test_what_cannot_be_measured_is_said(tmp_path, words, says):
    done = bench(tmp_path, *words, status=1)
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_leaves_nothing(tmp_path, with_signal):
    process = subprocess.Popen([BINARY, "bench"], env=environment(tmp_path, {"TMPDIR": str(tmp_path)}),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: list(tmp_path.glob("*/data/makechat.sock")), 60, "the start of its server")
    process.send_signal(with_signal)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert "Stopped." in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.plain("ten times a thousand connections, a message to all some thousand times")
def test_one_that_stalls_really_stalls_the_server_and_is_cut(tmp_path):
    """Else the figure would show what the kernel's buffers take."""
    [figure] = json.loads(bench(tmp_path, "--json", "--only", "stalled", timeout=600).stdout)
    waiting = int(re.match(r"(\d+) KiB wait for it in the server at first", figure["remark"]).group(1))
    assert 512 < waiting < 1_024
    assert "cut with 1013 before the end in 5 of 5 turns" in figure["remark"]


@pytest.mark.parametrize("answer", [{"x": 1}, [], {"_id": 5}, {"_id": {"$oid": None}}])
def test_what_is_no_makechat_is_said(something_else, tmp_path, answer):
    something_else.RequestHandlerClass.room = answer
    done = bench(tmp_path, "--only", "get", "--url", f"http://127.0.0.1:{something_else.server_port}", "--token", "x",
                 status=1)
    assert "does not answer as makechat does" in done.stderr


def test_one_figure_that_fails_takes_no_other_away(something_else, tmp_path):
    done = bench(tmp_path, "--url", f"http://127.0.0.1:{something_else.server_port}", "--token", "x", status=1)
    assert re.search(r"cached GET, 64 clients +[0-9,]+ /s", done.stdout)
    assert "Left out" in done.stdout and "memory, start, storm" in done.stdout
    for failed in ("fan-out: ", "bursts: ", "stalled: ", "post: "):
        assert failed in done.stderr
    assert "get: " not in done.stderr


@pytest.mark.parametrize("words", [["--only", "fan-out"], ["--growth"], ["--url", "http://127.0.0.1:1", "--token", "x"]])
def test_too_few_descriptors_are_said_before_anything_is_made(tmp_path, words):
    done = bench(tmp_path, *words, status=1, descriptors=400)
    assert "of which this process may have 400" in done.stderr


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_leaves_no_room_on_a_server_that_runs(new_server, tmp_path, with_signal):
    server = new_server()
    rooms = lambda: [room["name"] for room in server.admin.get("/api/rooms").json()]  # noqa: E731
    before = rooms()
    process = subprocess.Popen([BINARY, "bench", "--url", server.url, "--token", server.admin.token],
                               env=environment(tmp_path, {"TMPDIR": str(tmp_path)}), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(rooms()) > len(before), 60, "the bench's room")
    process.send_signal(with_signal)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert "Stopped." in err
    assert rooms() == before


def test_on_a_terminal_a_bar_moves_and_is_gone_at_the_end(tmp_path):
    ours, theirs = pty.openpty()
    process = subprocess.Popen([BINARY, "bench", "--only", "start"], env=environment(tmp_path, {"TMPDIR": str(tmp_path)}),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how a terminal that nobody has open any more ends
            break
        seen += piece
    table = process.communicate(timeout=60)[0]
    os.close(ours)
    assert process.returncode == 0
    shown = [int(percent) for percent in re.findall(rb"\[#*\.*\] +(\d+)%  \S", seen)]
    assert len(set(shown)) > 1 and shown == sorted(shown), shown
    assert seen.endswith(b"\r\x1b[K")
    assert b"%" not in table and b"first answer after start" in table


def test_into_a_file_no_bar_is_drawn(tmp_path):
    assert bench(tmp_path, "--only", "start").stderr == ""
