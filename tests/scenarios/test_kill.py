"""kill -9 at random moments, on one data folder, under 64 writers who do all that changes something, and readers.

After each kill: what was acknowledged is there, once, as it was told; what was refused is not; what nobody was told of is
there at most once, and its retry finds it. `--rounds 1000` for a long run; `--seed` throws the same dice again (the
moments at which requests meet are the machine's).
"""

import asyncio
import random
import time
from collections import defaultdict
from pathlib import Path

from harness import recount
from harness.client import oid
from harness.crowd import Follower, PageReader, SocketWriter, Writer, log_of, members_of
from harness.ledger import Ledger, Person, Room, print_of
from harness.lines import Gone, Line
from harness.server import Server

WRITERS, READERS = 64, 6
PATIENCE_S = 1800  # whoever measures on this machine may stop a long run for minutes


class Desk:
    """Where one person asks after a restart: again, until there is an answer."""

    def __init__(self, server: Server, person: Person):
        self.server, self.person = server, person
        self.lines: dict[str, Line] = {}
        self.turn = asyncio.Lock()

    async def ask(self, method: str, path: str, body=None, headers: str = "", anonymous: bool = False) -> tuple[int, object]:
        token = "" if anonymous else self.person.token
        while True:
            try:
                async with self.turn:
                    if token not in self.lines:
                        self.lines[token] = await Line.open(self.server.port, token)
                    return await self.lines[token].call(method, path, body, headers)
            except Gone:
                self.lines.pop(token, None)
                assert self.server.alive, f"the server has ended:\n{self.server.log_text()[-4000:]}"
                await asyncio.sleep(0.01)

    async def get(self, path: str):
        status, body = await self.ask("GET", path)
        assert status == 200, (self.person.name, path, status, body)
        return body

    async def post(self, path: str, body: dict):
        status, answer = await self.ask("POST", path, body)
        assert status in (200, 201), (self.person.name, path, status, answer)
        return answer

    def close(self) -> None:
        for line in self.lines.values():
            line.close()


class Rounds:
    def __init__(self, server: Server, scratch: Path, rounds: int, seed: int):
        self.server, self.scratch, self.rounds, self.seed = server, scratch, rounds, seed
        self.era = 10 if rounds <= 100 else 50  # then new rooms, and the old ones are deleted, but for one that is kept
        self.recount_every = 5 if rounds <= 100 else 25
        self.ledger = Ledger()
        self.desks: dict[str, Desk] = {}
        self.followers: list[Follower] = []
        self.killed_starting = 0

    async def play(self) -> None:
        await self.register()
        for number in range(self.rounds):
            dice = random.Random(f"{self.seed} {number}")
            try:
                if number % self.era == 0:
                    await self.furnish()
                    await self.settle(dice)
                await self.play_one(number, dice)
                if (number + 1) % self.era == 0 or number + 1 == self.rounds:
                    await self.check_everything()
            except BaseException:
                print(f"round {number} failed; --seed {self.seed} --rounds {number + 1} throws the same dice")
                raise

    async def register(self) -> None:
        async def one(number: int) -> Person:
            line = await Line.open(self.server.port)
            name = f"{'w' if number < WRITERS else 'r'}{number:02}"
            status, body = await line.call("POST", "/api/register", {
                "username": name, "email": f"{name}@example.com", "password1": "correct horse", "password2": "correct horse"})
            assert status == 201, body
            line.close()
            return Person(name, oid(body["user"]["_id"]), body["token"])
        people = [await one(number) for number in range(WRITERS + READERS)]
        self.ledger.people = {person.name: person for person in people}
        self.writers, self.ledger.readers = people[:WRITERS], people[WRITERS:]
        self.followers = [Follower(person) for person in self.ledger.readers[:READERS // 2]]
        self.desks = {person.name: Desk(self.server, person) for person in people}

    def desk(self, person: Person) -> Desk:
        return self.desks[person.name]

    async def make_room(self, kind: str, owner: Person, **settings) -> Room:
        body = await self.desk(owner).post("/api/rooms", {"name": owner.words()} | settings)
        room = Room(oid(body["_id"]), kind, owner, roles={owner.name: "owner"})
        room.expect("room", "created", "")
        room.expect("member", "join", owner.name, "owner")
        self.ledger.rooms[room.id] = room
        return room

    async def join(self, room: Room, person: Person, inviter: Person | None = None) -> None:
        body = {"room": room.id} | ({"user": person.id} if inviter else {})
        answer = await self.desk(inviter or person).post("/api/members", body)
        room.roles[person.name], room.member_ids[person.name] = "member", oid(answer["_id"])
        room.expect("member", "join", person.name, "member")

    async def furnish(self) -> None:
        """Halls, where all are; lobbies, which they join and leave; and for each a den of his own, with his friend."""
        host = self.writers[0]
        halls = [await self.make_room("hall", host) for _ in range(3)]
        for _ in range(2):
            await self.make_room("lobby", host)
        others = [person for person in self.ledger.people.values() if person is not host]
        await asyncio.gather(*(self.join(hall, person) for person in others for hall in halls[:1]))
        await asyncio.gather(*(self.join(hall, person) for person in others for hall in halls[1:2]))
        await asyncio.gather(*(self.join(hall, person) for person in others for hall in halls[2:]))

        async def den(number: int, owner: Person) -> None:
            room = await self.make_room("den", owner, is_open=False, is_visible=False)
            await self.join(room, self.writers[number ^ 1], owner)
        await asyncio.gather(*(den(*each) for each in enumerate(self.writers)))

    # One round

    async def play_one(self, number: int, dice: random.Random) -> None:
        crowd = [self.writer(i, dice) for i in range(WRITERS)] + self.followers
        crowd += [PageReader(person, self.ledger, random.Random(dice.random())) for person in self.ledger.readers[READERS // 2:]]
        tasks = [asyncio.create_task(each.run(self.server.port)) for each in crowd]
        await asyncio.sleep(dice.uniform(0.02, 0.8))
        await self.end()
        await asyncio.gather(*tasks)
        if dice.random() < 0.1:
            self.check_command_line()  # without a server, on what the kill has left
        if (number + 1) % self.recount_every == 0:
            recount.check(self.server.data, self.scratch)
        self.start(dice)
        if dice.random() < 0.1:
            self.check_command_line()  # through the socket of the new one
        await self.settle(dice)

    async def end(self) -> None:
        self.server.kill()
        assert (self.server.data / "makechat.sock").exists(), "what a killed server leaves behind"

    def writer(self, number: int, dice: random.Random) -> Writer:
        kind = SocketWriter if number % 4 == 3 else Writer
        return kind(self.writers[number], self.writers[number ^ 1], self.ledger, random.Random(dice.random()))

    def start(self, dice: random.Random) -> None:
        """Some die while they recover."""
        for desk in self.desks.values():
            desk.close()
        while dice.random() < 0.25:
            self.server.launch()
            time.sleep(dice.uniform(0, 0.1))
            self.server.kill()
            self.killed_starting += 1
        self.server.start(timeout=PATIENCE_S)

    def check_command_line(self) -> None:
        listed = self.server.run("user", "list")
        assert all(name in listed for name in self.ledger.people), listed

    async def settle(self, dice: random.Random) -> None:
        await self.find_out()
        rows = await self.standings(self.writers + dice.sample(self.ledger.readers, 2))
        rooms = [room for room in self.ledger.rooms.values() if not room.deleted and room not in self.ledger.doomed]
        await asyncio.gather(*(self.check_room(room, rows[room.owner.name][room.id]["last_seq"]) for room in rooms))
        for name, found in rows.items():
            self.check_standings(self.ledger.people[name], found, rooms)
        await self.check_deleted()
        await self.check_credentials(dice)
        await self.check_followers(dice)

    async def find_out(self) -> None:
        questions = defaultdict(list)
        for person, done, find_out in self.ledger.questions:
            questions[person.name].append((done, find_out))
        self.ledger.unknown += len(self.ledger.questions)
        self.ledger.questions = []

        async def one(name: str) -> None:
            for done, find_out in questions[name]:
                body = await find_out(self.desks[name].ask)
                if body is not None:
                    self.ledger.happened += 1
                    done(body)
        await asyncio.gather(*(one(name) for name in questions))

    async def standings(self, people: list[Person]) -> dict[str, dict[str, dict]]:
        async def one(person: Person) -> tuple:
            return person.name, {oid(row["room"]): row for row in await self.desk(person).get("/api/unread")}
        return dict(await asyncio.gather(*(one(person) for person in people)))

    def check_standings(self, person: Person, found: dict[str, dict], rooms: list[Room]) -> None:
        for room in rooms:
            if room.kind != "direct" and person.name not in room.roles:
                assert room.id not in found, f"{person.name} is not in {room}"
            elif room.kind != "direct" or room.id in found:
                wanted = {"room": {"$oid": room.id}} | room.standing(person)
                assert found[room.id] == wanted, f"{person.name} in {room}: {found[room.id]}, wanted {wanted}"

    async def check_room(self, room: Room, head: int) -> None:
        desk = self.desk(room.owner)
        if head == room.checked and room.settled():
            room.shown = {}
            return
        entries = await log_of(desk.ask, room.id, room.checked)
        room.check_new(entries, self.ledger.people)
        assert head == room.checked, f"last_seq of {room} is {head}, its log has {room.checked}"
        kinds = {key[0] for key in room.shown.values()}
        if "member" in kinds and room.kind != "direct":
            shown = {name: member["role"] for name, member in (await members_of(desk.ask, room)).items()}
            assert shown == room.roles, f"members of {room}: {shown}, wanted {room.roles}"
        if "room" in kinds:
            assert (await desk.get(f"/api/rooms/{room.id}"))["topic"] == room.topic

    async def check_deleted(self) -> None:
        gone = [room for room in self.ledger.rooms.values() if room.deleted]
        for room in gone:
            status, _ = await self.desk(room.owner).ask("GET", f"/api/rooms/{room.id}")
            assert status == 404, f"{room} was deleted"
            del self.ledger.rooms[room.id]

    async def check_credentials(self, dice: random.Random) -> None:
        ledger, desk = self.ledger, self.desk(self.writers[0])
        for values in (ledger.revoked, ledger.ended):  # the newest, and some of old
            form = "X-Auth-Token: {}\r\n" if values is ledger.revoked else "Cookie: {}\r\n"
            for value in values[-50:] + dice.sample(values[:-50], min(10, len(values[:-50]))):
                status, _ = await desk.ask("GET", "/api/ping", None, form.format(value), anonymous=True)
                assert status == 401, f"revoked: {value}"
        for person in dice.sample(self.writers, 10):
            tokens = await self.desk(person).get("/api/tokens")
            assert {oid(t["_id"]) for t in tokens if t["name"] != "sign-up"} == set(person.tokens), person.name
            assert (await self.desk(person).get("/api/users/me"))["display_name"] == person.display_name
            living = [f"X-Auth-Token: {value}\r\n" for value in person.tokens.values() if value][:2]
            living += [f"Cookie: {person.session}\r\n"] if person.session else []
            for header in living:
                status, body = await desk.ask("GET", "/api/ping", None, header, anonymous=True)
                assert status == 200 and body["username"] == person.name, (person.name, header, status, body)

    async def check_followers(self, dice: random.Random) -> None:
        halls = {room.id: room for room in self.ledger.rooms_of("hall")}
        for follower in self.followers:
            await follower.catch_up(self.server.port, {room.id: room.checked for room in halls.values()}, dice)
            for room, seq, key in follower.seen:
                assert room not in halls or halls[room].shown.get(seq) == key, f"{follower.person.name} saw {seq} {key} in {room}"
            follower.seen.clear()

    # Now and then

    async def check_everything(self) -> None:
        for room in self.ledger.rooms.values():
            if room not in self.ledger.doomed:
                room.check_all(await log_of(self.desk(room.owner).ask, room.id))
        for id, (reader, known) in self.ledger.kept.items():
            assert print_of(await log_of(self.desk(reader).ask, id)) == known, f"the kept room {id} has changed"
        keep, *_ = self.ledger.rooms_of("hall")
        self.ledger.kept[keep.id] = keep.owner, print_of(await log_of(self.desk(keep.owner).ask, keep.id))
        del self.ledger.rooms[keep.id]
        for kind in ("hall", "lobby", "den"):
            self.ledger.doomed += [room for room in self.ledger.rooms_of(kind) if room not in self.ledger.doomed]
        for room in self.ledger.doomed:
            room.kind = "doomed"
        for person in self.ledger.people.values():
            person.own = []


def test_kill_9_at_random_moments_loses_nothing(new_server, tmp_path, request):
    rounds = request.config.getoption("--rounds")
    seed = request.config.getoption("--seed")
    if seed is None:
        seed = random.SystemRandom().randrange(10**6)
    server = new_server({"rooms_created_by": "everyone", "log_level": "warning"})
    game = Rounds(server, tmp_path, rounds, seed)
    began = time.monotonic()
    asyncio.run(game.play())
    ledger = game.ledger
    print(f"\n{rounds} rounds with seed {seed} in {time.monotonic() - began:.0f} s, {game.killed_starting} more kills while"
          f" starting: {ledger.acknowledged} acknowledged, {ledger.unknown} without an answer, of which {ledger.happened} done")
