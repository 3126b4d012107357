"""Who sends a byte now and then holds nobody up, and not for long. Takes the real half minute of the deadlines."""

import time

import pytest

from harness.client import expect
from harness.many import Crowd, plain_frame
from harness.live import Live
from harness.wire import request, upgrade_headers

HEADER_READ, BODY_READ, MESSAGE_READ = 15, 30, 30  # limits.hpp
LATE = 20  # a busy machine


@pytest.mark.plain("takes half a minute of real time")
def test_five_hundred_who_trickle_are_told_in_time_and_nobody_waits_for_them(new_server):
    server = new_server()
    anna = server.register("anna")
    room = server.admin.make_room()
    anna.join(room)
    token = {"X-Auth-Token": anna.token}
    head = request("GET", "/api/ping", {"X-Slow": "x" * 500} | token)
    body = request("POST", "/api/messages", token | {"Content-Type": "application/json", "Content-Length": "1000"})
    with Crowd(server, 500) as crowd, Live(anna) as live:
        live.expect("hello")
        heads, bodies, frames = crowd.all[:200], crowd.all[200:400], crowd.all[400:]
        for one in bodies:
            crowd.send(one, body)
        for one in frames:
            crowd.send(one, request("GET", "/api/live", upgrade_headers() | token))
        crowd.read_until(lambda: all(b"hello" in one.received for one in frames), why="hello")
        frame = plain_frame(b'{"op": "typing"' + b" " * 1000 + b"}")
        for one in crowd.all:
            one.since, one.answered_after, one.received = time.monotonic(), None, b""
        sent = 0
        open_ = lambda: [one for one in crowd.all if not one.ended]  # noqa: E731
        deadline = time.monotonic() + BODY_READ + LATE
        while open_():
            assert time.monotonic() < deadline, f"{len(open_())} of them are still served: {crowd.statuses()}"
            for one in heads:
                crowd.try_send(one, head[sent:sent + 1])
            for one in bodies:
                crowd.try_send(one, b" ")
            for one in frames:
                crowd.try_send(one, frame[sent:sent + 1])
            sent += 1
            # Meanwhile others talk, on new connections and on old ones.
            anna.hang_up()
            text = f"still here {sent}"
            anna.say(room, text)
            live.expect(lambda e, text=text: e["type"] == "message" and e["message"]["text"] == text)
            until = time.monotonic() + 0.5
            while (left := until - time.monotonic()) > 0:
                crowd.read(left)
        for slow, limit in ((heads, HEADER_READ), (bodies, BODY_READ)):
            assert {one.status for one in slow} == {408}
            assert all(b"Connection: close" in one.received for one in slow)
            assert min(one.answered_after for one in slow) >= limit - 2, "not before its time"
        # Events came to them, and then the close frame with 1008.
        assert all((1008).to_bytes(2, "big") + b"the message did not arrive in time" in one.received for one in frames)
        assert sent >= 15
    expect(anna.get("/api/ping"), 200)
