"""Many clients in one thread: an HTTP connection that is kept, and a WebSocket, as thin as they can be. They end with
`Gone` when the server does, which leaves open whether the last request was carried out."""

import asyncio
import base64
import json
import os
import struct


class Gone(Exception):
    """The connection ended before the answer had come."""


ENDS = (ConnectionError, asyncio.IncompleteReadError, OSError)
BUFFER = 1 << 20


class Line:
    """HTTP/1.1, one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str):
        self._reader, self._writer = reader, writer
        self._who = f"Host: makechat\r\nX-Auth-Token: {token}\r\n" if token else "Host: makechat\r\n"
        self.head = b""  # of the last answer

    @classmethod
    async def open(cls, port: int, token: str = "") -> "Line":
        try:
            return cls(*await asyncio.open_connection("127.0.0.1", port, limit=BUFFER), token)
        except ENDS as error:
            raise Gone from error

    async def call(self, method: str, path: str, body=None, headers: str = "") -> tuple[int, object]:
        data = b"" if body is None else json.dumps(body).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        try:
            self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._who}{kind}{headers}\r\n".encode() + data)
            self.head = await self._reader.readuntil(b"\r\n\r\n")
            size = self.field("content-length")
            answer = await self._reader.readexactly(int(size)) if size else b""
        except ENDS as error:
            self.close()
            raise Gone from error
        return int(self.head[9:12]), json.loads(answer) if answer else None

    def field(self, name: str) -> str | None:
        """Of the last answer."""
        for line in self.head.decode().split("\r\n")[1:]:
            if line.lower().startswith(name + ":"):
                return line.split(":", 1)[1].strip()
        return None

    def close(self) -> None:
        self._writer.transport.abort()


class Socket:
    """A WebSocket: texts of JSON."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader, self._writer = reader, writer
        self.close_code: int | None = None

    @classmethod
    async def open(cls, port: int, token: str, cursor: str | None = None) -> "Socket":
        path = "/api/live" + (f"?cursor={cursor}" if cursor else "")
        key = base64.b64encode(os.urandom(16)).decode()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=BUFFER)
            writer.write((f"GET {path} HTTP/1.1\r\nHost: makechat\r\nX-Auth-Token: {token}\r\nUpgrade: websocket\r\n"
                          f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
            head = await reader.readuntil(b"\r\n\r\n")
        except ENDS as error:
            raise Gone from error
        assert head.startswith(b"HTTP/1.1 101"), head
        return cls(reader, writer)

    def send(self, value) -> None:
        self._frame(1, json.dumps(value).encode())

    def _frame(self, opcode: int, data: bytes) -> None:
        size = len(data)
        if self._writer.is_closing():
            return  # what has come before the end is still received
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        self._writer.write(head + b"\0\0\0\0" + data)  # a mask of zeros is one

    async def receive(self) -> dict:
        while True:
            try:
                first, size = await self._reader.readexactly(2)
                if size == 126:
                    size, = struct.unpack("!H", await self._reader.readexactly(2))
                elif size == 127:
                    size, = struct.unpack("!Q", await self._reader.readexactly(8))
                data = await self._reader.readexactly(size)
            except ENDS as error:
                self.close()
                raise Gone from error
            if first & 15 == 1:
                return json.loads(data)
            if first & 15 == 9:
                self._frame(10, data)
            elif first & 15 == 8:
                self.close_code, = struct.unpack("!H", data[:2])
                self.close()
                raise Gone

    def close(self) -> None:
        self._writer.transport.abort()
