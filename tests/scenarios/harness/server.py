"""The real program, started on a folder and a port of its own."""

import os
import random
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx

from harness.client import NO_TLS, Client, expect, oid

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("MAKECHAT_BIN", ROOT / "build/release/makechat")).resolve()

# Tests talk faster than people do; the tests of the limits set their own.
UNTHROTTLED = {
    "rate_limit_login": "off",
    "rate_limit_register": "off",
    "rate_limit_write": "off",
    "rate_limit_read": "off",
}
SANITIZER_REPORT = re.compile(r"ERROR: \w+Sanitizer|runtime error:|WARNING: ThreadSanitizer")
# How many times as long as usual to wait for things: script/test has the programs that are built for finding faults.
PATIENCE = float(os.environ.get("PATIENCE", "1"))
running: set["Server"] = set()


def free_port() -> int:
    """A port that nobody listens on, below the ones that the kernel gives to outgoing connections."""
    while True:
        port = random.SystemRandom().randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def environment(home: Path, extra: dict[str, str]) -> dict[str, str]:
    """No setting of whoever runs the tests reaches the program."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKECHAT_", "XDG_"))}
    return kept | {"HOME": str(home), "TZ": "UTC"} | extra


def wait_until(condition, timeout: float = 10, why: str = "the condition"):
    """Polls until `condition()` is true and returns its value."""
    timeout *= PATIENCE
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{why} did not come true in {timeout} s"
        time.sleep(0.02)


def resident_kib(server: "Server") -> int:
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Server:
    """One data folder and the process that may own it now. `settings` are the keys of [DEFAULT]."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None, *, data: Path | None = None):
        self.folder = folder
        self.data = data or folder / "data"
        self.config = folder / "makechat.conf"  # in HOME, where the manual has it
        self.log = folder / "serve.log"
        self.port = free_port()
        self.env: dict[str, str] = {}  # MAKECHAT_<KEY> for `serve`
        self.wrapper: list[str] = []  # what starts the program, such as prlimit
        self.pipe_log = False  # through `cat`, for the tests that forbid the program to write files
        self.process: subprocess.Popen | None = None
        self._log_read = 0
        self._admin: Client | None = None
        self._clients: list[Client] = []
        self._names = 0
        self.configure(UNTHROTTLED | (settings or {}))

    # The process

    def configure(self, settings: dict[str, str]) -> None:
        self.config.write_text("[DEFAULT]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items()))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def flags(self) -> list[str]:
        return ["--listen", f"127.0.0.1:{self.port}", "--data", str(self.data), "--config", str(self.config)]

    def launch(self) -> None:
        with open(self.log, "ab") as log:
            out = log
            if self.pipe_log:
                out = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log).stdin
            self.process = subprocess.Popen(
                # Whoever runs the tests under nohup would have the program ignore a hang-up too.
                ["env", "--default-signal=HUP", *self.wrapper, BINARY, "serve", *self.flags],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                env=environment(self.folder, self.env), cwd=self.folder,
            )
            if self.pipe_log:
                out.close()
        running.add(self)

    def start(self, timeout: float = 20) -> "Server":
        """Returns when the program answers."""
        timeout *= PATIENCE
        self.launch()
        deadline = time.monotonic() + timeout
        while not self.answers():
            if not self.alive:
                running.discard(self)
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log_text()[-4000:]}")
            assert time.monotonic() < deadline, f"/healthz did not answer in {timeout} s:\n{self.log_text()[-4000:]}"
            time.sleep(0.01)
        return self

    def answers(self) -> bool:
        try:
            return httpx.get(self.url + "/healthz", timeout=5, trust_env=False, verify=NO_TLS).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """What systemd and docker do. The program has 10 s to finish and then exits with 0."""
        self.hang_up()
        self.terminate()
        self.wait_for_end()

    def terminate(self) -> None:
        assert self.alive, f"the server was gone, status {self.process.returncode}:\n{self.log_text()[-4000:]}"
        self.process.send_signal(signal.SIGTERM)

    def wait_for_end(self) -> None:
        running.discard(self)
        try:
            status = self.process.wait(timeout=15 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("SIGTERM did not end the server in 15 s") from None
        assert status == 0, f"SIGTERM ended the server with status {status}:\n{self.log_text()[-4000:]}"
        self.check_log()

    def kill(self) -> None:
        """kill -9: no goodbye."""
        running.discard(self)
        self.process.kill()
        self.process.wait()
        self.check_log()

    def restart(self) -> None:
        """On the same data and the same port, as an upgrade does."""
        if self.alive:
            self.stop()
        self.start()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def check_log(self) -> None:
        """A report of a sanitizer is a failure, whatever the test has asked for. Reads what is new since the last time."""
        if not self.log.exists():
            return
        with open(self.log, "rb") as log:
            log.seek(self._log_read)
            new = log.read()
        self._log_read += new.rfind(b"\n") + 1
        text = new.decode(errors="replace")
        found = SANITIZER_REPORT.search(text)
        assert not found, f"a sanitizer reported:\n{text[max(0, found.start() - 200):][:8000]}"

    # The command line

    def cli(self, *args: str, stdin: str | None = None, env: dict[str, str] | None = None):
        """`makechat ARGS` to the letter: the data folder comes from the environment, the settings from HOME."""
        done = subprocess.run(
            [*self.wrapper, BINARY, *args], input=stdin if stdin is not None else "", capture_output=True, text=True,
            timeout=30 * PATIENCE, cwd=self.folder,
            env=environment(self.folder, {"MAKECHAT_DATA_DIR": str(self.data)} | (env or {})),
        )
        assert not SANITIZER_REPORT.search(done.stderr), f"makechat {' '.join(args)}: {done.stderr}"
        return done

    def run(self, *args: str, stdin: str | None = None) -> str:
        """A command that must succeed; gives its stdout."""
        done = self.cli(*args, stdin=stdin)
        assert done.returncode == 0, f"makechat {' '.join(args)}: status {done.returncode}: {done.stderr}"
        return done.stdout

    # People

    def client(self, token: str | None = None, **kwargs) -> Client:
        client = Client(self, token, **kwargs)
        self._clients.append(client)
        return client

    def unused_name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}_{os.getpid() % 10000}_{self._names}"

    def register(self, prefix: str = "user", password: str = "correct horse") -> Client:
        """A new person with the token that the sign-up gave him."""
        name = self.unused_name(prefix)
        stranger = self.client()
        stranger.http.cookies.clear()
        answer = stranger.post("/api/register", {
            "username": name, "email": f"{name}@example.com", "password1": password, "password2": password})
        body = expect(answer, 201)
        return self.client(body["token"], name=name, id=oid(body["user"]["_id"]), password=password)

    def make_admin(self, name: str) -> Client:
        self.run("user", "create", "-u", name, "-p", "admin_pass", "-e", f"{name}@example.com", "-admin")
        token = self.run("token", "create", "-u", name).strip()
        admin = self.client(token, name=name, password="admin_pass")
        admin.id = oid(expect(admin.get("/api/users/me"), 200)["_id"])
        return admin

    @property
    def admin(self) -> Client:
        """The superuser, made by the manual's command."""
        if self._admin is None:
            self._admin = self.make_admin("admin")
        return self._admin

    def hang_up(self) -> None:
        for client in self._clients:
            client.hang_up()
