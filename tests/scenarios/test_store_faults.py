"""A store that cannot be used, at the start and while the server runs: what people and whoever runs it are told, and that
nothing acknowledged is lost."""

import threading

import pytest

from harness.client import Client, expect
from harness.disk import SmallDisk
from harness.live import Live
from harness.server import Server, wait_until


@pytest.fixture
def disk(tmp_path):
    disk = SmallDisk(tmp_path / "disk", 96)
    yield disk
    disk.close()


@pytest.fixture
def small_server(new_server, disk):
    """Its data is on the small disk, its log is not. It ends before the disk does."""
    server = new_server({"rooms_created_by": "everyone"}, start=False, data=disk.data)
    server.wrapper = disk.wrapper
    yield server
    if server.alive:
        server.stop()


FULL = "makechat.db cannot be written: database or disk is full. Make room on its disk."
AGAIN = "makechat.db can be written again."


class Writer(threading.Thread):
    """Posts until it is stopped, each message again with its nonce until it is acknowledged, as a good client does. It takes
    its time, so that only the ballast can fill the disk, however long a test waits."""

    def __init__(self, client: Client, room: str):
        super().__init__(daemon=True)
        self.client, self.room = client, room
        self.acknowledged: list[str] = []
        self.refused = 0
        self.stopping = threading.Event()
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stopping.wait(0.05):
                self.post(f"{self.client.name} {len(self.acknowledged)} " + "x" * 6000)
        except BaseException as error:
            self.trouble = error

    def post(self, text: str) -> None:
        while True:
            answer = self.client.post("/api/messages", {"room": self.room, "text": text, "nonce": text[:20]})
            if answer.status_code == 503:
                expect(answer, 503, "Overloaded", "The store cannot write at the moment.")
                assert int(answer.headers["retry-after"]) >= 1
                self.refused += 1
                if self.stopping.wait(0.02):
                    return
                continue
            expect(answer, (200, 201))
            self.acknowledged.append(text)
            return


def run_writers(server: Server, room: str, count: int) -> list[Writer]:
    writers = [Writer(server.register("writer"), room) for _ in range(count)]
    for writer in writers:
        writer.client.join(room)
    for writer in writers:
        writer.start()
    return writers


def end(writers: list[Writer]) -> list[str]:
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(timeout=30)
        assert not writer.is_alive() and writer.trouble is None, writer.trouble
    return [text for writer in writers for text in writer.acknowledged]


def check(reader: Client, room: str, acknowledged: list[str]) -> None:
    entries = reader.all_entries(room)
    assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1)), "dense"
    texts = [e["message"]["text"] for e in entries if e["type"] == "message"]
    assert len(texts) == len(set(texts)), "each once"
    assert not set(acknowledged) - set(texts), "acknowledged and not there"


def test_a_full_disk_under_16_writers(small_server, disk):
    server = small_server.start()
    owner = server.register("owner")
    room = owner.make_room()
    writers = run_writers(server, room, 16)

    def told(words: str) -> int:
        return server.log_text().count(words)

    for _ in range(2):
        wait_until(lambda: all(w.acknowledged for w in writers), 30, "everybody writing")
        disk.fill()
        before = [w.refused for w in writers]
        wait_until(lambda: all(w.refused > b + 2 for w, b in zip(writers, before)), 60, "everybody refused")
        assert server.alive and server.answers()
        expect(owner.get("/api/messages", room=room), 200)  # reads work
        with Live(owner) as live:
            live.expect("hello")
            disk.empty()
            live.expect("message", timeout=30)
            count = [len(w.acknowledged) for w in writers]
            wait_until(lambda: all(len(w.acknowledged) > c for w, c in zip(writers, count)), 60, "everybody writing again")
        wait_until(lambda: told(AGAIN) == told(FULL), 30, "word that it can be written again")
    acknowledged = end(writers)
    check(owner, room, acknowledged)
    # Small writes may still go through now and then.
    assert 2 <= told(FULL) <= 4 < sum(w.refused for w in writers), server.log_text()[-3000:]
    server.restart()
    owner.hang_up()
    check(owner, room, acknowledged)


def test_a_kill_while_the_disk_is_full(small_server, disk):
    server = small_server.start()
    owner = server.register("owner")
    room = owner.make_room()
    writers = run_writers(server, room, 4)
    wait_until(lambda: all(w.acknowledged for w in writers), 30, "everybody writing")
    disk.fill()
    wait_until(lambda: all(w.refused > 2 for w in writers), 60, "everybody refused")
    acknowledged = end(writers)
    server.kill()
    with pytest.raises(AssertionError, match="serve ended with"):
        server.start()
    assert "Make room on its disk." in server.log_text()
    assert "makechat.db cannot be used: " in server.log_text()
    done = server.cli("user", "list")
    assert done.returncode != 0 and "Make room on its disk." in done.stderr
    disk.empty()
    server.start()
    owner.hang_up()
    check(owner, room, acknowledged)
    owner.say(room, "and on")


def test_a_read_only_file_system_is_refused_at_the_start(small_server, disk):
    server = small_server.start()
    owner = server.register("owner")
    room = owner.make_room()
    owner.say(room, "kept")
    server.stop()
    disk.remount("ro")
    with pytest.raises(AssertionError, match="serve ended with"):
        server.start()
    what = f"{server.data}/makechat.lock cannot be locked: Read-only file system. Its file system is read-only: mount it writable."
    assert what in server.log_text()
    done = server.cli("user", "list")
    assert done.returncode != 0 and what in done.stderr
    disk.remount("rw")
    server.start()
    owner.hang_up()
    assert [m["text"] for m in owner.all_messages(room)] == ["kept"]
    owner.say(room, "and on")


@pytest.mark.parametrize("ruin, what", [
    (lambda file: file.write_bytes(b"no database at all, " * 1000), "is damaged"),
    (lambda file: file.write_bytes(file.read_bytes()[:10_000]), "is damaged"),
    (lambda file: (file.parent / "makechat.db-wal").write_bytes(b"\x37\x7f\x06\x82" + b"what a log holds " * 1000), "is damaged"),
], ids=["rubbish", "cut short", "rubbish for a log"])
def test_a_damaged_store_is_refused_with_its_name_and_what_to_do(new_server, ruin, what):
    server: Server = new_server()
    admin = server.admin
    for i in range(20):
        admin.make_room(f"room {i}")
    server.stop()
    file = server.data / "makechat.db"
    sound = file.read_bytes()
    ruin(file)
    ruined = file.read_bytes()
    with pytest.raises(AssertionError, match="serve ended with"):
        server.start()
    log = server.log_text()
    assert f"ERROR: {file}" in log and what in log and "Restore the data folder from a backup" in log, log[-2000:]
    assert file.read_bytes() == ruined, "it stays as it is"
    done = server.cli("user", "list")
    assert done.returncode != 0 and what in done.stderr and str(file) in done.stderr
    (server.data / "makechat.db-wal").unlink(missing_ok=True)
    file.write_bytes(sound)
    server.start()
    admin.hang_up()
    assert len(expect(admin.get("/api/rooms"), 200)) == 20


def test_an_empty_database_beside_its_log_is_refused(new_server):
    """SQLite would take it for a new one and throw the log away."""
    server: Server = new_server()
    admin = server.admin
    admin.make_room("kept")
    server.kill()
    file = server.data / "makechat.db"
    sound, log = file.read_bytes(), (server.data / "makechat.db-wal").read_bytes()
    assert log, "there is something to lose"
    file.write_bytes(b"")
    with pytest.raises(AssertionError, match="serve ended with"):
        server.start()
    assert "is empty or not there" in server.log_text()
    file.write_bytes(sound)
    assert (server.data / "makechat.db-wal").read_bytes() == log
    server.start()
    admin.hang_up()
    assert [r["name"] for r in expect(admin.get("/api/rooms"), 200)] == ["kept"]
