"""Readers that are too slow for what they are told over a WebSocket."""

import json
import time

from harness.client import oid
from harness.live import Live, Sse, fold
from harness.wire import CLOSE, TEXT, Ended, Frames

SETTINGS = {"rooms_created_by": "everyone"}


def open_frames(client, **options) -> Frames:
    frames = Frames(client.server, {"X-Auth-Token": client.token}, **options)
    assert frames.answer.status == 101, frames.answer
    frames.hello = frames.expect_event(lambda e: e["type"] == "hello")
    return frames


def test_a_slow_reader_is_dropped_and_holds_up_nobody(make_user):
    """More than 1 MiB waits for her: 1013, and the cursor brings it all later. The others see all of it meanwhile."""
    anna, slow, quick = make_user("anna"), make_user("slow"), make_user("quick")
    room = anna.make_room()
    for person in (slow, quick):
        person.join(room)
    count, text = 700, "x" * 15900  # 11 MB: more than any socket buffer, and 1 MiB, can hold
    with open_frames(slow, receive_buffer=8192) as stalled, Live(quick) as watcher:
        watcher.expect("hello")
        with Live(anna, rooms=[anna.make_room()]) as sender:  # does not get its own flood back
            sender.expect("hello")
            acknowledged = 0
            for i in range(count):
                sender.send(op="send", room=room, text=f"{i} {text}", nonce=str(i))
                if i % 20 == 19:
                    while acknowledged < i - 10:
                        acknowledged += sender.take(timeout=20)["type"] == "ack"
            while acknowledged < count:
                acknowledged += sender.take(timeout=20)["type"] == "ack"
        watcher.expect(lambda e: e["type"] == "message" and e["message"]["text"].startswith(f"{count - 1} "), timeout=20)
        assert [e["message"]["text"].split()[0] for e in watcher.of_room(room)] == [str(i) for i in range(count)]
        # Now she reads again.
        got, code = [], None
        deadline = time.monotonic() + 20
        try:
            while time.monotonic() < deadline:
                opcode, payload = stalled.read_frame()
                if opcode == TEXT:
                    got.append(json.loads(payload))
                elif opcode == CLOSE:
                    code = int.from_bytes(payload[:2], "big")
        except Ended:
            pass
        assert code in (1013, None)
        texts = [e["message"]["text"].split()[0] for e in got if e["type"] == "message"]
        assert len(texts) < count, "she was cut off"
        assert texts == [str(i) for i in range(len(texts))]
        cursor = [e["cursor"] for e in got if "cursor" in e][-1] if got else stalled.hello["cursor"]
    with Sse(slow, cursor=cursor) as back:
        back.expect(lambda e: e["type"] == "message" and e["message"]["text"].startswith(f"{count - 1} "), timeout=20)
        rest = [e["message"]["text"].split()[0] for e in fold(back.events)[room] if e["type"] == "message"]
        assert rest[-(count - len(texts)):] == [str(i) for i in range(len(texts), count)]


def test_a_reader_in_fits_and_starts_loses_nothing(make_user):
    """Stalls while less than 1 MiB comes, again and again."""
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    with open_frames(boris, receive_buffer=8192) as frames:
        for burst in range(4):
            sent = [oid(anna.say(room, f"{burst} {i} " + "y" * 8000)["_id"]) for i in range(40)]
            got = []
            while len(got) < len(sent):
                event = frames.expect_event(lambda e: e["type"] == "message")
                got.append(oid(event["message"]["_id"]))
            assert got == sent
