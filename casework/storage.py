"""The one way to keep a file: random names under FILES_DIR, whole or not at all.

A name looks like "3f/a9/3fa9….jpg". It tells nothing, is never derived from what a
person typed, and is the only thing a record keeps. Files lie outside the web root.
"""

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

NAME = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}\.[a-z0-9]{1,5}")
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
UNFINISHED = ".part"


class BadName(ValueError):
    """A name that `store` never gave."""


class FileMissing(FileNotFoundError):
    """A name that `store` may have given, with no file behind it."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep removed: names, unfinished writes, and the bytes of both."""

    removed: tuple[str, ...]
    unfinished: int
    bytes: int


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes in hex, as kept beside a stored name."""
    return hashlib.sha256(data).hexdigest()


def store(data: bytes, suffix: str) -> str:
    """Write the bytes and return their new name.

    The file is on the disk (fsync of file and folder) and whole before the name is
    returned, so that a record written afterwards never points at half a file. Raises
    BadName for a suffix that is not like ".jpg".
    """
    if not SUFFIX.fullmatch(suffix):
        raise BadName(f"bad suffix {suffix!r}")
    token = secrets.token_hex(16)
    name = f"{token[:2]}/{token[2:4]}/{token}{suffix}"
    path = _path(name)
    _make_folder(path.parent)
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        _write(unfinished, data)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return name


def open_stored(name: str) -> BinaryIO:
    """The file open for reading. Raises BadName, FileMissing."""
    path = _path(name)
    try:
        # A link planted in the folder must not lead outside it.
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        raise FileMissing(name) from error


def read_stored(name: str) -> bytes:
    """All bytes of a stored file. Raises BadName, FileMissing."""
    with open_stored(name) as file:
        return file.read()


def remove(name: str) -> bool:
    """Delete a stored file; False when it was already gone. Raises BadName."""
    try:
        _path(name).unlink()
    except FileNotFoundError:
        return False
    return True


def sweep_orphans(known_names: Container[str], older_than: timedelta) -> Sweep:
    """Delete files that no record knows and that are older than `older_than`.

    The age keeps files whose record is still being written. `known_names` answers
    `name in known_names`. Files whose name `store` never gave are left alone.
    """
    before = time.time() - older_than.total_seconds()
    removed, unfinished, freed = [], 0, 0
    for name, path in _files():
        half = name.endswith(UNFINISHED)
        if not half and (not NAME.fullmatch(name) or name in known_names):
            continue
        with contextlib.suppress(FileNotFoundError):
            status = path.stat(follow_symlinks=False)
            if status.st_mtime >= before:
                continue
            path.unlink()
            freed += status.st_size
            unfinished += half
            removed += [] if half else [name]
    return Sweep(tuple(sorted(removed)), unfinished, freed)


def _files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.FILES_DIR)
    for path in root.glob("??/??/*"):
        yield path.relative_to(root).as_posix(), path


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise BadName("not a stored name")
    return Path(settings.FILES_DIR) / name


def _make_folder(folder: Path) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    # One by one: `parents=True` would give those above the last one the mode of the umask.
    for part in reversed(missing):
        part.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(part.parent)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
