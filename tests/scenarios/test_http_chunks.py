"""Bodies in chunks (RFC 9112, 7.1), on the real port: what is one message, what is refused, and where the next request is."""

import pytest

from harness.poster import chunk
from harness.wire import Wire, answers_to

SETTINGS = {"rooms_created_by": "everyone"}


def framed(poster, framing: bytes, *lines: str) -> bytes:
    """A POST in chunks with this framing: BODY stands for the JSON that says "chunked", SIZE for its length in hex."""
    body = poster.body("chunked")
    return poster.head("Transfer-Encoding: chunked", *lines) + framing.replace(b"SIZE",
        b"%x" % len(body)).replace(b"BODY", body)


GOOD = {
    "one chunk": b"SIZE\r\nBODY\r\n0\r\n\r\n", "zeros in front": b"000SIZE\r\nBODY\r\n000\r\n\r\n",
    "eight digits": b"000000SIZE\r\nBODY\r\n00000000\r\n\r\n",
    "an extension": b"SIZE;a\r\nBODY\r\n0\r\n\r\n", "with a value": b"SIZE;a=b\r\nBODY\r\n0;c=d\r\n\r\n",
    "quoted": b'SIZE;a="b;c\\"d"\r\nBODY\r\n0\r\n\r\n',
    "many": b"SIZE;a;b;c=1;d=2\r\nBODY\r\n0;x;y\r\n\r\n", "spaces around it": b"SIZE ; a = b\r\nBODY\r\n0 ;a\r\n\r\n",
    "a tab before it": b"SIZE\t;a\r\nBODY\r\n0\r\n\r\n",
    "an empty extension": b"SIZE;\r\nBODY\r\n0;\r\n\r\n",
    "an extension that says length": b"SIZE;Content-Length=0\r\nBODY\r\n0\r\n\r\n",
    "a trailer": b"SIZE\r\nBODY\r\n0\r\nX-Sum: 1\r\n\r\n", "trailers": b"SIZE\r\nBODY\r\n0\r\nA: b\r\nC: d\r\nE:\r\n\r\n",
    "trailers that say length": b"SIZE\r\nBODY\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nHost: other\r\n\r\n",
}


@pytest.mark.parametrize("framing", GOOD.values(), ids=GOOD.keys())
def test_what_is_one_message(poster, framing):
    assert poster.statuses(framed(poster, framing) + poster.get()) == [201, 200]
    assert poster.said() == ["chunked"]


@pytest.mark.parametrize("framing", GOOD.values(), ids=GOOD.keys())
def test_it_is_the_same_in_single_bytes(poster, framing):
    with Wire(poster.server) as wire:
        for byte in framed(poster, framing) + poster.get():
            wire.send(bytes([byte]))
        assert [wire.read_answer().status, wire.read_answer().status] == [201, 200]
    assert poster.said() == ["chunked"]


BAD = {
    "no size": b"\r\nBODY\r\n0\r\n\r\n", "no hex": b"SIZEg\r\nBODY\r\n0\r\n\r\n",
    "a sign": b"+SIZE\r\nBODY\r\n0\r\n\r\n", "a minus": b"-SIZE\r\nBODY\r\n0\r\n\r\n",
    "0x": b"0xSIZE\r\nBODY\r\n0\r\n\r\n", "a space before": b" SIZE\r\nBODY\r\n0\r\n\r\n",
    "an underscore": b"0_SIZE\r\nBODY\r\n0\r\n\r\n", "a comma": b"SIZE,1\r\nBODY\r\n0\r\n\r\n",
    "two sizes": b"SIZE 1\r\nBODY\r\n0\r\n\r\n", "a quoted size": b'"SIZE"\r\nBODY\r\n0\r\n\r\n',
    "a NUL behind it": b"SIZE\0\r\nBODY\r\n0\r\n\r\n",
    "a vertical tab": b"SIZE\x0b\r\nBODY\r\n0\r\n\r\n", "full width": "１\r\nBODY\r\n0\r\n\r\n".encode(),
    "LF alone behind the size": b"SIZE\nBODY\r\n0\r\n\r\n", "CR alone behind the size": b"SIZE\rBODY\r\n0\r\n\r\n",
    "CR CR LF": b"SIZE\r\r\nBODY\r\n0\r\n\r\n",
    "LF alone behind the data": b"SIZE\r\nBODY\n0\r\n\r\n", "CR alone behind the data": b"SIZE\r\nBODY\r0\r\n\r\n",
    "nothing behind the data": b"SIZE\r\nBODY0\r\n\r\n",
    "two characters for the line end": b"SIZE\r\nBODYxx0\r\n\r\n", "an LF more": b"SIZE\r\nBODY\n\r\n0\r\n\r\n",
    "LF in an extension": b"SIZE;a\nb\r\nBODY\r\n0\r\n\r\n", "CR in an extension": b"SIZE;a\rb\r\nBODY\r\n0\r\n\r\n",
    "NUL in an extension": b"SIZE;\0\r\nBODY\r\n0\r\n\r\n",
    "LF at the end": b"SIZE\r\nBODY\r\n0\n\n", "LF alone behind the last": b"SIZE\r\nBODY\r\n0\r\n\n",
    "CR and something": b"SIZE\r\nBODY\r\n0\r\n\rX",
    "LF in the trailer": b"SIZE\r\nBODY\r\n0\r\nA: b\nC: d\r\n\r\n",
    "a folded trailer": b"SIZE\r\nBODY\r\n0\r\nA: b\r\n c\r\n\r\n",
    "NUL in the trailer": b"SIZE\r\nBODY\r\n0\r\nA: \0\r\n\r\n",
    "nine digits": b"100000000\r\nBODY\r\n0\r\n\r\n", "sixteen": b"10000000000000000\r\nBODY\r\n0\r\n\r\n",
    "one that wraps": b"100000000000000SIZE\r\nBODY\r\n0\r\n\r\n",
    "f seventeen times": b"f" * 17 + b"\r\nBODY\r\n0\r\n\r\n",
    "a line of zeros": b"0" * 10_000 + b"SIZE\r\nBODY\r\n0\r\n\r\n",
    "an extension without end": b"SIZE;" + b"a" * 10_000 + b"\r\nBODY\r\n0\r\n\r\n",
    "many small ones": b"1;aaaaaaaa\r\n \r\n" * 1_000 + b"SIZE\r\nBODY\r\n0\r\n\r\n",
    "a trailer without end": b"SIZE\r\nBODY\r\n0\r\nA: " + b"a" * 10_000 + b"\r\n\r\n",
    "trailers without end": b"SIZE\r\nBODY\r\n0\r\n" + b"A: b\r\n" * 2_000 + b"\r\n",
}


@pytest.mark.parametrize("framing", BAD.values(), ids=BAD.keys())
def test_what_is_refused_ends_the_connection_and_does_nothing(poster, framing):
    assert poster.statuses(framed(poster, framing) + poster.post("behind")) == [400]
    assert poster.said() == []


@pytest.mark.parametrize("size", [b"20001", b"7fffffff", b"80000000", b"ffffffff"])
def test_a_chunk_that_is_too_large_is_refused_by_its_size(poster, size):
    assert poster.statuses(framed(poster, size + b"\r\nBODY\r\n0\r\n\r\n") + poster.post("behind")) == [413]
    assert poster.said() == []


def test_chunks_that_are_too_large_together(poster):
    """Without one of them being so: 129 of 1 KiB."""
    data = poster.head("Transfer-Encoding: chunked") + chunk(b" " * 1024) * 129 + b"0\r\n\r\n"
    assert poster.statuses(data + poster.post("behind"))[0] == 413


def test_the_largest_body_in_the_smallest_chunks(poster):
    body = poster.body("x" * 5_000)
    data = poster.head("Transfer-Encoding: chunked") + b"".join(chunk(bytes([b])) for b in body) + b"0\r\n\r\n"
    assert poster.statuses(data + poster.get()) == [201, 200]
    assert poster.said() == ["x" * 5_000]


@pytest.mark.parametrize("framing", [b"SIZE\r\nBODY", b"SIZE\r\nBODY\r\n", b"SIZE\r\nBODY\r\n0",
                                     b"SIZE\r\nBODY\r\n0\r\n", b"SIZE\r\nBODY\r\n0\r\n\r",
                                     b"SIZE\r\nBODY\r\n0\r\nA: b\r\n", b"5"],
                         ids=["no end", "no last chunk", "half of it", "no empty line", "half of that",
                              "after a trailer", "half a size"])
def test_a_body_that_does_not_end_does_nothing(poster, framing):
    """All of the JSON has come, and it is not posted: who broke off may have meant to say more."""
    assert poster.statuses(framed(poster, framing)) == []
    assert poster.said() == []


def test_a_request_where_the_empty_line_is_due_is_a_trailer(poster):
    """The last CR LF left out: what follows is passed over up to its own empty line and never executed."""
    got = poster.statuses(framed(poster, b"SIZE\r\nBODY\r\n0\r\n") + poster.post("behind"))
    assert got in ([400], [201, 400])
    assert "behind" not in poster.said()


def test_the_next_request_begins_right_behind_the_last_chunk(poster):
    data = b"".join(poster.post_chunked(f"m{i}", size=7) + poster.get() for i in range(10))
    assert poster.statuses(data) == [201, 200] * 10
    assert poster.said() == [f"m{i}" for i in range(10)]


@pytest.mark.parametrize("body", [b"0\r\n\r\n", b"5\r\n     \r\n0\r\n\r\n"], ids=["nothing", "spaces"])
def test_an_empty_body_counts_as_an_empty_object(poster, body):
    got = answers_to(poster.server, poster.head("Transfer-Encoding: chunked") + body + poster.get())
    assert [a.status for a in got][1:] == [200]
    assert got[0].status == 400 and got[0].json()["title"] in ("Missing parameter", "Malformed JSON")


def test_chunks_behind_a_get(poster):
    data = poster.head("Transfer-Encoding: chunked", line="GET /api/ping HTTP/1.1") + chunk(b"who cares") + b"0\r\n\r\n"
    assert poster.statuses(data + data + poster.get()) == [200] * 3
