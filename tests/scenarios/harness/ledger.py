"""What people have been told, and what a chat that keeps its word must therefore show: the model of the kill rounds."""

import hashlib
import json
from bisect import bisect, insort
from collections import Counter
from dataclasses import dataclass, field

from harness.client import oid


@dataclass(eq=False, repr=False)
class Person:
    name: str
    id: str
    token: str
    display_name: str = ""
    read: dict[str, int] = field(default_factory=dict)  # by room
    level: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # id: value; "" where the answer was lost
    session: str = ""
    own: list["Message"] = field(default_factory=list)  # some that he may still change
    count: int = 0

    def __repr__(self) -> str:  # each of these reaches all others
        return self.name

    def words(self) -> str:
        """Never the same twice."""
        self.count += 1
        return f"{self.name} {self.count}"


@dataclass(eq=False, repr=False)
class Message:
    room: "Room"
    id: str
    seq: int
    sender: Person
    text: str
    mentioned: Person | None = None
    edits: int = 0
    deleted: bool = False

    def __repr__(self) -> str:
        return f"message {self.seq} in {self.room}"

    def agrees(self, shown: dict) -> None:
        assert oid(shown["_id"]) == self.id and shown["seq"] == self.seq and oid(shown["sender"]) == self.sender.id, shown
        assert shown["text"] == ("" if self.deleted else self.text), f"wanted {self.text[:200]!r}: {shown}"
        assert (shown["deleted"] is not None) == self.deleted, shown
        assert self.deleted or (shown["edited"] is not None) == (self.edits > 0), shown
        mentioned = [self.mentioned.id] if self.mentioned and not self.deleted else []
        assert [oid(m) for m in shown["mentions"]] == mentioned, shown


def key_of(event: dict) -> tuple:
    """What an entry is, whether it is read live, replayed or from the log."""
    kind = event["type"]
    if kind in ("message", "edit"):
        return kind, oid(event["message"]["_id"])
    if kind == "delete":
        return kind, oid(event["_id"])
    if kind == "member":
        return kind, event["action"], event["username"], event["role"]
    return kind, event["action"], event["state"]["topic"]


@dataclass(eq=False, repr=False)
class Room:
    id: str
    kind: str  # hall, lobby, den, spare, direct
    owner: Person
    topic: str = ""
    roles: dict[str, str] = field(default_factory=dict)  # by name
    member_ids: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    by_id: dict[str, Message] = field(default_factory=dict)
    deleted: bool = False
    checked: int = 0  # the log up to here is as it must be
    digest: object = field(default_factory=hashlib.sha256)  # of its keys
    at: dict[int, tuple] = field(default_factory=dict)  # what was acknowledged with its seq, since `checked`
    told: Counter = field(default_factory=Counter)  # and without
    shown: dict[int, tuple] = field(default_factory=dict)  # what the log says of the last round

    def __repr__(self) -> str:
        return f"{self.kind} {self.id}"

    def expect(self, *key, seq: int | None = None) -> None:
        if seq is None:
            self.told[key] += 1
            return
        assert self.at.setdefault(seq, key) == key, f"two things were acknowledged with seq {seq}: {self.at[seq]}, {key}"

    def add(self, message: Message) -> None:
        insort(self.messages, message, key=lambda m: m.seq)
        self.by_id[message.id] = message
        self.expect("message", message.id, seq=message.seq)
        sender = message.sender
        sender.read[self.id] = max(sender.read.get(self.id, 0), message.seq)

    def settled(self) -> bool:
        return not self.at and not self.told

    def check_new(self, entries: list[dict], people: dict[str, Person]) -> None:
        """What has been appended since the last time is what people were told, all of it and no more."""
        self.shown = {}
        unexplained, missing = [], dict(self.at)
        told = Counter(self.told)
        for number, entry in enumerate(entries, self.checked + 1):
            assert entry["seq"] == number, f"{self}: not dense at {number}: {entry}"
            key = key_of(entry)
            self.shown[number] = key
            self.digest.update(repr((number, key)).encode())
            if missing.get(number) == key:
                del missing[number]
            elif told[key] > 0:
                told[key] -= 1
            else:
                unexplained.append(entry)
            if key[:2] == ("member", "join"):
                people[key[2]].read[self.id] = max(people[key[2]].read.get(self.id, 0), number)
            if entry["type"] in ("message", "edit") and oid(entry["message"]["_id"]) in self.by_id:
                self.by_id[oid(entry["message"]["_id"])].agrees(entry["message"])
        left = {key: count for key, count in told.items() if count}
        assert not unexplained, f"{self}: nobody was told of {unexplained[:5]}; not there: {missing}, {left}"
        assert not missing and not left, f"{self}: acknowledged and not there: {missing}, {left}"
        self.checked += len(entries)
        self.at, self.told = {}, Counter()

    def check_all(self, entries: list[dict]) -> None:
        """Nothing of what was found right before has changed, but for what was changed."""
        digest = hashlib.sha256()
        posted = 0
        for number, entry in enumerate(entries, 1):
            assert entry["seq"] == number, entry
            digest.update(repr((number, key_of(entry))).encode())
            if entry["type"] == "message":
                self.by_id[oid(entry["message"]["_id"])].agrees(entry["message"])
                posted += 1
        assert (posted, len(entries)) == (len(self.messages), self.checked)
        assert digest.digest() == self.digest.digest(), f"the log of {self} has changed"

    def standing(self, person: Person) -> dict:
        """His row of /api/unread, counted from the messages."""
        read = person.read.get(self.id, 0)
        newer = [m for m in self.messages[bisect(self.messages, read, key=lambda m: m.seq):] if m.sender is not person]
        return {"last_seq": self.checked, "read_seq": read, "unread": len(newer),
                "mentions": sum(m.mentioned is person and not m.deleted for m in newer),
                "level": person.level.get(self.id, "all")}


def print_of(entries: list[dict]) -> bytes:
    """Of a room that nobody changes any more; cursors are made anew for each answer."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(json.dumps({k: v for k, v in entry.items() if k != "cursor"}).encode())
    return digest.digest()


class Ledger:
    def __init__(self):
        self.people: dict[str, Person] = {}  # by name
        self.readers: list[Person] = []
        self.rooms: dict[str, Room] = {}  # by id: those that people use
        self.directs: dict[frozenset, Room] = {}  # by names
        self.kept: dict[str, tuple[Person, bytes]] = {}  # a room that rests, who may read it, its print
        self.doomed: list[Room] = []  # to be deleted by their owners
        self.revoked: list[str] = []  # values that open nothing any more
        self.ended: list[str] = []  # sessions
        self.questions: list = []  # how to find out what became of a request without an answer
        self.stopping = False  # the server may say that it is not able to any more
        self.acknowledged = self.unknown = self.happened = 0

    def rooms_of(self, kind: str) -> list[Room]:
        return [room for room in self.rooms.values() if room.kind == kind and not room.deleted]
