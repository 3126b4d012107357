"""The WebSocket byte by byte (RFC 6455), and readers that are too slow."""

import json
import os
import time

import pytest

from harness.client import oid
from harness.live import Live, Sse, fold
from harness.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Ended, Frames, exchange, request, upgrade_headers

SETTINGS = {"rooms_created_by": "everyone"}


@pytest.fixture
def talk(make_user):
    """A person, a room of hers, and a socket on which hello has come."""
    anna = make_user("anna")
    room = anna.make_room()
    with open_frames(anna) as frames:
        yield anna, room, frames


def open_frames(client, path: str = "/api/live", **options) -> Frames:
    frames = Frames(client.server, {"X-Auth-Token": client.token}, path, **options)
    assert frames.answer.status == 101, frames.answer
    frames.hello = frames.expect_event(lambda e: e["type"] == "hello")
    return frames


def send_op(room: str, text: str, nonce: str) -> bytes:
    return json.dumps({"op": "send", "room": room, "text": text, "nonce": nonce}, ensure_ascii=False).encode()


def ack(nonce: str):
    return lambda e: e["type"] == "ack" and e["nonce"] == nonce


def test_the_handshake_is_answered_by_the_rfc(make_user):
    anna = make_user("anna")
    headers = upgrade_headers() | {"X-Auth-Token": anna.token, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = exchange(anna.server, request("GET", "/api/live", headers))
    assert answer.status == 101
    assert answer.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3
    assert answer.header("Upgrade").lower() == "websocket" and answer.header("Connection").lower() == "upgrade"


@pytest.mark.parametrize("change", [{"Sec-WebSocket-Version": "8"}, {"Upgrade": "h2c"}],
                         ids=lambda c: next(iter(c)))
def test_bad_handshakes_are_refused(make_user, change):
    anna = make_user("anna")
    answer = exchange(anna.server, request("GET", "/api/live", upgrade_headers() | {"X-Auth-Token": anna.token} | change))
    assert 400 <= answer.status < 500


def test_an_unmasked_frame_closes_with_1002(talk):
    anna, room, frames = talk
    frames.send_frame(TEXT, send_op(room, "unmasked", "n"), mask=False)
    assert frames.expect_close() == 1002
    assert frames.ended()
    assert anna.messages(room) == []


def test_a_message_over_64_kib_closes_with_1009(talk):
    anna, room, frames = talk
    frames.send_frame(TEXT, b'{"op":"send","text":"' + b"x" * (64 * 1024) + b'"}')
    assert frames.expect_close() == 1009
    assert frames.ended()
    assert anna.messages(room) == []


def test_a_message_over_64_kib_in_fragments_closes_with_1009(talk):
    _, _, frames = talk
    frames.send_frame(TEXT, b"x" * 30000, fin=False)
    for _ in range(3):
        frames.send_frame(CONTINUATION, b"x" * 30000, fin=False)
    assert frames.expect_close() == 1009


def test_a_frame_that_only_claims_to_be_huge_closes_with_1009(talk):
    _, _, frames = talk
    frames.send(b"\x81\xff" + (1 << 40).to_bytes(8, "big") + b"mask")
    assert frames.expect_close() == 1009


def test_a_message_of_just_64_kib_passes(talk):
    anna, room, frames = talk
    op = send_op(room, "fits", "n")
    frames.send_frame(TEXT, op + b" " * (64 * 1024 - len(op)))
    frames.expect_event(ack("n"))
    assert [m["text"] for m in anna.messages(room)] == ["fits"]


INVALID_UTF8 = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xbd"]


@pytest.mark.parametrize("bytes_", INVALID_UTF8, ids=[b.hex() for b in INVALID_UTF8])
def test_invalid_utf8_closes_with_1007(talk, bytes_):
    anna, room, frames = talk
    frames.send_frame(TEXT, send_op(room, "x", "n").replace(b'"x"', b'"' + bytes_ + b'"'))
    assert frames.expect_close() == 1007
    assert anna.messages(room) == []


def test_a_fragmented_message_with_a_ping_between(talk):
    """Characters are split between the fragments, too."""
    anna, room, frames = talk
    text = "разрезанный текст 碎片消息"
    op = send_op(room, text, "n")
    cuts = [0, 1, 40, 61, 62, 63, len(op) - 1, len(op)]
    pieces = [op[a:b] for a, b in zip(cuts, cuts[1:])]
    for i, piece in enumerate(pieces):
        frames.send_frame(TEXT if i == 0 else CONTINUATION, piece, fin=i == len(pieces) - 1)
        if i in (1, 4):
            frames.send_frame(PING, f"ping {i}")
            assert frames.expect_opcode(PONG) == f"ping {i}".encode()
    frames.expect_event(ack("n"))
    assert [m["text"] for m in anna.messages(room)] == [text]


def test_bytes_that_trickle_in_one_by_one(talk):
    anna, room, frames = talk
    for byte in frames.frame(TEXT, send_op(room, "slowly", "n")):
        frames.send(bytes([byte]))
    frames.expect_event(ack("n"))
    assert [m["text"] for m in anna.messages(room)] == ["slowly"]


def test_many_frames_in_one_packet(talk):
    anna, room, frames = talk
    frames.send(b"".join(frames.frame(TEXT, send_op(room, f"m{i}", f"n{i}")) for i in range(50)))
    for i in range(50):
        frames.expect_event(ack(f"n{i}"))
    assert [m["text"] for m in anna.messages(room)] == [f"m{i}" for i in range(50)]


BROKEN = [
    ("a continuation of nothing", lambda f: f.frame(CONTINUATION, b"x")),
    ("a new message inside another", lambda f: f.frame(TEXT, b"{", fin=False) + f.frame(TEXT, b"}")),
    ("a reserved bit", lambda f: f.frame(TEXT, b"{}", reserved=4)),
    ("an unknown opcode", lambda f: f.frame(3, b"x")),
    ("a fragmented ping", lambda f: f.frame(PING, b"x", fin=False)),
    ("a ping of 126 bytes", lambda f: f.frame(PING, b"x" * 126)),
    ("a close of one byte", lambda f: f.frame(CLOSE, b"x")),
    ("a close with a code that is none", lambda f: f.frame(CLOSE, (1005).to_bytes(2, "big"))),
]


@pytest.mark.parametrize("bytes_of", [b[1] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_frames_close_with_1002(talk, bytes_of):
    _, _, frames = talk
    frames.send(bytes_of(frames))
    assert frames.expect_close() == 1002
    assert frames.ended()


def test_a_close_is_answered(talk):
    _, _, frames = talk
    frames.send_frame(CLOSE, (1000).to_bytes(2, "big") + "пока".encode())
    assert frames.expect_close() == 1000
    assert frames.ended()


def test_pings_are_answered_with_their_own_bytes(talk):
    _, _, frames = talk
    for payload in (b"", b"x" * 125, b"\xff\x00"):
        frames.send_frame(PING, payload)
        assert frames.expect_opcode(PONG) == payload
    frames.send_frame(PONG, b"nobody asked")
    frames.send_frame(PING, b"still there?")
    assert frames.expect_opcode(PONG) == b"still there?"


def test_a_binary_message_is_no_message(talk):
    """An error or a close, but never a crash, and nothing is written."""
    anna, room, frames = talk
    frames.send_frame(BINARY, os.urandom(100))
    try:
        frames.send_frame(PING, b"alive")
        while frames.read_frame()[0] not in (PONG, CLOSE):
            pass
    except Ended:
        pass
    assert anna.messages(room) == []


def test_a_slow_reader_is_dropped_and_holds_up_nobody(make_user):
    """More than 1 MiB waits for her: 1013, and the cursor brings it all later. The others see all of it meanwhile."""
    anna, slow, quick = make_user("anna"), make_user("slow"), make_user("quick")
    room = anna.make_room()
    for person in (slow, quick):
        person.join(room)
    count, text = 700, "x" * 15900  # 11 MB: more than any socket buffer, and 1 MiB, can hold
    with open_frames(slow, receive_buffer=8192) as stalled, Live(quick) as watcher:
        watcher.expect("hello")
        with Live(anna, rooms=[anna.make_room()]) as sender:  # does not get its own flood back
            sender.expect("hello")
            acknowledged = 0
            for i in range(count):
                sender.send(op="send", room=room, text=f"{i} {text}", nonce=str(i))
                if i % 20 == 19:
                    while acknowledged < i - 10:
                        acknowledged += sender.take(timeout=20)["type"] == "ack"
            while acknowledged < count:
                acknowledged += sender.take(timeout=20)["type"] == "ack"
        watcher.expect(lambda e: e["type"] == "message" and e["message"]["text"].startswith(f"{count - 1} "), timeout=20)
        assert [e["message"]["text"].split()[0] for e in watcher.of_room(room)] == [str(i) for i in range(count)]
        # Now she reads again.
        got, code = [], None
        deadline = time.monotonic() + 20
        try:
            while time.monotonic() < deadline:
                opcode, payload = stalled.read_frame()
                if opcode == TEXT:
                    got.append(json.loads(payload))
                elif opcode == CLOSE:
                    code = int.from_bytes(payload[:2], "big")
        except Ended:
            pass
        assert code in (1013, None)
        texts = [e["message"]["text"].split()[0] for e in got if e["type"] == "message"]
        assert len(texts) < count, "she was cut off"
        assert texts == [str(i) for i in range(len(texts))]
        cursor = [e["cursor"] for e in got if "cursor" in e][-1] if got else stalled.hello["cursor"]
    with Sse(slow, cursor=cursor) as back:
        back.expect(lambda e: e["type"] == "message" and e["message"]["text"].startswith(f"{count - 1} "), timeout=20)
        rest = [e["message"]["text"].split()[0] for e in fold(back.events)[room] if e["type"] == "message"]
        assert rest[-(count - len(texts)):] == [str(i) for i in range(len(texts), count)]


def test_a_reader_in_fits_and_starts_loses_nothing(make_user):
    """Stalls while less than 1 MiB comes, again and again."""
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    with open_frames(boris, receive_buffer=8192) as frames:
        for burst in range(4):
            sent = [oid(anna.say(room, f"{burst} {i} " + "y" * 8000)["_id"]) for i in range(40)]
            got = []
            while len(got) < len(sent):
                event = frames.expect_event(lambda e: e["type"] == "message")
                got.append(oid(event["message"]["_id"]))
            assert got == sent
