"""The lists of the desk by an index alone: what keeps them as quick with a million cases.

PostgreSQL is told to avoid reading whole tables, since the tables of a test are tiny; the
plan then says whether an index can answer.
"""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from casework import desk
from casework.models import Case
from filings.dossier import dossier_of
from filings.models import Filing
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


INDEXES_ALONE = ("enable_seqscan", "enable_bitmapscan", "enable_sort")


def plan_of(rows, dear=INDEXES_ALONE) -> str:
    """What PostgreSQL would do for these rows where these ways are dear."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        for way in dear:
            cursor.execute(f"SET LOCAL {way} = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def clerk():
    return factories.clerk("first", "530900")


def test_what_waits_is_found_and_counted_by_the_index_of_open_cases_alone(clerk):
    waiting = desk.waiting_cases(clerk)
    keys = waiting.filter(assignee=None, topic="LT-RES", doubts="", insurance="310").values_list(
        "pk"
    )
    assert "Index Only Scan using case_open_city" in plan_of(keys[:1001])
    # What the counts of the tabs and the supervisor page group by.
    read = ("kind", "status", "county", "assignee", "due_at", "submitted_at")
    assert "Index Only Scan using case_open_city" in plan_of(waiting.values_list(*read))


def test_the_newest_of_all_states_and_the_closed_ones_have_an_index(clerk):
    newest = Case.objects.visible_to(clerk).order_by("-submitted_at", "-id").values_list("pk")
    assert "Index Only Scan using case_city_newest" in plan_of(newest[:1001])
    assert "Index Only Scan using case_city_newest" in plan_of(newest.filter(is_open=False)[:1001])


def test_a_county_has_the_same_indexes_as_a_city():
    clerk = factories.clerk("first", "530902")
    keys = desk.waiting_cases(clerk).values_list("pk")[:1001]
    assert "Index Only Scan using case_open_county" in plan_of(keys)
    newest = Case.objects.visible_to(clerk).order_by("-submitted_at", "-id").values_list("pk")
    assert "Index Only Scan using case_county_newest" in plan_of(newest[:1001])


def test_other_filings_of_a_person_are_asked_for_by_what_their_index_holds():
    """Which index a plan takes depends on what a tiny table holds; that the query says the
    condition of the index, without which none can be taken, does not."""
    dossier = dossier_of(factories.submitted_filing())
    with CaptureQueriesContext(connection) as asked:
        assert dossier.others == []
    index = next(one for one in Filing._meta.indexes if one.name == "filing_inquiry")
    assert index.fields[0] == "person" and index.condition == Q(granted_on__isnull=False)
    where = asked[0]["sql"].partition(" WHERE ")[2]
    assert '"granted_on" IS NOT NULL' in where and '"person_id" = ' in where


def test_the_newest_of_an_account_are_not_looked_for_from_the_end_of_all_cases():
    account = factories.draft_filing().account
    rows = Case.objects.of_account(account, []).newest_first()[:21]
    plan = plan_of(rows, dear=["enable_seqscan"])
    assert "BitmapOr" in plan and "casework_case_pkey" not in plan
