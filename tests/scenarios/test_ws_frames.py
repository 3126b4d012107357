"""Frames one by one, on the real port: lengths, pings, reserved bits and opcodes, masks (RFC 6455, 5.1 to 5.5)."""

import json
import os

import pytest

from harness.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

SETTINGS = {"rooms_created_by": "everyone"}


# Lengths: around each form that the length has, and each one in pieces.


SIZES = [125, 126, 127, 128, 255, 256, 257, 65535, 65536]


@pytest.mark.parametrize("size", SIZES)
def test_a_message_of_any_length_arrives(talk, size):
    talk.send_frame(TEXT, talk.op("fits", size=size))
    talk.expect_said("fits")
    talk.expect_alive()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1, 7, 997])
def test_a_message_of_any_length_arrives_in_pieces(talk, size, step):
    data = talk.frame(TEXT, talk.op("in pieces", size=size))
    step = max(step, size // 500)
    for at in range(0, len(data), step):
        talk.send(data[at:at + step])
    talk.expect_said("in pieces")


@pytest.mark.parametrize("size", [0, 1, 2, 60])
def test_what_is_too_short_to_be_an_op_is_an_error_and_no_reason_to_close(talk, size):
    talk.send_frame(TEXT, b"x" * size)
    talk.expect_error()
    talk.send_frame(TEXT, talk.op("and on"))
    talk.expect_said("and on")


@pytest.mark.parametrize("letters", ["a", "ж", "京", "😀"])
def test_the_longest_text_comes_back_as_it_was(talk, letters):
    text = "".join(f"{i} {letters}" for i in range(10_000)).encode()[:16_000].decode(errors="ignore")
    talk.send_frame(TEXT, talk.op(text))
    talk.expect_said(text)
    assert talk.said() == [text]


def test_a_text_that_fills_64_kib_comes_back_as_it_was(talk):
    """Six bytes for each letter on the wire."""
    text = "é" * 7_990
    op = talk.op("@").replace(b"@", b"\\u00e9" * len(text))
    talk.send_frame(TEXT, op + b" " * (65_536 - len(op)))
    talk.expect_said(text)


@pytest.mark.parametrize("size,length_bytes", [(100, 2), (125, 2), (100, 8), (125, 8), (126, 8), (65_535, 8)])
def test_a_length_in_more_bytes_than_it_needs(talk, size, length_bytes):
    """RFC 6455, 5.2: the minimal number of bytes MUST be used."""
    talk.send_frame(TEXT, talk.op("long-winded", size=size), length_bytes=length_bytes)
    talk.expect_failed(1002)
    assert talk.said() == []


def test_a_length_over_63_bits(talk):
    talk.send(b"\x81\xff\x80" + bytes(7) + b"mask")
    talk.expect_failed(1002)


@pytest.mark.parametrize("key", [bytes(4), b"\xff" * 4, b"\0\0\0\1", b"\x80\0\0\0"], ids=bytes.hex)
def test_any_mask_is_a_mask(talk, key):
    """A key of zeros leaves the bytes as they are, and the frame is masked all the same."""
    talk.send_frame(TEXT, talk.op("masked"), key=key)
    talk.expect_said("masked")


@pytest.mark.parametrize("opcode", [TEXT, PING, PONG, CLOSE, CONTINUATION])
def test_an_unmasked_frame(talk, opcode):
    payload = {TEXT: talk.op("unmasked"), CLOSE: (1000).to_bytes(2, "big")}.get(opcode, b"x")
    talk.send_frame(opcode, payload, mask=False)
    talk.expect_failed(1002)
    assert talk.said() == []


# Pings and pongs


@pytest.mark.parametrize("payload", [b"", b"hello", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", b"x" * 124, b"y" * 125],
                         ids=["empty", "text", "no text", "124", "125"])
def test_a_pong_carries_the_pings_payload(talk, payload):
    talk.send_frame(PING, payload)
    assert talk.read_frame() == (PONG, payload)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
@pytest.mark.parametrize("size", [126, 65_535, 65_536])
def test_a_control_frame_over_125_bytes(talk, opcode, size):
    talk.send_frame(opcode, b"\x03\xe8" + b"x" * (size - 2))
    talk.expect_failed(1002)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
@pytest.mark.parametrize("length_bytes", [2, 8])
def test_a_control_frame_with_a_long_form_of_a_short_length(talk, opcode, length_bytes):
    talk.send_frame(opcode, b"\x03\xe8", length_bytes=length_bytes)
    talk.expect_failed(1002)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_fragmented_control_frame(talk, opcode):
    talk.send_frame(opcode, b"", fin=False)
    talk.expect_failed(1002)


@pytest.mark.parametrize("payload", [b"", b"nobody asked", os.urandom(125)], ids=["empty", "text", "125"])
def test_an_unsolicited_pong_is_nothing(talk, payload):
    talk.send_frame(PONG, payload)
    talk.expect_alive()
    talk.send_frame(TEXT, talk.op("and on"))
    talk.expect_said("and on")


def test_pings_in_turn_are_answered_in_turn(talk):
    for i in range(10):
        talk.send_frame(PING, f"ping {i}")
        assert talk.read_frame() == (PONG, f"ping {i}".encode())


@pytest.mark.parametrize("step", [None, 1, 3])
def test_ten_pings_at_once(talk, step):
    """RFC 6455, 5.5.3: one answer may stand for those before it; none comes twice or out of turn, and the last one comes."""
    pings = [f"payload {i}".encode() for i in range(10)]
    data = b"".join(talk.frame(PING, payload) for payload in pings)
    for at in range(0, len(data), step or len(data)):
        talk.send(data[at:at + (step or len(data))])
    answered = []
    while answered[-1:] != [9]:
        opcode, payload = talk.read_frame()
        assert opcode == PONG
        answered.append(pings.index(payload))
    assert answered == sorted(set(answered))
    talk.expect_alive()


def test_a_ping_in_single_bytes(talk):
    for byte in talk.frame(PING, b"z" * 125):
        talk.send(bytes([byte]))
    assert talk.read_frame() == (PONG, b"z" * 125)


def test_pings_among_messages_in_one_packet(talk):
    talk.send(b"".join(talk.frame(PING, b"%d" % i) + talk.frame(TEXT, talk.op(f"m{i}", f"n{i}")) for i in range(20)))
    pongs, acks, texts = [], [], []
    while len(texts) < 20 or len(acks) < 20 or pongs[-1:] != [b"19"]:
        opcode, payload = talk.read_frame()
        if opcode == PONG:
            pongs.append(payload)
            continue
        event = json.loads(payload)
        acks += [event["nonce"]] if event["type"] == "ack" else []
        texts += [event["message"]["text"]] if event["type"] == "message" else []
    assert texts == [f"m{i}" for i in range(20)] and acks == [f"n{i}" for i in range(20)]
    assert pongs == sorted(set(pongs), key=int)


# Reserved bits and opcodes: no extension is ever agreed upon.


@pytest.mark.parametrize("reserved", range(1, 8))
@pytest.mark.parametrize("opcode", [TEXT, PING, PONG, CLOSE])
def test_reserved_bits(talk, reserved, opcode):
    talk.send_frame(opcode, talk.op("reserved") if opcode == TEXT else b"", reserved=reserved)
    talk.expect_failed(1002)
    assert talk.said() == []


@pytest.mark.parametrize("reserved", [4, 2, 1])
def test_a_reserved_bit_behind_a_message(talk, reserved):
    """What came whole before the broken frame has been said, what comes behind it has not."""
    talk.send_frame(TEXT, talk.op("before"))
    talk.expect_said("before")
    talk.send(talk.frame(TEXT, talk.op("broken"), reserved=reserved) + talk.frame(TEXT, talk.op("behind", "n2"))
              + talk.frame(PING))
    talk.expect_failed(1002)
    assert talk.said() == ["before"]


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
@pytest.mark.parametrize("payload", [b"", b"reserved for what is to come"], ids=["empty", "payload"])
def test_reserved_opcodes(talk, opcode, payload):
    talk.send_frame(TEXT, talk.op("before"))
    talk.expect_said("before")
    talk.send(talk.frame(opcode, payload) + talk.frame(PING))
    talk.expect_failed(1002)
    assert talk.said() == ["before"]


@pytest.mark.parametrize("size", [0, 1, 126, 65_536, 1 << 20])
def test_a_binary_message_closes_with_1003(talk, size):
    """We speak texts alone; said by the code that is there for it (7.4.1), before the payload is read."""
    talk.send_frame(BINARY, os.urandom(size))
    talk.expect_failed(1003)
    assert talk.said() == []


def test_a_mask_is_of_one_frame(talk):
    """Each frame under its own key, all in one packet."""
    keys = [os.urandom(4) for _ in range(30)]
    talk.send(b"".join(talk.frame(TEXT, talk.op(f"{i}", f"{i}"), key=key) for i, key in enumerate(keys)))
    talk.expect_event(lambda e: e["type"] == "ack" and e["nonce"] == "29")
    assert talk.said() == [str(i) for i in range(30)]
