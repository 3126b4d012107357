"""The opening handshake, on the real port (RFC 6455, 4): what is asked, what is refused, and what may come with it."""

import pytest

from harness.wire import PING, PONG, TEXT, Frames, Wire, answers_to, exchange, request, upgrade_headers

SETTINGS = {"rooms_created_by": "everyone"}


def shake(talker, *lines: str, without: str | None = None, method: str = "GET", version: str = "HTTP/1.1",
          path: str = "/api/live") -> bytes:
    """A handshake in which `lines` stand in the place of those of the same names."""
    own = {line.split(":")[0].lower() for line in lines} | {(without or "").lower()}
    kept = {"Host": "x", "X-Auth-Token": talker.token} | upgrade_headers()
    head = [f"{method} {path} {version}", *(f"{k}: {v}" for k, v in kept.items() if k.lower() not in own), *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n"


def is_open(server, handshake: bytes) -> bool:
    """Whether it is answered by 101 and a WebSocket that lives."""
    with Frames.over(server, handshake) as frames:
        if frames.answer.status != 101:
            return False
        frames.expect_event(lambda e: e["type"] == "hello")
        frames.send_frame(PING, b"open?")
        return frames.expect_opcode(PONG) == b"open?"


@pytest.mark.parametrize("lines", [
    ["Connection: keep-alive, Upgrade"], ["Connection: Upgrade, keep-alive"], ["Connection: upgrade"],
    ["Connection: UPGRADE"],
    ["Connection:keep-alive ,\tupgrade"], ["Connection: , Upgrade ,"], ["Connection: keep-alive", "Connection: Upgrade"],
    ["Connection: Upgrade", "Connection: keep-alive"],
    ["Upgrade: WebSocket"], ["Upgrade: WEBSOCKET"], ["Upgrade: h2c, websocket"], ["Upgrade: h2c", "Upgrade: websocket"],
    ["sec-websocket-VERSION: 13"], ["Sec-WebSocket-Version:13"], ["Sec-WebSocket-Version: \t13\t "],
    ["sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=="], ["Sec-WebSocket-Key:  AAECAwQFBgcICQoLDA0ODw==\t"],
    ["Sec-WebSocket-Key: //////////////////////=="],
    ["Origin: null"], ["Origin: https://elsewhere.example"],
    ["Sec-WebSocket-Protocol: chat, superchat"], ["Sec-WebSocket-Protocol: graphql-ws"],
    ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
    ["Sec-WebSocket-Extensions: foo, bar; baz=2", "Sec-WebSocket-Extensions: x-webkit-deflate-frame"],
    ["Content-Length: 0"], ["Expect: 100-continue"], ["Host: other.example:8080"], ["Accept: text/html"],
    ["Accept: */*;q=0"],
], ids=" + ".join)
def test_what_is_a_handshake(server, talker, lines):
    assert is_open(server, shake(talker, *lines))


@pytest.mark.parametrize("offer", ["Sec-WebSocket-Extensions: permessage-deflate",
                                   "Sec-WebSocket-Protocol: chat, superchat"])
def test_offers_are_declined_without_a_word(server, talker, offer):
    with Frames.over(server, shake(talker, offer)) as frames:
        assert frames.answer.status == 101
        assert frames.answer.header("Sec-WebSocket-Extensions") is None
        assert frames.answer.header("Sec-WebSocket-Protocol") is None
        frames.expect_event(lambda e: e["type"] == "hello")
        frames.send_frame(TEXT, b"\xaa\x56\x04\x00", reserved=4)  # compressed all the same
        assert frames.expect_close() == 1002


def test_the_answer(server, talker):
    answer = exchange(server, shake(talker, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
    assert (answer.status, answer.reason) == (101, "Switching Protocols")
    assert answer.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3
    assert answer.header("Upgrade").lower() == "websocket" and answer.header("Connection").lower() == "upgrade"
    assert answer.header("Content-Length") is None and answer.header("Transfer-Encoding") is None


# What is refused: in the API's form, and then it ends.


@pytest.mark.parametrize("version", ["12", "14", "8", "7", "0", "", "99", "113", "13, 8", "8, 13", "13.0", "+13", "013",
                                     "١٣", "x"])
def test_other_versions_are_told_ours(server, talker, version):
    answer = exchange(server, shake(talker, f"Sec-WebSocket-Version: {version}"))
    assert answer.status == 426
    assert answer.header("Sec-WebSocket-Version") == "13"
    assert answer.header("Upgrade") == "websocket"
    assert "upgrade" in answer.header("Connection").lower(), "RFC 9110, 7.8: Upgrade is of this hop alone"
    assert answer.json()["title"] == "Upgrade Required"


def test_no_version_at_all(server, talker):
    answer = exchange(server, shake(talker, without="Sec-WebSocket-Version"))
    assert (answer.status, answer.header("Sec-WebSocket-Version")) == (426, "13")


@pytest.mark.parametrize("key", ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA=",
                                 "AAAAAAAAAAAAAAAAAAAAAA===", "AAAAAAAAAAAAAAAAAAAAA===",
                                 "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAA AAAAAAAAAA==",
                                 "AAAAAAAAAAAAAAAAAAAA-_==",
                                 "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==", "=" * 24, "A" * 4000])
def test_a_key_that_is_not_16_bytes_in_base64(server, talker, key):
    answer = exchange(server, shake(talker, f"Sec-WebSocket-Key: {key}"))
    assert answer.status == 400 and "Sec-WebSocket-Key" in answer.json()["description"]


@pytest.mark.parametrize("lines", [
    ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="],
    ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"],
], ids=["key", "version"])
def test_fields_that_must_not_come_twice(server, talker, lines):
    """RFC 6455, 11.3.1 and 11.3.5: else two who read the request may see two handshakes."""
    assert exchange(server, shake(talker, *lines)).status in (400, 426)


@pytest.mark.parametrize("without,status", [("Sec-WebSocket-Key", 400), ("Connection", 400), ("Upgrade", 426),
                                            ("X-Auth-Token", 401), ("Host", 400)])
def test_a_field_that_is_missing(server, talker, without, status):
    assert exchange(server, shake(talker, without=without)).status == status


@pytest.mark.parametrize("line,status", [
    ("Connection: close", 400), ("Connection: keep-alive", 400), ("Connection: Upgrades", 400),
    ("Connection: up grade", 400),
    ("Upgrade: h2c", 426), ("Upgrade: websockets", 426), ("Upgrade: web socket", 426), ("Upgrade: websocket/13", 426),
    ("X-Auth-Token: " + "0" * 32, 401),
])
def test_a_field_that_says_something_else(server, talker, line, status):
    assert exchange(server, shake(talker, line)).status == status


@pytest.mark.parametrize("method,status", [("POST", 405), ("PUT", 405), ("DELETE", 405), ("get", 405),
                                           ("CONNECT", (400, 501)), ("HEAD", 400)])
def test_another_method(server, talker, method, status):
    answer = exchange(server, shake(talker, method=method), head=method == "HEAD")
    assert answer.status in (status if isinstance(status, tuple) else (status,))


def test_http_1_0(server, talker):
    assert exchange(server, shake(talker, version="HTTP/1.0")).status == 400


def test_another_path_has_no_websocket(server, talker):
    """Upgrade may be ignored (RFC 9110, 7.8), and is."""
    with Wire(server) as wire:
        for line in ("Upgrade: websocket", "Upgrade: h2c"):
            wire.send(shake(talker, line, path="/api/ping"))
            answer = wire.read_answer()
            assert answer.status == 200 and answer.json()["username"] == talker.name


@pytest.mark.parametrize("wrong", ["Sec-WebSocket-Version: 1337", "Upgrade: x", "Sec-WebSocket-Key: x", "Connection: keep-alive"])
def test_a_refused_handshake_is_the_end(poster, wrong):
    """A proxy that took it for a tunnel would let the requests in it pass its rules."""
    got = answers_to(poster.server, shake(poster.client, wrong) + poster.post("through the tunnel"))
    assert len(got) == 1 and got[0].status in (400, 426)
    assert "close" in got[0].header("Connection")
    assert poster.said() == []


def test_frames_behind_a_refused_handshake_are_no_request(talk):
    """And nothing of them is done."""
    data = talk.frame(TEXT, talk.op("too early"))
    with Wire(talk.client.server) as wire:
        wire.send(shake(talk.client, "X-Auth-Token: wrong") + data)
        assert wire.read_answer().status == 401
        assert wire.read_answer().status == 400
        assert wire.ended()
    assert talk.said() == []


# What comes together


def test_frames_in_the_packet_of_the_handshake(talk):
    with Frames.over(talk.client.server, shake(talk.client) + talk.frame(TEXT, talk.op("early")) + talk.frame(PING,
        b"x")) as frames:
        assert frames.answer.status == 101
        assert frames.expect_event(lambda e: True)["type"] == "hello", "first of all, whatever was sent early"
        frames.expect_event(lambda e: e["type"] == "ack")
    assert talk.said() == ["early"]


def test_half_a_frame_in_the_packet_of_the_handshake(talk):
    data = talk.frame(TEXT, talk.op("in two packets"))
    with Frames.over(talk.client.server, shake(talk.client) + data[:9]) as frames:
        frames.send(data[9:])
        frames.expect_event(lambda e: e["type"] == "ack")
    assert talk.said() == ["in two packets"]


def test_a_broken_frame_in_the_packet_of_the_handshake(server, talker):
    with Frames.over(server, shake(talker) + b"GET / HTTP/1.1\r\n\r\n") as frames:
        assert frames.answer.status == 101
        assert frames.expect_close() == 1002
        assert frames.ended()


def test_a_body_of_the_handshake_is_no_frame(talk):
    """It has been read as a body before the WebSocket begins."""
    body = talk.frame(TEXT, talk.op("in the body"))
    with Frames.over(talk.client.server, shake(talk.client, f"Content-Length: {len(body)}") + body + talk.frame(PING,
        b"first")) as frames:
        if frames.answer.status == 101:
            assert frames.expect_opcode(PONG) == b"first"
        else:
            assert frames.answer.status == 400
    assert talk.said() == []


def test_a_handshake_behind_other_requests(server, talker):
    with Frames.over(server, b"") as frames:
        frames.send(request("GET", "/api/ping", {"X-Auth-Token": talker.token}) * 2 + shake(talker) + frames.frame(PING,
            b"x"))
        assert [frames.read_answer().status for _ in range(3)] == [200, 200, 101]
        frames.expect_event(lambda e: e["type"] == "hello")
        assert frames.expect_opcode(PONG) == b"x"


def test_a_handshake_in_single_bytes(talk):
    with Frames.over(talk.client.server, b"") as frames:
        for byte in shake(talk.client) + frames.frame(TEXT, talk.op("slowly")):
            frames.send(bytes([byte]))
        assert frames.read_answer().status == 101
        frames.expect_event(lambda e: e["type"] == "ack")
    assert talk.said() == ["slowly"]
