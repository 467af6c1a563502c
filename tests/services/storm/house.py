"""Web, worker, beat and broker as processes of their own, each of which may be killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.launcher import redis_server
from scripts.launcher.children import die_with, signal_group
from tests.strict import ROOT
from tests.workers import environment

START_SECONDS = 40


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition: Callable[[], bool], seconds: float, what: str, explain=str) -> None:
    """Until the condition holds; AssertionError with `explain()` when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s: {what}\n{explain()}"
        time.sleep(0.05)


class Part:
    """One process (with its children) that is started, killed and started again."""

    def __init__(self, name: str, command: list, env: dict, folder: Path, ready: Callable):
        self.name, self.command, self.env = name, [str(word) for word in command], env
        self.log = folder / f"{name}.log"
        self._ready = ready
        self._began = 0
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        parent = os.getpid()
        with self.log.open("ab") as sink:
            self._began = sink.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),
            )

    def kill(self) -> None:
        """kill -9 of the whole group, as if the machine had lost power."""
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_child(self, chance: random.Random) -> None:
        """kill -9 of one of its children only; the part itself has to notice."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        if pids := [int(pid) for pid in listed.split()]:
            os.kill(chance.choice(pids), signal.SIGKILL)

    @property
    def ready(self) -> bool:
        return self.process.poll() is None and self._ready(self)

    @property
    def status(self) -> int | None:
        """None while it runs."""
        return self.process and self.process.poll()

    def written(self) -> str:
        """All it ever wrote."""
        return self.log.read_text("utf-8", "replace")

    def output(self) -> str:
        """What it wrote since its last start."""
        with self.log.open("rb") as source:
            source.seek(self._began)
            return source.read().decode("utf-8", "replace")

    def wait(self) -> None:
        """Until it serves."""
        tail = lambda: self.output()[-3000:]  # noqa: E731
        wait_for(lambda: self.ready, START_SECONDS, f"{self.name} is ready", tail)


class House:
    """The four parts on the database of this test, with a broker and a port of their own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.sent = folder / "sms.txt"
        self._sockets = tempfile.mkdtemp(prefix="yb-storm-", dir="/tmp")
        self._socket = Path(self._sockets, "redis.sock")
        self.env = {
            **environment(),
            "REDIS_URL": f"unix://{self._socket}?db=0",
            "TEST_SMS_GATEWAY": "tests.services.storm.gateway.FileGateway",
            "STORM_SMS": str(self.sent),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }
        self.parts = {part.name: part for part in self._parts()}

    def _parts(self) -> list[Part]:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "tests.services.storm.app"]
        redis = redis_server.command(
            redis_server.find_binary(), self._socket, self.folder / "redis"
        )
        web = [*python, "granian", "--interface", "wsgi", "config.wsgi:application"]
        web += ["--host", "127.0.0.1", "--port", self.port, "--workers", "1", "--no-ws"]
        web += ["--blocking-threads", "8", "--respawn-failed-workers"]
        worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]
        worker += ["--without-mingle", "--without-gossip"]
        beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
        beat += ["--schedule", self.folder / "beat-schedule"]
        return [
            self._part("redis", redis, lambda part: redis_server.answers(self._socket)),
            self._part("web", web, lambda part: self.answers()),
            self._part("worker", worker, lambda part: " ready." in part.output()),
            self._part("beat", beat, lambda part: "beat: Starting" in part.output()),
        ]

    def _part(self, name, command, ready) -> Part:
        return Part(name, command, self.env, self.folder, ready)

    def answers(self) -> bool:
        """Whether the web server takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=0.2).close()
        except OSError:
            return False
        return True

    def start(self, *names: str) -> None:
        """Start the named parts (all of them) together and wait until each serves."""
        parts = [self.parts[name] for name in names or self.parts]
        for part in parts:
            part.start()
        for part in parts:
            part.wait()

    def stop(self) -> None:
        """End everything, whatever state it is in."""
        for part in self.parts.values():
            if part.process is not None:
                signal_group(part.process.pid, signal.SIGCONT)
                part.kill()
        self._socket.unlink(missing_ok=True)
        os.rmdir(self._sockets)

    def report(self) -> str:
        """The last lines of every part."""
        return "\n".join(
            f"--- {part.name} (status {part.status})\n{part.written()[-3000:]}"
            for part in self.parts.values()
            if part.log.exists()
        )
