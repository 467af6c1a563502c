"""What the page of a claim costs: the same for many bills as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reimbursements.claims.factories import accepted_claim, bill
from tests.reimbursements.desk.helpers import desk_of, page_of

# A supervisor is told besides to whom the case may be given.
LIMITS = {"first": 10, "supervisor": 11}
pytestmark = pytest.mark.django_db


def cost(client, case) -> list[str]:
    page_of(client, case)
    with CaptureQueriesContext(connection) as counted:
        page_of(client, case)
    return [each["sql"] for each in counted.captured_queries]


@pytest.mark.parametrize("role", LIMITS)
def test_the_page_costs_the_same_for_many_bills_as_for_one(role):
    _, client = desk_of(role)
    few = cost(client, accepted_claim())
    many = cost(client, accepted_claim(bills=[bill("100.00") for _ in range(30)]))
    assert len(many) == len(few) <= LIMITS[role]
