"""Request lines and header fields, on the real port (RFC 9112, 2 to 5): lines, names, values, methods, versions, sizes."""

import pytest

from harness.wire import Wire, answers_to, exchange

SETTINGS = {"rooms_created_by": "everyone"}


def check_refused(poster, head: bytes, *allowed: int) -> None:
    """By one answer in the API's form that ends the connection; what stands behind is not done."""
    got = answers_to(poster.server, head + poster.post("behind"))
    assert len(got) == 1 and got[0].status in allowed, got
    assert got[0].header("Connection") == "close" and got[0].header("Content-Type") == "application/json"
    assert {"title", "description"} == set(got[0].json())
    assert poster.said() == []


# Lines


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\r\n", b"\n\r", b"\x0b", b"\x85", b"\xe2\x80\xa8", b"\0\r\n"], ids=repr)
@pytest.mark.parametrize("place", ["request line", "field", "last line"])
def test_only_cr_lf_ends_a_line(poster, end, place):
    """Bare LF is taken by some and not by others (RFC 9112, 2.2 leaves it open); by us it is not."""
    ends = {p: end if p == place else b"\r\n" for p in ("request line", "field", "last line")}
    token = b"X-Auth-Token: " + poster.client.token.encode() + b"\r\n"
    head = b"GET /api/ping HTTP/1.1" + ends["request line"] + b"Host: x" + ends["field"] + token + ends["last line"]
    check_refused(poster, head, 400)


@pytest.mark.parametrize("value", [b"a\r\n b", b"a\r\n\tb", b"\r\n a", b"a\r\n \r\n b", b"a\r\n  ", b"a\r\n :b"], ids=repr)
def test_no_field_is_folded(poster, value):
    check_refused(poster, poster.get(None, b"X-Folded: " + value), 400)


def test_a_space_before_the_first_field(poster):
    """RFC 9112, 2.2: reject or skip such lines; some take them for a part of the request line."""
    for line in (b" X: y", b"\tX: y", b" "):
        check_refused(poster, b"GET /api/ping HTTP/1.1\r\n" + line + b"\r\nHost: x\r\n\r\n", 400)


@pytest.mark.parametrize("line", [b"GET  /api/ping HTTP/1.1", b"GET /api/ping  HTTP/1.1", b"GET\t/api/ping HTTP/1.1",
                                  b"GET /api/ping\tHTTP/1.1", b" GET /api/ping HTTP/1.1",
                                  b"GET /api/ping HTTP/1.1 ", b"GET /api/ping HTTP/1.1\t", b"GET /api/ping", b"GET",
                                  b"GET ", b"GET /api/ping ", b"/api/ping HTTP/1.1", b"GET HTTP/1.1",
                                  b"GET /api/ping HTTP/1.1 HTTP/1.1", b"GET /api/ping X HTTP/1.1", b"HTTP/1.1 200 OK",
                                  b"GET\x0b/api/ping HTTP/1.1", b"GET /api/ping\x0cHTTP/1.1",
                                  b"\xef\xbb\xbfGET /api/ping HTTP/1.1"],
                         ids=repr)
def test_what_is_no_request_line(poster, line):
    check_refused(poster, line + b"\r\nHost: x\r\n\r\n", 400)


# Names and values


@pytest.mark.parametrize("field", [b"X-A : b", b"X-A\t: b", b": b", b"X-A", b"X A: b", b"X\0A: b", b"X-A\x7f: b",
                                   b"X(A): b", b"X-A,X-B: b", b"X/A: b", b"X@A: b", b'"X-A": b', b"X[0]: b",
                                   b"X\xc3\xa4: b",
                                   b"X\xff: b", b"{X}: b", b"X;A: b", b"X=A: b", b"<X>: b", b"X\\A: b", b"=",
                                   b"X\x0bA: b"], ids=repr)
def test_what_is_no_name_of_a_field(poster, field):
    check_refused(poster, poster.get(None, field), 400)


@pytest.mark.parametrize("byte", [bytes([b]) for b in (*range(0x00, 0x09), 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x1F, 0x7F)],
                         ids=bytes.hex)
def test_control_characters_in_a_value(poster, byte):
    check_refused(poster, poster.get(None, b"X-A: b" + byte + b"c"), 400)


@pytest.mark.parametrize("field", [b"X-A:", b"X-A:b", b"X-A:   b   ", b"X-A:\tb\t", b"X-A: b\tc", b"X-A: \xe4\xf6\xfc",
                                   b"X-A: \xd0\xb6", b"X-A: a:b:c", b"X-A: \"", b"!#$%&'*+-.^_`|~09azAZ: b",
                                   b"x: " + b"y" * 8000], ids=lambda f: repr(f[:20]))
def test_what_is_a_field(poster, field):
    assert poster.statuses(poster.get(None, field) + poster.get()) == [200, 200]


def test_names_have_no_case_and_values_no_outer_space(poster):
    for line in (f"x-auth-token:{poster.client.token}", f"X-AUTH-TOKEN: \t{poster.client.token}\t ",
                 f"aUtHoRiZaTiOn: bEaReR {poster.client.token}"):
        assert poster.statuses(poster.head(line, line="GET /api/ping HTTP/1.1", without="X-Auth-Token")) == [200]


def test_a_field_over_several_lines_is_one_list(poster):
    """RFC 9110, 5.3: Accept may stand there as often as it likes."""
    assert poster.statuses(poster.get(None, "Accept: text/html", "Accept: application/json")) == [200]
    assert poster.statuses(poster.get(None, "Accept: text/html", "Accept: application/json;q=0")) == [406]
    assert poster.statuses(poster.get(None, "Connection: keep-alive", "Connection: close") + poster.get()) == [200]


def test_of_two_tokens_the_first_decides(poster):
    wrong = "0" * 32
    assert poster.statuses(poster.get(None, f"X-Auth-Token: {wrong}")) == [200]
    assert poster.statuses(poster.head(f"X-Auth-Token: {wrong}", f"X-Auth-Token: {poster.client.token}",
                                        line="GET /api/ping HTTP/1.1", without="X-Auth-Token")) == [401]


# Methods and versions


@pytest.mark.parametrize("method,status", [("get", 405), ("Get", 405), ("GETS", 405), ("BREW", 405), ("PROPFIND", 405),
                                           ("M-SEARCH", 405), ("PURGE", 405), ("X", 405), ("A" * 200, 405), ("!#$%", 405),
                                           ("TRACE", 501), ("CONNECT", (400, 501)), ("G(T", 400), ("GET:", 400),
                                           ("\xc4", 400), ("G\0T", 400)], ids=repr)
def test_other_methods(poster, method, status):
    answer = exchange(poster.server, poster.head(line=f"{method} /api/messages HTTP/1.1".encode("latin-1")))
    assert answer.status in (status if isinstance(status, tuple) else (status,)), answer
    if answer.status == 405:
        assert answer.header("Allow") == "GET, POST, OPTIONS"


@pytest.mark.parametrize("path", ["/api/ping", "/api/rooms", "/healthz", "/api/nothing", "/api/users/me"])
def test_head_is_get_without_the_body(poster, path):
    """RFC 9110, 9.3.2: the same fields, also for what is refused."""
    def asked(method: str):
        line = f"{method} {path} HTTP/1.1"
        return exchange(poster.server, poster.head(line=line, without="Content-Type"), head=method == "HEAD")

    def fields(answer) -> list[tuple[str, str]]:
        return [(name, value) for name, value in answer.headers if name not in ("Date", "X-Request-Id")]

    get, head = asked("GET"), asked("HEAD")
    assert head.status == get.status and fields(head) == fields(get)
    assert int(head.header("Content-Length")) == len(get.body)
    data = poster.head(line=f"HEAD {path} HTTP/1.1", without="Content-Type")
    assert poster.statuses(data * 3, head=True) == [get.status] * 3


def test_head_of_a_stream_has_an_end(poster):
    with Wire(poster.server) as wire:
        wire.send(poster.head("Accept: text/event-stream", line="HEAD /api/events HTTP/1.1", without="Content-Type"))
        assert wire.read_answer(head=True).status == 200
        assert wire.read_to_the_end() == b""


@pytest.mark.parametrize("version,status", [("HTTP/1.1", 200), ("HTTP/1.0", 200), ("HTTP/2.0", 505), ("HTTP/3.0", 505),
                                            ("HTTP/0.9", 505), ("HTTP/9.9", 505), ("HTTP/1.2", (200, 505)),
                                            ("http/1.1", 400), ("Http/1.1", 400), ("HTTP/1", 400),
                                            ("HTTP/1.", 400), ("HTTP/.1", 400), ("HTTP/1.1.1", 400), ("HTTP/11", 400),
                                            ("HTTP/1.10", 400), ("HTTP/01.1", 400), ("HTTP/-1.1", 400),
                                            ("HTTP/1,1", 400), ("HTTP/1.x", 400), ("HTTPS/1.1", 400), ("HTTP 1.1", 400),
                                            ("1.1", 400)])
def test_versions(poster, version, status):
    got = poster.statuses(poster.head(line=f"GET /api/ping {version}"))
    assert got in [[s] for s in (status if isinstance(status, tuple) else (status,))]


def test_other_protocols_on_this_port(poster):
    """Told in HTTP and cut, however short what they send is."""
    for hello in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /api/ping\r\n",
                  b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"EHLO x\r\n\r\n",
                  b"\x05\x01\x00",
                  b"*1\r\n$4\r\nPING\r\n", b"\x00\x00\x00\x00", b"{\"a\": 1}\r\n\r\n", b"<xml/>\r\n\r\n", b"\xff\xfb\x01"):
        got = poster.statuses(hello)
        assert got in ([400], [505], []), (hello, got)


def test_http_1_0_is_one_request(poster):
    """Kept open or not: the answer says so, and has a length either way."""
    for lines in ([], ["Connection: keep-alive"], ["Connection: close"]):
        with Wire(poster.server) as wire:
            wire.send(poster.head(*lines, line="GET /api/ping HTTP/1.0", without="Host") * 2)
            answer = wire.read_answer()
            assert answer.status == 200 and answer.header("Connection") == "close"
            assert int(answer.header("Content-Length")) == len(answer.body)
            assert wire.read_to_the_end() == b""


# Sizes


def test_a_head_of_just_16_kib(poster):
    def of_size(size: int) -> bytes:
        return poster.get(None, "X-Big: " + "b" * (size - len(poster.get(None, "X-Big: "))))
    assert poster.statuses(of_size(16 * 1024) + poster.get()) == [200, 200]
    check_refused(poster, of_size(16 * 1024 + 1), 431)


@pytest.mark.parametrize("line", ["a:", "a: b", "A: " + "b" * 100, "Cookie: a=b", "Accept: */*",
                                  "X-Forwarded-For: 1.2.3.4"])
@pytest.mark.parametrize("bytes_", [200_000, 4_000_000])
def test_a_bomb_of_fields(poster, line, bytes_):
    answer = exchange(poster.server, poster.get(None, *[line] * (bytes_ // (len(line) + 2))))
    assert answer.status == 431


def test_as_many_fields_as_fit(poster):
    assert poster.statuses(poster.get(None, *["a:"] * 4_000) + poster.get()) == [200, 200]


def test_a_line_that_does_not_end(poster):
    for start, status in ((b"GET /api/ping HTTP/1.1\r\nHost: x\r\nA: ", 431), (b"GET /", 414), (b"A", 414)):
        with Wire(poster.server) as wire:
            wire.send_what_it_takes(start + b"a" * 100_000)
            assert wire.read_answer().status == status
            assert wire.ended()


@pytest.mark.parametrize("make", [lambda p: p.get(), lambda p: p.post("slowly"),
                                  lambda p: p.post_chunked("slowly", size=1), lambda p: b"\r\n\r\n" + p.get()],
                         ids=["GET", "POST", "chunks", "empty lines first"])
def test_requests_in_single_bytes(poster, make):
    data = make(poster)
    with Wire(poster.server) as wire:
        for byte in data + poster.get():
            wire.send(bytes([byte]))
        assert [wire.read_answer().status, wire.read_answer().status] == [201 if b"POST" in data else 200, 200]
