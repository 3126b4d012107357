"""Settings: the file, the environment, the flags, and what a mistake in them gets."""

import re
import subprocess

import httpx
import pytest

from harness.client import NO_TLS, expect
from harness.server import BINARY, environment, free_port, wait_until


def max_age(server) -> int:
    """session_ttl, as a browser sees it."""
    anna = server.register("anna")
    answer = server.client().post("/api/login", {"username": anna.name, "password": anna.password})
    expect(answer, 200)
    return int(re.search(r"max-age=(\d+)", answer.headers["set-cookie"], re.IGNORECASE).group(1))


def check(folder, text: str | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    if text is not None:
        folder.config.write_text(text)
    return folder.cli("check-config", "--config", str(folder.config), env=env)


def origin_line(output: str, key: str) -> str:
    lines = [line for line in output.splitlines() if re.match(rf"\s*{key}\b", line)]
    assert len(lines) == 1, f"{len(lines)} lines for {key}: {output}"
    return lines[0]


def test_the_old_files_keys_are_accepted(new_server):
    folder = new_server(start=False)
    done = check(folder, "[DEFAULT]\ntest_mode = 0\nmongo_uri = mongodb://makechat-mongo:27017\n"
                         "test_mongo_uri = mongodb://makechat-mongo:27017\nsecret_key = verysecret\nsession_ttl = 86400\n")
    assert done.returncode == 0, done.stderr
    assert "verysecret" not in done.stdout + done.stderr
    assert "86400" in origin_line(done.stdout, "session_ttl")
    origin_line(done.stdout, "secret_key")


def test_check_config_says_where_each_value_came_from(new_server):
    folder = new_server(start=False)
    done = check(folder, "[DEFAULT]\nsession_ttl = 1111\nserver_name = from the file\n",
                 env={"MAKECHAT_SERVER_NAME": "from the environment"})
    assert done.returncode == 0, done.stderr
    assert "1111" in origin_line(done.stdout, "session_ttl")
    assert "makechat.conf" in origin_line(done.stdout, "session_ttl")
    name = origin_line(done.stdout, "server_name")
    assert "from the environment" in name and "MAKECHAT_SERVER_NAME" in name
    assert "default" in origin_line(done.stdout, "rate_limit_write").lower()
    assert "600/60" in origin_line(done.stdout, "rate_limit_write")


def test_without_a_file_the_defaults_hold(new_server):
    folder = new_server(start=False)
    folder.config.unlink()
    done = folder.cli("check-config")
    assert done.returncode == 0, done.stderr
    assert "default" in origin_line(done.stdout, "registration").lower()
    assert "open" in origin_line(done.stdout, "registration")


def test_the_file_in_the_home_folder_is_read(new_server):
    folder = new_server(start=False)
    folder.config.write_text("[DEFAULT]\nsession_ttl = 2222\n")  # HOME/makechat.conf
    assert "2222" in origin_line(folder.run("check-config"), "session_ttl")


MISTAKES = [
    # the file, the line to be named, the key to be named
    ("unknown key", "[DEFAULT]\nsession_ttl = 60\nsesion_ttl = 61\n", 3, "sesion_ttl"),
    ("not a number", "[DEFAULT]\n\n# comment\nsession_ttl = soon\n", 4, "session_ttl"),
    ("negative", "[DEFAULT]\nsession_ttl = -5\n", 2, "session_ttl"),
    ("unknown word", "[DEFAULT]\nregistration = perhaps\n", 2, "registration"),
    ("unknown store", "[DEFAULT]\nstore = paper\n", 2, "store"),
    ("a rate without a slash", "[DEFAULT]\nrate_limit_write = 600\n", 2, "rate_limit_write"),
    ("a rate of nonsense", "[DEFAULT]\nrate_limit_login = many/often\n", 2, "rate_limit_login"),
    ("no network", "[DEFAULT]\ntrusted_proxies = everybody\n", 2, "trusted_proxies"),
    ("no port", "[DEFAULT]\nlisten = 127.0.0.1:http\n", 2, "listen"),
]


@pytest.mark.parametrize("text,line,key", [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_in_the_file_is_named_with_file_line_and_key(new_server, text, line, key):
    folder = new_server(start=False)
    folder.config.write_text(text)
    for command in (["check-config", "--config", str(folder.config)],
                    ["serve", "--data", str(folder.data), "--config", str(folder.config)]):
        done = folder.cli(*command)
        assert done.returncode != 0, f"{command} accepted {text!r}"
        error = [row for row in done.stderr.splitlines() if "ERROR: " in row]
        assert error, done.stderr
        assert "makechat.conf" in error[0] and key in error[0], error[0]
        assert re.search(rf"\b{line}\b", error[0].replace(str(folder.folder), "")), error[0]


def test_a_line_that_is_not_ini_is_an_error(new_server):
    done = check(new_server(start=False), "[DEFAULT]\nthis is no setting\n")
    assert done.returncode != 0 and "ERROR: " in done.stderr and re.search(r"\b2\b", done.stderr)


def test_a_file_that_is_not_there_is_an_error(new_server):
    folder = new_server(start=False)
    done = folder.cli("check-config", "--config", str(folder.folder / "no-such.conf"))
    assert done.returncode != 0 and "ERROR: " in done.stderr and "no-such.conf" in done.stderr


def test_the_old_files_uwsgi_section_is_passed_over_with_a_warning(new_server):
    server = new_server(start=False)
    server.config.write_text("[DEFAULT]\nsession_ttl = 3333\n[uwsgi]\nhttp-socket = 0.0.0.0:8000\nworkers = 4\n")
    done = check(server)
    assert done.returncode == 0 and "uwsgi" in done.stderr
    assert "3333" in origin_line(done.stdout, "session_ttl")
    server.start()
    assert max_age(server) == 3333
    assert "uwsgi" in server.log_text()


def test_the_environment_wins_over_the_file(new_server):
    server = new_server({"session_ttl": "1111"}, start=False)
    server.env = {"MAKECHAT_SESSION_TTL": "2222"}
    assert max_age(server.start()) == 2222


def test_the_file_alone(new_server):
    assert max_age(new_server({"session_ttl": "1111"})) == 1111


def test_a_bad_value_in_the_environment_names_the_variable(new_server):
    done = check(new_server(start=False), "[DEFAULT]\n", env={"MAKECHAT_SESSION_TTL": "soon"})
    assert done.returncode != 0 and "ERROR: " in done.stderr and "MAKECHAT_SESSION_TTL" in done.stderr


def test_flags_win_over_the_environment_over_the_file(new_server):
    folder = new_server(start=False)
    ports = {name: free_port() for name in ("flag", "environment", "file")}
    folder.config.write_text(f"[DEFAULT]\nlisten = 127.0.0.1:{ports['file']}\ndata_dir = {folder.data}\n")
    command = [BINARY, "serve", "--config", str(folder.config)]
    env = {"MAKECHAT_LISTEN": f"127.0.0.1:{ports['environment']}"}
    for name, flags, extra in [("file", [], {}), ("environment", [], env),
                               ("flag", ["--listen", f"127.0.0.1:{ports['flag']}"], env)]:
        with open(folder.log, "ab") as log:
            process = subprocess.Popen([*command, *flags], env=environment(folder.folder, extra), cwd=folder.folder,
                                       stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: answers(ports[name]), 20, f"an answer on the port that the {name} named")
            assert not any(answers(port) for other, port in ports.items() if other != name)
        finally:
            process.terminate()
            assert process.wait(timeout=15) == 0
    assert folder.data.is_dir(), "data_dir of the file"


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=5, verify=NO_TLS).status_code == 200
    except httpx.TransportError:
        return False


def test_a_secret_from_a_file(new_server):
    folder = new_server(start=False)
    secret = folder.folder / "secret"
    secret.write_text("key out of a file\n")
    done = check(folder, "[DEFAULT]\n", env={"MAKECHAT_SECRET_KEY_FILE": str(secret)})
    assert done.returncode == 0, done.stderr
    line = origin_line(done.stdout, "secret_key")
    assert "MAKECHAT_SECRET_KEY_FILE" in line or str(secret) in line
    assert "key out of a file" not in done.stdout + done.stderr
    secret.unlink()
    done = check(folder, env={"MAKECHAT_SECRET_KEY_FILE": str(secret)})
    assert done.returncode != 0 and "ERROR: " in done.stderr and str(secret) in done.stderr


def test_secrets_in_a_mongo_uri_are_masked(new_server):
    done = check(new_server(start=False), "[DEFAULT]\nmongo_uri = mongodb://root:hunter2hunter2@db:27017/\n")
    assert done.returncode == 0, done.stderr
    assert "hunter2hunter2" not in done.stdout + done.stderr
