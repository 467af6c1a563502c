"""What every claim asks of all bills and stays there are is found by an index, not by reading
them: with a million of them the one takes less than a millisecond and the other a second."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reimbursements.acts.billing import refuse_taken
from reimbursements.checks import duplicate_bill, proxy, stays
from reimbursements.dossier import dossier_of
from reimbursements.payments.batches import payable_cases
from reimbursements.settling.previewing import preview_settlement
from tests.factories import LINCANG, clerk
from tests.reimbursements.claims.factories import bill, queued_claim

pytestmark = pytest.mark.django_db
BIG = (
    *("casework_case", "reimbursements_bill", "reimbursements_billline", "reimbursements_claim"),
    *("reimbursements_stay", "reimbursements_settlement", "reimbursements_payment"),
    *("reimbursements_yearaccount", "residents_holding"),
)


def refuse(dossier):
    """What submitting asks before it takes the bills."""
    wanted = [each.same_bill for each in dossier.answers.all_bills]
    refuse_taken(dossier.case, dossier.claim, wanted)


def preview(dossier):
    """What the page of a claim computes."""
    preview_settlement(dossier.case)


@pytest.mark.parametrize(
    "ask",
    [duplicate_bill.check, stays.check, proxy.check, refuse, preview],
    ids=["same bill", "stays that meet", "same proxy", "a bill that is taken", "the page"],
)
def test_bills_and_stays_are_looked_up_by_an_index(monday, ask):
    case = queued_claim(bills=[bill("100.00"), bill("200.00")])
    dossier = dossier_of(case)
    with CaptureQueriesContext(connection) as asked:
        ask(dossier)
    plans = [plan_of(each["sql"]) for each in asked.captured_queries]
    assert plans and [line for plan in plans for line in plan if reads_all(line)] == []


def test_what_is_to_be_paid_is_looked_for_among_open_cases(monday):
    sql = str(payable_cases(clerk("finance", LINCANG)).query)
    assert "is_open" in sql.split("WHERE")[1], "the index of open cases holds for nothing else"


def plan_of(sql: str) -> list[str]:
    """The plan of a statement as it would be with many rows; [] for one that is no SELECT."""
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[-1] for row in cursor.fetchall()]


def reads_all(line: str) -> bool:
    """Whether a line of a plan reads the whole of a large table."""
    words = line.replace('"', "").split()
    seq = " ".join(words)
    return any(f"Seq Scan on {table}" in seq or seq.startswith(f"SCAN {table}") for table in BIG)
