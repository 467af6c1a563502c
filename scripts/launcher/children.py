"""The processes a start is made of: begun in their own groups, watched, and all stopped."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .places import log_file

STOP_SECONDS = 8
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def die_with(parent: int) -> None:
    """Ask the kernel for SIGTERM should the parent be gone, kill -9 included (Linux)."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def birth(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty when none runs under this number."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def group_exists(pid: int) -> bool:
    """Whether a process group of this number has members."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


class Child:
    """One process with its own session and log file."""

    def __init__(self, name: str, label: str, command: list, env: dict, cwd: Path):
        self.name, self.label = name, label
        self.log = log_file(name)
        launcher = os.getpid()

        def before_exec():
            die_with(launcher)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

        with self.log.open("ab") as sink:
            self.log_start = sink.tell()
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=before_exec,
            )

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def output(self) -> str:
        """What it wrote since this start."""
        with self.log.open("rb") as source:
            source.seek(self.log_start)
            return source.read().decode("utf-8", "replace")

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; a group that is gone is no error."""
        signal_group(self.process.pid, number)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to the process group that `pid` leads, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


class Children:
    """All processes of a start, in the order they were begun, and the record of them."""

    def __init__(self, record: Path):
        self.record = record
        self.running: list[Child] = []

    def start(self, *args, **kwargs) -> Child:
        """Begin one more; written down at once, so that the next start can clean up.

        A signal that arrives meanwhile waits, or it would leave a process nobody knows of.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            child = Child(*args, **kwargs)
            self.running.append(child)
            self._write()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        return child

    def _write(self) -> None:
        rows = [
            {"name": child.name, "pid": child.process.pid, "birth": birth(child.process.pid)}
            for child in self.running
        ]
        self.record.write_text(json.dumps(rows))

    def dead(self) -> Child | None:
        """The first that ended by itself, if any."""
        return next((child for child in self.running if child.ended), None)

    def stop(self) -> None:
        """Stop all, the last begun first and the first (the broker) when the rest has gone."""
        if not self.running:
            return
        broker, others = self.running[0], self.running[1:]
        if broker.name != "redis":
            others, broker = self.running, None
        _end([child.process for child in reversed(others)])
        if broker is not None:
            _end([broker.process])
        self.running = []
        self.record.unlink(missing_ok=True)

    def kill(self) -> None:
        """SIGKILL to every group, for who does not want to wait."""
        for child in self.running:
            child.signal(signal.SIGKILL)


def _end(processes: list) -> None:
    """SIGTERM to each main process, and SIGKILL to what is left of the groups in the end.

    The main process is asked alone, since it knows how to stop its own workers.
    """
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until and any(process.poll() is None for process in processes):
        time.sleep(0.05)
    for process in processes:
        signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _ours(pid: int, born: str) -> bool:
    return bool(born) and birth(pid) in (born, "") and _alive(pid)


def _alive(pid: int) -> bool:
    """Somebody in the group still runs; those who ended and were not fetched do not count."""
    if not group_exists(pid):
        return False
    if birth(pid):
        return True
    return any(_group_of(entry) == str(pid) for entry in Path("/proc").glob("[0-9]*"))


def _group_of(entry: Path) -> str:
    """The process group of a running process; empty when it has ended."""
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[2]


def clean_up_after_crash(record: Path) -> int:
    """End what a launcher that was killed left behind; the number of processes ended.

    A process is ours when number and birth agree with the record. A group whose leader is
    gone is ours too: the kernel gives no new process the number of a group that has members.
    """
    try:
        rows = json.loads(record.read_text())
    except (OSError, ValueError):
        return 0
    left = [row["pid"] for row in rows if _ours(row["pid"], row["birth"])]
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 2)):
        for pid in left:
            signal_group(pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until and any(_alive(pid) for pid in left):
            time.sleep(0.1)
    record.unlink(missing_ok=True)
    return len(left)
