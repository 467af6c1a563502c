import pytest
import time_machine
from django.urls import NoReverseMatch, reverse

from casework import kinds
from reimbursements import kind
from reimbursements.policy_store import forget_policies
from tests.caches import forget_all
from tests.filings.conftest import files_in_a_folder_of_their_own

__all__ = ["files_in_a_folder_of_their_own"]

NOW = "2026-11-23T10:00:00+08:00"  # a Monday


@pytest.fixture(autouse=True)
def claims_are_known(monkeypatch):
    """Known for these tests alone, until the app registers them itself."""
    monkeypatch.setitem(kinds._KINDS, kind.CODE, kind.CLAIM)
    kind.register_claims()


@pytest.fixture(autouse=True)
def fresh_policies():
    forget_all()
    forget_policies()
    yield
    forget_policies()


@pytest.fixture(autouse=True)
def a_record_page(monkeypatch):
    """The address of the record, where the pages of claims are not there yet."""
    try:
        reverse("reimbursements:record", args=["00000000-0000-0000-0000-000000000000"])
    except NoReverseMatch:
        pattern = "/claims/00000000000000000000000000000000/"
        monkeypatch.setattr(kind, "_record_pattern", lambda: pattern)


@pytest.fixture
def monday(db):
    """A working Monday in November 2026, with the clock standing still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
