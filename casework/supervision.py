"""What the supervisor page shows: figures of an area from the daily roll-up, and what is
open now, live. A handful of grouped queries, whatever the number of cases.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from casework import stats
from casework.clock import local_day
from casework.models import Case, DailyStat, JobRun, StaffProfile
from residents.models import User

WEEK, MONTH = 7, 28
# How long an open case has waited: (words, from days, to days).
AGES = (
    ("1 天内", 0, 1),
    ("1–2 天", 1, 2),
    ("2–5 天", 2, 5),
    ("5–10 天", 5, 10),
    ("10 天以上", 10, None),
)


@dataclass(frozen=True)
class Figure:
    """One of the six figures; `change` is None where last week is not known."""

    label: str
    value: str
    change: int | None
    unit: str = ""

    @property
    def change_text(self) -> str:
        """Words, not an arrow alone."""
        if self.change is None:
            return "上周没有数据"
        if self.change == 0:
            return "与上周持平"
        return f"比上周{'多' if self.change > 0 else '少'} {abs(self.change)}{self.unit}"


@dataclass(frozen=True)
class ClerkLine:
    """What one clerk has in hand and did in four weeks."""

    name: str
    in_hand: int
    overdue: int
    closed: int
    mean: str
    returned: int


@dataclass(frozen=True)
class Overview:
    """Everything of the page, as numbers."""

    figures: list[Figure]
    ages: list[tuple[str, int]]
    days: list[date]
    received: list[int]
    closed: list[int]
    took: list[tuple[str, int]]
    at_once: list[tuple[str, int, int]]  # county, opened at once, closed
    clerks: list[ClerkLine]
    counted_at: date | None


def overview(profile: StaffProfile, now: datetime) -> Overview:
    """The figures of the area of a profile."""
    today = local_day(now)
    area = profile.scope_filter()
    mine = DailyStat.objects.filter(**area)
    daily = _daily(mine, today)
    live = _open_now(area, now)
    by_clerk = _in_hand(area, now)
    month = mine.filter(day__gt=today - timedelta(days=MONTH), day__lte=today)
    days = [today - timedelta(days=back) for back in range(MONTH - 1, -1, -1)]
    return Overview(
        figures=_figures(daily, live, today),
        ages=[(words, live[f"age_{at}"]) for at, (words, *_) in enumerate(AGES)],
        days=days,
        received=[daily.get((day, stats.RECEIVED), (0, 0))[0] for day in days],
        closed=[daily.get((day, stats.CLOSED), (0, 0))[0] for day in days],
        took=_took(daily, days),
        at_once=_by_county(month),
        clerks=_clerks(month, by_clerk),
        counted_at=max((day for day, _ in daily), default=None),
    )


def failed_runs(now: datetime) -> list[JobRun]:
    """The newest run of each job, of the last week, that failed or was lost."""
    recent = JobRun.objects.filter(started_at__gte=now - timedelta(days=WEEK)).order_by("-id")
    newest: dict[str, JobRun] = {}
    for run in recent.defer("detail")[:500]:
        newest.setdefault(run.name, run)
    bad = (JobRun.State.FAILED, JobRun.State.LOST)
    return [run for run in newest.values() if run.state in bad]


def _daily(mine, today: date) -> dict[tuple, tuple[int, int]]:
    """(day, measure) -> (count, total) of the last four weeks and the week before."""
    rows = (
        mine.filter(day__gt=today - timedelta(days=MONTH + WEEK), day__lte=today)
        .values_list("day", "measure")
        .annotate(n=Sum("count"), s=Sum("total"))
        .order_by("day", "measure")
    )
    return {(day, measure): (n, s) for day, measure, n, s in rows}


def _open_now(area: dict, now: datetime) -> dict[str, int]:
    def waited(least: int, most: int | None) -> Q:
        found = Q(submitted_at__lte=now - timedelta(days=least))
        return found & Q(submitted_at__gt=now - timedelta(days=most)) if most else found

    ages = {
        f"age_{at}": Count("id", filter=waited(least, most))
        for at, (_, least, most) in enumerate(AGES)
    }
    cases = Case.objects.submitted().filter(**area, is_open=True)
    return cases.aggregate(all=Count("id"), late=Count("id", filter=Q(due_at__lt=now)), **ages)


def _in_hand(area: dict, now: datetime) -> dict[int, tuple[int, int]]:
    rows = (
        Case.objects.submitted()
        .filter(**area, is_open=True, assignee__isnull=False)
        .values_list("assignee_id")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
        .order_by("assignee_id")
    )
    return {clerk: (n, late) for clerk, n, late in rows}


def _figures(daily: dict, live: dict, today: date) -> list[Figure]:
    def week(measure: str, back: int = 0, part: int = 0) -> int:
        last = today - timedelta(days=back)
        days = (last - timedelta(days=at) for at in range(WEEK))
        return sum(daily.get((day, measure), (0, 0))[part] for day in days)

    before = today - timedelta(days=WEEK)
    known = any(day <= before for day, _ in daily)

    def change(now: int, then: int | None) -> int | None:
        return now - then if known and then is not None else None

    def stood(measure: str) -> int | None:
        """How many stood open a week ago; a day without any wrote no figure."""
        counted = any(day == before for day, _ in daily)
        return daily.get((before, measure), (0, 0))[0] if counted else None

    closed, closed_before = week(stats.CLOSED), week(stats.CLOSED, WEEK)
    mean = _mean_hours(week(stats.CLOSED, 0, 1), closed)
    mean_before = _mean_hours(week(stats.CLOSED, WEEK, 1), closed_before)
    share = _percent(week(stats.AT_ONCE), closed)
    share_before = _percent(week(stats.AT_ONCE, WEEK), closed_before)
    received = week(stats.RECEIVED)
    return [
        Figure("在办", str(live["all"]), change(live["all"], stood(stats.OPEN)), " 件"),
        Figure("已逾期", str(live["late"]), change(live["late"], stood(stats.OVERDUE)), " 件"),
        Figure("近 7 天收件", str(received), change(received, week(stats.RECEIVED, WEEK)), " 件"),
        Figure("近 7 天办结", str(closed), change(closed, closed_before), " 件"),
        Figure("平均办理用时", _hours_text(mean), _between(mean, mean_before), " 小时"),
        Figure(
            "即时开通占比",
            "无" if share is None else f"{share}%",
            _between(share, share_before),
            " 个百分点",
        ),
    ]


def _between(now: int | None, then: int | None) -> int | None:
    return None if now is None or then is None else now - then


def _took(daily: dict, days: list[date]) -> list[tuple[str, int]]:
    return [
        (words, sum(daily.get((day, measure), (0, 0))[0] for day in days))
        for measure, words, _ in stats.TOOK
    ]


def _by_county(month) -> list[tuple[str, int, int]]:
    rows = (
        month.filter(measure__in=(stats.CLOSED, stats.AT_ONCE))
        .values_list("county", "measure")
        .annotate(n=Sum("count"))
        .order_by("county")
    )
    found: dict[str, dict] = {}
    for county, measure, n in rows:
        found.setdefault(county, {})[measure] = n
    return [
        (county, counts.get(stats.AT_ONCE, 0), counts.get(stats.CLOSED, 0))
        for county, counts in found.items()
    ]


def _clerks(month, by_clerk: dict) -> list[ClerkLine]:
    rows = (
        month.filter(clerk__isnull=False, measure__in=(stats.CLOSED, stats.RETURNED))
        .values_list("clerk_id", "measure")
        .annotate(n=Sum("count"), s=Sum("total"))
        .order_by("clerk_id")
    )
    did: dict[int, dict] = {}
    for clerk, measure, n, seconds in rows:
        did.setdefault(clerk, {})[measure] = (n, seconds)
    names = User.objects.filter(pk__in={*did, *by_clerk}).only("name", "username").order_by("name")
    return [
        _clerk_line(user, did.get(user.pk, {}), by_clerk.get(user.pk, (0, 0))) for user in names
    ]


def _clerk_line(user, did: dict, in_hand: tuple[int, int]) -> ClerkLine:
    closed, seconds = did.get(stats.CLOSED, (0, 0))
    return ClerkLine(
        name=user.get_full_name(),
        in_hand=in_hand[0],
        overdue=in_hand[1],
        closed=closed,
        mean=_hours_text(_mean_hours(seconds, closed)),
        returned=did.get(stats.RETURNED, (0, 0))[0],
    )


def _mean_hours(seconds: int, count: int) -> int | None:
    """Whole hours, rounded half up; None without anything to average."""
    return (seconds + count * 1800) // (count * 3600) if count else None


def _percent(part: int, whole: int) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None


def _hours_text(hours: int | None) -> str:
    if hours is None:
        return "无"
    return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天 {hours % 24} 小时"
