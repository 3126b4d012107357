"""The three carriers of live events behind one face: every event is kept, expect() takes them as they match."""

import json
import queue
import socket
import threading
import time
from urllib.parse import urlencode

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.client import NO_TLS, Client, oid

END = object()


def query(client_rooms, cursor) -> str:
    pairs = [("room", room) for room in client_rooms]
    if cursor is not None:
        pairs.append(("cursor", cursor))
    return "?" + urlencode(pairs) if pairs else ""


def in_room(event: dict, room: str) -> bool:
    return "room" in event and isinstance(event["room"], dict) and event["room"].get("$oid") == room


def message(room: str, text: str):
    """The event of a new message."""
    return lambda e: e["type"] == "message" and in_room(e, room) and e["message"]["text"] == text


def member(room: str, name: str, action: str):
    return lambda e: (e["type"] == "member" and in_room(e, room)
                      and e["username"] == name and e["action"] == action)


def of_type(kind: str, room: str | None = None):
    return lambda e: e["type"] == kind and (room is None or in_room(e, room))


class Stream:
    """A thread reads, the test asks. `events` holds all that came, in order."""

    def __init__(self, cursor: str | None = None):
        self.events: list[dict] = []
        self.cursor = cursor  # of the last event that had one
        self.close_code: int | None = None
        self._untaken: list[dict] = []
        self._arrived: queue.Queue = queue.Queue()
        self._ended = False

    def _read_in_background(self) -> None:
        def run():
            try:
                self._read()
            finally:
                self._arrived.put(END)
        threading.Thread(target=run, daemon=True).start()

    def _read(self) -> None:
        raise NotImplementedError

    def _next(self, deadline: float) -> dict | None:
        """None when the stream has ended; raises queue.Empty at the deadline."""
        if self._ended:
            return None
        event = self._arrived.get(timeout=max(0.001, deadline - time.monotonic()))
        if event is END:
            self._ended = True
            return None
        self.events.append(event)
        self.cursor = event.get("cursor", self.cursor)
        return event

    def expect(self, wanted, timeout: float = 10) -> dict:
        """The first event not yet taken for which wanted(event) holds; a string stands for a type."""
        matches = of_type(wanted) if isinstance(wanted, str) else wanted
        for event in self._untaken:
            if matches(event):
                self._untaken.remove(event)
                return event
        deadline = time.monotonic() + timeout
        while True:
            try:
                event = self._next(deadline)
            except queue.Empty:
                raise AssertionError(f"{type(self).__name__}: not in {timeout} s: {wanted}; came: {self.shown()}") from None
            assert event is not None, f"{type(self).__name__} ended ({self.close_code}); came: {self.shown()}"
            if matches(event):
                return event
            self._untaken.append(event)

    def take(self, timeout: float = 10) -> dict | None:
        """The next event, whatever it is; None at the end of the stream."""
        if self._untaken:
            return self._untaken.pop(0)
        try:
            return self._next(time.monotonic() + timeout)
        except queue.Empty:
            raise AssertionError(f"{type(self).__name__}: nothing in {timeout} s") from None

    def wait(self, timeout: float) -> bool:
        """Until one more event has come, or the time is over; False at the end of the stream."""
        try:
            event = self._next(time.monotonic() + timeout)
        except queue.Empty:
            return True
        if event is not None:
            self._untaken.append(event)
        return event is not None

    def drain(self) -> None:
        """Takes into `events` what has come up to now."""
        try:
            while (event := self._next(time.monotonic())) is not None:
                self._untaken.append(event)
        except queue.Empty:
            pass

    def expect_end(self, timeout: float = 10) -> int | None:
        """The server ends the stream; gives the close code of a WebSocket."""
        deadline = time.monotonic() + timeout
        try:
            while self._next(deadline) is not None:
                pass
        except queue.Empty:
            raise AssertionError(f"{type(self).__name__} still open after {timeout} s; came: {self.shown()}") from None
        return self.close_code

    def of_room(self, room: str) -> list[dict]:
        """All that came of that room, but for what is never logged."""
        return [e for e in self.events if in_room(e, room) and e["type"] not in ("typing", "presence", "read", "ack")]

    def shown(self) -> str:
        return json.dumps(self.events[-8:], ensure_ascii=False)[-1500:]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()


class Live(Stream):
    """WebSocket, /api/live."""

    def __init__(self, client: Client, *, rooms=(), cursor: str | None = None, headers: dict | None = None):
        super().__init__(cursor)
        self._socket = connect(
            client.server.url.replace("http", "ws", 1) + "/api/live" + query(rooms, cursor),
            additional_headers=headers or {"X-Auth-Token": client.token}, max_size=None, open_timeout=10, close_timeout=2,
            legacy=True)  # no context manager: the reading thread owns it
        self._read_in_background()

    def _read(self) -> None:
        try:
            for frame in self._socket:
                self._arrived.put(json.loads(frame))
        except (ConnectionClosed, OSError):
            pass
        self.close_code = self._socket.protocol.close_code

    def send(self, **op) -> None:
        self._socket.send(json.dumps(op, ensure_ascii=False))

    def send_text(self, text: str) -> None:
        self._socket.send(text)

    def say(self, room: str, text: str, nonce: str, **more) -> dict:
        """Sends and gives the ack."""
        self.send(op="send", room={"$oid": room}, text=text, nonce=nonce, **more)
        answer = self.expect(lambda e: e["type"] in ("ack", "error") and e.get("nonce") == nonce)
        assert answer["type"] == "ack", answer
        return answer

    def cut(self) -> None:
        """The network is gone: no close frame."""
        try:
            self._socket.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Sse(Stream):
    """Server-sent events, /api/events."""

    def __init__(self, client: Client, *, rooms=(), cursor: str | None = None, last_event_id: str | None = None,
                 headers: dict | None = None):
        super().__init__(last_event_id or cursor)
        self._http = httpx.Client(base_url=client.server.url, timeout=httpx.Timeout(10, read=90), trust_env=False,
                                  verify=NO_TLS)
        who = headers or {"X-Auth-Token": client.token}
        if last_event_id is not None:
            who = who | {"Last-Event-ID": last_event_id}
        request = self._http.build_request(
            "GET", "/api/events" + query(rooms, cursor), headers={"Accept": "text/event-stream"} | who)
        self._answer = self._http.send(request, stream=True)
        if self._answer.status_code != 200:
            raise AssertionError(f"SSE: {self._answer.status_code} {self._answer.read()!r}")
        assert self._answer.headers["content-type"].split(";")[0] == "text/event-stream"
        self._read_in_background()

    def _read(self) -> None:
        data, id_ = [], None
        try:
            for line in self._answer.iter_lines():
                if line.startswith("data:"):
                    data.append(line[5:].removeprefix(" "))
                elif line.startswith("id:"):
                    id_ = line[3:].strip()
                elif not line and data:
                    event = json.loads("\n".join(data))
                    if id_ is not None and "cursor" in event and id_ != event["cursor"]:
                        event = {"type": "the SSE id is not the cursor", "id": id_, "event": event}
                    self._arrived.put(event)
                    data, id_ = [], None
        except (httpx.TransportError, httpx.StreamError, OSError):
            pass

    def cut(self) -> None:
        try:
            self._answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class LongPoll(Stream):
    """Long poll, /api/events?cursor=…&wait=…: a stream made of many answers. Its first cursor comes with the
    first answer, as `hello` would bring it."""

    def __init__(self, client: Client, *, rooms=(), cursor: str | None = None, wait: int = 5):
        super().__init__()
        self._rooms, self._wait, self._stop = rooms, wait, threading.Event()
        self._http = httpx.Client(base_url=client.server.url, timeout=wait + 20, trust_env=False, verify=NO_TLS,
                                  headers={"X-Auth-Token": client.token})
        self.status: int | None = None  # of the answer that ended it
        if cursor is None:
            body = self.poll(self._http, rooms, None)
            assert body["events"] == [], f"a long poll without a cursor answered {body}"
            cursor = body["cursor"]
        self.cursor = self.first_cursor = cursor
        self._read_in_background()

    @staticmethod
    def poll(http: httpx.Client, rooms, cursor: str | None, wait: int = 5) -> dict:
        answer = http.get("/api/events" + query(rooms, cursor) + (f"&wait={wait}" if cursor else ""))
        if answer.status_code != 200:
            raise AssertionError(f"long poll: {answer.status_code} {answer.text}")
        return answer.json()

    def _read(self) -> None:
        cursor = self.first_cursor
        while not self._stop.is_set():
            try:
                answer = self._http.get("/api/events" + query(self._rooms, cursor) + f"&wait={self._wait}")
            except (httpx.TransportError, RuntimeError):
                return
            if answer.status_code != 200:
                self.status = answer.status_code
                return
            body = answer.json()
            for event in body["events"]:
                self._arrived.put(event)
            cursor = body["cursor"]

    def cut(self) -> None:
        self._stop.set()


def fold(events: list[dict]) -> dict[str, list[dict]]:
    """What a good client keeps of a stream: by room, what has a seq above the last one it saw."""
    kept: dict[str, list[dict]] = {}
    for event in events:
        if "seq" not in event or event["type"] == "ack":
            continue
        log = kept.setdefault(oid(event["room"]), [])
        if not log or event["seq"] > log[-1]["seq"]:
            log.append(event)
    return kept


def entry_key(event: dict) -> tuple:
    """What makes an entry the same one, live, replayed or read from the log."""
    if event["type"] in ("message", "edit"):
        return event["seq"], event["type"], oid(event["message"]["_id"])
    if event["type"] == "delete":
        return event["seq"], "delete", oid(event["_id"])
    if event["type"] == "member":
        return event["seq"], "member", event["action"], event["username"]
    return event["seq"], event["type"], event.get("action")


CARRIERS = [Live, Sse, LongPoll]


def open_stream(carrier, client: Client, **options) -> Stream:
    """A stream that is known to listen from now on."""
    stream = carrier(client, **options)
    if carrier is not LongPoll:
        hello = stream.expect("hello")
        assert stream.events[0] is hello, "hello is always first"
        stream.first_cursor = hello["cursor"]
    return stream


def present_cursor(client: Client, carrier=Live) -> str:
    """From which one can resume later, by any carrier."""
    with open_stream(carrier, client) as stream:
        return stream.first_cursor
