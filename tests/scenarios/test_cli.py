"""The command line, beside a running server and without one: the same words, the same effects."""

import re

import pytest

from harness.client import Client, expect, oid

USER_HELP = """usage: makechat user [-h] {create,changepass} ...

positional arguments:
  {create,changepass}
    create             create a new user
    changepass         change user password

optional arguments:
  -h, --help           show this help message and exit
"""
CREATE_HELP = """usage: makechat user create [-h] -u USERNAME -p PASSWORD -e EMAIL [-admin]

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
  -p PASSWORD  specify password
  -e EMAIL     specify email address
  -admin       is superuser?
"""
CHANGEPASS_HELP = """usage: makechat user changepass [-h] -u USERNAME -p NEW PASSWORD

optional arguments:
  -h, --help       show this help message and exit
  -u USERNAME      specify username
  -p NEW PASSWORD  specify new password
"""


@pytest.fixture(params=["running", "stopped"])
def folder(request, new_server):
    """A data folder with a server at work on it, or with none."""
    server = new_server(start=request.param == "running")
    server.was_running = request.param == "running"
    return server


def answering(folder):
    """The server that shows what the commands did: the one at work, or one started now."""
    return folder if folder.alive else folder.start()


def failed(done, *words: str) -> str:
    """A refusal: non-zero, and `ERROR: …` on stderr."""
    assert done.returncode != 0, f"succeeded: {done.stdout}"
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    assert errors, f"no line begins with 'ERROR: ' in {done.stderr!r}"
    for word in words:
        assert word.lower() in done.stderr.lower(), f"{word!r} is not in {done.stderr!r}"
    return errors[0]


def create(folder, name: str, *more: str, password: str = "test_pass") -> None:
    folder.run("user", "create", "-u", name, "-p", password, "-e", f"{name}@example.com", *more)


def token_of(folder, name: str, *more: str) -> str:
    printed = folder.run("token", "create", "-u", name, *more)
    assert re.fullmatch(r"[a-z0-9]{32}\n", printed), f"token create prints the token alone, not {printed!r}"
    return printed.strip()


def line_with(text: str, word: str) -> str:
    lines = [line for line in text.splitlines() if word in line]
    assert len(lines) == 1, f"{len(lines)} lines have {word!r}: {text}"
    return lines[0]


def log_in(server, name: str, password: str):
    return server.client().post("/api/login", {"username": name, "password": password})


def test_help_begins_with_the_manuals_text(new_server):
    folder = new_server(start=False)
    text = folder.run("user", "-h")
    assert text.startswith(USER_HELP)
    for own in ("list", "disable", "enable"):
        assert own in text[len(USER_HELP):], "the other commands follow in a section of their own"
    assert folder.run("user", "--help") == text


@pytest.mark.parametrize("command,text", [("create", CREATE_HELP), ("changepass", CHANGEPASS_HELP)])
def test_help_is_the_manuals_to_the_letter(new_server, command, text):
    folder = new_server(start=False)
    assert folder.run("user", command, "-h") == text
    assert folder.run("user", command, "--help") == text


def test_help_creates_no_data(new_server):
    folder = new_server(start=False)
    folder.run("user", "create", "-h")
    folder.run("version")
    assert not folder.data.exists()


def test_the_manuals_commands_make_a_user_and_an_admin(folder):
    folder.run("user", "create", "-u", "test_user", "-p", "test_pass", "-e", "test@example.com")
    folder.run("user", "create", "-u", "admin", "-p", "admin_pass", "-e", "admin@example.com", "-admin")
    server = answering(folder)
    user = expect(log_in(server, "test_user", "test_pass"), 200)["user"]
    assert (user["username"], user.get("is_superuser", False)) == ("test_user", False)
    browser = server.client()
    expect(browser.post("/api/login", {"username": "admin", "password": "admin_pass"}), 200)
    assert expect(browser.get("/api/ping"), 200)["is_superuser"] is True
    expect(browser.get("/api/rooms"), 200)


def test_a_password_from_stdin(folder):
    folder.run("user", "create", "-u", "quiet", "-p", "-", "-e", "quiet@example.com", stdin="секретный пароль\n")
    expect(log_in(answering(folder), "quiet", "секретный пароль"), 200)
    folder.run("user", "changepass", "-u", "quiet", "-p", "-", stdin="no newline at its end")
    expect(log_in(folder, "quiet", "no newline at its end"), 200)
    expect(log_in(folder, "quiet", "секретный пароль"), 401, "Bad login attempt")


def test_changepass(folder):
    create(folder, "anna")
    folder.run("user", "changepass", "-u", "anna", "-p", "new_pass")
    server = answering(folder)
    expect(log_in(server, "anna", "new_pass"), 200)
    expect(log_in(server, "anna", "test_pass"), 401, "Bad login attempt", "Invalid username or password.")


def test_changepass_ends_the_sessions_at_once(new_server):
    server = new_server()
    create(server, "anna")
    browser = server.client()
    expect(browser.post("/api/login", {"username": "anna", "password": "test_pass"}), 200)
    server.run("user", "changepass", "-u", "anna", "-p", "new_pass")
    expect(browser.get("/api/ping"), 401)


def test_user_list_shows_everybody(folder):
    create(folder, "anna")
    create(folder, "boris", "-admin")
    text = folder.run("user", "list")
    assert "anna@example.com" in line_with(text, "anna")
    assert "boris@example.com" in line_with(text, "boris")


def test_disable_and_enable(folder):
    create(folder, "anna")
    token = token_of(folder, "anna")
    folder.run("user", "disable", "-u", "anna")
    server = answering(folder)
    expect(server.client(token).get("/api/ping"), 401)
    expect(log_in(server, "anna", "test_pass"), 403, "Permission Denied", "This account is disabled.")
    folder.run("user", "enable", "-u", "anna")
    expect(log_in(server, "anna", "test_pass"), 200)


def test_disabling_works_at_once_in_the_running_server(new_server):
    server = new_server()
    anna = server.register("anna")
    browser = anna.log_in()
    expect(anna.get("/api/ping"), 200)
    server.run("user", "disable", "-u", anna.name)
    expect(anna.get("/api/ping"), 401)
    expect(browser.get("/api/ping"), 401)


def test_the_last_enabled_admin_cannot_be_disabled(folder):
    create(folder, "boss", "-admin")
    failed(folder.cli("user", "disable", "-u", "boss"))
    create(folder, "deputy", "-admin")
    folder.run("user", "disable", "-u", "boss")


def test_tokens_work_until_they_are_revoked(folder):
    create(folder, "anna")
    token = token_of(folder, "anna", "-n", "my bot")
    other = token_of(folder, "anna")
    assert token != other
    text = folder.run("token", "list")
    line = line_with(text, "my bot")
    assert "anna" in line
    assert token not in text and other not in text, "a token is shown once"
    if folder.was_running:
        expect(folder.client(token).get("/api/ping"), 200)
    token_id = re.search(r"\b[0-9a-f]{24}\b", line).group()
    folder.run("token", "revoke", token_id)
    assert "my bot" not in folder.run("token", "list")
    server = answering(folder)
    expect(server.client(token).get("/api/ping"), 401)
    expect(server.client(other).get("/api/ping"), 200)


def test_room_list(folder):
    create(folder, "boss", "-admin")
    token = token_of(folder, "boss")
    folder.run("room", "list")  # of no rooms is no error
    boss = Client(answering(folder), token)
    room = boss.make_room("Кухня")
    hidden = boss.make_room("hidden room", is_visible=False)
    if not folder.was_running:
        folder.stop()
    text = folder.run("room", "list")
    assert room in line_with(text, "Кухня")
    assert hidden in line_with(text, "hidden room")


REFUSED = [
    ("an unknown user's password", ("user", "changepass", "-u", "nobody", "-p", "new_pass"), ["nobody"]),
    ("an unknown user's token", ("token", "create", "-u", "nobody"), ["nobody"]),
    ("disabling an unknown user", ("user", "disable", "-u", "nobody"), ["nobody"]),
    ("a taken name", ("user", "create", "-u", "ANNA", "-p", "test_pass", "-e", "x@example.com"), ["Username is already taken."]),
    ("a taken address", ("user", "create", "-u", "anna2", "-p", "test_pass", "-e", "anna@example.com"), ["Email is already taken."]),
    ("a name with a space", ("user", "create", "-u", "an na", "-p", "test_pass", "-e", "x@example.com"), []),
    ("an address without @", ("user", "create", "-u", "vera", "-p", "test_pass", "-e", "example.com"), []),
    ("an unknown token", ("token", "revoke", "5706dac4d55cfe00010944ac"), []),
    ("no password", ("user", "create", "-u", "vera", "-e", "vera@example.com"), ["-p"]),
    ("no address", ("user", "create", "-u", "vera", "-p", "test_pass"), ["-e"]),
    ("an option without its value", ("user", "create", "-p", "test_pass", "-e", "x@example.com", "-u"), ["-u"]),
    ("an unknown option", ("user", "create", "-u", "vera", "-p", "p", "-e", "x@example.com", "-z"), ["-z"]),
    ("an unknown action", ("user", "destroy"), ["destroy"]),
    ("an unknown command", ("frobnicate",), ["frobnicate"]),
]


@pytest.mark.parametrize("arguments,words", [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refusals_say_why_and_change_nothing(new_server, arguments, words):
    folder = new_server(start=False)
    create(folder, "anna")
    stopped = failed(folder.cli(*arguments), *words)
    folder.start()
    running = failed(folder.cli(*arguments), *words)
    assert stopped == running, "the same refusal, whoever owns the store"
    assert len([line for line in folder.run("user", "list").splitlines() if "@example.com" in line]) == 1


def test_a_user_created_beside_the_server_can_be_invited_at_once(new_server):
    server = new_server()
    boss = server.admin
    room = boss.make_room(is_open=False)
    create(server, "vera")
    expect(boss.post("/api/members", {"room": room, "user": "vera"}), 201)
    vera = server.client(token_of(server, "vera"))
    assert [oid(r["_id"]) for r in expect(vera.get("/api/rooms", member="me"), 200)] == [room]


def test_the_data_folder_may_be_a_flag(new_server):
    folder = new_server(start=False)
    done = folder.cli("user", "create", "-u", "anna", "-p", "test_pass", "-e", "anna@example.com", "--data",
                      str(folder.folder / "elsewhere"), env={"MAKECHAT_DATA_DIR": str(folder.folder / "not here")})
    assert done.returncode == 0, done.stderr
    assert (folder.folder / "elsewhere").is_dir() and not (folder.folder / "not here").exists()


def test_version(new_server):
    text = new_server(start=False).run("version")
    assert re.search(r"\d+\.\d+", text), text


def test_secrets_in_the_store_are_not_readable(new_server):
    """Passwords and tokens are hashed; the folder is nobody else's business."""
    folder = new_server(start=False)
    create(folder, "anna", password="a very secret password")
    token = token_of(folder, "anna")
    content = b"".join(f.read_bytes() for f in folder.data.rglob("*") if f.is_file())
    assert b"anna@example.com" in content
    assert b"a very secret password" not in content and token.encode() not in content
