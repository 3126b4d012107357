"""Scenarios on the real program, from outside: HTTP, live events, the command line, signals.

Each worker and each test file has a server of its own (the `server` fixture); a file's SETTINGS go into its
configuration. A test that needs its own server, or one that it may break, asks for `new_server`.
"""

import os

import pytest

from harness.poster import Poster
from harness.server import BINARY, Server, running
from harness.talk import Talk

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=20, help="of test_kill: how often the server is killed (default: 20)")
    parser.addoption("--seed", type=int, help="of test_kill: the one that a failure printed, for the same dice")


def pytest_configure(config):
    config.addinivalue_line("markers", "plain(why): not with SANITIZED=1, for a program that is built to find faults")


def pytest_collection_modifyitems(items):
    for item in items if os.environ.get("SANITIZED") else ():
        for mark in item.iter_markers("plain"):
            item.add_marker(pytest.mark.skip(reason=f"SANITIZED: {mark.args[0]}"))


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not os.access(BINARY, os.X_OK):
        raise pytest.UsageError(f"no program to test at {BINARY}: run script/build or set MAKECHAT_BIN")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows the end of what the servers logged."""
    report = (yield).get_result()
    if report.failed:
        for server in list(running):
            report.sections.append((f"log of the server on port {server.port} ({server.log})", server.log_text()[-6000:]))


@pytest.fixture(scope="module")
def module_server(request, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), getattr(request.module, "SETTINGS", {})).start()
    yield server
    server.stop()


@pytest.fixture
def server(module_server):
    """The file's server, which must outlive every test."""
    if not module_server.alive:
        module_server.start()
    yield module_server
    assert module_server.alive, f"this test ended the server (status {module_server.process.returncode})"
    module_server.check_log()


@pytest.fixture
def new_server(tmp_path):
    """A factory of servers for one test; they must end well too, unless the test killed them."""
    made: list[Server] = []

    def make(settings: dict[str, str] | None = None, start: bool = True, **options) -> Server:
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        server = Server(folder, settings, **options)
        made.append(server)
        return server.start() if start else server

    yield make
    crashed = [s for s in made if s in running and not s.alive]
    for server in made:
        if server in running and server.alive:
            server.stop()
    for server in crashed:
        running.discard(server)
    for server in made:
        server.check_log()
    assert not crashed, f"servers that crashed: {[(s.log, s.process.returncode) for s in crashed]}"


@pytest.fixture
def admin(server):
    return server.admin


@pytest.fixture
def make_user(server):
    """make_user("alice"): a new person with a name that begins so."""
    return server.register


@pytest.fixture(scope="module")
def talker(module_server):
    """One person for a whole file of cases about bytes: each sign-up costs a hash."""
    return module_server.register("talker")


@pytest.fixture
def talk(server, talker):
    """A WebSocket by hand, on a new room."""
    with Talk(talker) as opened:
        yield opened


@pytest.fixture
def poster(server, talker):
    """The same person by requests made by hand, in a new room."""
    return Poster(talker)
