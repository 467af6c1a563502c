import pytest
import time_machine

from filings.decision.rulebook import shipped
from filings.rules_store import forget_rulebook, load_rulebook
from tests.caches import forget_all

NOW = "2026-11-23T10:00:00+08:00"  # a Monday


@pytest.fixture(autouse=True)
def fresh_caches():
    forget_all()
    forget_rulebook()
    yield
    forget_rulebook()


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.VAR_DIR = tmp_path


@pytest.fixture
def rules(db):
    """The shipped rules and texts in the database."""
    load_rulebook(shipped())


@pytest.fixture
def monday(rules):
    """A working Monday in November 2026, with the clock standing still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
