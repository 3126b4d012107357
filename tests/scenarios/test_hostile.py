"""What a hostile tester got through with, so that nobody else does."""

import json
import socket
import struct
import threading
import time

import pytest

from harness.client import expect, oid
from harness.live import Live, LongPoll
from harness.many import Crowd, plain_frame
from harness.server import resident_kib
from harness.wire import Wire, request, upgrade_headers


def as_bytes(method: str, path: str, headers: list[str | bytes], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: hostile", f"Content-Length: {len(body)}", *headers]
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\r\n\r\n" + body


# Who one is


def test_a_proxy_that_adds_a_line_of_its_own_is_believed_and_the_clients_line_is_not(new_server):
    """HAProxy's `option forwardfor` leaves the client's X-Forwarded-For alone and adds a second one behind it."""
    server = new_server({"rate_limit_login": "2/60", "trusted_proxies": "127.0.0.0/8"})
    body = json.dumps({"username": "anna", "password": "wrong horse"}).encode()
    statuses = []
    for guess in range(4):
        with Wire(server) as wire:
            wire.send(as_bytes("POST", "/api/login", [
                "Content-Type: application/json",
                f"X-Forwarded-For: 198.51.100.{guess}",  # what the attacker sent
                "X-Forwarded-For: 203.0.113.7",          # what the proxy saw
            ], body))
            statuses.append(wire.read_answer().status)
    assert statuses == [401, 401, 429, 429]


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_authorization_scheme_has_no_case(server, scheme):
    anna = server.register("anna")
    answer = server.client().get("/api/ping", headers={"Authorization": f"{scheme} {anna.token}"})
    assert expect(answer, 200)["username"] == anna.name


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null"])
def test_another_sites_form_signs_nobody_out(server, origin):
    """Browsers without Sec-Fetch-Site send an Origin with every POST."""
    browser = server.register("anna").log_in()
    expect(browser.post("/api/logout", headers={"Origin": origin}), 403)
    expect(browser.get("/api/ping"), 200)


@pytest.mark.parametrize("agent", [b"caf\xe9", b"a" + "я".encode() * 200, b"\xff\xfe"],
                         ids=["latin-1", "cut within a letter", "no text"])
def test_a_strange_user_agent_does_not_spoil_the_list_of_sessions(server, agent):
    anna = server.register("anna")
    body = json.dumps({"username": anna.name, "password": anna.password}).encode()
    with Wire(server) as wire:
        wire.send(as_bytes("POST", "/api/login", ["Content-Type: application/json", b"User-Agent: " + agent], body))
        assert wire.read_answer().status == 200
    json.loads(anna.get("/api/sessions").content.decode("utf-8"))


def test_a_sign_in_with_the_old_password_does_not_outlive_its_change(new_server):
    """Sign-ins that wait for Argon2 while the password changes were judged by the old hash, and their sessions stayed."""
    server = new_server()
    anna, admin = server.register("anna"), server.admin
    old = anna.password
    for attempt in range(4):
        new = f"new password {attempt}"
        browsers = [server.client(name=anna.name, id=anna.id) for _ in range(10)]

        def sign_in(browser, password=old):
            browser.signed_in = browser.post("/api/login", {"username": anna.name, "password": password}).status_code == 200

        threads = [threading.Thread(target=lambda p=new: expect(admin.patch(f"/api/users/{anna.id}", {"password": p}), 200))]
        threads += [threading.Thread(target=sign_in, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
            time.sleep(0.002)
        for thread in threads:
            thread.join()
        alive = [b for b in browsers if b.signed_in and b.get("/api/ping").status_code == 200]
        assert not alive, f"{len(alive)} sessions opened with the old password are alive after it was changed"
        old = new


# What one sends


def test_a_body_of_as_many_keys_as_fit_is_answered(server):
    anna = server.register("anna")
    body = b"{" + b",".join(b'"%04x":1' % number for number in range(14_000)) + b"}"
    assert 120_000 < len(body) < 128 * 1024
    answer = anna.http.post("/api/messages", content=body, headers={"Content-Type": "application/json"})
    expect(answer, 400, "Missing parameter")


def test_a_number_that_is_too_large_is_a_bad_parameter_and_not_malformed(server):
    """It was reported as malformed at the end of the body, where nothing is wrong."""
    anna = server.register("anna")
    room = server.admin.make_room()
    anna.join(room)
    body = b'{"seq": 1000000000000000000000000000000}'
    answer = anna.http.put(f"/api/rooms/{room}/read", content=body, headers={"Content-Type": "application/json"})
    expect(answer, 400, "Bad parameter")


@pytest.mark.parametrize("wrong", [
    {"text": ""}, {"text": "x" * 16_001}, {"text": "x", "nonce": "n" * 65}, {"text": "x", "reply_to": "0" * 24},
], ids=["no text", "long text", "long nonce", "reply to nothing"])
def test_a_refused_message_to_a_person_makes_no_room(server, wrong):
    anna, boris = server.register("anna"), server.register("boris")
    expect(anna.post("/api/messages", {"recipient": boris.id} | wrong), 400)
    assert expect(boris.get("/api/rooms", member="me"), 200) == []


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "\x1b[31mred"], ids=["line feed", "NUL", "escape"])
def test_a_shown_name_is_one_line_of_visible_text(server, name):
    expect(server.register("anna").patch("/api/users/me", {"display_name": name}), 400, "Bad parameter")


@pytest.mark.parametrize("avatar", ["/\\elsewhere.example/x.png", "https://example.org/a b", "https://x\0", "https://x/\n"],
                         ids=["browsers read a backslash as a slash", "space", "NUL", "line feed"])
def test_an_avatar_is_an_address_and_nothing_else(server, avatar):
    expect(server.register("anna").patch("/api/users/me", {"avatar": avatar}), 400, "Bad parameter")


@pytest.mark.parametrize("twin", ["{} ", " {}", "{}\u3000"], ids=["behind", "before", "wide"])
def test_room_names_that_differ_in_outer_spaces_only_are_one(server, twin):
    name = server.unused_name("room")
    server.admin.make_room(name)
    expect(server.admin.post("/api/rooms", {"name": twin.format(name)}), (400, 409))


# What it costs the server


@pytest.mark.plain("measures memory")
def test_readers_who_ask_for_a_long_past_do_not_fill_the_memory(new_server):
    """40 MB of messages asked for by six who then do not read cost six times that, and more."""
    server = new_server()
    anna, boris = server.register("anna"), server.register("boris")
    room = server.admin.make_room()
    anna.join(room)
    boris.join(room)
    cursor = LongPoll.poll(boris.http, [], None)["cursor"]
    count = 2_500
    with Live(anna, rooms=[server.admin.make_room()]) as writer:  # and hears nothing of this one but acks
        for number in range(count):
            writer.send(op="send", room=room, text=f"{number} ".ljust(15_900, "x"))
        deadline = time.monotonic() + 60
        while boris.room(room)["last_seq"] < count + 4:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    before = resident_kib(server)
    wires = [Wire(server) for _ in range(6)]
    for wire in wires:
        wire.send(f"GET /api/events?wait=0&cursor={cursor} HTTP/1.1\r\nHost: h\r\nX-Auth-Token: {boris.token}\r\n\r\n")
    highest = before
    for _ in range(30):
        time.sleep(0.1)
        highest = max(highest, resident_kib(server))
    for wire in wires:
        wire.socket.close()
    assert highest - before < 150 * 1024, f"{(highest - before) // 1024} MiB for six readers"

    # All of it comes all the same, in as many answers as it takes.
    seen: list[str] = []
    while len(seen) < count:
        answer = LongPoll.poll(boris.http, [], cursor, 0)
        texts = [e["message"]["text"].split()[0] for e in answer["events"] if e["type"] == "message"]
        assert answer["events"], f"nothing more after {len(seen)}"
        seen += texts
        cursor = answer["cursor"]
    assert seen == [str(number) for number in range(count)]


def test_operations_under_way_when_their_connection_is_reset_harm_nobody(new_server):
    """Six hundred listen, which takes a loop several turns, while others send and are gone before they are told."""
    server = new_server()
    room = server.admin.make_room()
    upgrade = request("GET", f"/api/live?room={room}", upgrade_headers() | {"X-Auth-Token": server.admin.token})
    operations = plain_frame(json.dumps({"op": "send", "room": room, "text": "gone"}).encode()) * 60
    reset = struct.pack("ii", 1, 0)
    with Crowd(server, 600) as listeners:
        for one in listeners.all:
            listeners.send(one, upgrade)
        listeners.read_until(lambda: all(b"hello" in one.received for one in listeners.all), why="hello")
        for number in range(100):
            with Crowd(server, 8) as senders:
                for one in senders.all:
                    one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    senders.send(one, upgrade)
                senders.read_until(lambda: all(b"hello" in one.received for one in senders.all), why="hello")
                for one in senders.all:
                    senders.send(one, operations)
                time.sleep(0.0005 * (number % 20))  # the moment of the reset is what differs
            listeners.read()
            for one in listeners.all:
                one.received = b""
            assert server.alive, server.log_text()[-2000:]
    server.admin.say(room, "still here")
