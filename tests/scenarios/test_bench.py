"""`makechat bench`: that it measures and tells, not what it finds."""

import json
import re
import signal
import subprocess

import pytest

from harness.server import BINARY, environment, wait_until

KEYS = {"what", "value", "unit", "raw", "raw_name", "ratio", "target", "reached", "remark"}


def bench(folder, *words, status=0):
    done = subprocess.run([BINARY, "bench", *words], env=environment(folder, {"TMPDIR": str(folder)}),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert done.returncode == status, done.stdout + done.stderr
    return done


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


def test_one_that_stalls_really_stalls_the_server_and_is_cut(tmp_path):
    """Else the figure would show what the kernel's buffers take."""
    [figure] = json.loads(bench(tmp_path, "--json", "--only", "stalled").stdout)
    waiting = int(re.match(r"(\d+) KiB wait for it in the server at first", figure["remark"]).group(1))
    assert 512 < waiting < 1_024
    assert "cut with 1013 before the end in 5 of 5 turns" in figure["remark"]
