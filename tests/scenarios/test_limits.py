"""Rates: nobody may guess passwords, sign up by the thousand or flood, and nobody locks out another."""

import time

import pytest

from harness.client import expect
from harness.live import Live


def throttled(answer) -> None:
    expect(answer, 429, "Too many requests")
    assert int(answer.headers["retry-after"]) >= 1


def log_in(client, name: str, password: str, **headers: str):
    client.http.cookies.clear()
    return client.post("/api/login", {"username": name, "password": password}, headers=headers)


def test_guessing_one_password_is_throttled_and_locks_nobody_else_out(new_server):
    server = new_server({"rate_limit_login": "3/60"})
    anna, boris = server.register("anna"), server.register("boris")
    stranger = server.client()
    for _ in range(3):
        expect(log_in(stranger, anna.name, "wrong horse"), 401, "Bad login attempt")
    throttled(log_in(stranger, anna.name, "wrong horse"))
    expect(log_in(stranger, boris.name, boris.password), 200)
    expect(anna.get("/api/ping"), 200)


def test_good_logins_do_not_count(new_server):
    server = new_server({"rate_limit_login": "3/60"})
    anna = server.register("anna")
    for _ in range(6):
        expect(log_in(server.client(), anna.name, anna.password), 200)


def test_guessing_across_accounts_is_throttled_by_address(new_server):
    server = new_server({"rate_limit_login": "2/60"})
    stranger = server.client()
    answers = [log_in(stranger, f"nobody{i}", "wrong horse") for i in range(20)]
    assert {a.status_code for a in answers} == {401}
    throttled(log_in(stranger, "nobody20", "wrong horse"))
    # 429 comes first of all: before the body is read
    throttled(stranger.http.post("/api/login", content=b"{", headers={"Content-Type": "application/json"}))


def test_behind_a_trusted_proxy_the_address_is_the_clients(new_server):
    server = new_server({"rate_limit_login": "2/60", "trusted_proxies": "127.0.0.0/8"})
    anna = server.register("anna")
    proxy = server.client()
    for _ in range(2):
        expect(log_in(proxy, anna.name, "wrong horse", **{"X-Forwarded-For": "198.51.100.1"}), 401)
    throttled(log_in(proxy, anna.name, "wrong horse", **{"X-Forwarded-For": "198.51.100.1"}))
    expect(log_in(proxy, anna.name, anna.password, **{"X-Forwarded-For": "198.51.100.2"}), 200)


def test_nobody_invents_an_address_when_no_proxy_is_trusted(new_server):
    server = new_server({"rate_limit_login": "2/60"})
    anna = server.register("anna")
    stranger = server.client()
    for i in range(2):
        expect(log_in(stranger, anna.name, "wrong horse", **{"X-Forwarded-For": f"198.51.100.{i}"}), 401)
    throttled(log_in(stranger, anna.name, "wrong horse", **{"X-Forwarded-For": "198.51.100.77"}))


def test_behind_a_trusted_proxy_the_origin_is_the_sites(new_server):
    server = new_server({"trusted_proxies": "127.0.0.0/8"})
    browser = server.register("anna").log_in()
    site = {"Host": "chat.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1"}
    session = {"Cookie": f"session={browser.http.cookies['session']}"}
    change = {"display_name": "Anna"}
    fresh = server.client()
    expect(fresh.patch("/api/users/me", change, headers=site | session | {"Origin": "https://chat.example.com"}), 200)
    expect(fresh.patch("/api/users/me", change, headers=site | session | {"Origin": "http://chat.example.com"}), 403)
    expect(fresh.patch("/api/users/me", change, headers=site | session | {"Origin": "https://evil.example"}), 403)


def test_signing_up_is_throttled_by_address(new_server):
    server = new_server({"rate_limit_register": "3/3600"})
    for _ in range(3):
        server.register("anna")
    body = {"username": "late", "email": "late@example.com", "password1": "correct horse", "password2": "correct horse"}
    throttled(server.client().post("/api/register", body))
    throttled(server.client().http.post("/api/register", content=b"{", headers={"Content-Type": "application/json"}))


def test_writing_is_throttled_by_user_and_reading_is_not(new_server):
    server = new_server({"rate_limit_write": "10/60", "rooms_created_by": "everyone"})
    anna, boris = server.register("anna"), server.register("boris")
    room = anna.make_room()
    boris.join(room)
    answers = [boris.post("/api/messages", {"room": room, "text": f"flood {i}"}) for i in range(12)]
    assert answers[0].status_code == 201 and answers[-1].status_code == 429
    throttled(answers[-1])
    acknowledged = [a.json()["text"] for a in answers if a.status_code == 201]
    assert [m["text"] for m in boris.messages(room)] == acknowledged
    anna.say(room, "I may")
    with Live(boris) as live:
        live.expect("hello")
        live.send(op="send", room=room, text="flood by socket", nonce="late")
        assert live.expect("error")["nonce"] == "late"


def test_reading_is_throttled_by_user(new_server):
    server = new_server({"rate_limit_read": "20/60"})
    anna, boris = server.register("anna"), server.register("boris")
    answers = [anna.get("/api/ping") for _ in range(25)]
    assert answers[0].status_code == 200
    throttled(answers[-1])
    expect(boris.get("/api/ping"), 200)


@pytest.mark.parametrize("what", ["login", "register", "write", "read"])
def test_retry_after_is_true(new_server, what):
    """Too early is refused again; when it says, there is one more."""
    server = new_server({f"rate_limit_{what}": "2/6"} if what != "register" else {"rate_limit_register": "3/9"})
    anna = server.register("anna") if what != "register" else None
    stranger = server.client()
    body = {"username": "x", "email": "x", "password1": "x", "password2": "y"}  # refused, but it counts

    def once():
        if what == "login":
            return log_in(stranger, anna.name, "wrong horse")
        if what == "register":
            return stranger.post("/api/register", body)
        return anna.patch("/api/users/me", {"display_name": "Anna"}) if what == "write" else anna.get("/api/ping")

    answers = [once() for _ in range(3 if what == "register" else 2)]
    assert 429 not in [a.status_code for a in answers]
    refused = once()
    throttled(refused)
    wait = int(refused.headers["retry-after"])
    assert wait <= 3, "one token comes back in three seconds"
    time.sleep(wait)
    assert once().status_code != 429
    throttled(once())


def test_a_rate_that_is_off_is_no_rate(new_server):
    server = new_server({f"rate_limit_{what}": "off" for what in ("login", "register", "write", "read")})
    anna = server.register("anna")
    stranger = server.client()
    statuses = {log_in(stranger, anna.name, "wrong horse").status_code for _ in range(130)}
    assert statuses == {401}
    assert {anna.patch("/api/users/me", {"display_name": f"Anna {i}"}).status_code for i in range(650)} == {200}
    for _ in range(25):
        server.register("many")


@pytest.mark.parametrize("path, good", [("/api/login", 401), ("/api/register", 400)])
def test_of_ipv6_a_host_is_its_64_bits(new_server, path, good):
    """One machine gets 2^64 addresses: they are one."""
    server = new_server({"rate_limit_login": "1/600", "rate_limit_register": "10/600", "trusted_proxies": "127.0.0.0/8"})
    proxy = server.client()
    body = {"username": "nobody", "password": "wrong horse", "email": "x", "password1": "x", "password2": "y"}

    def from_(address: str):
        return proxy.post(path, body | {"username": f"n{address[-1]}"}, headers={"X-Forwarded-For": address})

    assert [from_(f"2001:db8:0:1::{i:x}").status_code for i in range(10)] == [good] * 10
    throttled(from_("2001:db8:0:1:ffff::1"))
    assert from_("2001:db8:0:2::1").status_code == good


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_registration_can_be_closed(new_server, who):
    server = new_server({"registration": "closed"})
    body = {"username": "late", "email": "late@example.com", "password1": "correct horse", "password2": "correct horse"}
    caller = server.client() if who == "stranger" else server.admin
    expect(caller.post("/api/register", body), 403, "Permission Denied", "Registration is closed.")
    expect(server.admin.post("/api/users", {"username": "late", "email": "late@example.com", "password": "correct horse"}), 201)
    expect(log_in(server.client(), "late", "correct horse"), 200)
