"""A real Celery worker for tests: its own process, on the test's database and broker."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from tests.strict import ROOT

START_SECONDS = 60


def database_url() -> str:
    """DATABASE_URL of the database this test writes to (test_…_gw0, not the one configured)."""
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    place = f"{quote(at['HOST'], safe='')}:{at['PORT']}" if at["PORT"] else quote(at["HOST"], "")
    return f"postgres://{at['USER']}{password}@{place}/{at['NAME']}"


def environment() -> dict[str, str]:
    """What a process needs to work on the same data as this test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(),
        "TEST_SMS_GATEWAY": "residents.sms.DevelopmentGateway",
        "PYTHONUNBUFFERED": "1",
    }


class Worker:
    """`celery worker` with two processes; `kill` is kill -9 of all of them."""

    COMMAND = ("worker", "--loglevel", "INFO", "--concurrency", "2")
    QUICK = ("--without-mingle", "--without-gossip")

    def __init__(self):
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the worker
        self._process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", *self.COMMAND, *self.QUICK],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.wait_for(lambda: " ready." in self.log, START_SECONDS)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything the worker has written."""
        return os.pread(self._log.fileno(), 10**7, 0).decode("utf-8", "replace")

    def wait_for(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Until the condition holds; fails with the worker's log when it does not in time."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until or not self.alive:
                pytest.fail(f"the worker did not do it within {seconds} s:\n{self.log[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the worker and its pool, as if the machine had lost power."""
        if self.alive:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Let it finish what it does, for at most a few seconds."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


class WorkerPool:
    """Keeps one worker over many tests; a test that killed it leaves the next a new one."""

    def __init__(self):
        self._current: Worker | None = None

    def get(self) -> Worker:
        if self._current is None or not self._current.alive:
            self._current = Worker()
        return self._current

    def close(self) -> None:
        if self._current is not None and self._current.alive:
            self._current.stop()


@pytest.fixture(scope="session")
def worker_pool(needed_services, django_db_setup):
    """The one worker of this test process."""
    pool = WorkerPool()
    yield pool
    pool.close()


@pytest.fixture
def empty_queue(needed_services):
    """No task of an earlier test is left in the broker of this test process."""
    with Redis.from_url(settings.REDIS_URL) as client:
        for name in ("celery", "unacked", "unacked_index"):
            client.delete(name)


@pytest.fixture
def real_worker(empty_queue, transactional_db, worker_pool) -> Worker:
    """A running worker; mark the test `services`. Rows are really committed, then removed."""
    return worker_pool.get()


@pytest.fixture(autouse=True)
def no_worker_unasked(request, monkeypatch):
    """A test of two connections is alone with its rows, whatever worker an earlier test left.

    Its commits are real, so a worker of this process could do half of what it counts.
    """
    marked = request.node.get_closest_marker
    if marked("postgres") and not marked("services") and "real_worker" not in request.fixturenames:
        monkeypatch.setattr("casework.publish.publish", lambda task, *args: True)
