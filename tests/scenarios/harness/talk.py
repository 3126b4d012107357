"""A person's WebSocket by hand, on a room of its own: what is said there comes back, so that every byte of it is checked."""

import json
import os
import time

from harness.client import Client
from harness.wire import CLOSE, PING, PONG, TEXT, Frames


class Talk(Frames):
    def __init__(self, client: Client, **options):
        self.client = client
        self.room = client.make_room()
        super().__init__(client.server, {"X-Auth-Token": client.token}, f"/api/live?room={self.room}", **options)
        assert self.answer.status == 101, self.answer
        self.hello = self.expect_event(lambda e: e["type"] == "hello")

    def read_frame(self) -> tuple[int, bytes]:
        """But for presence: it tells that the test before this one has hung up."""
        while True:
            opcode, payload = super().read_frame()
            if opcode != TEXT or json.loads(payload)["type"] != "presence":
                return opcode, payload

    def op(self, text: str, nonce: str = "n", size: int | None = None) -> bytes:
        """The JSON that says `text`; with a size, made as long by spaces at its end."""
        op = json.dumps({"op": "send", "room": self.room, "text": text, "nonce": nonce}, ensure_ascii=False).encode()
        assert size is None or len(op) <= size, f"{len(op)} bytes at least"
        return op if size is None else op.ljust(size)

    def expect_said(self, text: str, nonce: str = "n", timeout: float = 10) -> None:
        """The ack and the event, in whichever order, and nothing else but pongs before them."""
        missing = {"ack", "message"}
        deadline = time.monotonic() + timeout
        while missing:
            assert time.monotonic() < deadline, f"not in {timeout} s: {missing}"
            opcode, payload = self.read_frame()
            if opcode == PONG:
                continue
            assert opcode == TEXT, (opcode, payload)
            event = json.loads(payload)
            assert event["type"] in missing, event
            missing.remove(event["type"])
            assert event["type"] == "message" or event["nonce"] == nonce, event
            assert event["type"] == "ack" or event["message"]["text"] == text

    def expect_error(self) -> dict:
        """What is no op gets an `error` event; the connection stays."""
        event = self.expect_event(lambda _: True)
        assert event["type"] == "error", event
        return event

    def said(self) -> list[str]:
        return [m["text"] for m in self.client.messages(self.room)]

    def expect_alive(self) -> None:
        payload = os.urandom(20)
        self.send_frame(PING, payload)
        opcode, got = self.read_frame()
        assert (opcode, got) == (PONG, payload), "the next thing to come is the pong"

    def expect_failed(self, *codes: int) -> bytes:
        """The server closes with one of these codes and sends nothing after it; gives the reason."""
        payload = self.expect_opcode(CLOSE)
        assert int.from_bytes(payload[:2], "big") in codes, payload
        payload[2:].decode("utf-8")
        rest = self.read_to_the_end()
        assert rest == b"", f"sent after the close frame: {rest[:200]!r}"
        return payload[2:]
