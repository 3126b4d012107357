"""A person's or a program's view of the HTTP API."""

import re
import ssl
import uuid

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; httpx would read all certificates for each client
ERROR_KEYS = ({"title", "description"}, {"title", "description", "link"})


def oid(value) -> str:
    """The 24 digits of an id as the API shows it."""
    assert isinstance(value, dict) and set(value) == {"$oid"}, f"not an id: {value!r}"
    assert re.fullmatch(r"[0-9a-f]{24}", value["$oid"]), f"not an id: {value!r}"
    return value["$oid"]


def is_time(value) -> bool:
    return (isinstance(value, dict) and set(value) == {"$date"}
            and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", value["$date"])))


def expect(answer: httpx.Response, status, title: str | None = None, description: str | None = None):
    """Asserts the status, and what api.md promises for every answer; gives the body."""
    wanted = status if isinstance(status, tuple) else (status,)
    request = answer.request
    shown = f"{request.method} {request.url}: {answer.status_code} {answer.text[:600]!r}"
    assert answer.status_code in wanted, f"wanted {wanted}, {shown}"
    if answer.status_code >= 400 and answer.status_code != 405:
        assert answer.headers["content-type"] == "application/json", shown
        body = answer.json()
        assert set(body) in ERROR_KEYS, shown
        assert title is None or body["title"] == title, f"wanted {title!r}, {shown}"
        assert description is None or body["description"] == description, f"wanted {description!r}, {shown}"
        return body
    if answer.status_code in (200, 201):
        assert answer.headers["content-type"] == "application/json; charset=utf-8", shown
        assert answer.headers["cache-control"] == "max-age=86400, must-revalidate, no-store", shown
        assert answer.headers["vary"] == "Accept-Encoding", shown
        return answer.json()
    return None


def done(answer: httpx.Response) -> None:
    """A deletion: what it answers with is nobody's business."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:600]!r}"


class Client:
    def __init__(self, server, token: str | None, name: str = "", id: str = "", password: str = ""):
        self.server = server
        self.token = token
        self.name = name
        self.id = id
        self.password = password
        self.http = self._connect({"X-Auth-Token": token} if token else {}, None)

    def _connect(self, headers, cookies) -> httpx.Client:
        return httpx.Client(base_url=self.server.url, timeout=20, trust_env=False, verify=NO_TLS, headers=headers, cookies=cookies,
                            limits=httpx.Limits(max_connections=32, keepalive_expiry=30))

    def hang_up(self) -> None:
        """Drops the connections, keeps the cookies."""
        self.http.close()
        self.http = self._connect(self.http.headers, self.http.cookies)

    # Requests

    def get(self, path: str, headers: dict | None = None, **params) -> httpx.Response:
        return self.http.get(path, params=params or None, headers=headers)

    def post(self, path: str, body=None, headers: dict | None = None) -> httpx.Response:
        return self.http.post(path, json={} if body is None else body, headers=headers)

    def put(self, path: str, body=None, headers: dict | None = None) -> httpx.Response:
        return self.http.put(path, json={} if body is None else body, headers=headers)

    def patch(self, path: str, body=None, headers: dict | None = None) -> httpx.Response:
        return self.http.patch(path, json={} if body is None else body, headers=headers)

    def delete(self, path: str, headers: dict | None = None, **params) -> httpx.Response:
        return self.http.delete(path, params=params or None, headers=headers)

    def log_in(self, password: str | None = None) -> "Client":
        """The same person in a browser: a cookie and no token."""
        browser = self.server.client(name=self.name, id=self.id, password=password or self.password)
        expect(browser.post("/api/login", {"username": self.name, "password": browser.password}), 200)
        return browser

    @property
    def own_origin(self) -> dict[str, str]:
        return {"Origin": self.server.url}

    # What people do all day

    def make_room(self, name: str | None = None, **options) -> str:
        room = {"name": name or f"room {uuid.uuid4().hex[:12]}"} | options
        return oid(expect(self.post("/api/rooms", room), 201)["_id"])

    def make_direct(self, *others: "Client") -> str:
        return oid(expect(self.post("/api/rooms", {"kind": "direct", "users": [o.id for o in others]}), (200, 201))["_id"])

    def room(self, room: str) -> dict:
        return expect(self.get(f"/api/rooms/{room}"), 200)

    def add(self, room: str, other: "Client", role: str = "member") -> dict:
        return expect(self.post("/api/members", {"room": room, "user": other.id, "role": role}), (200, 201))

    def join(self, room: str) -> dict:
        return expect(self.post("/api/members", {"room": room}), (200, 201))

    def members(self, room: str) -> dict[str, dict]:
        """By user name."""
        return {m["username"]: m for m in expect(self.get("/api/members", room=room), 200)}

    def member_path(self, room: str, other: "Client") -> str:
        """Of DELETE and PATCH."""
        return f"/api/members/{oid(self.members(room)[other.name]['_id'])}?room={room}"

    def remove(self, room: str, other: "Client") -> None:
        done(self.http.delete(self.member_path(room, other)))

    def leave(self, room: str) -> None:
        self.remove(room, self)

    def set_role(self, room: str, other: "Client", role: str) -> dict:
        return expect(self.patch(self.member_path(room, other), {"role": role}), 200)

    def say(self, room: str, text: str, **more) -> dict:
        return expect(self.post("/api/messages", {"room": room, "text": text} | more), 201)

    def edit(self, message: dict, text: str) -> dict:
        return expect(self.patch(f"/api/messages/{oid(message['_id'])}", {"text": text}), 200)

    def erase(self, message: dict) -> None:
        done(self.delete(f"/api/messages/{oid(message['_id'])}"))

    def messages(self, room: str, **params) -> list[dict]:
        return expect(self.get("/api/messages", room=room, **params), 200)

    def all_entries(self, room: str, **params) -> list[dict]:
        """The whole log of a room, page by page."""
        entries: list[dict] = []
        while True:
            after = entries[-1]["seq"] if entries else 0
            page = self.messages(room, entries="all", after=after, limit=200, **params)
            if not page:
                return entries
            entries += page

    def all_messages(self, room: str) -> list[dict]:
        found: list[dict] = []
        while True:
            page = self.messages(room, after=found[-1]["seq"] if found else 0, limit=200)
            if not page:
                return found
            found += page

    def unread(self, room: str) -> dict:
        rows = [row for row in expect(self.get("/api/unread"), 200) if oid(row["room"]) == room]
        assert len(rows) == 1, f"{len(rows)} unread rows for room {room}"
        return rows[0]
