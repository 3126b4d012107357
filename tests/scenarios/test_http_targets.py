"""What a request may ask for, on the real port (RFC 9112, 3.2): forms of a target, escapes, hosts, paths that lead astray."""

import json

import pytest

from harness.wire import Wire, exchange

SETTINGS = {"rooms_created_by": "everyone"}


def ask(poster, target: str | bytes, *lines: str, method: str = "GET", version: str = "HTTP/1.1", without: str = ""):
    line = b"%s %s %s" % (method.encode(), target if isinstance(target, bytes) else target.encode(), version.encode())
    return exchange(poster.server, poster.head(*lines, line=line, without=without), head=method == "HEAD")


# Forms


@pytest.mark.parametrize("target", ["/api/ping", "http://makechat-web/api/ping", "http://makechat-web:80/api/ping",
                                    "HTTP://makechat-web/api/ping", "https://makechat-web/api/ping",
                                    "http://other.example/api/ping", "http://[::1]:8000/api/ping",
                                    "http://127.0.0.1/api/ping?", "/api/ping?a=b", "/api/ping/"])
def test_forms_of_one_target(poster, target):
    answer = ask(poster, target)
    assert answer.status == 200 and answer.json()["username"] == poster.client.name


def test_an_absolute_target_posts_as_any_other(poster):
    data = poster.post("absolutely",
                       line="POST http://makechat-web/api/messages HTTP/1.1") + poster.get("http://x/api/ping")
    assert poster.statuses(data) == [201, 200]
    assert poster.said() == ["absolutely"]


@pytest.mark.parametrize("target", ["http://", "http:///api/ping", "http://?", "http://a@makechat-web/api/ping",
                                    "http://a:b@makechat-web/api/ping", "http://x\\y/api/ping",
                                    "http://make<chat/api/ping", "http:/api/ping", "http:api/ping",
                                    "ftp://makechat-web/api/ping", "file:///etc/passwd", "javascript:alert(1)",
                                    "makechat-web:80", "makechat-web/api/ping", "api/ping", "*", "?", ".",
                                    "\\api\\ping", "/api/ping#top", "/api/ping?x#top", "/api/\x7fping",
                                    b"/api/\x01ping", b"/api/\0ping", b"/api/ping\t", b"/api/ping /x", b"/api/ping\x0b",
                                    "//", b"/\r"], ids=repr)
def test_what_is_no_target(poster, target):
    answer = ask(poster, target)
    assert answer.status in (400, 404) and answer.json()["title"] in ("Bad Request", "Not Found")
    assert b"root:" not in answer.body


def test_options_of_the_whole_server(poster):
    """RFC 9110, 9.3.7: a ping of a kind; with a list of what may be asked for somewhere."""
    answer = ask(poster, "*", method="OPTIONS", without="X-Auth-Token")
    assert answer.status == 204 and {"GET", "POST", "OPTIONS"} <= set(answer.header("Allow").split(", "))
    assert ask(poster, "/api/messages", method="OPTIONS", without="X-Auth-Token").status == 204


@pytest.mark.parametrize("method,target", [("CONNECT", "makechat-web:80"), ("CONNECT", "127.0.0.1:22"),
                                           ("CONNECT", "/api/ping"), ("CONNECT", "*"),
                                           ("TRACE", "/api/ping"), ("TRACE", "*")])
def test_no_proxy_and_no_mirror(poster, method, target):
    """TRACE would show a page the token that it may not see."""
    answer = ask(poster, target, "X-Secret: mirror me", method=method)
    assert answer.status in (400, 405, 501)
    assert b"mirror me" not in answer.body and poster.client.token.encode() not in answer.body


# Hosts


@pytest.mark.parametrize("host", ["makechat-web", "makechat-web:8000", "127.0.0.1", "[::1]", "[::1]:8000",
                                  "xn--bcher-kva.example", "under_score", "a.b.", "A.B"])
def test_hosts(poster, host):
    assert ask(poster, "/api/ping", f"Host: {host}", without="Host").status == 200


@pytest.mark.parametrize("host", ["", " ", "a b", "a/b", "a@b", "user:word@b", "a?b", "a#b", "a\\b", "<script>", "a\"b",
                                  "a,b c", "a\tb", b"a\0b", b"\xff", "bücher.example", "{a}", "a|b", "a^b", "`a`"],
                                  ids=repr)
def test_what_is_no_host(poster, host):
    """RFC 9112, 3.2: an invalid value MUST be answered by 400."""
    line = b"Host: " + (host if isinstance(host, bytes) else host.encode())
    assert ask(poster, "/api/ping", line, without="Host").status == 400


@pytest.mark.parametrize("second", ["makechat-web", "other", ""])
def test_two_hosts(poster, second):
    assert ask(poster, "/api/ping", f"Host: {second}").status == 400
    assert ask(poster, "http://makechat-web/api/ping", f"host: {second}").status == 400


def test_no_host(poster):
    assert ask(poster, "/api/ping", without="Host").status == 400
    assert ask(poster, "http://makechat-web/api/ping", without="Host").status == 400
    assert ask(poster, "/api/ping", version="HTTP/1.0", without="Host").status == 200


@pytest.mark.parametrize("target,host,own", [
    ("/api/users/me", "makechat-web", True), ("/api/users/me", "other.example", False),
    ("http://makechat-web/api/users/me", "other.example", True),
    ("http://other.example/api/users/me", "makechat-web", False),
])
def test_which_host_it_is_for_is_said_by_an_absolute_target(poster, target, host, own):
    """RFC 9112, 3.2.2. By it the pages of this server are told from others."""
    browser = poster.client.log_in()
    body = json.dumps({"display_name": "Anna"})
    session = browser.http.cookies["session"]
    data = (f"PATCH {target} HTTP/1.1\r\nHost: {host}\r\nCookie: session={session}\r\nOrigin: http://makechat-web\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}")
    assert exchange(poster.server, data).status == (200 if own else 403)


# Escapes and paths


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/rooms/x/y/z", "/api%2Fping", "/api%2fping",
                                  "/%61pi/ping", "/api/%70ing", "/api/pin%67",
                                  "/api/ping%20", "/api/ping%00", "/api/ping%0d%0a", "/api/ping%3Fa", "/api/ping;a=b",
                                  "/api/ping%2F", "/API/ping", "/api/Ping", "/api/ping.json", "/api//ping",
                                  "//api/ping", "/api/ping//", "/./api/ping", "/api/./ping", "/api/x/../ping",
                                  "/api/%2e/ping",
                                  "/%2e%2e/api/ping", "/api/..%2fapi/ping", "/api\\ping", "/api%5cping",
                                  "/%c0%ae%c0%ae/api/ping", "/api/%e0%80%afping", "/api/%252e%252e/ping", "/api/ping%",
                                  "/api/ping%g0", "/api/ping%0", "/api/%u0070ing", b"/api/p\xc3\xafng",
                                  b"/api/\xffping", "/api/p ing"], ids=repr)
def test_a_path_has_one_spelling(poster, path):
    """What a proxy before us may let pass as another path never is this one: no rule of its can be got around."""
    answer = ask(poster, path)
    assert answer.status in (400, 404), (path, answer)


TRAVERSALS = ["/../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
              "/..\\..\\etc\\passwd", "/%5c..%5c..%5cetc%5cpasswd", "/....//....//etc/passwd",
              "/..;/..;/etc/passwd", "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", "/%252e%252e%252fetc%252fpasswd",
              "/..%00/etc/passwd", "/etc/passwd%00.html", "//etc/passwd", "/file:///etc/passwd",
              "/makechat.db", "/../data/makechat.db", "/.git/config", "/proc/self/environ",
              "/api/../../data/makechat.db", "/api/rooms/../../../etc/passwd", "/static/../../etc/passwd"]


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("form", ["origin", "absolute"])
def test_no_path_leads_to_a_file(poster, path, form):
    answer = ask(poster, path if form == "origin" else f"http://makechat-web{path}", without="X-Auth-Token")
    assert answer.status in (400, 404)
    assert not any(secret in answer.body for secret in (b"root:", b"SQLite", b"[core]", b"PATH="))


@pytest.mark.parametrize("id", ["%2e%2e", "..", "%00", "0" * 23, "0" * 25, "g" * 24, "%30" * 24 + "0", "0" * 23 + "%",
                                "%ff" * 24, "'; DROP TABLE rooms; --".replace(" ", "%20"), "%F0%9F%98%80", "0" * 4000])
def test_an_id_that_is_none(poster, id):
    for path in (f"/api/rooms/{id}", f"/api/messages/{id}", f"/api/messages/{id}/history"):
        answer = ask(poster, path)
        assert answer.status in (400, 404), (path, answer)
    assert ask(poster, f"/api/rooms/{id}", method="DELETE").status in (400, 403, 404)


def test_an_escaped_id_is_the_same_id(poster):
    """Of a segment that stands for a value the escapes are undone (RFC 3986, 2.3)."""
    escaped = "".join(f"%{ord(c):02x}" for c in poster.room)
    assert ask(poster, f"/api/rooms/{escaped}").status == 200


@pytest.mark.parametrize("query", ["room=%", "room=%4", "room=%zz", "room=%ff", "room=%c0%af", "room=%ed%a0%80",
                                   "room=%00", "%=%", "limit=%u0031", "limit=１"])
def test_a_query_that_cannot_be_read(poster, query):
    assert ask(poster, f"/api/messages?{query}").status == 400


@pytest.mark.parametrize("query", ["room={}", "room={}&", "&&room={}", "%72oom={}", "room={}&x",
                                   "room={}&x=%F0%9F%98%80+y", "room={}&?", "room={}&=", "room={}&a=b=c", "room={}&/../"])
def test_a_query_that_says_the_same(poster, query):
    poster.client.say(poster.room, "here")
    answer = ask(poster, "/api/messages?" + query.format(poster.room))
    assert answer.status == 200 and [m["text"] for m in answer.json()] == ["here"]


def test_a_target_of_just_8_kib(poster):
    def target(size: int) -> str:
        return "/api/ping?".ljust(size, "q")
    assert ask(poster, target(8192)).status == 200
    assert ask(poster, target(8193)).status == 414
    with Wire(poster.server) as wire:  # by its size alone, without an end
        wire.send("GET " + target(9000))
        assert wire.read_answer().status == 414
        assert wire.ended()
