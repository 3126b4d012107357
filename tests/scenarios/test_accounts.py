"""Who one is: sign-up, sign-in, the credentials and their order, one's own profile, sessions and tokens."""

import re

import pytest

from harness.client import done, expect, is_time, oid


def sign_up(name: str, **changes) -> dict:
    return {"username": name, "email": f"{name}@example.com",
            "password1": "correct horse", "password2": "correct horse"} | changes


# Register


def test_register_gives_a_user_a_token_and_a_cookie(server):
    name = server.unused_name("anna")
    browser = server.client()
    answer = browser.post("/api/register", sign_up(name))
    body = expect(answer, 201)
    assert body["status"] == "ok" and body["user"]["username"] == name
    assert re.fullmatch(r"[a-z0-9]{32}", body["token"])
    me = expect(server.client(body["token"]).get("/api/users/me"), 200)
    assert (oid(me["_id"]), me["username"], me["email"]) == (oid(body["user"]["_id"]), name, f"{name}@example.com")
    assert expect(browser.get("/api/ping"), 200)["username"] == name, "the cookie signs him in"


NAMES_REFUSED = [
    ("empty", ""), ("a space", "an na"), ("a dot", "an.na"), ("not ASCII", "Анна"), ("121 characters", "a" * 121),
    ("24 hex digits", "5706dac4d55cfe00010944ac"), ("24 hex digits in capitals", "5706DAC4D55CFE00010944AC"),
    ("a line end", "anna\n"), ("an at sign", "@anna"),
]


@pytest.mark.parametrize("name", [n[1] for n in NAMES_REFUSED], ids=[n[0] for n in NAMES_REFUSED])
def test_user_names_refused(server, name):
    body = expect(server.client().post("/api/register", sign_up(name, email="refused@example.com")), 400)
    assert body["title"] in ("Bad username", "Missing parameter" if name == "" else "Bad username")


@pytest.mark.parametrize("length", [1, 120])
def test_user_names_of_1_and_120_characters(server, length):
    expect(server.client().post("/api/register", sign_up("q" * length, email=f"q{length}@example.com")), 201)


def test_23_and_25_hex_digits_are_a_name(server):
    for digits in ("a1" * 11 + "b", "a1" * 12 + "b"):
        expect(server.client().post("/api/register", sign_up(digits)), 201)


def test_a_name_is_taken_in_whatever_case(server, make_user):
    anna = make_user("anna")
    for name in (anna.name, anna.name.upper(), anna.name.title()):
        expect(server.client().post("/api/register", sign_up(name, email="other@example.com")), 400,
               "Bad username", "Username is already taken.")


def test_an_address_is_taken(server, make_user):
    anna = make_user("anna")
    expect(server.client().post("/api/register", sign_up(server.unused_name("b"), email=f"{anna.name}@example.com")), 400,
           "Bad email", "Email is already taken.")


@pytest.mark.parametrize("email", ["", "anna", "anna@", "@example.com", "an na@example.com"])
def test_addresses_refused(server, email):
    body = expect(server.client().post("/api/register", sign_up(server.unused_name("b"), email=email)), 400)
    assert body["title"] in ("Bad email", "Missing parameter" if email == "" else "Bad email")


PASSWORDS = [
    ("7 bytes", "1234567", 400), ("8 bytes", "12345678", 201), ("4 Cyrillic letters are 8 bytes", "путь", 201),
    ("3 Cyrillic letters", "она", 400), ("spaces and emoji", "  🐎 correct  ", 201),
    ("1024 bytes", "x" * 1024, 201), ("1025 bytes", "x" * 1025, 400),
]


@pytest.mark.parametrize("password,status", [p[1:] for p in PASSWORDS], ids=[p[0] for p in PASSWORDS])
def test_passwords(server, password, status):
    name = server.unused_name("p")
    body = expect(server.client().post("/api/register", sign_up(name, password1=password, password2=password)), status)
    login = server.client().post("/api/login", {"username": name, "password": password})
    if status == 201:
        expect(login, 200)
    else:
        assert body["title"] == "Bad password"
        expect(login, 401, "Bad login attempt")


def test_passwords_that_differ(server):
    expect(server.client().post("/api/register", sign_up(server.unused_name("p"), password2="correct hearse")), 400,
           "Bad password", "Passwords do not match.")


def test_the_first_missing_parameter_is_named(server):
    whole = sign_up(server.unused_name("m"))
    given: dict = {}
    for key in ("username", "email", "password1", "password2"):
        expect(server.client().post("/api/register", given), 400,
               "Missing parameter", f"The '{key}' parameter is required.")
        given[key] = whole[key]
    expect(server.client().post("/api/register", given), 201)


# Log in and out


def test_login_sets_a_careful_cookie(server, make_user):
    anna = make_user("anna")
    answer = server.client().post("/api/login", {"username": anna.name, "password": anna.password})
    body = expect(answer, 200)
    assert body["status"] == "ok" and oid(body["user"]["_id"]) == anna.id
    name, *attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    assert name.startswith("session=") and len(name) > len("session=") + 20
    lower = [a.lower() for a in attributes]
    assert "httponly" in lower and "samesite=lax" in lower
    assert "secure" not in lower, "over plain HTTP a Secure cookie would never come back"
    assert any(re.fullmatch(r"max-age=[1-9]\d*", a) for a in lower)
    assert not any(a.startswith("domain=") for a in lower)


def test_a_wrong_password_and_an_unknown_user_look_alike(server, make_user):
    anna = make_user("anna")
    wrong = server.client().post("/api/login", {"username": anna.name, "password": "wrong horse"})
    unknown = server.client().post("/api/login", {"username": "nobody_at_all", "password": "wrong horse"})
    expect(wrong, 401, "Bad login attempt", "Invalid username or password.")
    assert unknown.status_code == 401 and unknown.content == wrong.content
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize("method", ["get", "post"])
def test_logout_ends_the_session_on_the_server_too(server, make_user, method):
    browser = make_user("anna").log_in()
    stolen = browser.http.cookies["session"]
    expect(browser.get("/api/logout") if method == "get" else browser.post("/api/logout", headers=browser.own_origin), 200)
    thief = server.client()
    thief.http.cookies.set("session", stolen)
    expect(thief.get("/api/ping"), 401, "Not authentificated")


def test_logout_from_another_site_is_refused(make_user):
    browser = make_user("anna").log_in()
    expect(browser.get("/api/logout", headers={"Sec-Fetch-Site": "cross-site"}), 403, "Permission Denied")
    expect(browser.get("/api/ping"), 200)


def test_logout_is_for_anyone(server):
    expect(server.client().get("/api/logout"), 200)


def test_ping(server, make_user):
    anna = make_user("anna")
    assert expect(anna.get("/api/ping"), 200).items() >= {
        "username": anna.name, "is_superuser": False, "have_rooms": False}.items()
    anna.join(server.admin.make_room())
    assert expect(anna.get("/api/ping"), 200)["have_rooms"] is True
    assert expect(server.admin.get("/api/ping"), 200)["is_superuser"] is True
    expect(server.client().get("/api/ping"), 401)


# Which credential counts


def test_the_first_credential_present_decides(server, make_user):
    anna, boris = make_user("anna"), make_user("boris")
    session = anna.log_in().http.cookies["session"]
    nobodys = "0" * 32
    cases = [
        # X-Auth-Token, Bearer, cookie, whose answer
        (anna.token, None, None, anna), (None, anna.token, None, anna), (None, None, session, anna),
        (anna.token, boris.token, None, anna), (None, boris.token, session, boris), (boris.token, nobodys, session, boris),
        (nobodys, anna.token, None, None), (nobodys, None, session, None), (None, nobodys, session, None),
        ("short", anna.token, session, None), (None, None, "forged", None), (None, None, None, None),
    ]
    for token, bearer, cookie, who in cases:
        headers = {}
        if token:
            headers["X-Auth-Token"] = token
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        if cookie:
            headers["Cookie"] = f"session={cookie}"
        answer = server.client().get("/api/ping", headers=headers)
        if who:
            assert expect(answer, 200)["username"] == who.name, headers
        else:
            expect(answer, 401, "Not authentificated", "Please provide an auth token or login.")


def test_a_credential_in_the_url_is_none(server, make_user):
    anna = make_user("anna")
    for name in ("token", "access_token", "session", "X-Auth-Token"):
        expect(server.client().get("/api/ping", **{name: anna.token}), 401)


ORIGINS = [
    ("none", {}, 403),
    ("another site", {"Origin": "http://evil.example"}, 403),
    ("another port", {"Origin": "http://127.0.0.1:1"}, 403),
    ("another scheme", {"Origin": "https://127.0.0.1:{port}"}, 403),
    ("ours as a prefix", {"Origin": "http://127.0.0.1:{port}.evil.example"}, 403),
    ("null", {"Origin": "null"}, 403),
    ("cross-site", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("same-site is not same-origin", {"Sec-Fetch-Site": "same-site"}, 403),
    ("our own", {"Origin": "http://127.0.0.1:{port}"}, 200),
    ("same-origin", {"Sec-Fetch-Site": "same-origin"}, 200),
]


@pytest.mark.parametrize("headers,status", [o[1:] for o in ORIGINS], ids=[o[0] for o in ORIGINS])
def test_a_write_by_the_cookie_must_come_from_our_own_pages(server, make_user, headers, status):
    browser = make_user("anna").log_in()
    headers = {k: v.format(port=server.port) for k, v in headers.items()}
    answer = browser.patch("/api/users/me", {"display_name": "Anna"}, headers=headers)
    expect(answer, status, "Permission Denied" if status == 403 else None)
    shown = expect(browser.get("/api/users/me"), 200).get("display_name")
    assert (shown == "Anna") == (status == 200)


def test_a_write_by_a_token_needs_no_origin(make_user):
    anna = make_user("anna")
    expect(anna.patch("/api/users/me", {"display_name": "A"}, headers={"Origin": "http://elsewhere.example"}), 200)


# One's own profile


def test_the_profile_can_be_changed(make_user, server):
    anna = make_user("anna")
    new_name = server.unused_name("hanna")
    expect(anna.patch("/api/users/me", {"display_name": "Анна Ивановна 🌷", "username": new_name,
                                        "email": f"{new_name}@example.org", "settings": {"theme": "dark", "n": [1, None]}}), 200)
    me = expect(anna.get("/api/users/me"), 200)
    assert me.items() >= {"display_name": "Анна Ивановна 🌷", "username": new_name, "email": f"{new_name}@example.org"}.items()
    assert me["settings"]["theme"] == "dark" and me["settings"]["n"] == [1, None]
    expect(server.client().post("/api/login", {"username": new_name, "password": anna.password}), 200)
    expect(server.client().post("/api/login", {"username": anna.name, "password": anna.password}), 401)
    expect(server.client().post("/api/register", sign_up(anna.name, email="heir@example.com")), 201)  # the old name is free


def test_the_profile_takes_no_bad_values(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    expect(anna.patch("/api/users/me", {"username": boris.name.upper()}), 400, "Bad username", "Username is already taken.")
    expect(anna.patch("/api/users/me", {"username": "no spaces"}), 400, "Bad username")
    expect(anna.patch("/api/users/me", {"email": f"{boris.name}@example.com"}), 400, "Bad email", "Email is already taken.")
    expect(anna.patch("/api/users/me", {"display_name": 5}), 400, "Bad parameter")
    expect(anna.patch("/api/users/me", {}), 400, "Missing parameter", "At least one parameter is required.")
    assert expect(anna.get("/api/users/me"), 200)["username"] == anna.name


def test_nobody_makes_himself_a_superuser(make_user):
    anna = make_user("anna")
    anna.patch("/api/users/me", {"is_superuser": True, "display_name": "A"})
    assert expect(anna.get("/api/ping"), 200)["is_superuser"] is False
    expect(anna.patch(f"/api/users/{anna.id}", {"is_superuser": True}), 403, "Permission Denied", "Admin required.")
    expect(anna.post("/api/users", {"username": "x1", "email": "x1@example.com", "password": "correct horse"}), 403,
           "Permission Denied", "Admin required.")


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(server, make_user):
    anna = make_user("anna")
    here, there = anna.log_in(), anna.log_in()
    change = {"password": "battery staple"}
    expect(here.patch("/api/users/me", change, headers=here.own_origin), 400,
           "Missing parameter", "The 'old_password' parameter is required.")
    wrong = here.patch("/api/users/me", change | {"old_password": "wrong horse"}, headers=here.own_origin)
    assert wrong.status_code in (400, 401, 403)
    expect(there.get("/api/ping"), 200)
    expect(here.patch("/api/users/me", change | {"old_password": anna.password}, headers=here.own_origin), 200)
    expect(there.get("/api/ping"), 401)
    expect(here.get("/api/ping"), 200)
    expect(server.client().post("/api/login", {"username": anna.name, "password": anna.password}), 401)
    anna.log_in("battery staple")


# Sessions and tokens


def test_sessions_are_listed_and_ended(make_user):
    anna = make_user("anna")
    here, there = anna.log_in(), anna.log_in()
    sessions = expect(here.get("/api/sessions"), 200)
    assert len([s for s in sessions if s["current"] is True]) == 1
    for session in sessions:
        assert session.keys() >= {"_id", "created", "last_used", "address", "agent", "current"}
        assert is_time(session["created"]) and session["address"] == "127.0.0.1" and "httpx" in session["agent"]
    theirs = [s for s in expect(there.get("/api/sessions"), 200) if s["current"]]
    done(here.delete(f"/api/sessions/{oid(theirs[0]['_id'])}", headers=here.own_origin))
    expect(there.get("/api/ping"), 401)
    expect(here.get("/api/ping"), 200)
    assert oid(theirs[0]["_id"]) not in [oid(s["_id"]) for s in expect(here.get("/api/sessions"), 200)]


def test_nobody_ends_the_session_or_token_of_another(make_user):
    anna, boris = make_user("anna"), make_user("boris")
    browser = anna.log_in()
    session = oid(expect(browser.get("/api/sessions"), 200)[0]["_id"])
    token = oid(expect(anna.get("/api/tokens"), 200)[0]["_id"])
    expect(boris.delete(f"/api/sessions/{session}"), 404, "Not Found")
    expect(boris.delete(f"/api/tokens/{token}"), 404, "Not Found")
    expect(browser.get("/api/ping"), 200)
    expect(anna.get("/api/ping"), 200)


def test_tokens_are_created_shown_once_and_revoked(server, make_user):
    anna = make_user("anna")
    created = expect(anna.post("/api/tokens", {"name": "mail notifier"}), 201)
    value = created["value"]
    assert re.fullmatch(r"[a-z0-9]{32}", value)
    bot = server.client(value)
    assert expect(bot.get("/api/ping"), 200)["username"] == anna.name
    answer = anna.get("/api/tokens")
    listed = [t for t in expect(answer, 200) if t["name"] == "mail notifier"]
    assert len(listed) == 1 and value not in answer.text and value[:4] in answer.text
    done(anna.delete(f"/api/tokens/{oid(listed[0]['_id'])}"))
    expect(bot.get("/api/ping"), 401)
    expect(anna.get("/api/ping"), 200)
    assert "mail notifier" not in anna.get("/api/tokens").text
    expect(anna.post("/api/tokens", {}), 400, "Missing parameter", "The 'name' parameter is required.")
    expect(anna.post("/api/tokens", {"name": 5}), 400, "Bad parameter")
