import pytest
import time_machine

from tests.caches import forget_all

NOW = "2026-11-23T10:00:00+08:00"  # a Monday


@pytest.fixture(autouse=True)
def fresh_caches():
    forget_all()


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.VAR_DIR = tmp_path


@pytest.fixture
def monday(db):
    """A working Monday in November 2026, with the clock standing still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
