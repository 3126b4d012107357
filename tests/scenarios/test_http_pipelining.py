"""Several requests on one connection, on the real port (RFC 9112, 9.3): answered in order, up to the one that ends it."""

import random
import threading

import pytest

from harness.wire import Wire, answers_to

SETTINGS = {"rooms_created_by": "everyone"}


def test_ten_gets_in_one_packet_are_answered_in_order(poster):
    for i in range(10):
        poster.client.say(poster.room, f"m{i}")
    got = answers_to(poster.server, b"".join(poster.get(f"/api/messages?room={poster.room}&limit={n}") for n in range(1,
        11)))
    assert [[m["text"] for m in a.json()] for a in got] == [[f"m{i}" for i in range(10 - n, 10)] for n in range(1, 11)]


def test_each_sees_what_the_one_before_it_has_done(poster):
    data = b"".join(poster.post(f"p{i}") + poster.get(f"/api/messages?room={poster.room}") for i in range(10))
    got = answers_to(poster.server, data)
    assert [a.status for a in got] == [201, 200] * 10
    assert [len(a.json()) for a in got[1::2]] == list(range(1, 11))


def test_quick_answers_do_not_overtake_slow_ones(poster):
    """A sign-in waits for its hash."""
    login = b'{"username": "%s", "password": "wrong"}' % poster.client.name.encode()
    slow = poster.head(f"Content-Length: {len(login)}", line="POST /api/login HTTP/1.1") + login
    data = poster.get() + slow + poster.get("/api/nothing") + slow + poster.get()
    assert poster.statuses(data) == [200, 401, 404, 401, 200]


@pytest.mark.parametrize("seed", range(5))
def test_the_borders_of_packets_are_none_of_requests(poster, seed):
    chance = random.Random(seed)
    data = b"".join(poster.post(f"{i}") + poster.post_chunked(f"{i} chunked",
                                                              size=chance.randint(1, 50)) + poster.get() for i in range(8))
    with Wire(poster.server) as wire:
        at = 0
        while at < len(data):
            size = chance.choice([1, 2, 3, 10, 100, 1000])
            wire.send(data[at:at + size])
            at += size
        assert [wire.read_answer().status for _ in range(24)] == [201, 201, 200] * 8
    assert poster.said() == [text for i in range(8) for text in (f"{i}", f"{i} chunked")]


BAD = {
    "no request": b"\x00\x01\x02\r\n\r\n", "no version": b"GET /\r\n\r\n", "no Host": b"GET /api/ping HTTP/1.1\r\n\r\n",
    "an LF": b"GET /api/ping HTTP/1.1\nHost: x\n\n",
    "a folded field": b"GET /api/ping HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "two lengths": b"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "a bad encoding": b"POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n",
    "another version": b"GET /api/ping HTTP/2.0\r\nHost: x\r\n\r\n",
    "a long target": b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a large head": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20_000 + b"\r\n\r\n",
    "CONNECT": b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an expectation": b"GET /api/ping HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_one_in_the_middle_is_answered_and_the_last(poster, bad):
    """What came before it is done and answered; nothing behind it is looked at."""
    got = answers_to(poster.server, poster.post("before") + poster.get() + bad + poster.post("behind") + poster.get())
    assert [a.status for a in got[:2]] == [201, 200] and len(got) == 3, got
    assert got[2].status in (400, 414, 417, 431, 501, 505)
    assert got[2].header("Connection") == "close"
    assert poster.said() == ["before"]


def test_a_refused_one_in_the_middle_is_not_the_last(poster):
    """Its borders are known: 401, 404, 405, 406, and 400 for what its body says."""
    wrong = [poster.post("no", without="X-Auth-Token"), poster.post("no", line="POST /api/nothing HTTP/1.1"),
             poster.post("no", line="PUT /api/messages HTTP/1.1"),
             poster.post("no", without="Content-Type"), poster.head("Content-Length: 1") + b"{"]
    assert poster.statuses(b"".join(w + poster.get() for w in wrong)) == [401, 200, 404, 200, 405, 200, 406, 200, 400, 200]
    assert poster.said() == []


def test_empty_lines_between_requests_are_passed_over(poster):
    """RFC 9112, 2.2: some clients send one behind a body."""
    data = b"\r\n" + poster.post("a") + b"\r\n" + poster.post("b") + b"\r\n\r\n\r\n" + poster.get()
    assert poster.statuses(data) == [201, 201, 200]


@pytest.mark.parametrize("between", [b"\n", b" ", b"\r", b"\0", b"\r\n \r\n", b"\t\r\n"], ids=repr)
def test_nothing_else_may_stand_between_them(poster, between):
    assert poster.statuses(poster.get() + between + poster.post("behind")) == [200, 400]
    assert poster.said() == []


def test_head_in_the_middle_has_no_body(poster):
    """Else its body would be the next answer."""
    with Wire(poster.server) as wire:
        head = poster.head(line=f"HEAD /api/messages?room={poster.room} HTTP/1.1", without="Content-Type")
        refused = poster.head(line="HEAD /api/nothing HTTP/1.1", without="Content-Type")
        wire.send(poster.get() + head + poster.get() + refused + poster.get())
        got = [wire.read_answer(), wire.read_answer(head=True), wire.read_answer(), wire.read_answer(head=True),
               wire.read_answer()]
    assert [a.status for a in got] == [200, 200, 200, 404, 200]
    assert int(got[1].header("Content-Length")) > 0 and int(got[3].header("Content-Length")) > 0


def test_a_thousand_in_a_row_from_one_who_reads_late(poster):
    """The server stops reading while its answers are not taken; when they are, all come."""
    count, path = 1_000, f"/api/messages?room={poster.room}"
    for i in range(20):
        poster.client.say(poster.room, f"{i} " + "x" * 500)
    with Wire(poster.server, receive_buffer=8192) as wire:
        sender = threading.Thread(target=wire.send, args=(poster.get(path) * count,))
        sender.start()
        for _ in range(count):
            answer = wire.read_answer()
            assert answer.status == 200 and len(answer.json()) == 20
        sender.join()


def test_a_connection_serves_until_it_is_asked_to_close(poster):
    with Wire(poster.server) as wire:
        for _ in range(200):
            wire.send(poster.get())
            assert wire.read_answer().header("Connection") == "keep-alive"
        wire.send(poster.get(None, "Connection: close"))
        assert wire.read_answer().header("Connection") == "close"
        assert wire.read_to_the_end() == b""
