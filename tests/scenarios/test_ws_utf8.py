"""UTF-8 in messages and in the reason of a close, on the real port (RFC 6455, 8.1; RFC 3629), also across fragments."""

import json

import pytest

from harness.wire import CLOSE, CONTINUATION, PING, PONG, TEXT

SETTINGS = {"rooms_created_by": "everyone"}

VALID = {
    "Greek": "κόσμε", "mixed": "Hello-µ@ßöäüàá-UTF-8!!", "Chinese": "京都", "emoji": "🎉👩‍👩‍👧‍👦🏳️‍🌈", "flags": "🇩🇪🇫🇷",
    "combined": "e\u0301a\u0308",
    "right to left": "שלום مرحبا", "bidi marks": "\u202eabc\u202c", "zero width": "a\u200b\u200d\ufeffb",
    "first of two bytes": "\u0080", "last of two": "\u07ff", "first of three": "\u0800", "below the surrogates": "\ud7ff",
    "above them": "\ue000", "last of three": "\uffff", "first of four": "\U00010000", "the very last": "\U0010ffff",
    "the replacement character": "\ufffd", "DEL": "\x7f",
}
NONCHARACTERS = ["\ufdd0", "\ufdef", *(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))]

INVALID = {
    "a byte that never is": b"\xff", "another": b"\xfe", "a lone continuation": b"\x80", "the last continuation": b"\xbf",
    "six continuations": b"\x80\xbf\x80\xbf\x80\xbf", "a lone start of two": b"\xc3 ", "a lone start of three": b"\xe4 ",
    "a start of three and one more": b"\xe4\xbd ", "a lone start of four": b"\xf0 ",
    "a start of four and two more": b"\xf0\x9f\x8e ",
    "an overlong slash in two": b"\xc0\xaf", "in three": b"\xe0\x80\xaf", "in four": b"\xf0\x80\x80\xaf",
    "in five": b"\xf8\x80\x80\x80\xaf",
    "in six": b"\xfc\x80\x80\x80\x80\xaf", "an overlong NUL": b"\xc0\x80", "the largest overlong of two": b"\xc1\xbf",
    "of three": b"\xe0\x9f\xbf", "of four": b"\xf0\x8f\xbf\xbf",
    "the first surrogate": b"\xed\xa0\x80", "the last high one": b"\xed\xaf\xbf", "the first low one": b"\xed\xb0\x80",
    "the last one": b"\xed\xbf\xbf", "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "the first past U+10FFFF": b"\xf4\x90\x80\x80", "farther past it": b"\xf7\xbf\xbf\xbf",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "six bytes": b"\xfc\x84\x80\x80\x80\x80", "Latin-1": "naïve".encode("latin-1"),
    "UTF-16": "京".encode("utf-16-be") + b"\xd8\x00",
}


def fragmented(talk, payload: bytes, size: int) -> bytes:
    pieces = [payload[at:at + size] for at in range(0, len(payload), size)]
    return b"".join(talk.frame(CONTINUATION if i else TEXT, piece, fin=i == len(pieces) - 1) for i,
                    piece in enumerate(pieces))


@pytest.mark.parametrize("size", [None, 1, 2, 3], ids=["whole", "1", "2", "3"])
@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_valid_texts_come_back_as_they_were(talk, text, size):
    op = talk.op(text)
    talk.send(fragmented(talk, op, size or len(op)))
    talk.expect_said(text)
    assert talk.said() == [text]


@pytest.mark.parametrize("size", [None, 1], ids=["whole", "in single bytes"])
def test_noncharacters_are_valid(talk, size):
    """Unicode's corrigendum 9: they may be interchanged."""
    text = "".join(NONCHARACTERS)
    assert len(text) == 36
    op = talk.op(text)
    talk.send(fragmented(talk, op, size or len(op)))
    talk.expect_said(text)


def test_every_boundary_between_lengths_in_one_text(talk):
    text = "".join(chr(c) for edge in (0x80, 0x800, 0xD800, 0xE000, 0x10000, 0x110000)
                   for c in range(edge - 3, edge + 3) if c < 0x110000 and not 0xD800 <= c < 0xE000)
    for i in range(1, 6):
        talk.send(fragmented(talk, talk.op(text, f"n{i}"), i))
        talk.expect_said(text, f"n{i}")


# Invalid: 1007, when the bad byte has come or when the message is whole.


@pytest.mark.parametrize("size", [None, 1], ids=["whole", "in single bytes"])
@pytest.mark.parametrize("bad", INVALID.values(), ids=INVALID.keys())
def test_invalid_bytes_close_with_1007(talk, bad, size):
    op = talk.op("a@z").replace(b"@", bad)
    talk.send(fragmented(talk, op, size or len(op)))
    talk.expect_failed(1007)
    assert talk.said() == []


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("fragments", [1, 2], ids=["whole", "fragmented"])
def test_a_message_that_ends_inside_a_character(talk, cut, fragments):
    payload = b"x" + "😀".encode()[:cut]
    talk.send(fragmented(talk, payload, len(payload) if fragments == 1 else len(payload) - cut))
    talk.expect_failed(1007)


@pytest.mark.parametrize("bad", [b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80", b"\xed\xa0\x80", b"\xff"],
                         ids=["too large", "surrogate", "never"])
def test_a_bad_fragment_dooms_its_message(talk, bad):
    """At once or at the message's end, but in no case said; and a ping between is answered as long as it is open."""
    talk.send(talk.frame(TEXT, bad, fin=False))
    talk.send_frame(PING, b"still?")
    opcode, payload = talk.read_frame()
    if opcode == PONG:
        assert payload == b"still?"
        talk.send(talk.frame(CONTINUATION, b"edited", fin=True))
        talk.expect_failed(1007)
    else:
        assert opcode == CLOSE and payload[:2] == (1007).to_bytes(2, "big")


def test_a_bad_message_takes_only_itself(talk):
    """What was said before it stays said; what comes behind it is not read."""
    talk.send(talk.frame(TEXT, talk.op("good", "n1")) + talk.frame(TEXT, b"\xff") + talk.frame(TEXT, talk.op("late", "n2")))
    talk.expect_failed(1007)
    talk.client.say(talk.room, "by HTTP, and later")
    assert talk.said() == ["good", "by HTTP, and later"]


def test_pings_may_carry_what_is_no_text(talk):
    for bad in INVALID.values():
        talk.send_frame(PING, bad)
        assert talk.read_frame() == (PONG, bad)


# Escapes: JSON's own way to the same characters.


@pytest.mark.parametrize("escaped,text", [(r"\u0436", "ж"), (r"\ud83d\ude00", "😀"), (r"\uFFFF", "\uffff"),
                                          (r"\u007f", "\x7f"), (r"\/", "/")])
def test_escapes_are_characters(talk, escaped, text):
    talk.send_frame(TEXT, talk.op("@").replace(b"@", escaped.encode()))
    talk.expect_said(text)


@pytest.mark.parametrize("escaped", [r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\ud83dx", r"\ud83d\u0041", r"\u12",
                                     r"\x41", r"\u{1F600}"])
def test_escapes_that_are_none_are_an_error_and_no_reason_to_close(talk, escaped):
    talk.send_frame(TEXT, talk.op("@").replace(b"@", escaped.encode()))
    talk.expect_error()
    talk.expect_alive()
    assert talk.said() == []


def test_what_the_server_says_of_bad_text_is_text(talk):
    """The description of an error repeats nothing that could spoil the frame."""
    for nonsense in ('{"op": "' + "😀" * 1000 + '"}', '{"\u0000', "\U0010ffff", '{"op": "\\u0000"}'):
        talk.send_frame(TEXT, nonsense)
        json.dumps(talk.expect_error())
    talk.expect_alive()
