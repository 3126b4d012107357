"""The same thing at the same moment: one wins, the others are told so, and the rules hold."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.client import expect, oid
from harness.live import Live, message

SETTINGS = {"rooms_created_by": "everyone"}
CROWD = 16


def at_once(acts: list) -> list:
    """Runs all from behind one barrier; gives their answers in order."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def warm(*clients) -> None:
    """An open connection each, so that the race is not won at connecting."""
    for client in clients:
        expect(client.get("/api/ping"), (200, 401))


def test_one_room_name(server, make_user):
    people = [make_user("p") for _ in range(CROWD)]
    for round_ in range(3):
        name = f"everybody wants it {round_}"
        warm(*people)
        answers = at_once([lambda p=p: p.post("/api/rooms", {"name": name}) for p in people])
        assert sorted(a.status_code for a in answers) == [201] + [409] * (CROWD - 1)
        assert len([r for r in expect(server.admin.get("/api/rooms"), 200) if r["name"] == name]) == 1
        for answer in answers:
            if answer.status_code == 409:
                expect(answer, 409, "Already exists")


def test_one_user_name_in_any_case(server):
    name = "wantedbyall"
    spellings = [name[:i].upper() + name[i:] for i in range(len(name))] + [name.upper()] * CROWD
    strangers = [server.client() for _ in range(CROWD)]
    warm(*strangers)
    answers = at_once([lambda c=c, n=n, i=i: c.post("/api/register", {
        "username": n, "email": f"racer{i}@example.com", "password1": "correct horse", "password2": "correct horse"})
        for i, (c, n) in enumerate(zip(strangers, spellings))])
    assert sorted(a.status_code for a in answers) == [201] + [400] * (CROWD - 1)
    for answer in answers:
        if answer.status_code == 400:
            expect(answer, 400, "Bad username", "Username is already taken.")
    assert len(expect(server.admin.get("/api/users", query=name), 200)) == 1


def test_one_address(server):
    strangers = [server.client() for _ in range(CROWD)]
    warm(*strangers)
    answers = at_once([lambda c=c, i=i: c.post("/api/register", {
        "username": f"sameaddress{i}", "email": "same@example.com", "password1": "correct horse", "password2": "correct horse"})
        for i, c in enumerate(strangers)])
    assert sorted(a.status_code for a in answers) == [201] + [400] * (CROWD - 1)


def test_one_direct_room(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    warm(anna, boris)
    answers = at_once([lambda a=a, b=b: a.post("/api/rooms", {"kind": "direct", "users": [b.id]})
                       for a, b in [(anna, boris), (boris, anna)] * 8])
    assert sorted(a.status_code for a in answers) == [200] * 15 + [201]
    assert len({oid(a.json()["_id"]) for a in answers}) == 1


def test_one_nonce(make_user):
    anna = make_user("anna")
    room = anna.make_room()
    warm(anna)
    answers = at_once([lambda: anna.post("/api/messages", {"room": room, "text": "once", "nonce": "n"})] * CROWD)
    assert sorted(a.status_code for a in answers) == [200] * (CROWD - 1) + [201]
    assert len({oid(a.json()["_id"]) for a in answers}) == 1 == len(anna.messages(room))


def test_one_join(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    answers = at_once([lambda: boris.post("/api/members", {"room": room})] * CROWD)
    assert sorted(a.status_code for a in answers) == [200] * (CROWD - 1) + [201]
    assert [e["username"] for e in anna.all_entries(room) if e["type"] == "member" and e["username"] == boris.name] == [boris.name]


def test_two_last_owners_leave(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    for _ in range(10):
        room = anna.make_room()
        anna.add(room, boris, "owner")
        paths = {p: anna.member_path(room, p) for p in (anna, boris)}
        answers = at_once([lambda p=p: p.delete(paths[p]) for p in (anna, boris)])
        statuses = sorted(a.status_code for a in answers)
        assert statuses[0] in (200, 204) and statuses[1] == 409, statuses
        stayed = anna if answers[0].status_code == 409 else boris
        assert [m["role"] for m in stayed.members(room).values()] == ["owner"]


def test_two_owners_demote_each_other(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    for _ in range(10):
        room = anna.make_room()
        anna.add(room, boris, "owner")
        paths = {p: anna.member_path(room, p) for p in (anna, boris)}
        answers = at_once([lambda: anna.patch(paths[boris], {"role": "member"}), lambda: boris.patch(paths[anna], {"role": "member"})])
        statuses = sorted(a.status_code for a in answers)
        assert statuses[0] == 200 and statuses[1] in (403, 409), statuses
        assert sorted(m["role"] for m in anna.members(room).values()) == ["member", "owner"]


def test_two_last_admins_unmake_each_other(new_server):
    server = new_server()
    boss, deputy = server.admin, server.register("deputy")
    for _ in range(5):
        expect(boss.patch(f"/api/users/{deputy.id}", {"is_superuser": True}), 200)
        answers = at_once([lambda: boss.patch(f"/api/users/{deputy.id}", {"is_superuser": False}),
                           lambda: deputy.patch(f"/api/users/{boss.id}", {"is_superuser": False})])
        statuses = sorted(a.status_code for a in answers)
        assert statuses[0] == 200 and statuses[1] in (403, 409), statuses
        if answers[0].status_code != 200:
            boss, deputy = deputy, boss


@pytest.mark.parametrize("carrier", ["http", "socket"])
def test_posting_to_a_room_one_is_being_removed_from(make_user, carrier):
    """What was acknowledged is in the log, before the removal; after the removal nothing more is."""
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    acknowledged: list[int] = []
    refused: list = []
    flowing = threading.Event()
    live = Live(boris) if carrier == "socket" else None

    def post(i: int):
        if live:
            live.send(op="send", room=room, text=f"m{i}", nonce=str(i))
            answer = live.expect(lambda e: e["type"] in ("ack", "error") and e.get("nonce") == str(i))
            return answer["seq"] if answer["type"] == "ack" else answer
        answer = boris.post("/api/messages", {"room": room, "text": f"m{i}"})
        return answer.json()["seq"] if answer.status_code == 201 else answer.json()

    def talk():
        for i in range(100000):
            result = post(i)
            if not isinstance(result, int):
                refused.append(result)
                return
            acknowledged.append(result)
            if i == 20:
                flowing.set()

    talker = threading.Thread(target=talk, daemon=True)
    talker.start()
    assert flowing.wait(timeout=20)
    anna.remove(room, boris)
    talker.join(timeout=10)
    assert refused and "You are not a member of this room." in str(refused[0])
    entries = anna.all_entries(room)
    leave = [e["seq"] for e in entries if e["type"] == "member" and e["action"] == "leave"]
    assert len(leave) == 1
    assert [e["seq"] for e in entries if e["type"] == "message"] == acknowledged
    assert max(acknowledged) < leave[0]
    expect(boris.post("/api/messages", {"room": room, "text": "late"}), 403)
    if live:
        live.cut()


def test_many_writers_in_one_room(make_user):
    """The order that everybody sees is the order of the log."""
    owner = make_user("owner")
    room = owner.make_room()
    writers = [make_user("w") for _ in range(8)]
    for writer in writers:
        writer.join(room)
    with Live(owner) as live:
        live.expect("hello")
        said = at_once([lambda w=w: [w.say(room, f"{w.name} {i}")["seq"] for i in range(40)] for w in writers])
        owner.say(room, "the end")
        live.expect(message(room, "the end"))
        told = [(e["seq"], e["message"]["text"]) for e in live.of_room(room) if e["type"] == "message"]
    listed = [(m["seq"], m["text"]) for m in owner.all_messages(room)]
    assert told == listed and len(listed) == 8 * 40 + 1
    assert sorted(seq for seqs in said for seq in seqs) == [seq for seq, _ in listed[:-1]]
    assert all(seqs == sorted(seqs) for seqs in said), "each one's own order holds"
