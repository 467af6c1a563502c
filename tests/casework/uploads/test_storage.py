"""Stored files: random names, whole files, no way out of the folder."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from casework import storage

BAD_NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "",
    "ab/cd/../../../etc/passwd",
    "ab/cd/" + "a" * 32,
    "ab/cd/" + "g" * 32 + ".jpg",
    "ab/cd/abcd" + "0" * 28 + ".jpg\n",
    "ff/ff/abcd" + "0" * 28 + ".jpg",
    "ab/cd/abcd" + "0" * 28 + ".jpg/..",
    "ab\\cd\\abcd" + "0" * 28 + ".jpg",
    "ab/cd/abcd" + "0" * 28 + ".jpg\0",
]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def test_what_is_stored_is_read_again_under_a_name_that_tells_nothing(settings):
    name = storage.store(b"data", ".jpg")
    assert storage.NAME.fullmatch(name)
    assert storage.read_stored(name) == b"data"
    assert name != storage.store(b"data", ".jpg")
    path = Path(settings.FILES_DIR) / name
    assert path.stat().st_mode & 0o077 == 0
    folders = [folder for folder in path.parents if folder.is_relative_to(settings.FILES_DIR)]
    assert len(folders) == 3
    assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_was_never_given_is_refused(name):
    for use in (storage.open_stored, storage.read_stored, storage.remove):
        with pytest.raises(storage.BadName):
            use(name)


@pytest.mark.parametrize("suffix", ["", "jpg", ".JPG", "./../x", ".jpg/x", ".toolong", ".j\n"])
def test_an_odd_suffix_is_refused(suffix):
    with pytest.raises(storage.BadName):
        storage.store(b"x", suffix)


def test_a_missing_file_says_so_and_removing_twice_is_quiet():
    name = storage.store(b"x", ".pdf")
    assert storage.remove(name) is True
    assert storage.remove(name) is False
    with pytest.raises(storage.FileMissing):
        storage.open_stored(name)


def test_a_link_planted_in_the_folder_is_not_followed(settings, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    name = storage.store(b"x", ".pdf")
    path = Path(settings.FILES_DIR) / name
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(storage.FileMissing):
        storage.open_stored(name)


def test_a_failed_write_leaves_nothing_behind(settings, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(storage.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        storage.store(b"x", ".jpg")
    assert not [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]


def test_the_sweep_takes_old_orphans_and_nothing_else(settings):
    root = Path(settings.FILES_DIR)
    known, young, old = (storage.store(b"12345", ".jpg") for _ in range(3))
    half = (root / old).with_name("half.jpg.part")
    half.write_bytes(b"123")
    strange = (root / old).with_name("README")
    strange.write_bytes(b"by hand")
    for path in (root / known, root / old, half, strange):
        os.utime(path, (0, 0))
    swept = storage.sweep_orphans({known}, timedelta(hours=24))
    assert swept == storage.Sweep((old,), 1, 8)
    assert storage.read_stored(known) and storage.read_stored(young)
    assert strange.exists() and not half.exists()


def test_the_sweep_of_an_empty_house_finds_nothing():
    assert storage.sweep_orphans(set(), timedelta(0)) == storage.Sweep((), 0, 0)


def test_sha256_is_the_known_one():
    assert storage.sha256(b"abc").startswith("ba7816bf")
