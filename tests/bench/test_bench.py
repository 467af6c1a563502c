"""The bench runs at a small size on any database, and its numbers mean what they say."""

import pytest
from django.core.management import call_command

from bench import everything, expiry, pages, report, walk
from bench.browsers import InProcess
from bench.measuring import NOTHING, Cost, cpu_of, measure
from bench.people import filers, staff
from bench.seed import ROUNDS, WAITING_FIRST, Seeder, daily_figures
from casework.events import verify_all
from casework.models import Case, CaseEvent
from filings.models import Filing
from tests.caches import forget_all

SIZE = 200
DUE = SIZE - WAITING_FIRST  # at this size all others are due


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.VAR_DIR = tmp_path


@pytest.fixture
def seeded(db, files) -> Seeder:
    """Two hundred cases and the staff who see them."""
    forget_all()
    call_command("load_rules", verbosity=0)
    clerks = staff()
    daily_figures(clerks)
    seeder = Seeder(clerks)
    seeder.grow(SIZE)
    return seeder


def test_seeding_writes_as_many_cases_as_asked_and_goes_on_from_there(seeded):
    assert Case.objects.count() == Filing.objects.count() == SIZE
    seeded.grow(SIZE + 50)
    assert Case.objects.count() == SIZE + 50
    assert len(set(Case.objects.values_list("number", flat=True))) == SIZE + 50


def test_seeded_rows_are_read_back_like_any_other(seeded):
    case = Case.objects.select_related("person", "account").filter(account__isnull=False).first()
    assert case.name and case.phone.startswith("15") and case.person.id_number[:6] == "110101"
    assert case.account.phone == case.phone


def test_the_pages_of_the_desk_answer_with_a_full_page_and_stay_in_their_queries(seeded):
    clerks = {user.username: user for user in staff()}
    found = list(pages.staff_rows(clerks, runs=1))
    assert "100 行" in found[0].name
    assert [row.name for row in found if "queries" in row.over] == []
    assert all(row.cost.app > 0 for row in found)


def test_a_walk_ends_with_a_submitted_case(seeded):
    account = next(filers()).account
    browser = InProcess(account)
    record = walk.file(browser)
    case = Case.objects.get(created_by=account)
    assert case.status == "submitted" and str(case.public_id) in record
    assert [name for name, method, _ in browser.seen if method == "POST"][-1] == "submit"
    assert all(cost.queries > 0 for *_, cost in browser.seen)


def test_a_walk_that_is_not_taken_is_no_measurement(seeded, monkeypatch):
    monkeypatch.setattr(walk, "PLACE", {"destination": "", "care": "inpatient"})
    with pytest.raises(walk.BrokenWalk):
        walk.file(InProcess(next(filers()).account))


def test_expiry_and_raw_sql_leave_the_same_rows(seeded):
    due = Filing.objects.filter(live=True, in_force_until__lt=seeded.today)
    assert due.count() == DUE
    job, raw, *ratios = expiry.rows()
    assert not due.exists()
    expired = CaseEvent.objects.filter(code="expired")
    assert expired.count() == DUE
    by_raw = Case.objects.filter(status="expired", head_hash=expiry.HASH)
    by_job = Case.objects.filter(events__code="expired").exclude(head_hash=expiry.HASH)
    assert by_raw.count() + by_job.count() == DUE
    assert abs(by_raw.count() - by_job.count()) <= ROUNDS
    assert list(verify_all(by_job)) == []
    for cases in (by_raw, by_job):
        with_account = [case.pk for case in cases if case.account_id]
        told = {case.pk for case in cases if case.notices.count() == 2}
        assert told == set(with_account)
    assert all(row.ratio > 0 for row in ratios) and ratios[0].budget == "≤ 2 ×"
    assert job.cost.wall > 0 and raw.cost.wall > 0


def test_a_row_says_what_is_over():
    cost = Cost(9, 40.0, 15.0, 70.0, 52.0)
    row = report.Row("页", cost, queries=8, cpu=50)
    assert row.over == ["queries", "CPU"]
    assert row.cells(Cost(0, 1.0, 0.0, 1.0, 1.0))[-1] == "**OVER** queries, CPU"
    assert report.Row("页", cost, queries=9, cpu=55).verdict == "ok"
    assert report.Row("页", cost).verdict == ""


@pytest.mark.django_db
def test_the_cpu_of_this_process_grows_and_no_process_has_none():
    assert cpu_of(None) == 0
    cost = measure(lambda _: sum(range(200_000)), times=3)
    assert cost.queries == NOTHING.queries and cost.best > 0 and cost.app > 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", [1_000, 100_000]), ("500", [500]), ("1000000", [1_000, 100_000, 1_000_000])],
)
def test_sizes_are_the_usual_ones_up_to_what_was_asked(asked, found):
    assert everything.sizes(asked) == found


@pytest.mark.parametrize("asked", ["0", "-5", "viel", "1e6", "99999999"])
def test_a_size_that_is_none_is_refused_with_an_example(asked):
    with pytest.raises(everything.BadSize, match="SIZE=1000000 make bench"):
        everything.sizes(asked)
