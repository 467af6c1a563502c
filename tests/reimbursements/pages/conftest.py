import pytest
import time_machine

from reimbursements.policy_store import forget_policies
from tests.filings.conftest import files_in_a_folder_of_their_own
from tests.reimbursements.pages.walking import enter, insured_in_lincang

__all__ = ["files_in_a_folder_of_their_own"]

NOW = "2026-11-23T10:00:00+08:00"  # a Monday


@pytest.fixture
def monday(db):
    """A working Monday in November 2026, with the clock standing still."""
    forget_policies()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
    forget_policies()


@pytest.fixture
def holding(monday):
    """A 居民 of 临沧, proven."""
    return insured_in_lincang()


@pytest.fixture
def web(client, holding):
    """Their browser."""
    return enter(client, holding)
