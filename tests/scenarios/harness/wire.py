"""Bytes on a socket: requests that no library would send, and WebSocket frames made by hand."""

import base64
import gzip
import json
import os
import socket
import struct
import time
from dataclasses import dataclass


@dataclass
class RawAnswer:
    status: int
    reason: str
    headers: list[tuple[str, str]]  # as they came
    body: bytes

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1, f"{name} came {len(found)} times"
        return found[0] if found else None

    def json(self):
        packed = self.header("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


class Ended(Exception):
    """The server closed the connection."""


class Wire:
    def __init__(self, server, timeout: float = 10, receive_buffer: int | None = None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", server.port))
        self.timeout = timeout
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes | str) -> None:
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def send_what_it_takes(self, data: bytes) -> None:
        """Of a request so bad that the server may answer and close before it has all of it."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def finish_sending(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def _more(self) -> None:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Ended
        self._buffer += data

    def read_exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def read_line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            self._more()
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line

    def read_answer(self, head: bool = False) -> RawAnswer:
        version, status, reason = (self.read_line().decode() + " ").split(" ", 2)
        assert version.startswith("HTTP/1."), version
        headers = []
        while line := self.read_line():
            name, value = line.decode().split(":", 1)
            headers.append((name, value.strip()))
        answer = RawAnswer(int(status), reason.strip(), headers, b"")
        if head or answer.status in (100, 101, 204, 304):
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            while size := int(self.read_line().split(b";")[0], 16):
                answer.body += self.read_exactly(size)
                self.read_line()
            self.read_line()
        else:
            answer.body = self.read_exactly(int(answer.header("content-length") or 0))
        return answer

    def read_interim(self) -> int:
        """The status of an answer that is not the final one."""
        status = int(self.read_line().split(b" ")[1])
        assert self.read_line() == b"", "nothing but its first line"
        return status

    def read_answers(self, head: bool = False) -> list[RawAnswer]:
        """All that come before the server closes, and no half of one."""
        answers = []
        while True:
            try:
                if not self._buffer:
                    self._more()
            except Ended:
                return answers
            answers.append(self.read_answer(head))

    def read_to_the_end(self) -> bytes:
        """What still comes before the server closes."""
        try:
            while True:
                self._more()
        except Ended:
            rest, self._buffer = self._buffer, b""
            return rest

    def ended(self, timeout: float = 10) -> bool:
        """True when the server closes within the time; what it still sends is dropped."""
        self.socket.settimeout(timeout)
        deadline = time.monotonic() + timeout
        try:
            while time.monotonic() < deadline:
                self._buffer = b""
                self._more()
        except Ended:
            return True
        except TimeoutError:
            pass
        return False


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes | str = b"") -> bytes:
    """A request with just the headers given, Host and (for a body) Content-Length."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Host": "makechat-web"} | (headers or {})
    if data and not {"content-length", "transfer-encoding"} & {k.lower() for k in lines}:
        lines["Content-Length"] = str(len(data))
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
    return head.encode() + data


def exchange(server, data: bytes | str, head: bool = False) -> RawAnswer:
    """One request on a connection of its own."""
    with Wire(server) as wire:
        wire.send_what_it_takes(data.encode() if isinstance(data, str) else data)
        return wire.read_answer(head)


def answers_to(server, data: bytes | str, head: bool = False) -> list[RawAnswer]:
    """Everything on one connection that ends behind it: so the number of requests that the server saw can be counted."""
    with Wire(server) as wire:
        wire.send_what_it_takes(data.encode() if isinstance(data, str) else data)
        try:
            wire.finish_sending()
        except OSError:
            pass  # the server was faster
        return wire.read_answers(head)


TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


class Frames(Wire):
    """A WebSocket by hand, so that it can break the rules."""

    def __init__(self, server, headers: dict[str, str], path: str = "/api/live", **options):
        super().__init__(server, **options)
        self._shake(request("GET", path, upgrade_headers() | headers))

    @classmethod
    def over(cls, server, handshake: bytes) -> "Frames":
        """With a handshake to the letter, and what comes in its packet; an empty one is the caller's to make."""
        frames = cls.__new__(cls)
        Wire.__init__(frames, server)
        if handshake:
            frames._shake(handshake)
        return frames

    def _shake(self, handshake: bytes) -> None:
        self.send(handshake)
        self.answer = self.read_answer()

    def frame(self, opcode: int, payload: bytes | str = b"", *, fin: bool = True, mask: bool = True,
              reserved: int = 0, key: bytes | None = None, length_bytes: int | None = None) -> bytes:
        """`length_bytes`: 0, 2 or 8, for a length in another form than the shortest."""
        data = payload.encode() if isinstance(payload, str) else payload
        if length_bytes is None:
            length_bytes = 0 if len(data) < 126 else 2 if len(data) < 65536 else 8
        short = {0: len(data), 2: 126, 8: 127}[length_bytes]
        head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode, (0x80 if mask else 0) | short])
        head += len(data).to_bytes(length_bytes, "big") if length_bytes else b""
        if not mask:
            return head + data
        key = os.urandom(4) if key is None else key
        return head + key + masked(data, key)

    def send_frame(self, opcode: int, payload: bytes | str = b"", **options) -> None:
        self.send_what_it_takes(self.frame(opcode, payload, **options))

    def read_frame(self) -> tuple[int, bytes]:
        first, second = self.read_exactly(2)
        assert first & 0xF0 == 0x80, "whole messages alone, and no reserved bit"
        assert not second & 0x80, "a server never masks"
        size = second & 0x7F
        if size == 126:
            size, = struct.unpack("!H", self.read_exactly(2))
        elif size == 127:
            size, = struct.unpack("!Q", self.read_exactly(8))
        return first & 0x0F, self.read_exactly(size)

    def expect_event(self, wanted, timeout: float = 10) -> dict:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            opcode, payload = self.read_frame()
            if opcode == TEXT:
                event = json.loads(payload)
                if wanted(event):
                    return event
        raise AssertionError("the event did not come")

    def expect_opcode(self, wanted: int, timeout: float = 10) -> bytes:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            opcode, payload = self.read_frame()
            if opcode == wanted:
                return payload
        raise AssertionError(f"no frame of opcode {wanted}")

    def expect_close(self) -> int:
        """The code of the close frame."""
        return struct.unpack("!H", self.expect_opcode(CLOSE)[:2])[0]


def masked(data: bytes, key: bytes) -> bytes:
    """All at once: a loop over the bytes of 16 MiB takes seconds."""
    stream = (key * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def upgrade_headers() -> dict[str, str]:
    return {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}
