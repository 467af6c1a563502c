"""The shipped policies in the database, and their texts changed as an editor would."""

import pytest

from reimbursements.policy_files import versions_of
from reimbursements.policy_publishing import load_versions
from reimbursements.policy_store import forget_policies
from reimbursements.settlement.library import POLICIES


@pytest.fixture(autouse=True)
def fresh_policies():
    forget_policies()
    yield
    forget_policies()


@pytest.fixture
def policies(db):
    """The shipped policies, loaded."""
    files = sorted(POLICIES.glob("*.yaml"))
    load_versions([version for file in files for version in versions_of(file)])
