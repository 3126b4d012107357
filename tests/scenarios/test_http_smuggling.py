"""Requests in which two servers could see different borders (RFC 9112, 11.2), on the real port.

In each of them a second request is hidden that would post "smuggled". Whatever the answer is, that one is never
executed, and of the outer one either all or nothing.
"""

import pytest

from harness.wire import answers_to

SETTINGS = {"rooms_created_by": "everyone"}


def check_nothing(poster, data: bytes, *allowed: int) -> None:
    """One refusal, nothing behind it, nothing said."""
    got = poster.statuses(data)
    assert len(got) == 1 and got[0] in allowed, got
    assert poster.said() == []


def both_ways(poster, *lines: str | bytes) -> list[bytes]:
    """One body that is whole by its chunks and one that is whole by its length, the second request behind or in it."""
    hidden, outer = poster.post("smuggled"), poster.body("outer")
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(outer), outer)
    return [poster.head(*lines, f"Content-Length: {len(outer)}") + outer + hidden,
            poster.head(*lines, f"Content-Length: {len(chunks + hidden)}") + chunks + hidden,
            poster.head(f"Content-Length: {len(chunks)}", *lines) + chunks + hidden,
            poster.head("Content-Length: 0", *lines) + hidden]


# Two framings


TRANSFER_ENCODINGS = [
    "chunked", "Chunked", "CHUNKED", "xchunked", "chunkedx", "chunked, identity", "identity, chunked", "identity",
    "gzip, chunked", "chunked, chunked",
    "chunked,", ", chunked", "chunked;q=1", "chunked; x", '"chunked"', "'chunked'", "chunked chunked", "cow", "",
    "chunked, cow", "chunk", "x, chunked",
    b"chunked\x0b", b"\x0bchunked", b"chunked\x0c", b"chunked\0", b"\0chunked", b"chunked\x7f", b"chunked\x85",
    b"chunked\xa0", b"\xefchunked",
    b"chun\xc3\xa9ked", b"chunked\r", b"\rchunked", b"chunked\n", b"\nchunked", b"chunked\r\n ", b"\r\n chunked",
    b"\r\n\tchunked", b"\n chunked",
]


@pytest.mark.parametrize("value", TRANSFER_ENCODINGS, ids=repr)
def test_a_length_beside_a_transfer_encoding(poster, value):
    line = b"Transfer-Encoding: " + (value if isinstance(value, bytes) else value.encode())
    for data in both_ways(poster, line):
        check_nothing(poster, data, 400, 501)


NAMES = [b"Transfer-Encoding ", b" Transfer-Encoding", b"\tTransfer-Encoding", b"Transfer-Encoding\t",
         b"Transfer-Encoding\x0b", b"Transfer-Encoding\0",
         b"Transfer Encoding", b"Transfer-Encoding\xa0", b"Transfer-\xc4ncoding", b"(Transfer-Encoding",
         b"Transfer-Encoding\r\n ", b"X: y\rTransfer-Encoding",
         b"X: y\nTransfer-Encoding", b"X: y\0\r\nTransfer-Encoding", b"\nTransfer-Encoding", b"\rTransfer-Encoding",
         b":Transfer-Encoding", b"\x7fTransfer-Encoding"]


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_transfer_encoding_that_only_some_would_see(poster, name):
    for data in both_ways(poster, name + b": chunked"):
        check_nothing(poster, data, 400)


@pytest.mark.parametrize("name", [name.replace(b"Transfer-Encoding", b"Content-Length").replace(b"Encoding",
    b"Length") for name in NAMES
                                  if b"ncoding" in name and b"\xc4" not in name], ids=repr)
def test_a_length_that_only_some_would_see(poster, name):
    """With another one or with chunks beside it; and alone, where the body would be the next request."""
    hidden, outer = poster.post("smuggled"), poster.body("outer")
    line = name + b": %d" % len(outer)
    check_nothing(poster, poster.head(line) + outer + hidden, 400)
    check_nothing(poster, poster.head(line, f"Content-Length: {len(outer + hidden)}") + outer + hidden, 400)
    check_nothing(poster, poster.head("Transfer-Encoding: chunked", line) + b"0\r\n\r\n" + hidden, 400)


@pytest.mark.parametrize("value", [v for v in TRANSFER_ENCODINGS if v not in ("chunked", "Chunked", "CHUNKED")], ids=repr)
def test_a_transfer_encoding_that_is_not_just_chunked(poster, value):
    line = b"Transfer-Encoding: " + (value if isinstance(value, bytes) else value.encode())
    for body in (b"%x\r\n%s\r\n0\r\n\r\n" % (len(poster.body("outer")), poster.body("outer")), b"0\r\n\r\n", b""):
        check_nothing(poster, poster.head(line) + body + poster.post("smuggled"), 400, 501)


def test_two_transfer_encodings(poster):
    for first, second in (("chunked", "chunked"), ("chunked", "identity"), ("identity", "chunked"), ("gzip", "chunked"),
                          ("chunked", "")):
        data = poster.head(f"Transfer-Encoding: {first}",
                           f"transfer-encoding: {second}") + b"0\r\n\r\n" + poster.post("smuggled")
        check_nothing(poster, data, 400, 501)


@pytest.mark.parametrize("field", ["Transfer_Encoding: chunked", "X-Transfer-Encoding: chunked", "TE: chunked",
                                   "Content-Encoding: chunked",
                                   "Content_Length: 0", "Content-Length-: 0", "Connection: Content-Length",
                                   "Connection: close, Transfer-Encoding",
                                   "X-HTTP-Method-Override: GET", "Trailer: Content-Length"])
def test_fields_that_only_look_like_a_framing(poster, field):
    """The length counts: all that it covers is the body of one request, which is no JSON."""
    inner = b"0\r\n\r\n" + poster.post("smuggled")
    got = answers_to(poster.server, poster.head(f"Content-Length: {len(inner)}", field) + inner)
    assert [a.status for a in got] == [400] and got[0].json()["title"] == "Malformed JSON"
    assert poster.said() == []


def test_chunks_in_http_1_0(poster):
    """RFC 9112, 6.1: the framing of such a message is faulty."""
    for lines in (["Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Connection: keep-alive"]):
        data = poster.head(*lines, line="POST /api/messages HTTP/1.0") + b"0\r\n\r\n" + poster.post("smuggled")
        check_nothing(poster, data, 400)


# Lengths


BAD_LENGTHS = ["", "-1", "-0", "+{}", "0x{:x}", "{}.0", "{}e0", "{} {}", "{}, {}", "{},", ",{}", "{};", '"{}"', "{}_0",
               "0 {}", "{}a", "a{}", "1{}abc",
               "１２", "٥", "18446744073709551616", "{wrapped}", "99999999999999999999",
               "340282366920938463463374607431768211456",
               b"%d\x0b", b"%d\0", b"\0%d", b"%d\r", b"\r%d", b"%d\n", b"\n%d", b"%d\r\n 0", b"\r\n %d"]


@pytest.mark.parametrize("value", BAD_LENGTHS, ids=repr)
def test_a_length_that_is_no_number(poster, value):
    outer = poster.body("outer")
    filled = value % len(outer) if isinstance(value, bytes) and b"%" in value else value
    filled = filled if isinstance(filled, bytes) else filled.replace("{:x}", f"{len(outer):x}").replace("{}",
        str(len(outer))).encode()
    filled = filled.replace(b"{wrapped}", b"%d" % (2**64 + len(outer)))
    check_nothing(poster, poster.head(b"Content-Length: " + filled) + outer + poster.post("smuggled"), 400)


@pytest.mark.parametrize("other", ["same", "0", "1", "more", "-1", "", "x"])
@pytest.mark.parametrize("name", ["Content-Length", "content-length", "CONTENT-LENGTH"])
def test_two_lengths(poster, other, name):
    outer, hidden = poster.body("outer"), poster.post("smuggled")
    second = {"same": len(outer), "more": len(outer + hidden)}.get(other, other)
    for lines in ([f"Content-Length: {len(outer)}", f"{name}: {second}"],
                  [f"{name}: {second}", f"Content-Length: {len(outer)}"]):
        check_nothing(poster, poster.head(*lines) + outer + hidden, 400)


@pytest.mark.parametrize("length", [(1 << 17) + 1, 1 << 31, (1 << 32) + 5, (1 << 63) - 1, (1 << 64) - 1])
def test_a_huge_length_is_too_large_and_what_follows_is_its_body(poster, length):
    check_nothing(poster, poster.head(f"Content-Length: {length}") + poster.body("outer") + poster.post("smuggled"), 413)


@pytest.mark.parametrize("zeros", [1, 5, 30])
def test_zeros_in_front_of_a_length_say_nothing(poster, zeros):
    body = poster.body("outer")
    assert poster.statuses(poster.head(f"Content-Length: {'0' * zeros}{len(body)}") + body + poster.get()) == [201, 200]
    assert poster.said() == ["outer"]


def test_spaces_around_a_length_are_none_of_it(poster):
    body = poster.body("outer")
    assert poster.statuses(poster.head(f"Content-Length: \t {len(body)} \t ") + body + poster.get()) == [201, 200]
    assert poster.said() == ["outer"]


# A request in the body of another


def chunked_or_not(poster, line: str, body: bytes, **options) -> list[bytes]:
    return [poster.head(f"Content-Length: {len(body)}", line=line, **options) + body,
            poster.head("Transfer-Encoding: chunked", line=line, **options) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)]


@pytest.mark.parametrize("line,without,status", [
    ("GET /api/ping HTTP/1.1", "", 200), ("HEAD /api/nothing HTTP/1.1", "", 404), ("DELETE /api/rooms HTTP/1.1", "", 405),
    ("OPTIONS /api/messages HTTP/1.1", "", 204), ("GET /healthz HTTP/1.1", "", 200),
    ("GET /api/nothing HTTP/1.1", "", 404), ("POST /api/messages HTTP/1.1", "X-Auth-Token", 401),
    ("POST /api/messages HTTP/1.1", "Content-Type", 406),
    ("BREW /api/messages HTTP/1.1", "", 405), ("POST /api/messages HTTP/1.1", "", 400),
    ("POST /api/users HTTP/1.1", "", 403),
    ("GET /api/live HTTP/1.1", "", 426),
], ids=str)
def test_a_body_is_never_the_next_request(poster, line, without, status):
    """Neither of who is refused before it is read, nor of a method that has no use for it."""
    for data in chunked_or_not(poster, line, poster.post("smuggled"), without=without):
        head = line.startswith("HEAD")
        with_next = data if head or status == 426 else data + poster.get()
        got = poster.statuses(with_next, head)
        assert got == [status] if head or status == 426 else got == [status, 200], (line, got)
    assert poster.said() == []


def test_a_refused_body_that_is_all_requests_is_dropped(poster):
    """300 KiB of them, more than is passed over to stay connected."""
    body = poster.post("smuggled") * 1000
    for data in chunked_or_not(poster, "POST /api/messages HTTP/1.1", body):
        check_nothing(poster, data, 413)
    for data in chunked_or_not(poster, "POST /api/messages HTTP/1.1", body, without="X-Auth-Token"):
        check_nothing(poster, data, 401)


def test_what_comes_behind_connection_close_is_not_read(poster):
    assert poster.statuses(poster.get(None, "Connection: close") + poster.post("smuggled")) == [200]
    assert poster.statuses(poster.get(None, "Connection: keep-alive, close") + poster.post("smuggled")) == [200]
    assert poster.statuses(poster.head(line="GET /api/ping HTTP/1.0") + poster.post("smuggled")) == [200]
    assert poster.said() == []


def test_a_token_in_the_trailer_is_nobodys(poster):
    data = poster.post_chunked("smuggled", "Trailer: X-Auth-Token", without="X-Auth-Token", end=(
        b"0\r\nX-Auth-Token: %s\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" % poster.client.token.encode()))
    assert poster.statuses(data + poster.get()) == [401, 200]
    assert poster.said() == []
