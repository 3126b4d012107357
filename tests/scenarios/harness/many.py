"""Many connections at once, by hand and on one thread: clients that are slow, or do not read, or are too many."""

import resource
import selectors
import socket
import struct
import time
from dataclasses import dataclass, field


def allow_descriptors(count: int) -> None:
    """To the test itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


def resident_kib(server) -> int:
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


@dataclass
class One:
    socket: socket.socket
    received: bytes = b""
    ended: bool = False
    since: float = field(default_factory=time.monotonic)
    answered_after: float | None = None  # seconds until the first byte came

    @property
    def status(self) -> int | None:
        return int(self.received[9:12]) if self.received.startswith(b"HTTP/1.1 ") else None


class Crowd:
    def __init__(self, server, count: int, receive_buffer: int | None = None):
        allow_descriptors(count + 500)
        self.all: list[One] = []
        self._selector = selectors.DefaultSelector()
        for _ in range(count):
            connection = socket.socket()
            if receive_buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            connection.settimeout(20)
            connection.connect(("127.0.0.1", server.port))
            connection.setblocking(False)
            one = One(connection)
            self.all.append(one)
            self._selector.register(connection, selectors.EVENT_READ, one)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        for one in self.all:
            one.socket.close()

    def send(self, one: One, data: bytes, timeout: float = 10) -> None:
        """All of it, or what a server takes that has closed."""
        deadline = time.monotonic() + timeout
        rest = memoryview(data)
        while rest and not one.ended:
            try:
                rest = rest[one.socket.send(rest):]
            except BlockingIOError:
                assert time.monotonic() < deadline, "the server reads nothing"
                time.sleep(0.001)
            except (BrokenPipeError, ConnectionResetError):
                one.ended = True

    def try_send(self, one: One, data: bytes) -> int:
        """What goes without waiting."""
        try:
            return 0 if one.ended else one.socket.send(data)
        except BlockingIOError:
            return 0
        except (BrokenPipeError, ConnectionResetError):
            one.ended = True
            return 0

    def read(self, timeout: float = 0) -> None:
        """What has come to any of them."""
        for key, _ in self._selector.select(timeout):
            one: One = key.data
            try:
                data = one.socket.recv(1 << 20)
            except ConnectionResetError:
                data = b""
            if data and one.answered_after is None:
                one.answered_after = time.monotonic() - one.since
            one.received += data
            if not data:
                one.ended = True
                self._selector.unregister(one.socket)

    def read_until(self, condition, timeout: float = 20, why: str = "") -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"not in {timeout} s: {why}"
            self.read(0.05)

    def statuses(self) -> dict[int | None, int]:
        counts: dict[int | None, int] = {}
        for one in self.all:
            counts[one.status] = counts.get(one.status, 0) + 1
        return counts


def plain_frame(text: bytes) -> bytes:
    """A client's text frame under the mask of four zeros, which leaves the text as it is."""
    if len(text) < 126:
        head = struct.pack("!BB", 0x81, 0x80 | len(text))
    elif len(text) < 65536:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, len(text))
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, len(text))
    return head + bytes(4) + text
