"""Messages from 64 KiB to 16 MiB, on the real port: past the limit 1009, and the server's memory stays what it was."""

import os

import pytest

from harness.client import expect
from harness.server import resident_kib, wait_until
from harness.talk import Talk
from harness.wire import BINARY, CONTINUATION, PING, PONG, TEXT

SETTINGS = {"rooms_created_by": "everyone"}
KIB, MIB = 1 << 10, 1 << 20
TOO_LARGE = [64 * KIB + 1, 128 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB]


def named(size: int) -> str:
    return f"{size // MIB} MiB" if size >= MIB else f"{size} bytes"


def goes_on(talk) -> None:
    """Another connection of the same person works as before."""
    with Talk(talk.client) as another:
        another.send_frame(TEXT, another.op("next", size=64 * KIB))
        another.expect_said("next")


@pytest.mark.parametrize("size", TOO_LARGE, ids=named)
def test_a_frame_over_64_kib(talk, size):
    talk.send_frame(TEXT, talk.op("too long", size=size))
    talk.expect_failed(1009)
    assert talk.said() == []


@pytest.mark.parametrize("size", TOO_LARGE, ids=named)
@pytest.mark.parametrize("piece", [1 * KIB, 60 * KIB], ids=named)
def test_a_fragmented_message_over_64_kib(talk, size, piece):
    op = talk.op("too long", size=size)
    pieces = [op[at:at + piece] for at in range(0, size, piece)]
    talk.send_what_it_takes(b"".join(
        talk.frame(CONTINUATION if i else TEXT, part, fin=i == len(pieces) - 1) for i, part in enumerate(pieces)))
    talk.expect_failed(1009)
    assert talk.said() == []


@pytest.mark.parametrize("size", [MIB, 16 * MIB], ids=named)
def test_a_frame_over_64_kib_in_small_writes(talk, size):
    """The answer comes with the header, long before the payload is whole."""
    data = talk.frame(TEXT, talk.op("too long", size=size))
    talk.send(data[:10])
    talk.send(data[10:14])
    talk.expect_failed(1009)


@pytest.mark.parametrize("size", [64 * KIB + 1, MIB, 1 << 31, 1 << 32, 1 << 40, (1 << 63) - 1], ids=str)
@pytest.mark.parametrize("opcode", [TEXT, CONTINUATION], ids=["first", "continued"])
def test_a_length_that_is_only_claimed(talk, size, opcode):
    if opcode == CONTINUATION:
        talk.send_frame(TEXT, b"{", fin=False)
    talk.send(bytes([0x80 | opcode, 0xFF]) + size.to_bytes(8, "big"))
    talk.expect_failed(1009)


def test_lengths_whose_sum_would_overflow(talk):
    talk.send(talk.frame(TEXT, b"x" * KIB, fin=False) + bytes([CONTINUATION, 0xFF]) + ((1 << 63) - KIB).to_bytes(8, "big"))
    talk.expect_failed(1009)


@pytest.mark.parametrize("first", [0, 1, 32 * KIB, 64 * KIB])
def test_the_limit_is_of_the_message_and_not_of_a_fragment(talk, first):
    op = talk.op("just fits", size=64 * KIB)
    talk.send(talk.frame(TEXT, op[:first], fin=False) + talk.frame(PING, b"p" * 125) + talk.frame(CONTINUATION, op[first:]))
    talk.expect_said("just fits")
    talk.send(talk.frame(TEXT, op[:first], fin=False) + talk.frame(CONTINUATION, op[first:] + b" "))
    talk.expect_failed(1009)
    assert talk.said() == ["just fits"]


@pytest.mark.plain("measures memory")
def test_empty_fragments_without_end_cost_nothing(talk, server):
    before = resident_kib(server)
    talk.send(talk.frame(TEXT, b"", fin=False) + talk.frame(CONTINUATION, b"", fin=False, key=bytes(4)) * 200_000)
    op = talk.op("at last")
    talk.send_frame(CONTINUATION, op)
    talk.expect_said("at last")
    assert resident_kib(server) - before < 8 * KIB


@pytest.mark.plain("measures memory")
def test_sixteen_mebibytes_at_once_from_twenty_take_no_memory(new_server):
    """Whole frames, fragments and binary ones: what is refused is dropped as it comes."""
    server = new_server(SETTINGS)
    anna = server.register("anna")
    talks = [Talk(anna) for _ in range(20)]
    before = resident_kib(server)
    junk = os.urandom(MIB)
    frames = [talks[0].frame(opcode, junk * 16, key=bytes(4)) for opcode in (TEXT, BINARY)]
    frames.append(b"".join(talks[0].frame(CONTINUATION if i else TEXT, b"x" * 32 * KIB, fin=False,
                                          key=bytes(4)) for i in range(512)))
    highest = before
    for i, talk in enumerate(talks):
        talk.send_what_it_takes(frames[i % 3])
        highest = max(highest, resident_kib(server))
    for i, talk in enumerate(talks):
        talk.expect_failed(1003 if i % 3 == 1 else 1009)
        talk.socket.close()
    highest = max(highest, resident_kib(server))
    assert highest - before < 16 * KIB, f"{(highest - before) // KIB} MiB more for 20 times 16 MiB"
    assert expect(anna.get("/api/ping"), 200)


@pytest.mark.plain("measures memory")
def test_half_messages_of_many_take_what_has_come_of_them_and_give_it_back(new_server):
    """60 KiB of each of 100, whose end does not come: no more than that, and the next hundred live on the same memory."""
    server = new_server(SETTINGS)
    anna = server.register("anna")
    before = resident_kib(server)
    for _ in range(4):
        talks = [Talk(anna) for _ in range(100)]
        for i, talk in enumerate(talks):
            data = talk.frame(TEXT, b"x" * 60 * KIB, fin=i % 2 == 0, key=bytes(4))
            talk.send(data[:-1] if i % 2 == 0 else data + talk.frame(PING))
        for talk in talks[1::2]:
            assert talk.read_frame() == (PONG, b"")
        assert resident_kib(server) - before < 2 * 100 * 60
        for talk in talks:
            talk.socket.close()
        wait_until(lambda: "makechat_websockets 0" in server.admin.get("/metrics").text, why="all gone")


def test_a_refused_giant_leaves_the_others_alone(talk):
    talk.send_frame(TEXT, b"x" * (16 * MIB))
    goes_on(talk)
    talk.expect_failed(1009)
