"""What the launcher says: progress, one line a step, and one clear line when it cannot go on."""

import os
import signal
import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """Something the person at the keyboard can mend, said in Chinese and in English."""

    def __init__(self, chinese: str, english: str):
        super().__init__(f"{chinese} | {english}")


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM arrived; not an error, so not an Exception."""


def say(text: str = "") -> None:
    """Print a line now, whatever the encoding of the terminal."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


@contextmanager
def ticking(line: str):
    """On a terminal, show each second how long the step has taken so far.

    By an alarm signal and not a thread, since processes are started meanwhile.
    """
    if not sys.stdout.isatty():
        yield
        return
    began = time.monotonic()

    def tick(number, frame):
        os.write(1, f"\r{line}{time.monotonic() - began:.0f} s".encode())

    before = signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        os.write(1, f"\r{line}".encode())


class Steps:
    """Numbers the steps of a start and prints how long each took."""

    COLUMN = 52

    def __init__(self, total: int):
        self.total = total
        self.number = 0
        self.began = time.monotonic()

    def run(self, label: str, work) -> None:
        """Do `work()`; it answers True when there was nothing left to do."""
        self.number += 1
        line = f"[{self.number}/{self.total}] {label} "
        line += "." * max(3, self.COLUMN - width(line)) + " "
        print(line, end="", flush=True)
        began = time.monotonic()
        try:
            with ticking(line):
                skipped = work()
        except BaseException:
            say("✗")
            raise
        say("已就绪 ready" if skipped is True else f"{time.monotonic() - began:.1f} s")

    @property
    def seconds(self) -> float:
        """Since the first step began."""
        return time.monotonic() - self.began
