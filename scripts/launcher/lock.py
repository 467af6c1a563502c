"""One launcher at a time in one tree; the kernel lets go of the lock when the holder dies."""

import fcntl
import os
from pathlib import Path

from .words import Problem, say


class Lock:
    """An flock on a file that names the holder's process number."""

    def __init__(self, path: Path):
        self.path = path
        self.file = None

    def _open(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("a+")

    def _sign(self) -> None:
        self.file.truncate(0)
        self.file.write(str(os.getpid()))
        self.file.flush()

    def _try(self) -> bool:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._sign()
        return True

    def take_or_refuse(self) -> None:
        """Take the lock, or raise Problem naming who holds it."""
        self._open()
        if self._try():
            return
        self.file.seek(0)
        holder = self.file.read().strip() or "?"
        raise Problem(
            f"本目录已有一个 make run 在运行（进程 {holder}），请先在那个窗口按 Ctrl-C 停止。",
            f"`make run` is already running in this tree (process {holder}); stop it there first.",
        )

    def take_or_wait(self) -> None:
        """Take the lock, waiting for whoever is installing at this moment."""
        self._open()
        if self._try():
            return
        say("另一个安装正在进行，等待其完成… / waiting for another installation to finish…")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self._sign()

    def release(self) -> None:
        """Let the next one in."""
        if self.file is not None:
            self.file.close()
            self.file = None
