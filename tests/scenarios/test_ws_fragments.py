"""Messages in fragments, on the real port (RFC 6455, 5.4): what may stand between them, and what may not."""

import itertools

import pytest

from harness.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

SETTINGS = {"rooms_created_by": "everyone"}


def fragments(talk, payload: bytes, *cuts: int, between: bytes = b"") -> bytes:
    """A message cut at these places, with `between` between each two fragments."""
    places = [0, *cuts, len(payload)]
    pieces = [payload[a:b] for a, b in itertools.pairwise(places)]
    return between.join(talk.frame(TEXT if i == 0 else CONTINUATION, piece, fin=i == len(pieces) - 1)
                        for i, piece in enumerate(pieces))


def send_in_steps(talk, data: bytes, step: int | None) -> None:
    for at in range(0, len(data), step or len(data)):
        talk.send(data[at:at + (step or len(data))])


STEPS = pytest.mark.parametrize("step", [None, 1], ids=["at once", "in single bytes"])


@STEPS
@pytest.mark.parametrize("cuts", [(20,), (1, 2, 3), (0, 20), (20, 20), (0, 0, 0), range(1, 70)],
                         ids=["two", "four", "an empty first", "an empty one between", "empty ones", "single bytes"])
def test_a_message_in_fragments(talk, step, cuts):
    send_in_steps(talk, fragments(talk, talk.op("in fragments"), *cuts), step)
    talk.expect_said("in fragments")
    talk.expect_alive()


def test_a_message_whose_last_fragment_is_empty(talk):
    op = talk.op("and nothing more")
    talk.send(fragments(talk, op, 10, len(op)))
    talk.expect_said("and nothing more")


def test_a_message_of_empty_fragments_alone_is_an_empty_one(talk):
    talk.send(fragments(talk, b"", 0, 0))
    talk.expect_error()
    talk.expect_alive()


@pytest.mark.parametrize("size", [1, 2, 16, 126, 1024, 16_384])
def test_64_kib_in_fragments_of_one_size(talk, size):
    op = talk.op("long", size=65_536 if size > 1 else 8_192)
    talk.send(fragments(talk, op, *range(size, len(op), size)))
    talk.expect_said("long")


@STEPS
@pytest.mark.parametrize("payload", [b"", b"between", b"p" * 125], ids=["empty", "short", "125"])
def test_a_ping_between_fragments_is_answered_before_the_message(talk, step, payload):
    op = talk.op("torn")
    first, last = talk.frame(TEXT, op[:30], fin=False), talk.frame(CONTINUATION, op[30:])
    send_in_steps(talk, first + talk.frame(PING, payload), step)
    assert talk.read_frame() == (PONG, payload), "and not only when the message is whole"
    send_in_steps(talk, last, step)
    talk.expect_said("torn")


@STEPS
def test_a_ping_between_each_two_fragments(talk, step):
    op = talk.op("torn everywhere")
    send_in_steps(talk, fragments(talk, op, *range(5, len(op), 5), between=talk.frame(PING, b"pssst")), step)
    talk.expect_said("torn everywhere")
    talk.send_frame(PING, b"and on")
    while talk.expect_opcode(PONG) != b"and on":
        pass


@STEPS
def test_pongs_between_fragments_are_nothing(talk, step):
    send_in_steps(talk, fragments(talk, talk.op("torn"), 10, 20, 30, between=talk.frame(PONG, b"unasked")), step)
    talk.expect_said("torn")
    talk.expect_alive()


def test_two_fragmented_messages_with_pings(talk):
    for nonce in ("one", "two"):
        op = talk.op(f"message {nonce}", nonce)
        for i, piece in enumerate(op[at:at + 20] for at in range(0, len(op), 20)):
            talk.send_frame(CONTINUATION if i else TEXT, piece, fin=(i + 1) * 20 >= len(op))
            talk.send_frame(PING, f"{nonce} {i}")
        talk.expect_said(f"message {nonce}", nonce)


def test_a_close_between_fragments_is_answered_and_the_message_never_was(talk):
    op = talk.op("never whole")
    talk.send(talk.frame(TEXT, op[:30], fin=False) + talk.frame(CLOSE, (1000).to_bytes(2, "big"))
              + talk.frame(CONTINUATION, op[30:]))
    talk.expect_failed(1000)
    assert talk.said() == []


def test_a_connection_that_ends_between_fragments_says_nothing(talk):
    talk.send_frame(TEXT, talk.op("never whole"), fin=False)
    talk.finish_sending()
    assert talk.ended()
    assert talk.said() == []


# What may not be


@STEPS
@pytest.mark.parametrize("fin", [True, False], ids=["last", "not last"])
@pytest.mark.parametrize("payload", [b"", b"x"], ids=["empty", "one byte"])
def test_a_continuation_of_nothing(talk, step, fin, payload):
    send_in_steps(talk, talk.frame(CONTINUATION, payload, fin=fin) + talk.frame(TEXT, talk.op("behind")), step)
    talk.expect_failed(1002)
    assert talk.said() == []


@pytest.mark.parametrize("fin", [True, False], ids=["last", "not last"])
def test_a_continuation_behind_a_whole_message(talk, fin):
    talk.send(fragments(talk, talk.op("whole"), 20))
    talk.expect_said("whole")
    talk.send_frame(CONTINUATION, b"and more", fin=fin)
    talk.expect_failed(1002)
    assert talk.said() == ["whole"]


@pytest.mark.parametrize("opcode,code", [(TEXT, 1002), (BINARY, 1003)], ids=["text", "binary"])
@pytest.mark.parametrize("fin", [True, False], ids=["whole", "fragmented"])
def test_a_new_message_inside_another(talk, opcode, code, fin):
    talk.send(talk.frame(TEXT, talk.op("outer"), fin=False) + talk.frame(opcode, talk.op("inner"), fin=fin)
              + talk.frame(CONTINUATION, b""))
    talk.expect_failed(1002, code)
    assert talk.said() == []


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_control_frame_in_fragments_inside_a_message(talk, opcode):
    op = talk.op("outer")
    talk.send(talk.frame(TEXT, op[:30], fin=False) + talk.frame(opcode, b"", fin=False) + talk.frame(CONTINUATION, op[30:]))
    talk.expect_failed(1002)
    assert talk.said() == []


@pytest.mark.parametrize("reserved", [4, 2, 1])
def test_a_reserved_bit_on_a_continuation(talk, reserved):
    op = talk.op("outer")
    talk.send(talk.frame(TEXT, op[:30], fin=False) + talk.frame(CONTINUATION, op[30:], reserved=reserved))
    talk.expect_failed(1002)
    assert talk.said() == []


@pytest.mark.parametrize("opcode", [3, 7, 11, 15])
def test_a_reserved_opcode_inside_a_message(talk, opcode):
    op = talk.op("outer")
    talk.send(talk.frame(TEXT, op[:30], fin=False) + talk.frame(opcode) + talk.frame(CONTINUATION, op[30:]))
    talk.expect_failed(1002)
    assert talk.said() == []


def test_an_unmasked_continuation(talk):
    op = talk.op("outer")
    talk.send(talk.frame(TEXT, op[:30], fin=False) + talk.frame(CONTINUATION, op[30:], mask=False))
    talk.expect_failed(1002)
    assert talk.said() == []
