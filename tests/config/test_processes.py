"""Locks, sockets and child processes of `make run`: nothing is left behind, nothing is hit."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from scripts.launcher import children, redis_server
from scripts.launcher.lock import Lock
from scripts.launcher.words import Problem
from tests.strict import ROOT


@pytest.fixture(autouse=True)
def own_var(tmp_path, monkeypatch):
    """Every test has a VAR_DIR of its own."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_the_socket_is_private_and_its_path_is_short(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    folder = redis_server.socket_folder()
    try:
        assert len(os.fsencode(folder / "redis.sock")) < redis_server.SOCKET_PATH_BYTES
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        folder.rmdir()


def test_a_second_start_in_the_same_tree_is_refused_by_name(tmp_path):
    first, second = Lock(tmp_path / "a.lock"), Lock(tmp_path / "a.lock")
    first.take_or_refuse()
    with pytest.raises(Problem, match=str(os.getpid())):
        second.take_or_refuse()
    first.release()
    second.take_or_refuse()
    second.release()


def test_a_lock_goes_with_its_holder_even_by_kill_9(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from scripts.launcher.lock import Lock;"
        "lock = Lock(Path(sys.argv[1])); lock.take_or_refuse();"
        "print('held', flush=True); time.sleep(60)"
    )
    path = tmp_path / "a.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Problem):
        Lock(path).take_or_refuse()
    holder.kill()
    holder.communicate()
    lock = Lock(path)
    lock.take_or_refuse()
    lock.release()


SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper():
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_what_a_killed_launcher_left_is_ended_at_the_next_start(tmp_path, sleeper):
    record = tmp_path / "children.json"
    row = {"name": "web", "pid": sleeper.pid, "birth": children.birth(sleeper.pid)}
    record.write_text(json.dumps([row]))
    assert children.clean_up_after_crash(record) == 1
    assert sleeper.wait(5) == -signal.SIGTERM
    assert not record.exists()


def test_a_process_that_took_over_the_number_is_left_alone(tmp_path, sleeper):
    record = tmp_path / "children.json"
    record.write_text(json.dumps([{"name": "web", "pid": sleeper.pid, "birth": "1"}]))
    assert children.clean_up_after_crash(record) == 0
    assert sleeper.poll() is None


@pytest.mark.parametrize("content", [None, "", "nonsense"])
def test_no_record_means_nothing_to_end(tmp_path, content):
    record = tmp_path / "children.json"
    if content is not None:
        record.write_text(content)
    assert children.clean_up_after_crash(record) == 0


def test_stopping_ends_workers_that_outlive_their_main_process(own_var, tmp_path):
    code = (
        "import os, signal, time\n"
        "if os.fork() == 0: signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)\n"
        "print('up', flush=True); time.sleep(60)\n"
    )
    group = children.Children(tmp_path / "children.json")
    child = group.start("web", "web", [sys.executable, "-c", code], dict(os.environ), tmp_path)
    until = time.monotonic() + 10
    while "up" not in child.output() and time.monotonic() < until:
        time.sleep(0.02)
    assert json.loads(group.record.read_text())[0]["pid"] == child.process.pid
    group.stop()
    until = time.monotonic() + 5
    while children._alive(child.process.pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not children._alive(child.process.pid)
    assert not group.record.exists()


def test_a_process_that_ends_by_itself_is_found(own_var, tmp_path):
    group = children.Children(tmp_path / "children.json")
    stays = group.start("web", "web", SLEEPER, dict(os.environ), tmp_path)
    ends = group.start("beat", "beat", [sys.executable, "-c", ""], dict(os.environ), tmp_path)
    ends.process.wait()
    assert group.dead() is ends
    assert not stays.ended
    group.stop()
    assert stays.ended
