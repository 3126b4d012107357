"""Members and rights: the whole table of who may do what, and how people come and go."""

import pytest

from harness.client import done, expect, oid

SETTINGS = {"rooms_created_by": "everyone"}
MEMBER_KEYS = {"_id", "role", "profile", "username", "display_name", "online"}
ROLES = ("owner", "admin", "member", "guest", "stranger", "superuser")


class Cast:
    """A room with one of each role, and what they may try on. The owner is never alone, so that nobody is the last."""

    def __init__(self, people, **options):
        self.people = people
        self.founder, self.target, self.newcomer = people["founder"], people["target"], people["newcomer"]
        self.room = self.founder.make_room(**options)
        for role in ("owner", "admin", "member", "guest"):
            self.founder.add(self.room, people[role], role)
        self.founder.add(self.room, self.target)  # whom things are done to
        self.message = oid(self.target.say(self.room, "the target's message")["_id"])

    def path_of(self, other) -> str:
        return self.founder.member_path(self.room, other)


@pytest.fixture(scope="module")
def people(module_server):
    names = (*(role for role in ROLES if role != "superuser"), "founder", "target", "newcomer")
    return {name: module_server.register(name) for name in names} | {"superuser": module_server.admin}


# Who may do what in an open, visible room. In the order of ROLES: the status of each.
RIGHTS = [
    ("sees the room", lambda c, p: p.get(f"/api/rooms/{c.room}"), (200, 200, 200, 200, 200, 200)),
    ("sees the members", lambda c, p: p.get("/api/members", room=c.room), (200, 200, 200, 200, 200, 200)),
    ("reads", lambda c, p: p.get("/api/messages", room=c.room), (200, 200, 200, 200, 200, 200)),
    ("reads one message", lambda c, p: p.get(f"/api/messages/{c.message}"), (200, 200, 200, 200, 200, 200)),
    ("writes", lambda c, p: p.post("/api/messages", {"room": c.room, "text": "hello"}), (201, 201, 201, 403, 403, None)),
    ("changes the topic", lambda c, p: p.patch(f"/api/rooms/{c.room}", {"topic": "new"}), (200, 200, 403, 403, 403, 200)),
    ("replaces the room", lambda c, p: p.put(f"/api/rooms/{c.room}", {"name": f"again {c.room}"}), (200, 200, 403, 403, 403, 200)),
    ("invites", lambda c, p: p.post("/api/members", {"room": c.room, "user": c.newcomer.id}), (201, 201, 403, 403, 403, 201)),
    ("makes a guest", lambda c, p: p.patch(c.path_of(c.target), {"role": "guest"}), (200, 200, 403, 403, 403, 200)),
    ("makes an owner", lambda c, p: p.patch(c.path_of(c.target), {"role": "owner"}), (200, 403, 403, 403, 403, 200)),
    ("invites an owner", lambda c, p: p.post("/api/members", {"room": c.room, "user": c.newcomer.id, "role": "owner"}),
     (201, 403, 403, 403, 403, 201)),
    ("demotes an owner", lambda c, p: p.patch(c.path_of(c.founder), {"role": "member"}), (200, 403, 403, 403, 403, 200)),
    ("removes a member", lambda c, p: p.delete(c.path_of(c.target)), (200, 200, 403, 403, 403, 200)),
    ("removes an owner", lambda c, p: p.delete(c.path_of(c.founder)), (200, 403, 403, 403, 403, 200)),
    ("edits another's message", lambda c, p: p.patch(f"/api/messages/{c.message}", {"text": "forged"}),
     (403, 403, 403, 403, 403, 403)),
    ("deletes another's message", lambda c, p: p.delete(f"/api/messages/{c.message}"), (200, 200, 403, 403, 403, 200)),
    ("deletes the room", lambda c, p: p.delete(f"/api/rooms/{c.room}"), (200, 403, 403, 403, 403, 200)),
]


@pytest.mark.parametrize("act,statuses", [r[1:] for r in RIGHTS], ids=[r[0] for r in RIGHTS])
def test_rights_in_an_open_room(server, people, act, statuses):
    """Refusals first, on one room, which they must not change; then each who may, in a room of his own."""
    table = dict(zip(ROLES, statuses, strict=True))
    refused = Cast(people)
    before = refused.founder.all_entries(refused.room)
    for role, status in table.items():
        if status == 403:
            expect(act(refused, refused.people[role]), 403, "Permission Denied")
    assert refused.founder.all_entries(refused.room) == before, "a refusal leaves no trace"
    reads_only = all(status == 200 for status in statuses)
    for role, status in table.items():
        if status in (200, 201):
            cast = refused if reads_only else Cast(people)
            answer = act(cast, cast.people[role])
            assert answer.is_success, f"{role}: {answer.status_code} {answer.text}"
            if status == 201:
                assert answer.status_code == 201, role


# A private room that is shown in the list, and an invisible one: stranger and superuser.
HIDDEN_RIGHTS = [
    ("private", "sees the room", lambda c, p: p.get(f"/api/rooms/{c.room}"), 200, 200),
    ("private", "reads", lambda c, p: p.get("/api/messages", room=c.room), 403, 403),
    ("private", "reads one message", lambda c, p: p.get(f"/api/messages/{c.message}"), (403, 404), (403, 404)),
    ("private", "writes", lambda c, p: p.post("/api/messages", {"room": c.room, "text": "hi"}), 403, 403),
    ("private", "joins", lambda c, p: p.post("/api/members", {"room": c.room}), 403, 201),
    ("private", "changes", lambda c, p: p.patch(f"/api/rooms/{c.room}", {"topic": "x"}), 403, 200),
    ("private", "ends it", lambda c, p: p.delete(f"/api/rooms/{c.room}"), 403, 200),
    ("invisible", "sees the room", lambda c, p: p.get(f"/api/rooms/{c.room}"), 404, 200),
    ("invisible", "reads", lambda c, p: p.get("/api/messages", room=c.room), 404, (403, 404)),
    ("invisible", "writes", lambda c, p: p.post("/api/messages", {"room": c.room, "text": "hi"}), 404, (403, 404)),
    ("invisible", "joins", lambda c, p: p.post("/api/members", {"room": c.room}), 404, 201),
    ("invisible", "changes", lambda c, p: p.patch(f"/api/rooms/{c.room}", {"topic": "x"}), 404, 200),
    ("invisible", "ends it", lambda c, p: p.delete(f"/api/rooms/{c.room}"), 404, 200),
]


@pytest.mark.parametrize("kind,act,stranger,superuser", [(r[0], *r[2:]) for r in HIDDEN_RIGHTS],
                         ids=[f"{r[0]} room: {r[1]}" for r in HIDDEN_RIGHTS])
def test_rights_of_outsiders_in_closed_rooms(server, people, kind, act, stranger, superuser):
    options = {"private": {"is_open": False}, "invisible": {"is_open": False, "is_visible": False}}[kind]
    cast = Cast(people, **options)
    expect(act(cast, cast.people["stranger"]), stranger)
    expect(act(cast, server.admin), superuser)


def test_refusals_say_which_right_is_missing(server, people):
    cast = Cast(people)
    text = {"room": cast.room, "text": "hello"}
    expect(people["guest"].post("/api/messages", text), 403, "Permission Denied", "Guests can only read.")
    expect(people["stranger"].post("/api/messages", text), 403, "Permission Denied", "You are not a member of this room.")
    expect(people["member"].patch(f"/api/rooms/{cast.room}", {"topic": "x"}), 403,
           "Permission Denied", "You are not owner of this room.")
    private = Cast(people, is_open=False)
    expect(people["stranger"].get("/api/messages", room=private.room), 403,
           "Permission Denied", "You are not a member of this room.")


def test_a_superuser_who_adds_himself_is_seen_by_all_members(server, make_user):
    anna = make_user("anna")
    room = anna.make_room(is_open=False)
    anna.say(room, "a private word")
    expect(server.admin.post("/api/members", {"room": room}), 201)
    assert [m["text"] for m in server.admin.messages(room)] == ["a private word"]
    joined = anna.all_entries(room)[-1]
    assert (joined["type"], joined["action"], joined["username"]) == ("member", "join", server.admin.name)


# Coming and going


def test_joining_an_open_room(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    joined = expect(boris.post("/api/members", {"room": room}), 201)
    again = expect(boris.post("/api/members", {"room": {"$oid": room}}), 200)
    assert oid(joined["_id"]) == oid(again["_id"])
    members = anna.members(room)
    assert members.keys() == {anna.name, boris.name}
    mine = members[boris.name]
    assert mine.keys() >= MEMBER_KEYS
    assert (mine["role"], oid(mine["profile"])) == ("member", boris.id)
    assert anna.room(room)["members_total"] == 2


@pytest.mark.parametrize("role", ["owner", "admin", "guest"])
def test_one_joins_as_member_whatever_one_asks_for(make_user, role):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.post("/api/members", {"room": room, "role": role})
    assert anna.members(room).get(boris.name, {"role": "member"})["role"] == "member"


def test_the_same_role_is_the_same_member_in_every_room(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    first, second, third = anna.make_room(), anna.make_room(), anna.make_room()
    boris.join(first)
    boris.join(second)
    anna.add(third, boris, "guest")
    ids = [oid(anna.members(room)[boris.name]["_id"]) for room in (first, second, third)]
    assert ids[0] == ids[1] != ids[2]
    changed = anna.set_role(first, boris, "guest")
    assert oid(changed["_id"]) == ids[2], "the answer carries the new member id"
    assert anna.members(first)[boris.name]["role"] == "guest"
    assert anna.members(second)[boris.name]["role"] == "member"


def test_who_was_removed_comes_back_only_by_an_owner(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    anna.remove(room, boris)
    assert boris.name not in anna.members(room)
    expect(boris.post("/api/members", {"room": room}), 403, "Permission Denied")
    expect(boris.post("/api/messages", {"room": room, "text": "still here?"}), 403, "Permission Denied")
    anna.add(room, boris)
    boris.say(room, "back again")
    boris.leave(room)
    boris.join(room)


def test_who_left_as_guest_comes_back_only_by_an_owner(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    anna.add(room, boris, "guest")
    boris.leave(room)
    expect(boris.post("/api/members", {"room": room}), 403, "Permission Denied")
    assert anna.add(room, boris, "guest")["role"] == "guest"


def test_who_left_freely_comes_back_freely(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    boris.leave(room)
    assert boris.name not in anna.members(room)
    expect(boris.post("/api/members", {"room": room}), 201)


def test_the_last_owner_stays(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    expect(anna.delete(anna.member_path(room, anna)), 409, "Conflict")
    expect(anna.patch(anna.member_path(room, anna), {"role": "member"}), 409, "Conflict")
    assert anna.members(room)[anna.name]["role"] == "owner"
    anna.set_role(room, boris, "owner")
    done(anna.delete(anna.member_path(room, anna)))
    assert boris.members(room).keys() == {boris.name}
    expect(boris.delete(boris.member_path(room, boris)), 409, "Conflict")


def test_roles_and_people_that_do_not_exist(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    expect(anna.post("/api/members", {}), 400, "Missing parameter", "The 'room' parameter is required.")
    expect(anna.post("/api/members", {"room": room, "user": "nobody_at_all"}), 404, "Not Found")
    expect(anna.post("/api/members", {"room": room, "user": "0" * 24}), 404, "Not Found")
    expect(anna.post("/api/members", {"room": room, "user": make_user("c").id, "role": "king"}), 400, "Bad parameter")
    expect(anna.patch(anna.member_path(room, boris), {"role": "king"}), 400, "Bad parameter")
    expect(anna.patch(anna.member_path(room, boris), {}), 400, "Missing parameter")
    expect(anna.patch(f"/api/members/{'0' * 24}?room={room}", {"role": "guest"}), 404, "Not Found")
    expect(anna.delete(f"/api/members/{'0' * 24}?room={room}"), 404, "Not Found")
    expect(anna.get("/api/members"), 400, "Missing parameter", "The 'room' parameter is required.")


def test_members_may_be_named_by_user_name_in_any_case(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room(is_open=False)
    expect(anna.post("/api/members", {"room": room, "user": boris.name.upper()}), 201)
    assert boris.name in anna.members(room)


def test_members_come_in_pages(make_user):
    anna = make_user("anna")
    room = anna.make_room()
    people = {anna.name}
    for _ in range(6):
        person = make_user("p")
        person.join(room)
        people.add(person.name)
    page = anna.get("/api/members", room=room, limit=3)
    seen = [m["username"] for m in expect(page, 200)]
    while "next" in page.links:
        page = anna.http.get(page.links["next"]["url"])
        seen += [m["username"] for m in expect(page, 200)]
    assert len(seen) == 7 and set(seen) == people


def test_a_room_shows_the_first_hundred_members_and_counts_all(new_server):
    """In a list; one room alone shows a thousand."""
    server = new_server()
    admin = server.admin
    room = admin.make_room()
    for i in range(104):
        name = f"crowd{i}"
        expect(admin.post("/api/users", {"username": name, "email": f"{name}@example.com", "password": "correct horse"}), 201)
        expect(admin.post("/api/members", {"room": room, "user": name, "role": "member"}), 201)
    listed = expect(admin.get("/api/rooms"), 200)[0]
    alone = admin.room(room)
    assert listed["members_total"] == alone["members_total"] == 105
    # All plain members of one role each have an id of their own.
    assert len(listed["members"]) == 100 and len(alone["members"]) == 105 == len({oid(m) for m in alone["members"]})
