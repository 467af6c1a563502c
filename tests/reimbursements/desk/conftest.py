import pytest
from django.core.management import call_command

from tests.reimbursements.claims.conftest import (
    a_record_page,
    claims_are_known,
    files_in_a_folder_of_their_own,
    fresh_policies,
    monday,
)

__all__ = [
    "a_record_page",
    "claims_are_known",
    "files_in_a_folder_of_their_own",
    "fresh_policies",
    "monday",
]


@pytest.fixture(autouse=True)
def now(monday):
    return monday


@pytest.fixture
def reasons(db):
    """The maintained reasons that ship with claims."""
    call_command("load_claim_reasons", verbosity=0)
