"""The supervisor page: six figures, four charts each with its table, the clerks, failed runs."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from casework import charts
from casework.admin.colleagues import may_supervise
from casework.admin.rows import own_name, short_area
from casework.charts import Series
from casework.failures import job_words
from casework.supervision import Overview, failed_runs, overview


def show(request):
    """The page for 主管, of their own county or city."""
    if not may_supervise(request.user):
        raise PermissionDenied
    now = timezone.now()
    found = overview(request.user.staff_profile, now)
    context = {
        **admin.site.each_context(request),
        "title": "督办与统计",
        "area": short_area(request.user.staff_profile.area),
        "figures": found.figures,
        "charts": _charts(found),
        "clerks": found.clerks,
        "failed_runs": [(run, job_words(run.name)) for run in failed_runs(now)],
        "counted_at": found.counted_at,
        "now": now,
    }
    return render(request, "admin/casework/case/supervise.html", context)


def _charts(found: Overview) -> list[dict]:
    """Each chart: a heading, the picture, and the same figures as a table."""
    days = [f"{day.month}-{day.day}" for day in found.days]
    places = [(own_name(code), part, whole) for code, part, whole in found.at_once]
    return [
        _chart(
            "age",
            "在办办件已等待多久",
            charts.columns,
            [words for words, _ in found.ages],
            [Series("在办", [n for _, n in found.ages])],
            ("已等待", "在办（件）"),
        ),
        _chart(
            "daily",
            "每天收件与办结（近 28 天）",
            charts.columns,
            days,
            [Series("收件", found.received), Series("办结", found.closed)],
            ("日期", "收件（件）", "办结（件）"),
        ),
        _chart(
            "took",
            "从提交到办结用了多久（近 28 天，含补正）",
            charts.columns,
            [words for words, _ in found.took],
            [Series("办结", [n for _, n in found.took])],
            ("用时", "办结（件）"),
        ),
        {
            "heading": "各地即时开通占办结的比例（近 28 天）",
            # Every text of a chart is escaped where it is drawn.
            "svg": mark_safe(charts.shares("places", "各地即时开通占比", places)),
            "head": ("参保地", "即时开通（件）", "办结（件）", "占比"),
            "rows": [
                (name, part, whole, f"{charts.percent(part, whole)}%")
                for name, part, whole in places
            ],
        },
    ]


def _chart(ident, heading, draw, labels, series, head) -> dict:
    return {
        "heading": heading,
        # Every text of a chart is escaped where it is drawn.
        "svg": mark_safe(draw(ident, heading, labels, series)),
        "head": head,
        "rows": list(zip(labels, *(one.values for one in series), strict=True)),
    }
