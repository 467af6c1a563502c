"""Where things are, and whether one may write there."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from .words import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
# What a first installation takes, measured at 0.9 GB, with room to work.
FIRST_INSTALL_BYTES = 1_500_000_000


def var_dir() -> Path:
    """The folder of everything a run writes: VAR_DIR, else var/ in the project."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def log_file(name: str) -> Path:
    """`var/log/NAME.log`; a file above 5 MB is put aside as `.1` first."""
    path = var_dir() / "log" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > 5_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path


def require_writable(folder: Path) -> None:
    """Make the folder and write a file in it, or raise Problem."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"0" * 4096)
            probe.flush()
    except OSError as error:
        raise from_os_error(error, folder) from None


def require_space(folder: Path, needed: int) -> None:
    """Raise Problem when the disk of `folder` has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Problem(
            f"磁盘空间不足：{folder} 所在磁盘只剩 {free // 10**6} MB,需要 {needed // 10**6} MB,"
            "请清理后重试。",
            f"Not enough disk space: {free // 10**6} MB free at {folder}, "
            f"{needed // 10**6} MB needed.",
        )


def from_os_error(error: OSError, place: object) -> Problem:
    """The Problem that an OSError means for the person who runs this."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(
            f"磁盘已满，无法写入 {place}，请清理后重试。",
            f"The disk is full: cannot write to {place}.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Problem(
            f"无法写入 {place}，请用有写权限的用户运行，或换一个目录。",
            f"Cannot write to {place}: run as a user who may, or use another folder.",
        )
    return Problem(
        f"文件操作失败（{place}）：{error.strerror}。",
        f"File operation failed ({place}): {error.strerror}.",
    )
