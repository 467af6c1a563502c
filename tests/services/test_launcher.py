"""`make run` as a newcomer meets it: real processes, stopped in every way there is."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from scripts.launcher import children
from scripts.launcher.data import DATA_STEPS
from tests.strict import ROOT

# Of the services it needs none, but it takes too long for `make test`.
pytestmark = pytest.mark.services
FIRST_START_SECONDS = 300
# A later start takes five seconds on two idle cores.
LATER_START_SECONDS = 10


def patience() -> float:
    """How much slower this machine is at the moment than one with nothing else to do."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Start:
    """One `make run`, in the tree's environment but with a VAR_DIR of its own."""

    def __init__(self, var, port=None):
        self.var, self.port = var, port or free_port()
        self.output = (var.parent / f"{var.name}-{time.monotonic_ns()}.txt").open("w+b")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "run.py"],
            env={**kept, "VAR_DIR": str(var), "PORT": str(self.port), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def text(self) -> str:
        return os.pread(self.output.fileno(), 10**6, 0).decode()

    def wait_until_ready(self, seconds=FIRST_START_SECONDS) -> float:
        """Seconds until the addresses were printed."""
        began = time.monotonic()
        while "Ctrl-C" not in self.text():
            if self.process.poll() is not None or time.monotonic() - began > seconds:
                pytest.fail(f"make run was not ready:\n{self.text()}")
            time.sleep(0.05)
        return time.monotonic() - began

    def children(self) -> dict[str, int]:
        rows = json.loads((self.var / "run" / "children.json").read_text())
        return {row["name"]: row["pid"] for row in rows}

    def socket_folder(self) -> str:
        return (self.var / "run" / "socket-dir").read_text()

    def readyz(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return json.load(answer)


def all_gone(pids, seconds=15) -> bool:
    until = time.monotonic() + seconds
    while any(children._alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One folder for all tests of this file: only the first start loads the data."""
    return tmp_path_factory.mktemp("launcher") / "var"


@pytest.fixture
def started(var):
    """A running `make run`, ended after the test whatever happened to it."""
    start = Start(var)
    start.wait_until_ready()
    pids = start.children()
    yield start
    if start.process.poll() is None:
        start.process.terminate()
        start.process.wait(30)
    for pid in pids.values():
        children.signal_group(pid, signal.SIGKILL)
    start.output.close()


class TestMakeRun:
    def test_everything_runs_and_the_log_ins_are_printed(self, started):
        assert set(started.children()) == {"redis", "web", "worker", "beat"}
        body = started.readyz()
        assert body["status"] == "ok"
        assert set(body["checks"]) >= {"database", "broker", "queue"}
        assert f"http://127.0.0.1:{started.port}/" in started.text()
        assert (started.var / "demo.txt").read_text().strip() in started.text()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_stops_everything_and_leaves_nothing(self, started, number):
        pids, folder = started.children().values(), started.socket_folder()
        started.process.send_signal(number)
        assert started.process.wait(30) == 0
        assert all_gone(pids)
        assert not os.path.exists(folder)
        assert "已停止 stopped" in started.text()

    def test_a_later_start_takes_less_than_ten_seconds(self, started, var):
        started.process.terminate()
        started.process.wait(30)
        again = Start(var)
        try:
            assert again.wait_until_ready() < LATER_START_SECONDS * patience()
            assert again.text().count("已就绪 ready") == 3 + len(DATA_STEPS)
        finally:
            again.process.terminate()
            again.process.wait(30)

    @pytest.mark.parametrize("name", ["redis", "web", "worker", "beat"])
    def test_a_process_that_dies_is_named_and_the_others_are_stopped(self, started, name):
        pids = started.children()
        os.kill(pids[name], signal.SIGKILL)
        assert started.process.wait(30) == 1
        assert all_gone(pids.values())
        assert f"{name}.log" in started.text().splitlines()[-1]
        assert "Traceback" not in started.text()

    def test_a_second_start_in_the_same_tree_is_one_line(self, started, var):
        second = Start(var)
        assert second.process.wait(30) == 1
        assert str(started.process.pid) in second.text()
        assert second.text().count("\n") == 1
        assert started.readyz()["status"] == "ok"

    def test_a_busy_port_is_one_line(self, started, tmp_path):
        second = Start(tmp_path / "var", port=started.port)
        assert second.process.wait(30) == 1
        assert f"端口 {started.port} 已被占用" in second.text()
        assert second.text().count("\n") == 1

    def test_kill_9_of_the_launcher_takes_its_processes_and_the_next_start_cleans_up(
        self, started, var
    ):
        pids, folder = started.children().values(), started.socket_folder()
        started.process.kill()
        started.process.wait()
        assert all_gone(pids)
        again = Start(var)
        try:
            again.wait_until_ready()
            assert not os.path.exists(folder)
            assert again.readyz()["status"] == "ok"
        finally:
            again.process.terminate()
            again.process.wait(30)

    def test_workers_without_their_main_process_are_ended_by_the_next_start(self, started, var):
        web = started.children()["web"]
        os.kill(started.process.pid, signal.SIGKILL)
        os.kill(web, signal.SIGKILL)
        started.process.wait()
        again = Start(var)
        try:
            again.wait_until_ready()
            assert all_gone([web])
        finally:
            again.process.terminate()
            again.process.wait(30)
