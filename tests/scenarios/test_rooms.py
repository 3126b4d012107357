"""Rooms: who creates, sees, changes and ends them; direct rooms; lists in pages."""

import pytest

from harness.client import expect, is_time, oid

SETTINGS = {"rooms_created_by": "everyone"}
ROOM_KEYS = {"_id", "name", "topic", "is_open", "is_visible", "kind", "members", "members_total",
             "mention_all_by", "last_seq", "created"}


def my_rooms(client) -> list[str]:
    return [oid(r["_id"]) for r in expect(client.get("/api/rooms", member="me"), 200)]


def visible_rooms(client) -> list[str]:
    return [oid(r["_id"]) for r in expect(client.get("/api/rooms", is_visible="true"), 200)]


def test_a_room_says_all_about_itself(make_user):
    anna = make_user("anna")
    room = anna.room(anna.make_room("Обсуждение 讨论 نقاش", topic="все обо всем"))
    assert room.keys() >= ROOM_KEYS
    assert (room["name"], room["topic"], room["kind"]) == ("Обсуждение 讨论 نقاش", "все обо всем", "room")
    assert (room["is_open"], room["is_visible"], room["mention_all_by"]) == (True, True, "members")
    assert room["members_total"] == 1 == len(room["members"]) and is_time(room["created"])
    assert anna.members(oid(room["_id"]))[anna.name]["role"] == "owner"


def test_by_default_only_admins_create_rooms(new_server):
    server = new_server()
    anna, boris = server.register("anna"), server.register("boris")
    expect(anna.post("/api/rooms", {"name": "mine"}), 403, "Permission Denied", "Admin required.")
    expect(anna.post("/api/rooms", {"kind": "direct", "users": [boris.id]}), 201)
    server.admin.make_room("ours")


def test_all_rooms_are_for_admins(admin, make_user):
    anna = make_user("anna")
    hidden = anna.make_room(is_visible=False, is_open=False)
    expect(anna.get("/api/rooms"), 403, "Permission Denied", "Admin required.")
    assert hidden in [oid(r["_id"]) for r in expect(admin.get("/api/rooms"), 200)]


def test_lists_of_ones_own_and_of_visible_rooms(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    plain, private, hidden = anna.make_room(), anna.make_room(is_open=False), anna.make_room(is_visible=False)
    assert set(my_rooms(anna)) == {plain, private, hidden}
    assert my_rooms(boris) == []
    seen = visible_rooms(boris)
    assert plain in seen and private in seen and hidden not in seen
    anna.add(hidden, boris)
    assert my_rooms(boris) == [hidden]
    direct = boris.make_direct(anna)
    assert set(my_rooms(boris)) == {hidden, direct}


def test_an_invisible_room_does_not_exist_for_others(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room(is_visible=False)
    message = anna.say(room, "nobody hears us")
    nothing = "0" * 24
    for of_room, of_nothing in [
        (boris.get(f"/api/rooms/{room}"), boris.get(f"/api/rooms/{nothing}")),
        (boris.get("/api/members", room=room), boris.get("/api/members", room=nothing)),
        (boris.get("/api/messages", room=room), boris.get("/api/messages", room=nothing)),
        (boris.post("/api/messages", {"room": room, "text": "hi"}), boris.post("/api/messages", {"room": nothing, "text": "hi"})),
        (boris.post("/api/members", {"room": room}), boris.post("/api/members", {"room": nothing})),
        (boris.patch(f"/api/rooms/{room}", {"topic": "x"}), boris.patch(f"/api/rooms/{nothing}", {"topic": "x"})),
        (boris.delete(f"/api/rooms/{room}"), boris.delete(f"/api/rooms/{nothing}")),
        (boris.put(f"/api/rooms/{room}/read", {"seq": 1}), boris.put(f"/api/rooms/{nothing}/read", {"seq": 1})),
        (boris.get("/api/events", room=room), boris.get("/api/events", room=nothing)),
        (boris.get(f"/api/messages/{oid(message['_id'])}"), boris.get(f"/api/messages/{nothing}")),
        (boris.get(f"/api/messages/{oid(message['_id'])}/history"), boris.get(f"/api/messages/{nothing}/history")),
        (boris.delete(f"/api/messages/{oid(message['_id'])}"), boris.delete(f"/api/messages/{nothing}")),
    ]:
        expect(of_room, 404, "Not Found")
        assert of_room.content == of_nothing.content, "he cannot tell a hidden room from none"
    assert [m["text"] for m in anna.messages(room)] == ["nobody hears us"]


def test_a_rooms_name_is_its_own(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    first, second = anna.make_room("the one"), anna.make_room("the other")
    expect(boris.post("/api/rooms", {"name": "the one"}), 409, "Already exists")
    expect(anna.patch(f"/api/rooms/{second}", {"name": "the one"}), 409, "Already exists")
    expect(anna.patch(f"/api/rooms/{first}", {"name": "the one"}), 200)
    expect(anna.delete(f"/api/rooms/{first}"), 200)
    boris.make_room("the one")


def test_changing_a_room(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room("before the change")
    before = anna.room(room)["last_seq"]
    changed = expect(anna.patch(f"/api/rooms/{room}", {"topic": "weather", "is_open": False}), 200)
    assert (changed["topic"], changed["is_open"], changed["name"]) == ("weather", False, "before the change")
    assert anna.room(room).items() >= {"topic": "weather", "is_open": False, "is_visible": True}.items()
    assert anna.room(room)["last_seq"] == before + 1, "a change is an entry of the log"
    expect(boris.post("/api/members", {"room": room}), 403, "Permission Denied")
    replaced = expect(anna.put(f"/api/rooms/{room}", {"name": "after the change", "is_visible": False}), 200)
    assert (replaced["name"], replaced["is_visible"]) == ("after the change", False)
    expect(boris.get(f"/api/rooms/{room}"), 404, "Not Found")


BAD_CHANGES = [
    ({}, "Missing parameter"), ({"name": ""}, None), ({"name": 5}, "Bad parameter"), ({"name": None}, None),
    ({"topic": ["x"]}, "Bad parameter"), ({"is_open": "yes"}, "Bad parameter"), ({"is_visible": 1}, "Bad parameter"),
    ({"mention_all_by": "nobody"}, "Bad parameter"),
]


@pytest.mark.parametrize("change,title", BAD_CHANGES, ids=str)
def test_changes_refused(make_user, change, title):
    anna = make_user("anna")
    room = anna.make_room()
    before = anna.room(room)
    expect(anna.patch(f"/api/rooms/{room}", change), 400, title)
    assert anna.room(room) == before


def test_an_empty_put_is_refused(make_user):
    anna = make_user("anna")
    expect(anna.put(f"/api/rooms/{anna.make_room()}", {}), 400, "Missing parameter")


def test_a_deleted_room_takes_its_messages_along(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    room = anna.make_room()
    boris.join(room)
    message = oid(boris.say(room, "soon gone")["_id"])
    assert expect(anna.delete(f"/api/rooms/{room}"), 200) == {"status": "ok"}
    for caller in (anna, boris):
        expect(caller.get(f"/api/rooms/{room}"), 404, "Not Found")
        expect(caller.get("/api/messages", room=room), 404, "Not Found")
        expect(caller.get(f"/api/messages/{message}"), 404, "Not Found")
        expect(caller.post("/api/messages", {"room": room, "text": "hello?"}), 404, "Not Found")
        assert room not in my_rooms(caller)
    assert room not in boris.get("/api/unread").text
    expect(anna.delete(f"/api/rooms/{room}"), 404, "Not Found")


# Direct rooms


def test_two_people_have_one_direct_room(make_user, admin):
    anna, boris, vera = make_user("anna"), make_user("boris"), make_user("vera")
    answer = anna.post("/api/rooms", {"kind": "direct", "users": [boris.name]})
    room = expect(answer, 201)
    room_id = oid(room["_id"])
    assert (room["name"], room["kind"], room["members_total"]) == (None, "direct", 2)
    for caller, users in [(anna, [boris.id]), (boris, [{"$oid": anna.id}]), (boris, [anna.name, boris.name])]:
        assert oid(expect(caller.post("/api/rooms", {"kind": "direct", "users": users}), 200)["_id"]) == room_id
    three = oid(expect(anna.post("/api/rooms", {"kind": "direct", "users": [boris.id, vera.id]}), 201)["_id"])
    assert three != room_id
    assert my_rooms(boris) == [room_id, three] or my_rooms(boris) == [three, room_id]


def test_a_direct_room_is_nobodys_but_theirs(make_user, admin):
    anna, boris, vera = make_user("anna"), make_user("boris"), make_user("vera")
    room = anna.make_direct(boris)
    message = oid(anna.say(room, "between us")["_id"])
    for outsider in (vera, admin):
        assert room not in visible_rooms(outsider) + my_rooms(outsider)
        expect(outsider.get(f"/api/rooms/{room}"), 404, "Not Found")
        expect(outsider.get("/api/messages", room=room), 404, "Not Found")
        expect(outsider.get(f"/api/messages/{message}"), 404, "Not Found")
        expect(outsider.post("/api/members", {"room": room}), 404, "Not Found")
        expect(outsider.delete(f"/api/rooms/{room}"), 404, "Not Found")
    assert room not in [oid(r["_id"]) for r in expect(admin.get("/api/rooms"), 200)]
    assert [m["text"] for m in boris.messages(room)] == ["between us"]


def test_a_direct_room_never_changes(make_user):
    anna, boris, vera = make_user("anna"), make_user("boris"), make_user("vera")
    room = anna.make_direct(boris)
    before = anna.room(room)
    for answer in (
        anna.patch(f"/api/rooms/{room}", {"topic": "x"}),
        anna.patch(f"/api/rooms/{room}", {"name": "x"}),
        anna.post("/api/members", {"room": room, "user": vera.id}),
        anna.delete(anna.member_path(room, boris)),
        anna.delete(f"/api/rooms/{room}"),
    ):
        assert 400 <= answer.status_code < 500, answer.text
        expect(answer, answer.status_code)
    assert anna.room(room) == before


def test_a_message_to_a_person_goes_to_the_direct_room(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    first = expect(anna.post("/api/messages", {"recipient": boris.name, "text": "hello, Boris"}), 201)
    second = expect(boris.post("/api/messages", {"recipient": anna.id, "text": "hello, Anna"}), 201)
    third = expect(anna.post("/api/messages", {"recipient": {"$oid": boris.id}, "text": "bye"}), 201)
    room = oid(first["room"])
    assert room == oid(second["room"]) == oid(third["room"]) == anna.make_direct(boris)
    assert [m["text"] for m in boris.messages(room)] == ["hello, Boris", "hello, Anna", "bye"]
    expect(anna.post("/api/messages", {"recipient": "nobody_at_all", "text": "hello?"}), 404, "Not Found")


def test_direct_rooms_with_nonsense(make_user):
    anna = make_user("anna")
    expect(anna.post("/api/rooms", {"kind": "direct"}), 400, "Missing parameter", "The 'users' parameter is required.")
    expect(anna.post("/api/rooms", {"kind": "direct", "users": "x"}), 400, "Bad parameter")
    expect(anna.post("/api/rooms", {"kind": "direct", "users": [5]}), 400, "Bad parameter")
    expect(anna.post("/api/rooms", {"kind": "direct", "users": ["nobody_at_all"]}), 404, "Not Found")
    expect(anna.post("/api/rooms", {"kind": "party", "name": "x"}), 400, "Bad parameter")


# Pages


def test_rooms_come_in_pages_with_links(new_server):
    server = new_server()
    admin = server.admin
    rooms = {admin.make_room() for _ in range(7)}
    page = admin.get("/api/rooms", limit=3)
    first = page.url
    assert page.headers["x-total-count"] == "7" and "prev" not in page.links
    seen = [oid(r["_id"]) for r in expect(page, 200)]
    assert len(seen) == 3
    while "next" in page.links:
        page = admin.http.get(page.links["next"]["url"])
        seen += [oid(r["_id"]) for r in expect(page, 200)]
    assert len(seen) == 7 and set(seen) == rooms
    while "prev" in page.links:
        page = admin.http.get(page.links["prev"]["url"])
    assert [oid(r["_id"]) for r in expect(page, 200)] == seen[:3], f"back at {first}"
    assert [oid(r["_id"]) for r in expect(admin.get("/api/rooms", offset=5, limit=9), 200)] == seen[5:]


def test_limits_of_pages(admin, make_user):
    anna = make_user("anna")
    for name in ("limit", "offset"):
        for bad in ("-1", "x", "1.5", "", "99999999999999999999"):
            expect(anna.get("/api/rooms", member="me", **{name: bad}), 400, "Bad parameter")
    expect(admin.get("/api/rooms", limit="0"), 400, "Bad parameter")
    expect(admin.get("/api/rooms", limit="5000"), 200)  # cut to the maximum
    expect(admin.get("/api/rooms", offset="0"), 200)


def test_long_lists_are_compressed_when_asked_for(admin):
    for _ in range(8):
        admin.make_room(topic="a topic of some length, so that the list is over 1 KiB " * 2)
    plain = admin.get("/api/rooms", headers={"Accept-Encoding": "identity"})
    zipped = admin.get("/api/rooms", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert plain.json() == zipped.json()
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 2
