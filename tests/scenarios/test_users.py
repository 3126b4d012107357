"""Other people: what admins do with accounts, and what everybody may know."""

from harness.client import expect, is_time, oid

PUBLIC = {"_id", "username", "display_name", "avatar", "bot", "is_disabled"}


def create(admin, name: str, **more) -> dict:
    return expect(admin.post("/api/users", {
        "username": name, "email": f"{name}@example.com", "password": "correct horse"} | more), 201)


def find(admin, name: str) -> dict:
    found = [u for u in expect(admin.get("/api/users", query=name), 200) if u["username"] == name]
    assert len(found) == 1
    return found[0]


def test_an_admin_creates_people(server, admin):
    name = server.unused_name("made")
    create(admin, name)
    user = find(admin, name)
    assert user.keys() >= {"_id", "username", "display_name", "email", "is_superuser", "is_disabled", "created", "last_seen", "tokens"}
    assert (user["email"], user["is_superuser"], user["is_disabled"]) == (f"{name}@example.com", False, False)
    assert is_time(user["created"])
    browser = server.client()
    expect(browser.post("/api/login", {"username": name, "password": "correct horse"}), 200)
    expect(admin.post("/api/users", {"username": name.upper(), "email": "z@example.com", "password": "correct horse"}), 400,
           "Bad username", "Username is already taken.")
    expect(admin.post("/api/users", {"username": name}), 400, "Missing parameter")


def test_an_admin_makes_another_admin_and_unmakes_him(admin, make_user):
    anna = make_user("anna")
    expect(anna.get("/api/users"), 403, "Permission Denied", "Admin required.")
    expect(admin.patch(f"/api/users/{anna.id}", {"is_superuser": True}), 200)
    expect(anna.get("/api/users"), 200)
    expect(admin.patch(f"/api/users/{anna.id}", {"is_superuser": False}), 200)
    expect(anna.get("/api/users"), 403, "Permission Denied", "Admin required.")


def test_an_admin_sets_a_password_and_an_address(server, admin, make_user):
    anna = make_user("anna")
    browser = anna.log_in()
    expect(admin.patch(f"/api/users/{anna.id}", {"password": "battery staple", "email": f"{anna.name}@new.example"}), 200)
    expect(browser.get("/api/ping"), 401)
    expect(server.client().post("/api/login", {"username": anna.name, "password": anna.password}), 401)
    anna.log_in("battery staple")
    assert expect(anna.get("/api/users/me"), 200)["email"] == f"{anna.name}@new.example"


def test_disabling_ends_sessions_and_tokens_at_once(server, admin, make_user):
    anna = make_user("anna")
    browser = anna.log_in()
    expect(admin.patch(f"/api/users/{anna.id}", {"is_disabled": True}), 200)
    expect(anna.get("/api/ping"), 401)
    expect(browser.get("/api/ping"), 401)
    login = {"username": anna.name, "password": anna.password}
    expect(server.client().post("/api/login", login), 403, "Permission Denied", "This account is disabled.")
    expect(server.client().post("/api/login", login | {"password": "wrong horse"}), 401, "Bad login attempt",
           "Invalid username or password.")
    assert find(admin, anna.name)["is_disabled"] is True
    expect(admin.patch(f"/api/users/{anna.id}", {"is_disabled": False}), 200)
    anna.log_in()
    expect(browser.get("/api/ping"), 401)


def test_patching_people_with_nonsense(admin, make_user):
    anna = make_user("anna")
    expect(admin.patch(f"/api/users/{anna.id}", {}), 400, "Missing parameter", "At least one parameter is required.")
    expect(admin.patch(f"/api/users/{anna.id}", {"is_disabled": "yes"}), 400, "Bad parameter")
    expect(admin.patch(f"/api/users/{anna.id}", {"password": "short"}), 400, "Bad password")
    expect(admin.patch("/api/users/" + "0" * 24, {"is_disabled": True}), 404, "Not Found")
    expect(anna.get("/api/ping"), 200)


def test_the_last_enabled_admin_stays(new_server):
    server = new_server()
    boss = server.admin
    for change in ({"is_disabled": True}, {"is_superuser": False}):
        expect(boss.patch(f"/api/users/{boss.id}", change), 409, "Conflict")
    deputy = server.register("deputy")
    expect(boss.patch(f"/api/users/{deputy.id}", {"is_superuser": True}), 200)
    expect(deputy.patch(f"/api/users/{deputy.id}", {"is_disabled": True}), 200)
    expect(boss.patch(f"/api/users/{boss.id}", {"is_superuser": False}), 409, "Conflict")  # a disabled admin does not count
    expect(boss.patch(f"/api/users/{deputy.id}", {"is_disabled": False}), 200)
    expect(boss.patch(f"/api/users/{boss.id}", {"is_superuser": False}), 200)
    expect(boss.get("/api/rooms"), 403, "Permission Denied", "Admin required.")


def test_people_find_each_other_for_mentions(server, make_user):
    anna = make_user("anna")
    stem = server.unused_name("find").replace("_", "") + "x"
    names = sorted(f"{stem}{i:02}" for i in range(23))
    for name in names:
        create(server.admin, name)
    found = expect(anna.get("/api/users", query=stem), 200)
    assert len(found) == 20
    for user in found:
        assert set(user) == {"_id", "username", "display_name"}, "no addresses for everybody"
        assert user["username"] in names
    assert [u["username"] for u in expect(anna.get("/api/users", query=names[7]), 200)] == [names[7]]
    assert expect(anna.get("/api/users", query="nobody-is-called-so"), 200) == []
    expect(server.client().get("/api/users", query=stem), 401)


def test_people_by_their_ids(server, make_user):
    anna, boris, gone = make_user("anna"), make_user("boris"), make_user("gone")
    expect(server.admin.patch(f"/api/users/{gone.id}", {"is_disabled": True}), 200)
    found = expect(anna.get("/api/users", ids=f"{boris.id},{gone.id}"), 200)
    by_id = {oid(u["_id"]): u for u in found}
    assert by_id.keys() == {boris.id, gone.id}
    assert all(set(u) == PUBLIC | {"last_seen"} for u in found)
    assert by_id[gone.id]["is_disabled"] is True and by_id[boris.id]["is_disabled"] is False
    assert by_id[boris.id]["username"] == boris.name and by_id[boris.id]["bot"] is False
    expect(anna.get("/api/users", ids="nonsense"), 400, "Bad parameter")


def test_the_admins_list_comes_in_pages(new_server):
    server = new_server()
    names = {server.admin.name} | {server.register("p").name for _ in range(6)}
    page = server.admin.get("/api/users", limit=3)
    seen = [u["username"] for u in expect(page, 200)]
    assert page.headers["x-total-count"] == "7"
    while "next" in page.links:
        page = server.admin.http.get(page.links["next"]["url"])
        seen += [u["username"] for u in expect(page, 200)]
        assert "prev" in page.links
    assert len(seen) == 7 and set(seen) == names


def test_paging_takes_no_nonsense(admin):
    for bad in ({"limit": 0}, {"limit": -1}, {"limit": "ten"}, {"offset": -1}, {"offset": "x"}, {"limit": ""}):
        expect(admin.get("/api/users", **bad), 400, "Bad parameter")
    expect(admin.get("/api/users", limit=100000), 200)
    assert expect(admin.get("/api/users", offset=100000), 200) == []


def test_a_changed_name_shows_on_old_messages(admin, make_user, server):
    anna = make_user("anna")
    room = admin.make_room()
    anna.join(room)
    message = anna.say(room, "who am I")
    expect(anna.patch("/api/users/me", {"username": server.unused_name("renamed")}), 200)
    assert oid(admin.messages(room)[0]["sender"]) == anna.id == oid(message["sender"])
