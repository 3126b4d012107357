"""A person who posts by requests made by hand: what was executed can be counted in the room."""

import json

from harness.client import Client
from harness.wire import answers_to


class Poster:
    def __init__(self, client: Client):
        self.client = client
        self.server = client.server
        self.room = client.make_room()

    def body(self, text: str) -> bytes:
        return json.dumps({"room": self.room, "text": text}).encode()

    def head(self, *lines: str | bytes, line: str | bytes = "POST /api/messages HTTP/1.1", without: str = "") -> bytes:
        """A request's head with `lines` behind the usual ones, but for the one named `without`."""
        own = {"Host": "makechat-web", "X-Auth-Token": self.client.token, "Content-Type": "application/json"}
        all_lines = [line, *(f"{k}: {v}" for k, v in own.items() if k != without), *lines]
        return b"\r\n".join(x if isinstance(x, bytes) else x.encode() for x in all_lines) + b"\r\n\r\n"

    def post(self, text: str, *lines: str | bytes, **options) -> bytes:
        """A whole and proper request."""
        body = self.body(text)
        return self.head(f"Content-Length: {len(body)}", *lines, **options) + body

    def post_chunked(self, text: str, *lines: str | bytes, size: int = 20, end: bytes = b"0\r\n\r\n", **options) -> bytes:
        body = self.body(text)
        return (self.head("Transfer-Encoding: chunked", *lines, **options)
                + b"".join(chunk(body[at:at + size]) for at in range(0, len(body), size)) + end)

    def get(self, path: str | None = None, *lines: str | bytes) -> bytes:
        return self.head(*lines, line=f"GET {path or '/api/ping'} HTTP/1.1", without="Content-Type")

    def statuses(self, data: bytes, head: bool = False) -> list[int]:
        """Of all answers to `data`, on a connection that ends behind it."""
        return [answer.status for answer in answers_to(self.server, data, head)]

    def said(self) -> list[str]:
        return [m["text"] for m in self.client.messages(self.room)]


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)
