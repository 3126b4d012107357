"""Expect: 100-continue (RFC 9110, 10.1.1), on the real port: said when the body is wanted, and never before it is known."""

import pytest

from harness.poster import chunk
from harness.wire import Wire, answers_to

SETTINGS = {"rooms_created_by": "everyone"}
EXPECT = "Expect: 100-continue"


def head_of(poster, text: str, *lines: str, **options) -> tuple[bytes, bytes]:
    body = poster.body(text)
    return poster.head(f"Content-Length: {len(body)}", *lines, **options), body


@pytest.mark.parametrize("value", ["100-continue", "100-Continue", "100-CONTINUE", " 100-continue "])
def test_a_body_that_is_wanted_is_asked_for(poster, value):
    head, body = head_of(poster, "asked for", f"Expect: {value}")
    with Wire(poster.server) as wire:
        wire.send(head)
        assert wire.read_interim() == 100
        wire.send(body)
        assert wire.read_answer().status == 201
        wire.send(poster.get())
        assert wire.read_answer().status == 200
    assert poster.said() == ["asked for"]


def test_chunks_are_asked_for_too(poster):
    body = poster.body("asked for")
    with Wire(poster.server) as wire:
        wire.send(poster.head("Transfer-Encoding: chunked", EXPECT))
        assert wire.read_interim() == 100
        wire.send(chunk(body) + b"0\r\n\r\n")
        assert wire.read_answer().status == 201


def test_it_is_said_once(poster):
    head, body = head_of(poster, "in pieces", EXPECT)
    with Wire(poster.server) as wire:
        wire.send(head)
        assert wire.read_interim() == 100
        for byte in body:
            wire.send(bytes([byte]))
        assert wire.read_answer().status == 201


@pytest.mark.parametrize("size", [1, 10, None], ids=["one byte of it", "ten", "all of it"])
def test_who_does_not_wait_need_not_be_asked(poster, size):
    """RFC 9110, 10.1.1: 100 MAY be left out when some of the body has come. One final answer either way."""
    head, body = head_of(poster, "without waiting", EXPECT)
    first = body[:size]
    with Wire(poster.server) as wire:
        wire.send(head + first)
        wire.send(body[len(first):] + poster.get())
        answer = wire.read_answer()
        if answer.status == 100:
            answer = wire.read_answer()
        assert answer.status == 201
        assert wire.read_answer().status == 200
    assert poster.said() == ["without waiting"]


@pytest.mark.parametrize("options,lines,status", [
    ({"without": "X-Auth-Token"}, [], 401), ({"without": "Content-Type"}, [], 406),
    ({"line": "POST /api/nothing HTTP/1.1"}, [], 404),
    ({"line": "PUT /api/messages HTTP/1.1"}, [], 405), ({"line": "POST /api/users HTTP/1.1"}, [], 403),
    ({}, ["Content-Length: 10000000"], 413), ({}, ["Content-Length: 131073"], 413),
], ids=str)
def test_a_body_that_is_not_wanted_is_not_asked_for(poster, options, lines, status):
    """The final answer at once, and the end: nobody knows whether the body will still come (RFC 9110, 10.1.1)."""
    with Wire(poster.server) as wire:
        wire.send(poster.head(EXPECT, *(lines or ["Content-Length: 100"]), **options))
        answer = wire.read_answer()
        assert answer.status == status and answer.header("Connection") == "close"
        assert wire.read_to_the_end() == b""
    assert poster.said() == []


def test_a_refused_body_that_comes_all_the_same_is_no_request(poster):
    hidden = poster.post("smuggled")
    data = poster.head(EXPECT, f"Content-Length: {len(hidden)}", without="X-Auth-Token") + hidden
    got = poster.statuses(data + poster.get())
    assert got in ([401], [401, 200])
    with Wire(poster.server) as wire:
        wire.send(poster.head(EXPECT, f"Content-Length: {len(hidden)}", without="X-Auth-Token"))
        assert wire.read_answer().status == 401
        wire.send_what_it_takes(hidden)
        assert wire.read_to_the_end() == b""
    assert poster.said() == []


@pytest.mark.parametrize("lines", [["Content-Length: 0"], [], ["Transfer-Encoding: chunked"]],
                         ids=["length 0", "no length", "empty chunks"])
def test_where_no_body_comes_nothing_is_asked_for(poster, lines):
    data = poster.head(EXPECT, *lines) + (b"0\r\n\r\n" if "chunked" in str(lines) else b"")
    assert poster.statuses(data + poster.get()) == [400, 200]


def test_a_get_that_expects_it(poster):
    assert poster.statuses(poster.get(None, EXPECT) * 2) == [200, 200]


def test_http_1_0_is_never_told_100(poster):
    """RFC 9110, 10.1.1: it would take it for the answer."""
    head, body = head_of(poster, "of old", EXPECT, line="POST /api/messages HTTP/1.0")
    with Wire(poster.server) as wire:
        wire.send(head)
        wire.send(body)
        assert wire.read_answer().status == 201


@pytest.mark.parametrize("value", ["200-ok", "tea", "100-continue, tea", "tea, 100-continue", "100-continued",
                                   "100 continue", "", "100-continue;q=1", "100-continue, 100-continue"], ids=repr)
def test_other_expectations_are_not_met(poster, value):
    got = answers_to(poster.server, poster.post("hopefully", f"Expect: {value}") + poster.post("behind"))
    assert [a.status for a in got] == [417] and got[0].json()["title"] == "Expectation Failed"
    assert poster.said() == []


def test_a_client_that_waits_in_vain_and_goes(poster):
    with Wire(poster.server) as wire:
        wire.send(poster.head(EXPECT, "Content-Length: 100"))
        assert wire.read_interim() == 100
        wire.finish_sending()
        assert wire.ended()
    assert poster.said() == []
