"""makechat serve: starting, being in the way of another, finishing, and what it tells the log."""

import json
import os
import re
import socket
import stat
import subprocess

from harness.client import expect
from harness.live import Live, Sse
from harness.server import BINARY, environment, wait_until


def serve(server, *flags: str, timeout: float = 20, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """A `serve` that is to refuse."""
    return subprocess.run([BINARY, "serve", *flags], capture_output=True, text=True, timeout=timeout,
                          env=environment(server.folder, env or {}), cwd=server.folder, stdin=subprocess.DEVNULL)


def test_it_answers_and_says_so(new_server):
    server = new_server()
    assert server.client().get("/readyz").status_code == 200
    assert f"127.0.0.1:{server.port}" in server.log_text()
    version = re.search(r"\d+\.\d+(\.\d+)?", server.run("version")).group()
    assert version in server.log_text()


def test_a_second_server_on_the_same_data_refuses_and_says_why(new_server):
    first = new_server()
    second = new_server(start=False)
    done = serve(second, "--listen", f"127.0.0.1:{second.port}", "--data", str(first.data), "--config", str(second.config))
    assert done.returncode != 0
    assert "ERROR: " in done.stderr and str(first.data) in done.stderr, done.stderr
    assert first.answers()
    first.register("anna")


def test_a_port_in_use_is_refused_and_said(new_server):
    first = new_server()
    second = new_server(start=False)
    done = serve(second, "--listen", f"127.0.0.1:{first.port}", "--data", str(second.data), "--config", str(second.config))
    assert done.returncode != 0
    assert "ERROR: " in done.stderr and str(first.port) in done.stderr, done.stderr
    assert first.answers()


def test_a_folder_that_cannot_be_made_is_refused(new_server):
    server = new_server(start=False)
    in_the_way = server.folder / "file"
    in_the_way.write_text("not a folder")
    done = serve(server, "--listen", f"127.0.0.1:{server.port}", "--data", str(in_the_way / "data"), "--config", str(server.config))
    assert done.returncode != 0 and "ERROR: " in done.stderr, done.stderr


def test_the_folder_is_free_again_after_a_kill(new_server):
    server = new_server()
    server.register("anna")
    server.kill()
    server.run("user", "list")
    server.start()


def test_restart_with_clients_on_the_line(new_server):
    """The same port at once, though the old connections are still in TIME_WAIT."""
    server = new_server()
    anna = server.register("anna")
    browser = anna.log_in()
    room = server.admin.make_room()
    anna.join(room)
    with Live(anna) as live:
        live.expect("hello")
        anna.say(room, "before")
        server.restart()
    assert [m["text"] for m in anna.messages(room)] == ["before"]
    expect(browser.get("/api/ping"), 200)  # the session outlives the process
    anna.say(room, "after")


def test_sigterm_closes_live_connections_with_1012(new_server):
    server = new_server()
    anna = server.register("anna")
    with Live(anna) as live, Sse(anna) as sse:
        live.expect("hello")
        sse.expect("hello")
        server.terminate()
        assert live.expect_end() == 1012
        sse.expect_end()
        server.wait_for_end()


def test_the_data_is_the_owners_alone(new_server):
    server = new_server()
    sockets = [f for f in server.data.rglob("*") if stat.S_ISSOCK(f.stat().st_mode)]
    assert sockets, "no control socket in the data folder"
    for file in sockets:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


# The first admin


def setup_code(server) -> str:
    link = wait_until(lambda: re.search(rf"http://127\.0\.0\.1:{server.port}/setup#(\S+)", server.log_text()),
                      why="the setup link in the log")
    return link.group(1)


def setup_body(code: str, name: str = "boss") -> dict:
    return {"code": code, "username": name, "email": f"{name}@example.com",
            "password1": "correct horse", "password2": "correct horse", "server_name": "Our chat"}


def test_setup_makes_the_first_admin_once(new_server):
    server = new_server()
    code = setup_code(server)
    assert "user create" in server.log_text(), "it tells the way by command line too"
    stranger = server.client()
    wrong = stranger.post("/api/setup", setup_body("x" * len(code)))
    assert 400 <= wrong.status_code < 500
    body = expect(stranger.post("/api/setup", setup_body(code)), 201)
    assert body["status"] == "ok" and re.fullmatch(r"[a-z0-9]{32}", body["token"])
    expect(server.client(body["token"]).get("/api/rooms"), 200)
    again = setup_body(code, "usurper")
    expect(server.client().post("/api/setup", again), 404, "Not Found")
    server.restart()
    expect(server.client().post("/api/setup", again), 404, "Not Found")
    assert len(re.findall(r"/setup#", server.log_text())) == 1, "no link once there is an admin"


def test_setup_names_the_server_for_good_and_the_settings_file_has_the_last_word(new_server):
    server = new_server()

    def about() -> dict:
        return expect(server.client().get("/api/about"), 200)

    assert (about()["name"], about()["setup"]) == ("makechat", "open")
    admin = server.client(expect(server.client().post("/api/setup", setup_body(setup_code(server))), 201)["token"])

    def row(key: str) -> dict:
        return next(each for each in expect(admin.get("/api/server"), 200)["settings"] if each["key"] == key)

    for restarted in (False, True):
        if restarted:
            server.restart()
        assert (about()["name"], about()["setup"]) == ("Our chat", "done")
        assert row("server_name") == {"key": "server_name", "value": "Our chat", "source": "set-up"}
    server.configure({"server_name": "Configured"})
    server.restart()
    assert about()["name"] == expect(admin.get("/api/server"), 200)["name"] == "Configured"
    assert row("server_name")["source"] == f"{server.config}:2"
    server.configure({})
    server.restart()
    assert about()["name"] == "Our chat"


def test_setup_ends_when_the_command_line_made_an_admin(new_server):
    server = new_server()
    code = setup_code(server)
    server.make_admin("boss")
    expect(server.client().post("/api/setup", setup_body(code, "usurper")), 404, "Not Found")


def test_setup_with_a_bad_password_can_be_repeated(new_server):
    server = new_server()
    body = setup_body(setup_code(server))
    expect(server.client().post("/api/setup", body | {"password2": "other horse"}), 400, "Bad password")
    expect(server.client().post("/api/setup", body), 201)


# The log


def test_requests_are_logged_with_the_id_that_the_client_saw(new_server):
    server = new_server()
    anna = server.register("anna")
    answer = anna.get("/api/ping")
    request_id = answer.headers["x-request-id"]
    wait_until(lambda: request_id in server.log_text(), why="the request's line in the log")
    assert anna.get("/api/ping").headers["x-request-id"] != request_id
    assert "/api/ping" in [line for line in server.log_text().splitlines() if request_id in line][0]


def test_no_secret_and_no_message_text_is_ever_logged(new_server):
    server = new_server()
    anna = server.register("anna", password="secret of anna")
    browser = anna.log_in()
    room = server.admin.make_room()
    anna.join(room)
    with Live(anna) as live:
        live.expect("hello")
        live.say(room, "whispered over the socket", "n1")
        live.send_text('{"op": "send", "text": "whispered and broken')
        live.expect("error")
    message = anna.say(room, "whispered over http")
    anna.edit(message, "whispered again")
    anna.post("/api/messages", {"room": room, "text": ["whispered in a list"]})
    anna.http.post("/api/messages", content=b'{"text": "whispered, not JSON', headers={"Content-Type": "application/json"})
    anna.get("/api/messages", room=room, token=anna.token)
    anna.get(f"/api/{anna.token}")
    expect(server.client().post("/api/login", {"username": anna.name, "password": "secret guess"}), 401)
    session = browser.http.cookies["session"]
    last = anna.get("/api/ping").headers["x-request-id"]
    wait_until(lambda: last in server.log_text(), why="the last request's line in the log")
    log = server.log_text()
    for secret in ("whispered", "secret of anna", "secret guess", anna.token, server.admin.token, session):
        assert secret not in log


def test_the_servers_own_page_is_for_admins_and_masks_secrets(new_server):
    server = new_server({"secret_key": "the key of the old makechat"})
    anna = server.register("anna")
    expect(anna.get("/api/server"), 403, "Permission Denied", "Admin required.")
    text = json.dumps(expect(server.admin.get("/api/server"), 200))
    assert "the key of the old makechat" not in text
    assert "secret_key" in text and "uptime" in text


def test_healthz_needs_nobody_and_head_and_options_work(new_server):
    server = new_server()
    assert server.client().get("/healthz").status_code == 200
    admin = server.admin
    head, get = admin.http.head("/api/rooms"), admin.get("/api/rooms")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    options = admin.http.options("/api/rooms")
    assert options.status_code == 204 and options.headers["allow"] == "GET, POST, OPTIONS"


def test_an_address_that_is_not_ours_is_refused(new_server):
    server = new_server(start=False)
    done = serve(server, "--listen", "203.0.113.7:8000", "--data", str(server.data), "--config", str(server.config))
    assert done.returncode != 0 and "ERROR: " in done.stderr, done.stderr


def test_a_hundred_connections_that_say_nothing_do_no_harm(new_server):
    server = new_server()
    idle = []
    try:
        for _ in range(100):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            connection.send(b"GET /api/pi")
            idle.append(connection)
        expect(server.register("anna").get("/api/ping"), 200)
        assert len(os.listdir(f"/proc/{server.process.pid}/fd")) > 100
    finally:
        for connection in idle:
            connection.close()
    wait_until(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) < 100, why="the end of the idle connections")
