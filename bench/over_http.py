"""Filings per second, end to end: granian, a Celery worker, PostgreSQL and Redis in their own
processes, and residents who file over HTTP on the loopback interface.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from redis import Redis

from bench.browsers import OverHttp, session_of
from bench.measuring import cpu_of
from bench.people import filers
from bench.report import Row
from bench.walk import file
from casework.models import Case
from config.celery import app

RESIDENTS = 8
FILINGS = 48
START_SECONDS = 60
LONGEST_SECONDS = 180
OPENED = ("approved", "in_review")


class NoServer(RuntimeError):
    """A process did not start, or the work was not done in time."""


def row() -> Row:
    """One run: so many filings by so many residents at once, until the last was reviewed."""
    people = filers()
    accounts = [next(people).account for _ in range(FILINGS + RESIDENTS)]
    sessions = [session_of(account) for account in accounts]
    _forget_tasks()
    with _processes() as (port, running):
        _file_all(port, sessions[FILINGS:])  # warms up every thread
        _wait_for(accounts[FILINGS:])
        busy = _cpu(running)
        began = time.monotonic()
        requests = _file_all(port, sessions[:FILINGS])
        answered = time.monotonic() - began
        _wait_for(accounts[:FILINGS])
        took = time.monotonic() - began
        used = (_cpu(running) - busy) / 1e6
    note = (
        f"{FILINGS / took:.1f} 件/秒 filings/s ({requests / answered:.0f} requests/s; "
        f"web + worker {used / FILINGS:.0f} CPU ms a filing)"
    )
    return Row(f"端到端：{RESIDENTS} 人同时办 {FILINGS} 件 end to end over HTTP", note=note)


def _file_all(port: int, sessions: list[str]) -> int:
    """File once for each session, `RESIDENTS` at a time; how many requests that took."""
    waiting, problems, requests = list(sessions), [], []

    def resident():
        while waiting and not problems:
            browser = OverHttp(port, waiting.pop())
            try:
                file(browser)
            except Exception as error:
                problems.append(error)
            finally:
                requests.append(browser.requests)
                browser.close()

    threads = [threading.Thread(target=resident) for _ in range(RESIDENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return sum(requests)


def _wait_for(accounts) -> None:
    """Until the worker has reviewed the case of every account."""
    ids = [account.pk for account in accounts]
    until = time.monotonic() + LONGEST_SECONDS
    while Case.objects.filter(account__in=ids, status__in=OPENED).count() < len(ids):
        if time.monotonic() > until:
            raise NoServer("the worker did not review every case in time")
        time.sleep(0.02)


def _forget_tasks() -> None:
    """What the pages measured before have left in the broker."""
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete("celery", "unacked", "unacked_index")


@contextmanager
def _processes() -> Iterator[tuple[int, list[int]]]:
    """A web server and a worker as `make run` starts them; (port, process numbers)."""
    port = _free_port()
    python = [sys.executable, "-m"]
    web = [*python, "granian", "--interface", "wsgi", "config.wsgi:application"]
    web += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws"]
    web += ["--blocking-threads", "8"]
    worker = [*python, "celery", "-A", "config", "worker", "--loglevel", "INFO"]
    worker += ["--concurrency", "2", "--without-mingle", "--without-gossip"]
    started = []
    log = Path(settings.VAR_DIR) / "processes.log"
    try:
        with log.open("ab") as sink:
            for command in (web, worker):
                started.append(
                    subprocess.Popen(
                        command,
                        stdin=subprocess.DEVNULL,
                        stdout=sink,
                        stderr=sink,
                        env=os.environ.copy(),
                        start_new_session=True,
                    )
                )
        until = time.monotonic() + START_SECONDS
        while not (_answers(port) and app.control.ping(timeout=1)):
            if time.monotonic() > until or any(p.poll() is not None for p in started):
                raise NoServer(log.read_text(errors="replace")[-3000:])
            time.sleep(0.1)
        yield port, [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _cpu(pids: list[int]) -> int:
    """CPU nanoseconds of these processes and their children."""
    return sum(cpu_of(pid) for root in pids for pid in (root, *_children(root)))


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False
