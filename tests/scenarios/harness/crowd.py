"""The people of the kill rounds: writers who do all that changes something, readers who page, followers who watch. Each is
one task that ends when the server does."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote

from harness.client import oid
from harness.ledger import Ledger, Message, Person, Room, key_of
from harness.lines import Gone, Line, Socket

Ask = Callable[..., Awaitable[tuple[int, object]]]  # asks as one person, and again until there is an answer
LONG = " " + "x" * 7000  # some texts fill several pages of the database


def member_path(room: Room, member: str) -> str:
    return f"/api/members/{member}?room={room.id}"


class Writer:
    """One at a time: what he was told is in the ledger, what he was not told is a question to be asked after the restart."""

    def __init__(self, person: Person, friend: Person, ledger: Ledger, dice: random.Random):
        self.person, self.friend, self.ledger, self.dice = person, friend, ledger, dice
        self.line: Line | None = None
        self.moves = {
            self.say: 40, self.edit: 12, self.delete: 5, self.join_or_leave: 10, self.set_role: 5, self.set_topic: 4,
            self.read: 8, self.set_level: 2, self.set_name: 2, self.make_token: 3, self.revoke_token: 3, self.make_room: 3,
            self.delete_room: 3, self.say_to_friend: 3, self.sign_in_or_out: 1,
        }

    async def run(self, port: int) -> None:
        self.port = port
        try:
            self.line = await Line.open(port, self.person.token)
            while True:
                move, = self.dice.choices(list(self.moves), self.moves.values())
                await move()
        except Gone:
            pass

    async def change(self, request: tuple, done: Callable, find_out: Callable, refusal: int = 0, line: Line | None = None) -> None:
        """`done(body)` notes what an acknowledged request has changed; `find_out(ask)` gives that body, or None where the
        request was not carried out."""
        try:
            status, body = await (line or self.line).call(*request)
            if status == 503 and self.ledger.stopping:
                raise Gone
        except Gone:
            self.ledger.questions.append((self.person, done, find_out))
            raise
        assert status in (200, 201, refusal), f"{self.person.name}: {request}: {status} {body}"
        if status != refusal:
            self.ledger.acknowledged += 1
            done(body)

    def mine(self, kind: str) -> Room:
        return next(r for r in self.ledger.rooms_of(kind) if r.owner is self.person)

    # Messages

    def where(self) -> Room:
        halls, lobbies = self.ledger.rooms_of("hall"), self.ledger.rooms_of("lobby")
        inside = [room for room in lobbies if self.person.name in room.roles]
        dens = [room for room in self.ledger.rooms_of("den") if self.person.name in room.roles]
        return self.dice.choice(self.dice.choices([halls, inside or halls, dens], [6, 2, 2])[0])

    def compose(self, room: Room) -> tuple[dict, Callable]:
        text, mentioned = self.person.words(), None
        nonce = text
        if room.kind == "hall" and self.dice.random() < 0.3:
            mentioned = self.dice.choice([self.friend, *self.ledger.readers])
            text += f" @{mentioned.name}"
        if self.dice.random() < 0.03:
            text += LONG

        def done(body):
            message = Message(room, oid(body["_id"]), body["seq"], self.person, text, mentioned)
            room.add(message)
            self.person.own = [*self.person.own[-9:], message]
        return {"room": room.id, "text": text, "nonce": nonce}, done

    async def say(self) -> None:
        room = self.where()
        body, done = self.compose(room)
        # A guest is refused; while his role is being changed, who knows.
        refusal = 403 if room.kind == "den" and room.owner is not self.person else 0
        await self.change(("POST", "/api/messages", body), done, partial(said, room, body, refusal), refusal)

    async def edit(self) -> None:
        if not self.person.own:
            return
        message = self.dice.choice(self.person.own)
        text = self.person.words() + " edited"

        def done(_):
            message.text, message.mentioned = text, None
            message.edits += 1
            message.room.expect("edit", message.id)

        async def find_out(ask):
            _, body = await ask("GET", f"/api/messages/{message.id}")
            assert body["text"] in (message.text, text), body
            return body if body["text"] == text else None
        refusal = 403 if message.room.kind in ("den", "lobby") else 0  # he may be out, or a guest, by now
        await self.change(("PATCH", f"/api/messages/{message.id}", {"text": text}), done, find_out, refusal)

    async def delete(self) -> None:
        if len(self.person.own) < 5:
            return
        message = self.person.own.pop(self.dice.randrange(5))

        def done(_):
            message.deleted = True
            message.room.expect("delete", message.id)

        async def find_out(ask):
            _, body = await ask("GET", f"/api/messages/{message.id}")
            return body if body["deleted"] else None
        refusal = 403 if message.room.kind in ("den", "lobby") else 0
        await self.change(("DELETE", f"/api/messages/{message.id}"), done, find_out, refusal)

    async def say_to_friend(self) -> None:
        pair = frozenset([self.person.name, self.friend.name])

        def done(body):
            room = self.ledger.directs.get(pair)
            if room is None:
                room = self.ledger.directs[pair] = Room(oid(body["_id"]), "direct", self.person)
                room.expect("room", "created", "")
                for name in pair:
                    room.expect("member", "join", name, "member")
                self.ledger.rooms[room.id] = room
            assert room.id == oid(body["_id"]), f"two direct rooms of {pair}"
        request = ("POST", "/api/rooms", {"kind": "direct", "users": [self.friend.id]})
        await self.change(request, done, lambda ask: answer_of(ask, request))
        room = self.ledger.directs[pair]
        body, said_so = self.compose(room)
        await self.change(("POST", "/api/messages", body), said_so, partial(said, room, body, 0))

    # Rooms and members

    async def join_or_leave(self) -> None:
        room, name = self.dice.choice(self.ledger.rooms_of("lobby")), self.person.name
        if room.owner is self.person:
            return
        leaves = name in room.roles

        def done(body):
            if leaves:
                del room.roles[name]
                room.expect("member", "leave", name, "member")
            else:
                room.roles[name], room.member_ids[name] = "member", oid(body["_id"])
                room.expect("member", "join", name, "member")

        async def find_out(ask):
            found = (await members_of(ask, room)).get(name)
            return (found or {}) if (found is None) == leaves else None
        if leaves:
            await self.change(("DELETE", member_path(room, room.member_ids[name])), done, find_out)
        else:
            await self.change(("POST", "/api/members", {"room": room.id}), done, find_out)

    async def set_role(self) -> None:
        room, name = self.mine("den"), self.friend.name
        role = self.dice.choice([r for r in ("member", "guest", "admin") if r != room.roles[name]])

        def done(body):
            room.roles[name], room.member_ids[name] = role, oid(body["_id"])
            room.expect("member", "role", name, role)

        async def find_out(ask):
            found = (await members_of(ask, room))[name]
            return found if found["role"] == role else None
        await self.change(("PATCH", member_path(room, room.member_ids[name]), {"role": role}), done, find_out)

    async def set_topic(self) -> None:
        room, topic = self.mine("den"), self.person.words()

        def done(_):
            room.topic = topic
            room.expect("room", "changed", topic)

        async def find_out(ask):
            _, body = await ask("GET", f"/api/rooms/{room.id}")
            assert body["topic"] in (room.topic, topic), body
            return body if body["topic"] == topic else None
        await self.change(("PATCH", f"/api/rooms/{room.id}", {"topic": topic}), done, find_out)

    async def make_room(self) -> None:
        name = self.person.words()

        def done(body):
            room = Room(oid(body["_id"]), "spare", self.person, roles={self.person.name: "owner"})
            room.expect("room", "created", "")
            room.expect("member", "join", self.person.name, "owner")
            self.ledger.rooms[room.id] = room

        async def find_out(ask):
            _, rooms = await ask("GET", "/api/rooms?member=me")
            found = [room for room in rooms if room["name"] == name]
            assert len(found) <= 1, found
            return found[0] if found else None
        await self.change(("POST", "/api/rooms", {"name": name}), done, find_out)

    async def delete_room(self) -> None:
        """One of his small ones, or a large one whose time is over."""
        doomed = [room for room in self.ledger.doomed if room.owner is self.person]
        spare = [room for room in self.ledger.rooms_of("spare") if room.owner is self.person]
        if not doomed and len(spare) < 2:
            return
        room = (doomed or spare)[0]
        if doomed:
            self.ledger.doomed.remove(room)

        def done(_):
            room.deleted = True

        async def find_out(ask):
            status, _ = await ask("GET", f"/api/rooms/{room.id}")
            if status != 404 and doomed:
                self.ledger.doomed.append(room)
            return {} if status == 404 else None
        await self.change(("DELETE", f"/api/rooms/{room.id}"), done, find_out)

    # What concerns him alone

    async def read(self) -> None:
        room, person = self.dice.choice(self.ledger.rooms_of("hall")), self.person
        before = person.read.get(room.id, 0)
        back = self.dice.random() < 0.2
        seq = max(1, before - self.dice.randrange(50)) if back else max([before, *(m.seq for m in room.messages[-30:-20])])

        def done(_):
            person.read[room.id] = seq

        async def find_out(ask):
            read = (await standing_of(ask, room))["read_seq"]
            assert read in (before, seq), (before, seq, read)
            return {} if read == seq else None
        await self.change(("PUT", f"/api/rooms/{room.id}/read", {"seq": seq, "unread": back}), done, find_out)

    async def set_level(self) -> None:
        room, level = self.dice.choice(self.ledger.rooms_of("hall")), self.dice.choice(["all", "mentions", "none"])

        def done(_):
            self.person.level[room.id] = level

        async def find_out(ask):
            return {} if (await standing_of(ask, room))["level"] == level else None
        await self.change(("PUT", f"/api/rooms/{room.id}/notify", {"level": level}), done, find_out)

    async def set_name(self) -> None:
        name = self.person.words()

        def done(_):
            self.person.display_name = name

        async def find_out(ask):
            _, body = await ask("GET", "/api/users/me")
            assert body["display_name"] in (self.person.display_name, name), body
            return body if body["display_name"] == name else None
        await self.change(("PATCH", "/api/users/me", {"display_name": name}), done, find_out)

    async def make_token(self) -> None:
        if len(self.person.tokens) > 20:
            return await self.revoke_token()
        name = self.person.words()

        def done(body):
            self.person.tokens[oid(body["_id"])] = body.get("value", "")

        async def find_out(ask):
            _, tokens = await ask("GET", "/api/tokens")
            found = [token for token in tokens if token["name"] == name]
            assert len(found) <= 1, found
            return found[0] if found else None
        await self.change(("POST", "/api/tokens", {"name": name}), done, find_out)

    async def revoke_token(self) -> None:
        if not self.person.tokens:
            return
        id = self.dice.choice(list(self.person.tokens))

        def done(_):
            if value := self.person.tokens.pop(id):
                self.ledger.revoked.append(value)

        async def find_out(ask):
            _, tokens = await ask("GET", "/api/tokens")
            return {} if id not in [oid(token["_id"]) for token in tokens] else None
        await self.change(("DELETE", f"/api/tokens/{id}"), done, find_out)

    async def sign_in_or_out(self) -> None:
        if self.dice.random() < 0.7:  # each costs a hash
            return
        person, cookie = self.person, self.person.session
        if not cookie:
            request = ("POST", "/api/login", {"username": person.name, "password": "correct horse"})

            def came(_):
                person.session = (self.line.field("set-cookie") or "").split(";")[0]
            await self.change(request, came, nothing)  # a session that he was not told of is nobody's
            return

        def left(_):
            person.session = ""
            self.ledger.ended.append(cookie)

        async def find_out(ask):
            status, _ = await ask("GET", "/api/ping", None, f"Cookie: {cookie}\r\n", anonymous=True)
            return {} if status == 401 else None
        browser = await Line.open(self.port)
        await self.change(("GET", "/api/logout", None, f"Cookie: {cookie}\r\n"), left, find_out, line=browser)
        browser.close()


async def nothing(_) -> None:
    return None


async def answer_of(ask: Ask, request: tuple):
    status, body = await ask(*request)
    assert status in (200, 201), (request, status, body)
    return body


async def said(room: Room, body: dict, refusal: int, ask: Ask):
    """A retry by nonce, whether it had arrived or not; and once more, for that must change nothing. Who is a guest by now
    is refused: the log tells him."""
    first = await ask("POST", "/api/messages", body)
    if first[0] == refusal:
        entries = await log_of(ask, room.id, room.checked)
        found = [e["message"] for e in entries if e["type"] == "message" and e["message"]["text"] == body["text"]]
        assert len(found) <= 1, found
        return found[0] if found else None
    assert first[0] in (200, 201), (body, first)
    second = await ask("POST", "/api/messages", body)
    assert second[0] == 200 and second[1]["_id"] == first[1]["_id"] and second[1]["seq"] == first[1]["seq"], (first, second)
    return first[1]


async def log_of(ask: Ask, room: str, after: int = 0) -> list[dict]:
    entries: list[dict] = []
    while True:
        status, page = await ask("GET", f"/api/messages?room={room}&entries=all&after={after}&limit=200")
        assert status == 200, (room, status, page)
        entries += page
        if len(page) < 200:
            return entries
        after = page[-1]["seq"]


async def members_of(ask: Ask, room: Room) -> dict[str, dict]:
    status, members = await ask("GET", f"/api/members?room={room.id}&limit=1000")
    assert status == 200, (room, status, members)
    return {member["username"]: member for member in members}


async def standing_of(ask: Ask, room: Room) -> dict:
    _, rows = await ask("GET", "/api/unread")
    row, = [row for row in rows if oid(row["room"]) == room.id]
    return row


class SocketWriter(Writer):
    """Says things over a WebSocket, and keeps a few on the way."""

    async def run(self, port: int) -> None:
        waiting: dict[str, tuple[Room, dict, Callable]] = {}
        try:
            socket = await Socket.open(port, self.person.token)
            while True:
                while len(waiting) < 8:
                    room = self.dice.choice(self.ledger.rooms_of("hall"))
                    body, done = self.compose(room)
                    waiting[body["nonce"]] = room, body, done
                    socket.send({"op": "send"} | body)
                event = await socket.receive()
                if event["type"] == "ack":
                    self.ledger.acknowledged += 1
                    waiting.pop(event["nonce"])[-1](event)
                assert event["type"] != "error", event
        except Gone:
            self.ledger.questions += [(self.person, done, partial(said, room, body, 0)) for room, body, done in waiting.values()]


class Follower:
    """Watches all rooms that he is in, and returns with his cursor: what he keeps of it is each entry once, in its order."""

    def __init__(self, person: Person):
        self.person = person
        self.cursor: str | None = None
        self.last: dict[str, int] = {}  # by room
        self.seen: list[tuple[str, int, tuple]] = []  # since they were last compared with the log

    async def run(self, port: int) -> None:
        try:
            await self.watch(port, lambda: False)
        except Gone:
            pass

    async def watch(self, port: int, enough: Callable[[], bool]) -> None:
        socket = await Socket.open(port, self.person.token, self.cursor and quote(self.cursor))
        try:
            while not enough():
                event = await socket.receive()
                assert event["type"] not in ("resync", "error"), event
                if "seq" in event:
                    room, seq = oid(event["room"]), event["seq"]
                    if seq <= self.last.get(room, 0):
                        continue  # what comes while he catches up may come twice
                    assert seq == self.last.get(room, seq - 1) + 1, f"after {self.last[room]}: {event}"
                    self.last[room] = seq
                    self.seen.append((room, seq, key_of(event)))
                self.cursor = event.get("cursor", self.cursor)
        finally:
            socket.close()

    async def catch_up(self, port: int, heads: dict[str, int], dice: random.Random) -> None:
        """To the present end of these rooms, with some bad luck on the way. The first time there is nothing to catch up."""
        if self.cursor is None:
            self.last = dict(heads)
            return await self.watch(port, lambda: self.cursor is not None)

        def caught_up():
            return all(self.last.get(room, 0) >= head for room, head in heads.items())
        while not caught_up():
            try:
                await self.watch(port, lambda: caught_up() or dice.random() < 0.01)
            except Gone:  # whoever was stopped for minutes finds his connection closed
                await asyncio.sleep(0.01)


class PageReader:
    """Turns pages while others write: what a page shows is in order, and the log has no holes."""

    def __init__(self, person: Person, ledger: Ledger, dice: random.Random):
        self.person, self.ledger, self.dice = person, ledger, dice

    async def run(self, port: int) -> None:
        try:
            line = await Line.open(port, self.person.token)
            while True:
                room = self.dice.choice(self.ledger.rooms_of("hall"))
                middle = self.dice.randrange(room.checked + 1) + 1
                bound = self.dice.choice(["", f"&before={middle}", f"&after={middle}", f"&around={middle}"])
                entries = self.dice.choice(["", "&entries=all"])
                status, page = await line.call("GET", f"/api/messages?room={room.id}&limit=100{bound}{entries}")
                assert status == 200, page
                seqs = [entry["seq"] for entry in page]
                assert seqs == sorted(set(seqs)), seqs
                assert not entries or not seqs or seqs == list(range(seqs[0], seqs[-1] + 1)), seqs
                status, rows = await line.call("GET", "/api/unread")
                assert status == 200 and all(row["read_seq"] <= row["last_seq"] for row in rows), rows
        except Gone:
            pass
