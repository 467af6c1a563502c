"""How many queries each page asks: budgets of the design, pinned so that they stay."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case
from tests.factories import CHENGDU, draft_filing, opened_filing, proven_holding

pytestmark = pytest.mark.django_db

STEP, LIST, RECORD, MESSAGES = 6, 3, 8, 5
# Sixteen requests; the budget of the design is 60 for all requests of a filing.
WHOLE = 53
# A page that only shows a step: session with account, and the case with its open answers.
SHOWN = 3
# What opens and closes a transaction asks the database nothing.
FRAMES = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
DETAILS = {
    "start_year": "2026",
    "start_month": "11",
    "start_day": "23",
    "phone": "13900001111",
    "contact_how": "sms",
    "address": "",
}
STEPS = (
    ("insured", {"insured_area": "530902", "insurance": "310"}),
    ("place", {"destination": CHENGDU, "care": "inpatient"}),
    ("notice", {"read": "on"}),
    ("stay", {"stay": "none"}),
    ("details", DETAILS),
    ("proof", {}),
)


class Meter:
    """A client that keeps what each request asked of the database."""

    def __init__(self, client):
        self.client = client
        self.asked: list[tuple[str, list[str]]] = []

    def get(self, url):
        """A page looked at."""
        return self._measured("GET", url, lambda: self.client.get(url))

    def post(self, url, data):
        """A page sent."""
        return self._measured("POST", url, lambda: self.client.post(url, data))

    def _measured(self, method, url, request):
        with CaptureQueriesContext(connection) as caught:
            response = request()
        queries = [row["sql"] for row in caught.captured_queries]
        queries = [sql for sql in queries if not sql.startswith(FRAMES)]
        self.asked.append((f"{method} {url}", queries))
        return response

    def keeps(self, most: int) -> None:
        """Fails with every request that asked more than `most`, and what it asked."""
        over = "\n".join(
            f"{name}: {len(queries)}\n    " + "\n    ".join(sql[:150] for sql in queries)
            for name, queries in self.asked
            if len(queries) > most
        )
        if over:
            pytest.fail(over, pytrace=False)


@pytest.fixture
def meter(client, monday):
    """A proven resident; rules and calendars, read once a process, have been read."""
    draft_filing()
    holding = proven_holding()
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    client.get("/filings/check/?from=530902&to=510100")
    return Meter(client)


def test_every_step_and_the_whole_filing_keep_their_budgets(meter):
    meter.get("/filings/")
    base = meter.post("/filings/", {"category": "TMP-OTH"}).url.rsplit("insured/", 1)[0]
    for slug, data in STEPS:
        meter.get(f"{base}{slug}/")
        assert meter.post(f"{base}{slug}/", data).status_code == 302, slug
    meter.get(f"{base}check/")
    meter.keeps(STEP)
    for name, queries in meter.asked:
        assert len(queries) <= SHOWN or name.startswith("POST"), name
    meter.post(f"{base}check/", {"version": "0"})
    assert Case.objects.filter(status="submitted").count() == 1
    counts = [(name.rsplit("/", 2)[-2], len(queries)) for name, queries in meter.asked]
    total = sum(many for _, many in counts)
    assert total <= WHOLE, f"{total}: " + " ".join(f"{name}={many}" for name, many in counts)


def test_the_effect_of_an_answer_costs_no_more_than_a_step(meter):
    base = meter.post("/filings/", {"category": "TMP-OTH"}).url.rsplit("insured/", 1)[0]
    meter.asked.clear()
    meter.post(f"{base}place/", {**STEPS[1][1], "preview": "1"})
    meter.keeps(STEP)


def test_my_records_cost_the_same_for_one_as_for_many(client, monday):
    holding = proven_holding()
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    meter = Meter(client)
    for _ in range(3):
        opened_filing(holding)
        meter.get("/filings/records/")
    meter.keeps(LIST)


def test_a_record_and_the_messages_keep_their_budgets(client, monday):
    holding = proven_holding()
    case = opened_filing(holding)
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    meter = Meter(client)
    meter.get(f"/filings/{case.public_id}/")
    meter.keeps(RECORD)
    meter.asked.clear()
    meter.get("/cases/messages/")
    meter.keeps(MESSAGES)
