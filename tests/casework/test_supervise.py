"""The supervisor page: what is counted, how it is drawn, who sees it, what it costs."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from casework import charts, stats
from casework.actors import Actor
from casework.charts import Series
from casework.clock import local_day
from casework.models import Case, DailyStat, JobRun
from casework.perform import perform
from casework.supervision import Figure, overview
from tests.casework.desk_helpers import staff_client

PAGE = "/admin/casework/case/supervise/"
SVG = "{http://www.w3.org/2000/svg}"


def figures(day, **where) -> dict[str, tuple[int, int]]:
    rows = DailyStat.objects.filter(day=day, **where)
    return {row.measure: (row.count, row.total) for row in rows}


# what is counted


@pytest.mark.django_db
def test_a_decision_counts_once_with_its_clerk_and_its_time(draft, resident, clerk_of):
    clerk = clerk_of()
    start = timezone.now() - timedelta(hours=30)
    with time_machine.travel(start, tick=False):
        case = perform(draft, "submit", Actor.resident(resident))
    perform(case, "approve", clerk, now=start + timedelta(hours=3))
    stats.roll_up(local_day(start + timedelta(hours=3)))
    day = figures(local_day(start + timedelta(hours=3)), clerk=clerk.user)
    assert day["closed"] == (1, 3 * 3600) and day["took_1d"] == (1, 0)
    stats.roll_up(local_day(start))
    assert figures(local_day(start), clerk=None)["received"] == (1, 0)


@pytest.mark.django_db
def test_counting_a_day_again_changes_nothing(draft, resident, clerk_of):
    case = perform(draft, "submit", Actor.resident(resident))
    perform(case, "ask", clerk_of(), reason="other", note="请补")
    today = local_day(timezone.now())
    first = stats.roll_up(today), figures(today)
    assert (stats.roll_up(today), figures(today)) == first
    assert first[1]["returned"] == (1, 0) and first[1]["open"] == (1, 0)


@pytest.mark.django_db
def test_what_stood_open_on_a_past_day_is_kept_when_that_day_is_counted_again(draft, resident):
    perform(draft, "submit", Actor.resident(resident))
    now = timezone.now()
    stats.roll_up(local_day(now))
    stats.roll_up(local_day(now), now + timedelta(days=1))
    assert figures(local_day(now))["open"] == (1, 0)


@pytest.mark.django_db
def test_drafts_and_withdrawals_by_the_resident_are_no_decisions(draft):
    stats.roll_up(local_day(timezone.now()))
    assert figures(local_day(timezone.now())) == {}


@pytest.mark.django_db
def test_figures_of_another_city_are_not_counted_in(draft, resident, clerk_of):
    perform(draft, "submit", Actor.resident(resident))
    stats.roll_up(local_day(timezone.now()))
    now = timezone.now()
    here = overview(clerk_of("530900", "city", "supervisor").profile, now)
    there = overview(clerk_of("150100", "city", "supervisor").profile, now)
    assert (here.figures[0].value, there.figures[0].value) == ("1", "0")
    assert (sum(here.received), sum(there.received)) == (1, 0)


@pytest.mark.django_db
def test_the_change_against_last_week_is_said_in_words(draft, resident, clerk_of):
    now = timezone.now()
    case = perform(draft, "submit", Actor.resident(resident))
    week_ago = {"day": local_day(now) - timedelta(days=7), "city": case.city}
    DailyStat.objects.create(**week_ago, county=case.county, kind="toy", measure="open", count=5)
    found = overview(clerk_of("530900", "city", "supervisor").profile, now)
    assert found.figures[0].change_text == "比上周少 4 件"
    assert Figure("在办", "0", None).change_text == "上周没有数据"
    assert Figure("在办", "3", 0).change_text == "与上周持平"


# the page


@pytest.mark.django_db
def test_the_page_shows_six_figures_four_charts_and_the_clerks(draft, resident, clerk_of):
    clerk = clerk_of()
    perform(perform(draft, "submit", Actor.resident(resident)), "approve", clerk)
    stats.roll_up(local_day(timezone.now()))
    boss = staff_client(clerk_of(role="supervisor").user)
    page = boss.get(PAGE).content.decode()
    assert page.count("desk-figure-value") == 6 and page.count('role="img"') == 4
    assert clerk.user.name in page


@pytest.mark.django_db
def test_the_page_costs_at_most_twelve_queries(
    draft, resident, clerk_of, django_assert_max_num_queries
):
    perform(draft, "submit", Actor.resident(resident))
    boss = staff_client(clerk_of(role="supervisor").user)
    boss.get(PAGE)
    with django_assert_max_num_queries(12):
        boss.get(PAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["first", "second", "approval", "finance", "auditor", "sysadmin"])
def test_only_a_supervisor_sees_it(clerk_of, role):
    assert staff_client(clerk_of(role=role).user).get(PAGE).status_code == 403


@pytest.mark.django_db
def test_a_failed_run_stands_at_the_top_until_the_job_succeeds(clerk_of):
    boss = staff_client(clerk_of(role="supervisor").user)
    now = timezone.now()
    JobRun.objects.create(name="expiry", started_at=now, state=JobRun.State.FAILED)
    assert "有定时任务没有完成" in boss.get(PAGE).content.decode()
    JobRun.objects.create(name="expiry", started_at=now, state=JobRun.State.DONE)
    assert "有定时任务没有完成" not in boss.get(PAGE).content.decode()


@pytest.mark.django_db
def test_a_page_without_any_figures_still_stands(clerk_of):
    assert not Case.objects.exists()
    page = staff_client(clerk_of(role="supervisor").user).get(PAGE).content.decode()
    assert "还没有统计过" in page and "没有数据" in page


# the drawing


def test_a_chart_is_well_formed_titled_and_needs_no_style():
    drawn = charts.columns("x", "每天 <收件>", ["1 日"], [Series("收件 & 办结", [3])])
    root = ElementTree.fromstring(drawn)
    assert root.find(f"{SVG}title").text == "每天 <收件>"
    assert "收件 & 办结：1 日 3" in root.find(f"{SVG}desc").text
    assert "style" not in drawn and root.get("aria-labelledby") == "x-title x-desc"


def test_the_tallest_bar_stays_within_the_axis():
    root = ElementTree.fromstring(charts.columns("x", "t", ["a", "b"], [Series("s", [7, 100])]))
    bars = [float(bar.get("height")) for bar in root.iter(f"{SVG}rect")]
    assert max(bars) <= charts.HEIGHT - charts.TOP - charts.BOTTOM
    assert bars[0] / bars[1] == pytest.approx(0.07, abs=0.01)


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (4, 4), (5, 8), (15, 20), (99, 200), (200, 200)]
)
def test_an_axis_ends_at_a_round_number_that_holds_the_largest(value, top):
    assert charts.nice_ceiling(value) == top


def test_a_share_of_nothing_is_no_percentage():
    assert charts.share_text(0, 0) == "无" and charts.share_text(1, 3) == "1/3(33%)"
    assert "没有数据" in charts.shares("x", "t", [])
