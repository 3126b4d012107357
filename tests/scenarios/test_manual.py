"""The first makechat's manual, exchange by exchange: bots that were written against it must go on working.

Requests are sent byte for byte as the manual shows them (but for the token), then by real curl and httpie.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from harness.client import oid
from harness.wire import Wire, exchange

UNAUTHENTICATED = {"description": "Please provide an auth token or login.", "title": "Not authentificated"}
ADMIN_REQUIRED = {"description": "Admin required.", "title": "Permission Denied"}
NOT_ACCEPTABLE = {
    "description": "This API only supports responses encoded as JSON.",
    "link": {"href": "http://docs.examples.com/api/json", "rel": "help", "text": "Documentation related to this error"},
    "title": "Media type not acceptable",
}
NAME_MISSING = {"description": "The 'name' parameter is required.", "title": "Missing parameter"}
ROOM_KEYS = {"_id", "name", "members", "is_open", "is_visible"}


class Manual:
    """The manual's little world: an admin with two rooms, and a user."""

    def __init__(self, server):
        self.server = server
        server.run("user", "create", "-u", "test_user", "-p", "test_pass", "-e", "test@example.com")
        self.admin = server.admin.token
        self.user = server.run("token", "create", "-u", "test_user").strip()
        for name in ("room1", "room2"):
            server.admin.make_room(name)

    def get(self, token: str, method: str = "GET") -> str:
        return (f"{method} /api/rooms HTTP/1.1\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
                f"Connection: keep-alive\r\nHost: makechat-web\r\nUser-Agent: HTTPie/0.9.3\r\nX-Auth-Token: {token}\r\n\r\n")

    def put_empty(self, token: str) -> str:
        return (f"PUT /api/rooms HTTP/1.1\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n"
                f"Content-Length: 0\r\nHost: makechat-web\r\nUser-Agent: HTTPie/0.9.3\r\nX-Auth-Token: {token}\r\n\r\n")

    def with_json(self, method: str, token: str, body: str) -> str:
        return (f"{method} /api/rooms HTTP/1.1\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate\r\n"
                f"Connection: keep-alive\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n"
                f"Host: makechat-web\r\nUser-Agent: HTTPie/0.9.3\r\nX-Auth-Token: {token}\r\n\r\n{body}")


@pytest.fixture(scope="module")
def manual(module_server):
    return Manual(module_server)


def another_token(token: str) -> str:
    """Well formed and nobody's."""
    return token[:-1] + ("0" if token[-1] != "0" else "1")


def check_success_headers(answer):
    assert answer.header("Content-Type") == "application/json; charset=utf-8"
    assert answer.header("Cache-Control") == "max-age=86400, must-revalidate, no-store"
    assert answer.header("Vary") == "Accept-Encoding"
    assert answer.header("Content-Encoding") is None, "a short answer is not compressed"
    assert int(answer.header("Content-Length")) == len(answer.body)
    check_connection(answer)


def check_connection(answer):
    assert (answer.header("Connection") or "keep-alive").lower() == "keep-alive"
    assert parsedate_to_datetime(answer.header("Date")) is not None


def check_error(answer, status: int, reason: str, body: dict, length: int):
    assert (answer.status, answer.reason) == (status, reason)
    assert answer.body.decode() == json.dumps(body, indent=4, sort_keys=True)
    assert answer.header("Content-Length") == str(length) == str(len(answer.body))
    assert answer.header("Content-Type") == "application/json"
    check_connection(answer)


def check_room(room: dict, name: str):
    assert room.keys() >= ROOM_KEYS
    assert room["name"] == name
    assert room["is_open"] is True and room["is_visible"] is True
    assert [len(oid(member)) for member in room["members"]] == [24]
    oid(room["_id"])


def test_tokens_are_32_lowercase_letters_and_digits(manual):
    for token in (manual.admin, manual.user):
        assert re.fullmatch(r"[a-z0-9]{32}", token)


# API endpoints: GET and POST /api/rooms


def test_the_admin_gets_all_rooms_as_one_line_of_json(manual):
    answer = exchange(manual.server, manual.get(manual.admin))
    assert (answer.status, answer.reason) == (200, "OK")
    check_success_headers(answer)
    text = answer.body.decode()
    rooms = json.loads(text)
    assert text == json.dumps(rooms, ensure_ascii=False), "one line, with ', ' and ': '"
    by_name = {room["name"]: room for room in rooms}
    for name in ("room1", "room2"):
        check_room(by_name[name], name)
    assert by_name["room1"]["members"] == by_name["room2"]["members"], "one person, one role, one member id"
    assert by_name["room1"]["_id"] != by_name["room2"]["_id"]


def test_the_admin_creates_a_room(manual):
    body = '{"name": "test_room"}'
    assert len(body) == 21  # the manual's Content-Length
    answer = exchange(manual.server, manual.with_json("POST", manual.admin, body))
    assert (answer.status, answer.reason) == (201, "Created")
    check_success_headers(answer)
    text = answer.body.decode()
    room = json.loads(text)
    assert text == json.dumps(room, ensure_ascii=False)
    check_room(room, "test_room")
    rooms = exchange(manual.server, manual.get(manual.admin)).json()
    assert [r["_id"] for r in rooms if r["name"] == "test_room"] == [room["_id"]]


# Examples of bad responses

ERRORS = [
    # the manual's case, the request, status, reason, body, Content-Length
    ("not valid token", lambda m: m.get(another_token(m.admin)), 401, "Unauthorized", UNAUTHENTICATED, 99),
    ("without admin permissions", lambda m: m.get(m.user), 403, "Forbidden", ADMIN_REQUIRED, 74),
    ("user creates a room", lambda m: m.with_json("POST", m.user, '{"name": "mine"}'), 403, "Forbidden", ADMIN_REQUIRED, 74),
    ("not acceptable content type", lambda m: m.put_empty(m.user), 406, "Not Acceptable", NOT_ACCEPTABLE, 267),
    ("without required data", lambda m: m.with_json("POST", m.admin, '{"trash": "trash"}'), 400, "Bad Request", NAME_MISSING, 92),
]


@pytest.mark.parametrize("request_of,status,reason,body,length", [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_errors_are_the_manuals_to_the_letter(manual, request_of, status, reason, body, length):
    check_error(exchange(manual.server, request_of(manual)), status, reason, body, length)


def test_a_method_that_is_not_allowed_gets_an_empty_answer(manual):
    body = '{"data": "test"}'
    for token in (manual.user, manual.admin, another_token(manual.user)):
        answer = exchange(manual.server, manual.with_json("PUT", token, body))
        assert (answer.status, answer.reason) == (405, "Method Not Allowed")
        assert answer.body == b"" and answer.header("Content-Length") == "0"
        assert answer.header("allow") == "GET, POST, OPTIONS"
        check_connection(answer)


def test_one_connection_carries_all_of_the_manual(manual):
    """Connection: keep-alive, after errors too."""
    with Wire(manual.server) as wire:
        for data, status in [
            (manual.get(manual.admin), 200),
            (manual.get(another_token(manual.admin)), 401),
            (manual.get(manual.user), 403),
            (manual.put_empty(manual.user), 406),
            (manual.with_json("PUT", manual.user, '{"data": "test"}'), 405),
            (manual.with_json("POST", manual.admin, '{"trash": "trash"}'), 400),
            (manual.get(manual.admin), 200),
        ]:
            wire.send(data)
            assert wire.read_answer().status == status


def test_a_trailing_slash_is_the_same_resource(manual):
    assert exchange(manual.server, manual.get(manual.admin).replace("/api/rooms", "/api/rooms/")).status == 200


# The manual's tools


def environment(server) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {
        "HOME": str(server.folder), "HTTPIE_CONFIG_DIR": str(server.folder / "httpie"), "NO_COLOR": "1"}


def run(server, *command: str) -> subprocess.CompletedProcess:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment(server), stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done


def test_curl_as_in_the_manual(manual):
    done = run(manual.server, "curl", "-v", "-H", f"X-Auth-Token:{manual.admin}", f"{manual.server.url}/api/rooms")
    answer = [line[2:] for line in done.stderr.splitlines() if line.startswith("< ")]
    assert answer[0] == "HTTP/1.1 200 OK"
    headers = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in answer[1:] if ": " in line}
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["cache-control"] == "max-age=86400, must-revalidate, no-store"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-length"] == str(len(done.stdout.encode()))
    assert {"room1", "room2"} <= {room["name"] for room in json.loads(done.stdout)}
    assert "left intact" in done.stderr


def test_curl_less_verbose_through_json_tool(manual):
    done = run(manual.server, "sh", "-c",
               f"curl -s -H 'X-Auth-Token:{manual.admin}' {manual.server.url}/api/rooms | {sys.executable} -m json.tool")
    assert '        "is_open": true,\n' in done.stdout
    assert '        "name": "room1"' in done.stdout


def httpie(manual, *arguments: str) -> tuple[str, str, str, str]:
    """The request's head and body, the answer's head and body, as `http -v` shows them."""
    http = Path(sys.executable).parent / "http"
    http = str(http) if http.exists() else shutil.which("http")
    assert http, "httpie is not installed beside pytest"
    done = run(manual.server, http, "-v", "--ignore-stdin", "--pretty=format", *arguments)
    request, answer = re.split(r"\n(?=HTTP/1\.1 )", done.stdout.replace("\r\n", "\n"), maxsplit=1)
    head, _, body = answer.partition("\n\n")
    request_head, _, request_body = request.partition("\n\n")
    return request_head, request_body.strip(), head, body.strip()


def test_httpie_as_in_the_manual(manual):
    request, _, head, body = httpie(
        manual, "GET", f"{manual.server.url}/api/rooms", f"X-Auth-Token:{manual.admin}")
    assert f"X-Auth-Token: {manual.admin}" in request
    assert head.splitlines()[0] == "HTTP/1.1 200 OK"
    for line in ("Cache-Control: max-age=86400, must-revalidate, no-store",
                 "Content-Type: application/json; charset=utf-8", "Vary: Accept-Encoding"):
        assert line in head.splitlines()
    assert '        "is_visible": true,\n' in body
    assert {"room1", "room2"} <= {room["name"] for room in json.loads(body)}


HTTPIE_ERRORS = [
    ("not valid token", ("GET",), "other", "HTTP/1.1 401 Unauthorized", UNAUTHENTICATED),
    ("without admin permissions", ("GET",), "user", "HTTP/1.1 403 Forbidden", ADMIN_REQUIRED),
    ("not acceptable", ("PUT",), "user", "HTTP/1.1 406 Not Acceptable", NOT_ACCEPTABLE),
    ("not allowed", ("PUT", "data=test"), "user", "HTTP/1.1 405 Method Not Allowed", None),
    ("without required data", ("POST", "trash=trash"), "admin", "HTTP/1.1 400 Bad Request", NAME_MISSING),
]


@pytest.mark.parametrize("arguments,who,status,body", [e[1:] for e in HTTPIE_ERRORS], ids=[e[0] for e in HTTPIE_ERRORS])
def test_httpie_gets_the_manuals_errors(manual, arguments, who, status, body):
    token = {"user": manual.user, "admin": manual.admin, "other": another_token(manual.admin)}[who]
    method, *data = arguments
    _, _, head, shown = httpie(
        manual, method, f"{manual.server.url}/api/rooms", f"X-Auth-Token:{token}", *data)
    lines = head.splitlines()
    assert lines[0] == status
    if body is None:
        assert shown == "" and "allow: GET, POST, OPTIONS" in [line.replace("Allow", "allow") for line in lines]
    else:
        assert json.loads(shown) == body


def test_httpie_creates_a_room(manual):
    request, request_body, head, body = httpie(
        manual, "POST", f"{manual.server.url}/api/rooms", f"X-Auth-Token:{manual.admin}", "name=httpie_room")
    assert json.loads(request_body) == {"name": "httpie_room"}
    assert head.splitlines()[0] == "HTTP/1.1 201 Created"
    check_room(json.loads(body), "httpie_room")


def test_curl_writes_and_reads_a_message(manual):
    room = manual.server.admin.make_room()
    url = manual.server.url
    run(manual.server, "curl", "-sf", "-H", f"X-Auth-Token:{manual.admin}", "-H", "Content-Type: application/json",
        "-d", json.dumps({"room": room, "text": "привет из curl"}), f"{url}/api/messages")
    done = run(manual.server, "curl", "-sf", "--compressed", "-H", f"Authorization: Bearer {manual.admin}",
               f"{url}/api/messages?room={room}")
    assert [m["text"] for m in json.loads(done.stdout)] == ["привет из curl"]
