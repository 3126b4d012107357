"""How a WebSocket ends, on the real port (RFC 6455, 5.5.1 and 7): codes, reasons, and what comes behind a close."""

import socket

import pytest

from harness.wire import CLOSE, CONTINUATION, PING, TEXT

SETTINGS = {"rooms_created_by": "everyone"}

# RFC 6455, 7.4, and the codes that the IANA registry has added since (1012 to 1014).
SENDABLE = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
NEVER_SENT = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 65535]


def code(number: int) -> bytes:
    return number.to_bytes(2, "big")


@pytest.mark.parametrize("number", SENDABLE)
def test_a_close_is_answered_with_its_code(talk, number):
    talk.send_frame(CLOSE, code(number))
    talk.expect_failed(number)


@pytest.mark.parametrize("number", NEVER_SENT)
@pytest.mark.parametrize("reason", [b"", b"reason"], ids=["bare", "with a reason"])
def test_a_code_that_may_not_be_sent(talk, number, reason):
    talk.send_frame(CLOSE, code(number) + reason)
    talk.expect_failed(1002)


def test_a_close_without_a_code_is_answered_by_one_without(talk):
    talk.send_frame(CLOSE)
    assert talk.expect_opcode(CLOSE) == b""
    assert talk.read_to_the_end() == b""


@pytest.mark.parametrize("byte", [b"\x03", b"x", b"\0", b"\xff"], ids=bytes.hex)
def test_a_close_of_one_byte(talk, byte):
    talk.send_frame(CLOSE, byte)
    talk.expect_failed(1002)


@pytest.mark.parametrize("reason", [b"bye", "пока 👋".encode(), b"x" * 123, ("ж" * 61 + "x").encode(), b"\0"],
                         ids=["short", "UTF-8", "123", "123 of UTF-8", "NUL"])
@pytest.mark.parametrize("step", [None, 1], ids=["at once", "in single bytes"])
def test_a_reason(talk, reason, step):
    data = talk.frame(CLOSE, code(1000) + reason)
    for at in range(0, len(data), step or len(data)):
        talk.send(data[at:at + (step or len(data))])
    talk.expect_failed(1000)


def test_a_reason_of_124_bytes(talk):
    talk.send_frame(CLOSE, code(1000) + b"x" * 124)
    talk.expect_failed(1002)


@pytest.mark.parametrize("reason", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"cut \xe4\xbd",
                                    b"x" * 122 + b"\xd0"],
                         ids=["never", "overlong", "surrogate", "too large", "cut", "cut at 123"])
def test_a_reason_that_is_no_utf8(talk, reason):
    talk.send_frame(CLOSE, code(1000) + reason)
    talk.expect_failed(1007)


# What comes before and behind it


@pytest.mark.parametrize("what", ["a message", "a ping", "a second close", "nonsense", "a mebibyte of it"])
@pytest.mark.parametrize("later", [False, True], ids=["in the same packet", "in the next"])
def test_what_comes_behind_a_close_is_not_read(talk, what, later):
    behind = {"a message": talk.frame(TEXT, talk.op("behind")), "a ping": talk.frame(PING, b"x"),
              "a second close": talk.frame(CLOSE, code(1001)), "nonsense": b"\xff" * 100,
              "a mebibyte of it": b"\xff" * (1 << 20)}[what]
    close = talk.frame(CLOSE, code(1000))
    if later:
        talk.send(close)
        talk.send_what_it_takes(behind)
    else:
        talk.send_what_it_takes(close + behind)
    talk.expect_failed(1000)
    assert talk.said() == []


def test_what_came_before_a_close_is_said(talk):
    """In one packet: the answer to the close may overtake the ack, and the message is there all the same."""
    talk.send(talk.frame(TEXT, talk.op("my last words")) + talk.frame(CLOSE, code(1000)))
    assert talk.expect_opcode(CLOSE)[:2] == code(1000)
    assert talk.read_to_the_end() == b""
    talk.client.say(talk.room, "later")
    assert talk.said() == ["my last words", "later"]


def test_a_message_then_a_close_in_turn(talk):
    talk.send_frame(TEXT, talk.op("hello"))
    talk.expect_said("hello")
    talk.send_frame(CLOSE, code(1000) + b"done")
    talk.expect_failed(1000)


def test_a_close_of_64_kib_is_refused_by_its_length_alone(talk):
    talk.send_frame(CLOSE, code(1000) + b"x" * 65_536)
    talk.expect_failed(1002)


def test_the_server_ends_first(talk):
    """RFC 6455, 7.1.1: so that TIME_WAIT is the server's; the client sees the end without having done anything for it."""
    talk.send_frame(CLOSE, code(1000))
    talk.expect_failed(1000)
    talk.socket.settimeout(1)
    assert talk.socket.recv(1) == b""


def test_a_client_that_answers_the_servers_close_properly(talk):
    """After a violation the server has closed; the client's close frame in answer changes nothing."""
    talk.send_frame(CONTINUATION, b"of nothing")
    assert talk.expect_opcode(CLOSE)[:2] == code(1002)
    talk.send_what_it_takes(talk.frame(CLOSE, code(1002)))
    assert talk.read_to_the_end() == b""


def test_a_client_that_goes_without_a_word(talk):
    talk.send_frame(TEXT, talk.op("hello"))
    talk.expect_said("hello")
    talk.socket.shutdown(socket.SHUT_RDWR)
    talk.client.say(talk.room, "she is gone")
    assert talk.said() == ["hello", "she is gone"]


def test_a_client_that_sends_no_more_is_gone(talk):
    """Half a close: TCP's FIN without a close frame."""
    talk.finish_sending()
    assert talk.ended()


def test_a_reset_harms_nobody(talk, server):
    talk.send_frame(TEXT, talk.op("before"))
    talk.expect_said("before")
    talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    talk.socket.close()
    assert server.answers()
    assert talk.said() == ["before"]


def test_the_reason_says_what_was_wrong(talk):
    talk.send_frame(TEXT, b"{}", reserved=4)
    assert b"reserved" in talk.expect_failed(1002)
