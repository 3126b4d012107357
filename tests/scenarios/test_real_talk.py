"""Twenty people and three bots talk through all carriers, in four languages, over lines that break.

MAKECHAT_TALK_SECONDS sets for how long (60). Then what each of them saw, what the API's pages show and what the
store holds are compared: the same, once, in order. By hand, for ten minutes:

    MAKECHAT_TALK_SECONDS=600 pytest -s tests/scenarios/test_real_talk.py
"""

import os
import random
import sqlite3
import threading
import time
from pathlib import Path

from harness.client import Client, expect, oid
from harness.live import CARRIERS, Live, entry_key, fold, open_stream
from harness.texts import languages

SECONDS = float(os.environ.get("MAKECHAT_TALK_SECONDS", "60"))
PEOPLE, BOTS = 20, 3
ROOMS = ["Общий 大厅", "off topic", "الدعم الفني", "release 2.0"]


class Talker:
    """Listens on one carrier, which breaks now and then, and talks meanwhile."""

    def __init__(self, client: Client, rooms: list[str], carrier, sayings: list[str], pace: float, seed: int):
        self.client, self.rooms, self.carrier, self.sayings, self.pace = client, rooms, carrier, sayings, pace
        self.dice = random.Random(seed)
        self.own: list[tuple[str, str]] = []  # message id, text: those that stand
        self.sent = 0
        self.events: list[dict] = []
        self.stream = open_stream(carrier, client)
        self.cursor = self.stream.first_cursor
        self.breaks = 0
        self.trouble: BaseException | None = None
        self.thread: threading.Thread | None = None

    # Talking

    def start(self, stop: threading.Event) -> None:
        self.thread = threading.Thread(target=self.run, args=(stop,), daemon=True)
        self.thread.start()

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.wait(self.pace * self.dice.uniform(0.5, 1.5)):
                self.act()
                if self.dice.random() < 0.03:
                    self.break_line()
        except BaseException as error:
            self.trouble = error

    def act(self) -> None:
        chance = self.dice.random()
        if self.own and chance < 0.10:
            index = self.dice.randrange(len(self.own))
            message, text = self.own[index]
            expect(self.client.patch(f"/api/messages/{message}", {"text": text + " (ред.)"}), 200)
            self.own[index] = message, text + " (ред.)"
        elif self.own and chance < 0.15:
            message, _ = self.own.pop(self.dice.randrange(len(self.own)))
            assert self.client.delete(f"/api/messages/{message}").is_success
        elif self.carrier is Live and chance < 0.20:
            self.stream.send(op="typing", room={"$oid": self.dice.choice(self.rooms)})
        else:
            self.say(self.dice.choice(self.rooms), self.dice.choice(self.sayings))

    def say(self, room: str, text: str) -> None:
        nonce = f"{self.client.name} {self.sent}"
        self.sent += 1
        if self.carrier is Live:
            ack = self.stream.say(room, text, nonce)
            self.own.append((oid(ack["_id"]), text))
        else:
            body = {"room": room, "text": text, "nonce": nonce}
            first = expect(self.client.post("/api/messages", body), 201)
            self.own.append((oid(first["_id"]), text))
            if self.dice.random() < 0.05:  # an impatient client sends it again
                assert expect(self.client.post("/api/messages", body), 200)["_id"] == first["_id"]

    # Listening

    def break_line(self) -> None:
        self.keep_what_came()
        self.stream.cut()
        self.breaks += 1
        self.stream = self.carrier(self.client, cursor=self.cursor)

    def keep_what_came(self) -> None:
        self.stream.drain()
        self.events += self.stream.events
        self.cursor = self.stream.cursor

    def finish(self, last_seqs: dict[str, int]) -> None:
        """Listens until it has all of its rooms."""
        deadline = time.monotonic() + 30
        while True:
            self.stream.drain()
            kept = fold(self.events + self.stream.events)
            behind = {r: last_seqs[r] for r in self.rooms if not kept.get(r) or kept[r][-1]["seq"] < last_seqs[r]}
            if not behind:
                break
            left = deadline - time.monotonic()
            assert left > 0, f"{self.client.name} by {self.carrier.__name__} never saw {behind}"
            assert self.stream.wait(left), f"{self.client.name}: the server ended the stream"
        self.keep_what_came()
        self.stream.cut()


def standing(entries: list[dict]) -> dict[str, tuple[int, str | None]]:
    """What the log says now: id -> seq and text, None where deleted."""
    now: dict[str, tuple[int, str | None]] = {}
    for e in entries:
        if e["type"] == "message":
            now[oid(e["message"]["_id"])] = e["message"]["seq"], e["message"]["text"]
        elif e["type"] == "edit":
            message = oid(e["message"]["_id"])
            now[message] = now[message][0], e["message"]["text"]
        elif e["type"] == "delete":
            now[oid(e["_id"])] = now[oid(e["_id"])][0], None
    return now


def stored(data: Path, room: str) -> dict[str, tuple[int, str | None]]:
    """The same from the store's file: table messages(room, seq, id, text, …), ids as bytes or as digits."""
    files = [f for f in data.rglob("*") if f.is_file() and f.read_bytes()[:15] == b"SQLite format 3"]
    assert len(files) == 1, files
    database = sqlite3.connect(f"file:{files[0]}?mode=ro", uri=True)
    try:
        columns = {row[1] for row in database.execute("PRAGMA table_info(messages)")}
        assert {"room", "seq", "text"} <= columns, columns
        key = "id" if "id" in columns else "_id"
        rows = database.execute(f"SELECT room, seq, {key}, text FROM messages ORDER BY seq").fetchall()
        deleted = set()
        for column in ("deleted", "deleted_at"):
            if column in columns:
                deleted = {hex_of(r[0]) for r in database.execute(f"SELECT {key} FROM messages WHERE {column} IS NOT NULL AND {column} <> 0")}
    finally:
        database.close()
    return {hex_of(id_): (seq, None if hex_of(id_) in deleted or not text else text)
            for row_room, seq, id_, text in rows if hex_of(row_room) == room}


def hex_of(value) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def test_a_long_talk(new_server):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}, {SECONDS} s")
    server = new_server()
    rooms = [server.admin.make_room(name) for name in ROOMS]
    speech = list(languages().values())
    talkers: list[Talker] = []
    for i in range(PEOPLE + BOTS):
        is_bot = i >= PEOPLE
        person = server.register("bot" if is_bot else "person")
        if is_bot:  # on a token of its own
            person.token = expect(person.post("/api/tokens", {"name": "the bot's"}), 201)["value"]
            person.http.headers["X-Auth-Token"] = person.token
        own_rooms = rooms if is_bot or i % 4 == 0 else [rooms[i % 4], rooms[(i + 1) % 4], rooms[0]]
        own_rooms = list(dict.fromkeys(own_rooms))
        for room in own_rooms:
            person.join(room)
        # Bots talk fast and by every carrier; people take their time.
        talkers.append(Talker(person, own_rooms, CARRIERS[i % 3], speech[i % 4], 0.05 if is_bot else 0.25, seed + i))
    starts = {room: server.admin.room(room)["last_seq"] for room in rooms}

    stop = threading.Event()
    for talker in talkers:
        talker.start(stop)
    stop.wait(SECONDS)
    stop.set()
    for talker in talkers:
        talker.thread.join(timeout=30)
        assert not talker.thread.is_alive() and talker.trouble is None, f"{talker.client.name}: {talker.trouble!r}"
    finals = {room: server.admin.room(room)["last_seq"] for room in rooms}
    for talker in talkers:
        talker.finish(finals)

    sent = sum(t.sent for t in talkers)
    print(f"{sent} messages, {sum(t.breaks for t in talkers)} broken lines, entries: {finals}")
    assert sent > SECONDS * 30, "that was no conversation"
    assert any(t.breaks for t in talkers)
    logs = {room: server.admin.all_entries(room) for room in rooms}
    pages = {room: server.admin.all_messages(room) for room in rooms}
    server.stop()

    for room in rooms:
        log = logs[room]
        assert [e["seq"] for e in log] == list(range(1, finals[room] + 1)), "dense"
        truth = standing(log)
        # The pages of the API.
        assert [m["seq"] for m in pages[room]] == sorted(m["seq"] for m in pages[room])
        shown = {oid(m["_id"]): (m["seq"], None if m["deleted"] else m["text"]) for m in pages[room]}
        assert len(shown) == len(pages[room]), "once"
        alive = {k: v for k, v in truth.items() if v[1] is not None}
        assert {k: v for k, v in shown.items() if v[1] is not None} == alive
        # The store.
        assert {k: v for k, v in stored(server.data, room).items() if v[1] is not None} == alive
        # What each of them saw.
        talk = [e for e in log if e["seq"] > starts[room]]
        for talker in talkers:
            if room not in talker.rooms:
                assert room not in fold(talker.events), "not his room"
                continue
            who = f"{talker.client.name} by {talker.carrier.__name__}, {talker.breaks} breaks"
            kept = [e for e in fold(talker.events)[room] if e["seq"] > starts[room]]
            assert [entry_key(e) for e in kept] == [entry_key(e) for e in talk], who
            assert standing(kept) == standing(talk), who
    # What each of them said and did not take back stands as he left it, once.
    everything = {k: v[1] for room in rooms for k, v in standing(logs[room]).items()}
    for talker in talkers:
        for message, text in talker.own:
            assert everything[message] == text
    assert sum(len([e for e in logs[room] if e["type"] == "message"]) for room in rooms) == sent
