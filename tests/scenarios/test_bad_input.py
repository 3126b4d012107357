"""What is sent wrong, over HTTP: a clear error in the API's form, nothing lost, and the server goes on."""

import json

import pytest

from harness.client import expect, oid
from harness.server import wait_until
from harness.wire import Wire, exchange, request

SETTINGS = {"rooms_created_by": "everyone"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def room_of(make_user):
    anna = make_user("anna")
    return anna, anna.make_room()


def headers_of(client, **more: str) -> dict[str, str]:
    return {"X-Auth-Token": client.token} | JSON | more


def post_message(client, room: str, text: str, **headers: str) -> bytes:
    body = json.dumps({"room": room, "text": text})
    return request("POST", "/api/messages", headers_of(client, **{k.replace("_", "-"): v for k, v in headers.items()}), body)


def texts(client, room: str) -> list[str]:
    return [m["text"] for m in client.messages(room)]


def check_error(answer, status: int, title: str | None = None) -> dict:
    assert answer.status == status, answer
    assert answer.header("Content-Type") == "application/json"
    body = answer.json()
    assert {"title", "description"} <= body.keys()
    assert title is None or body["title"] == title
    return body


# Requests that break off or lie about their length (for their framing see test_http_*.py)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("how", ["close", "half-close"])
def test_a_request_that_breaks_off_does_nothing(room_of, part, how):
    anna, room = room_of
    whole = post_message(anna, room, "never finished")
    with Wire(anna.server) as wire:
        wire.send(whole[: int(len(whole) * part)])
        if how == "half-close":
            wire.finish_sending()
            assert wire.ended()
    anna.say(room, "whole")
    assert texts(anna, room) == ["whole"]


def test_a_body_longer_than_its_length_is_not_the_next_request(room_of):
    anna, room = room_of
    data = post_message(anna, room, "short") + b"and some more\r\n\r\n"
    with Wire(anna.server) as wire:
        wire.send(data)
        assert wire.read_answer().status == 201
        check_error(wire.read_answer(), 400)
        assert wire.ended(), "nobody knows where the next request begins"


def test_a_body_shorter_than_its_length_is_malformed(room_of):
    anna, room = room_of
    body = json.dumps({"room": room, "text": "cut"})
    with Wire(anna.server) as wire:
        wire.send(request("POST", "/api/messages", headers_of(anna, **{"Content-Length": str(len(body) - 5)}), body))
        check_error(wire.read_answer(), 400, "Malformed JSON")
    assert texts(anna, room) == []


def test_a_head_that_does_not_end_gets_408(server):
    with Wire(server, timeout=25) as wire:
        wire.send(b"GET /api/ping HTTP/1.1\r\nHost: x\r\n")
        assert wire.read_answer().status == 408
        assert wire.ended()


# Bodies


MALFORMED = [
    ("cut off", b'{"name": "x"'), ("two values", b'{"name": "x"} {}'), ("no JSON", b"name=x"), ("a trailing comma", b'{"name": "x",}'),
    ("single quotes", b"{'name': 'x'}"), ("invalid UTF-8", b'{"name": "\xff\xfe"}'), ("overlong UTF-8", b'{"name": "\xc0\xaf"}'),
    ("a surrogate in UTF-8", b'{"name": "\xed\xa0\x80"}'), ("half a surrogate pair", b'{"name": "\\ud800"}'),
    ("a bare control character", b'{"name": "a\nb"}'), ("deep", b'{"name": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    ("33 levels", b'{"x": ' + b"[" * 33 + b"]" * 33 + b', "name": "deep"}'), ("NaN", b'{"name": NaN}'),
    ("a bad escape", b'{"name": "\\x41"}'), ("not even text", bytes(range(256))), ("a BOM and nothing", b"\xef\xbb\xbf"),
]


@pytest.mark.parametrize("body", [m[1] for m in MALFORMED], ids=[m[0] for m in MALFORMED])
def test_malformed_bodies(room_of, body):
    anna, _ = room_of
    error = check_error(exchange(anna.server, request("POST", "/api/rooms", headers_of(anna), body)), 400)
    assert error["title"] in ("Malformed JSON", "Bad parameter", "Missing parameter")
    assert expect(anna.get("/api/ping"), 200)["username"] == anna.name


def test_malformed_json_is_located(room_of):
    anna, _ = room_of
    body = b'{\n  "name": "x",\n  "topic": oops\n}'
    error = check_error(exchange(anna.server, request("POST", "/api/rooms", headers_of(anna), body)), 400, "Malformed JSON")
    assert "line 3" in error["description"].lower() and "column" in error["description"].lower()


@pytest.mark.parametrize("body", [b"[]", b'"name"', b"5", b"null", b"true"], ids=lambda b: b.decode())
def test_bodies_that_are_no_object(room_of, body):
    anna, _ = room_of
    check_error(exchange(anna.server, request("POST", "/api/rooms", headers_of(anna), body)), 400)


def test_an_empty_body_counts_as_an_empty_object(room_of):
    anna, _ = room_of
    answer = exchange(anna.server, request("POST", "/api/rooms", headers_of(anna, **{"Content-Length": "0"})))
    assert check_error(answer, 400, "Missing parameter")["description"] == "The 'name' parameter is required."


def test_a_key_given_twice_does_no_harm(room_of):
    anna, _ = room_of
    answer = exchange(anna.server, request("POST", "/api/rooms", headers_of(anna), b'{"name": "twice A", "name": "twice B"}'))
    assert answer.status in (201, 400)
    if answer.status == 201:
        name = answer.json()["name"]
        assert name in ("twice A", "twice B")
        assert anna.room(oid(answer.json()["_id"]))["name"] == name


NOT_STRINGS = [5, 1.5, True, None, [], ["x"], {}, {"$oid": "x"}]


@pytest.mark.parametrize("value", NOT_STRINGS, ids=json.dumps)
def test_other_things_where_strings_are_due(room_of, value):
    anna, room = room_of
    for method, path, body, key in [
        ("post", "/api/rooms", {"name": value}, "name"),
        ("patch", f"/api/rooms/{room}", {"topic": value}, "topic"),
        ("post", "/api/messages", {"room": room, "text": value}, "text"),
        ("post", "/api/tokens", {"name": value}, "name"),
        ("post", "/api/login", {"username": value, "password": "x"}, "username"),
    ]:
        error = expect(getattr(anna, method)(path, body), 400)
        if value is not None:  # which may count as not given
            assert key in error["description"] and error["title"] == "Bad parameter", (path, error)
    assert texts(anna, room) == []


BAD_IDS = ["", "5", "a" * 23, "a" * 25, "g" * 24, "A" * 23 + " ", 5, None, [], {}, {"$oid": "a" * 23}, {"$oid": 5},
           {"oid": "a" * 24}]


@pytest.mark.parametrize("bad", BAD_IDS, ids=json.dumps)
def test_ids_that_are_none(room_of, bad):
    anna, room = room_of
    expect(anna.post("/api/messages", {"room": bad, "text": "x"}), 400)
    expect(anna.post("/api/members", {"room": bad}), 400)
    assert expect(anna.post("/api/messages", {"room": room, "text": "x", "reply_to": bad}), (400, 201)) is not None
    if isinstance(bad, str) and bad:
        expect(anna.get("/api/messages", room=bad), 400, "Bad parameter")
        for path in (f"/api/rooms/{bad}", f"/api/messages/{bad}"):
            assert anna.get(path).status_code in (400, 404)


def test_ids_in_capitals_are_ids(room_of):
    anna, room = room_of
    assert anna.get(f"/api/rooms/{room.upper()}").status_code in (200, 404, 400)
    expect(anna.get("/api/rooms/" + "0" * 24), 404, "Not Found")


# Limits


SCRIPTS = [("Latin", "a"), ("Cyrillic", "ж"), ("Han", "室"), ("Arabic", "ض"), ("Devanagari", "क"), ("emoji", "🐎"), ("Gothic", "𐌰")]


@pytest.mark.parametrize("letter", [s[1] for s in SCRIPTS], ids=[s[0] for s in SCRIPTS])
def test_room_names_are_counted_in_code_points(make_user, letter):
    anna = make_user("anna")
    for length in (1, 120):
        room = expect(anna.post("/api/rooms", {"name": letter * length}), 201)
        assert room["name"] == letter * length
    assert expect(anna.post("/api/rooms", {"name": letter * 121}), 400)["title"] == "Bad parameter"


def test_an_empty_name_is_refused(make_user):
    expect(make_user("anna").post("/api/rooms", {"name": ""}), 400)


def utf8(text: str) -> int:
    return len(text.encode())


LONG_TEXTS = [
    ("Latin", "x" * 16000, "x"), ("Cyrillic", "я" * 8000, "x"), ("Han", "消" * 5333 + "x", "x"), ("emoji", "🐎" * 4000, "x"),
    ("quotes", '"' * 16000, '"'), ("control characters", "\x01" * 16000, "\x01"),
]


@pytest.mark.parametrize("text,more", [t[1:] for t in LONG_TEXTS], ids=[t[0] for t in LONG_TEXTS])
def test_texts_of_16000_bytes_and_no_more(room_of, text, more):
    anna, room = room_of
    assert utf8(text) == 16000
    assert anna.say(room, text)["text"] == text
    expect(anna.post("/api/messages", {"room": room, "text": text + more}), 400, "Bad parameter")
    assert texts(anna, room) == [text]


def test_a_long_text_may_arrive_escaped(room_of):
    anna, room = room_of
    text = "x" * 16000
    body = '{"room": "%s", "text": "%s"}' % (room, "\\u0078" * 16000)
    assert exchange(anna.server, request("POST", "/api/messages", headers_of(anna), body)).status == 201
    assert texts(anna, room) == [text]


def test_bodies_over_their_limit(room_of):
    anna, room = room_of
    for path, limit in (("/api/messages", 128 * 1024), ("/api/rooms", 16 * 1024), ("/api/users/me", 16 * 1024)):
        method = "PATCH" if path.endswith("me") else "POST"
        body = '{"room": "%s", "text": "x", "display_name": "x", "padding": "%s"}' % (room, "p" * limit)
        error = check_error(exchange(anna.server, request(method, path, headers_of(anna), body)), 413, "Request body is too large")
        assert any(size in error["description"] for size in (str(limit), str(limit // 1024)))
        # as soon as it is known: no byte of the body is sent
        announced = request(method, path, headers_of(anna, **{"Content-Length": "1000000000"}))
        check_error(exchange(anna.server, announced), 413, "Request body is too large")
    assert texts(anna, room) == []


def test_one_who_sends_much_too_much_learns_it(room_of):
    """A client that writes its whole 8 MiB before it reads."""
    anna, room = room_of
    with Wire(anna.server) as wire:
        wire.send_what_it_takes(request("POST", "/api/messages", headers_of(anna), b" " * (8 << 20)))
        check_error(wire.read_answer(), 413, "Request body is too large")
    wait_until(anna.server.answers)


# The order of the checks


def test_the_order_of_the_checks(server, make_user, admin):
    anna, boris = make_user("anna"), make_user("boris")
    room, hidden = anna.make_room("order of the checks"), anna.make_room(is_visible=False)
    boris.join(room)
    token = {"X-Auth-Token": boris.token}
    nobody = {"X-Auth-Token": "0" * 32}
    html = {"Accept": "text/html"}
    nothing = "0" * 24
    owner_path = anna.member_path(room, anna)
    cases = [
        # what is wrong with it, the request, the status
        ("path and Accept", "GET", "/api/nothing", html, "", 404),
        ("path and no JSON", "POST", "/api/nothing", nobody, "x", 404),
        ("Accept and method", "PUT", "/api/rooms", token | JSON | html, "{}", 406),
        ("content type and method", "PUT", "/api/rooms", token | {"Content-Type": "text/plain"}, "x", 406),
        ("content type and who", "POST", "/api/rooms", nobody | {"Content-Type": "application/x-www-form-urlencoded"}, "x", 406),
        ("Accept and who", "GET", "/api/rooms", html, "", 406),
        ("q=0 and who", "GET", "/api/rooms", {"Accept": "text/html, application/json;q=0"}, "", 406),
        ("method and who", "DELETE", "/api/rooms", nobody, "", 405),
        ("who and body", "POST", "/api/messages", nobody | JSON, "{", 401),
        ("who and thing", "GET", f"/api/rooms/{nothing}", nobody, "", 401),
        ("admin and body", "POST", "/api/users", token | JSON, "{", 403),
        ("admin and thing", "PATCH", f"/api/users/{nothing}", token | JSON, "{}", 403),
        ("body and thing", "PATCH", f"/api/rooms/{nothing}", token | JSON, "{", 400),
        ("parameter and thing", "PATCH", f"/api/rooms/{nothing}", token | JSON, '{"topic": 5}', 400),
        ("parameter and room's right", "PATCH", f"/api/rooms/{room}", token | JSON, '{"topic": 5}', 400),
        ("thing and room's right", "PATCH", f"/api/rooms/{hidden}", token | JSON, '{"topic": "x"}', 404),
        ("room's right and conflict", "PATCH", f"/api/rooms/{hidden}", token | JSON, '{"name": "order of the checks"}', 404),
        ("last owner and right", "PATCH", owner_path, token | JSON, '{"role": "member"}', 403),
        ("too large and malformed", "POST", "/api/messages", token | JSON, "{" * (129 * 1024), 413),
        ("parameter and conflict", "POST", "/api/rooms", token | JSON, '{"name": "order of the checks", "topic": 5}', 400),
        ("conflict alone", "POST", "/api/rooms", token | JSON, '{"name": "order of the checks"}', 409),
    ]
    wrong = []
    for name, method, path, headers, body, status in cases:
        got = exchange(server, request(method, path, headers, body)).status
        if got != status:
            wrong.append(f"{name}: {method} {path} gave {got}, not {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*", "text/html, */*;q=0.1",
                                    "text/html,application/xhtml+xml,application/json;q=0.5", "APPLICATION/JSON", None], ids=str)
def test_who_accepts_json_gets_it(room_of, accept):
    anna, _ = room_of
    headers = {"X-Auth-Token": anna.token} | ({"Accept": accept} if accept else {})
    assert exchange(anna.server, request("GET", "/api/ping", headers)).status == 200


@pytest.mark.parametrize("content_type,status", [
    ("application/json", 201), ("application/json; charset=utf-8", 201), ("Application/JSON", 201),
    ("text/plain", 406), ("application/x-www-form-urlencoded", 406), ("multipart/form-data; boundary=x", 406),
    ("application/jsonx", 406), ("", 406),
])
def test_content_types(room_of, content_type, status):
    anna, room = room_of
    headers = {"X-Auth-Token": anna.token} | ({"Content-Type": content_type} if content_type else {})
    body = json.dumps({"room": room, "text": "typed"})
    assert exchange(anna.server, request("POST", "/api/messages", headers, body)).status == status
    assert len(texts(anna, room)) == (1 if status == 201 else 0)
