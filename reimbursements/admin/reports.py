"""报销统计: what was claimed, cut and paid, how long it took; a page, and a workbook of it."""

from datetime import datetime

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.safestring import mark_safe

from casework import charts
from casework.admin.export_page import TYPES, XLSX
from casework.admin.rows import short_area
from casework.charts import Series
from casework.export import xlsx_book
from reimbursements.pages.explained import grouped
from reimbursements.payments.access import may_see
from reimbursements.reports.asking import Asked, Choices, choices_for, read
from reimbursements.reports.figures import Line, Report, month_words, report
from reimbursements.reports.job import counted_until
from reimbursements.reports.money import Moved
from reimbursements.reports.tables import TEXT, Table, share, tables
from residents.models import AccessLog
from residents.personal import log_access

PAGE = "reimbursements_claim_reports"
TEMPLATE = "admin/reimbursements/report.html"
# (words, fen) of the largest unit in which a chart's axis still has room for its figures.
UNITS = (("元", 100), ("万元", 1_000_000), ("亿元", 10_000_000_000))
ROOM = 99_999
KEEP = 3600  # seconds
BESIDE_CHARTS = ("cuts", "stages")


def urls(wrap) -> list:
    """The addresses beside the queue."""
    return [
        path("claim-reports/", wrap(show), name=PAGE),
        path("claim-reports/export/", wrap(export), name=f"{PAGE}_export"),
    ]


def show(request):
    """The figures of the own area."""
    profile = _profile(request)
    choices = choices_for(profile.scope, profile.area)
    asked = read(request.GET.dict(), choices, timezone.localdate())
    found = _report(profile, asked, until := counted_until())
    made = {table.ident: table for table in tables(found)}
    context = {
        **admin.site.each_context(request),
        "title": "报销统计",
        "area": short_area(profile.area),
        "asked": asked,
        "choices": choices,
        "figures": [] if found.is_empty else _figures(found.total),
        "paid": [] if found.is_empty else _paid(found.money.total),
        "funds": [(words, grouped(found.total.funds[code])) for code, words in found.funds],
        "charts": [] if found.is_empty else _charts(found, made),
        "tables": [table for ident, table in made.items() if ident not in BESIDE_CHARTS],
        "empty": found.is_empty,
        "counted_until": until,
    }
    return render(request, TEMPLATE, context, status=422 if asked.errors else 200)


def export(request):
    """The same figures as a workbook; a POST, since it is written down who took them."""
    profile = _profile(request)
    if request.method != "POST":
        return redirect(f"admin:{PAGE}")
    choices = choices_for(profile.scope, profile.area)
    asked = read(request.POST.dict(), choices, timezone.localdate())
    said = _said(asked, choices)
    log_access(request.user, AccessLog.Action.EXPORTED, "", "报销统计，xlsx", "；".join(said))
    found = tables(_report(profile, asked, counted_until()))
    about = Table("about", "说明", [("报销统计", TEXT)], [[line] for line in _about(profile, said)])
    book = xlsx_book([_sheet(table) for table in (about, *found)])
    response = FileResponse(book, content_type=TYPES[XLSX])
    name = f"claims-{asked.first:%Y%m}-{asked.last:%Y%m}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _report(profile, asked: Asked, until: datetime | None) -> Report:
    """The figures, kept until they are counted anew."""
    if until is None:
        return report(profile.scope_filter(), asked)
    said = (profile.scope, profile.area, asked.first, asked.last, asked.insurance)
    key = "claim-report:" + ":".join(str(x) for x in (*said, asked.county, asked.province))
    return cache.get_or_set(
        f"{key}:{until.timestamp()}", lambda: report(profile.scope_filter(), asked), KEEP
    )


def _profile(request):
    if not may_see(request.user):
        raise PermissionDenied
    return request.user.staff_profile


def _said(asked: Asked, choices: Choices) -> list[str]:
    """What was asked, in words."""
    return [
        f"{month_words(asked.first)}至{month_words(asked.last)}",
        dict(choices.insurances).get(asked.insurance, "全部险种"),
        dict(choices.counties).get(asked.county, "全部参保地"),
        f"就医地：{dict(choices.provinces).get(asked.province, '全部')}",
    ]


def _about(profile, said: list[str]) -> list[str]:
    """What stands on the first sheet."""
    until = counted_until()
    counted = f"{timezone.localtime(until):%Y-%m-%d %H:%M}" if until else "还没有统计过"
    return [
        f"范围：{short_area(profile.area)}",
        *said,
        f"统计到：{counted}",
        "金额单位：元。按审批（结算）日期统计，冲销和补报的差额记在办理当日。",
        "支付与追回：按银行回盘日期和到账日期统计。",
        "申报金额 = 各基金支付 + 个人账户 + 个人现金；个人现金含核减的金额。",
        "不含直接结算。",
    ]


def _sheet(table: Table) -> tuple:
    return table.heading, tuple(words for words, _ in table.columns), table.written


def _figures(total: Line) -> list[tuple[str, str, str]]:
    """(label, value, what it is beside) of the six large figures; yuan."""
    return [
        ("报销", f"{total.claims} 件", f"就医 {total.stays} 次"),
        ("申报金额", grouped(total.claimed), "票据合计，元"),
        ("核减", grouped(total.cut), f"占申报 {share(total.cut, total.claimed)}"),
        ("政策范围内", grouped(total.in_scope), f"占申报 {share(total.in_scope, total.claimed)}"),
        ("各基金支付", grouped(total.paid), f"占申报 {share(total.paid, total.claimed)}"),
        ("个人负担", grouped(total.own + total.account), f"其中个人账户 {grouped(total.account)}"),
    ]


def _paid(total: Moved) -> list[tuple[str, str, str]]:
    """(label, value, what it is beside) of when the money moved; yuan."""
    return [
        ("已支付", grouped(total.paid_fen), f"{total.paid} 笔，按银行回盘日期"),
        ("待支付", grouped(total.waiting_fen), f"{total.waiting} 件，期末"),
        ("支付未成功", grouped(total.failed_fen), f"{total.failed} 件，期末"),
        ("待追回", grouped(total.left_fen), "期末"),
        ("已追回", grouped(total.got_back_fen), "按到账日期"),
    ]


def _charts(found: Report, by_ident: dict[str, Table]) -> list[dict]:
    """Four charts; the figures of the first two stand in the tables below, those of the others
    beside them."""
    return [
        _money_chart("by-month", "各月：谁支付", found.months),
        _money_chart("by-county", "各参保地：谁支付", found.counties),
        _stage_chart(found, by_ident["stages"]),
        _cut_chart(found, by_ident["cuts"]),
    ]


def _money_chart(ident: str, title: str, lines: list[Line]) -> dict:
    unit, fen = unit_for([max(line.paid, line.own + line.account, line.cut) for line in lines])
    series = [
        Series("基金支付", [bar(line.paid, fen) for line in lines]),
        Series("个人负担", [bar(line.own + line.account, fen) for line in lines]),
        Series("核减", [bar(line.cut, fen) for line in lines]),
    ]
    heading = f"{title}（{unit}）"
    drawn = charts.columns(ident, heading, [line.short for line in lines], series)
    # Every text of a chart is escaped where it is drawn.
    return {"table": None, "heading": heading, "svg": mark_safe(drawn)}


def _stage_chart(found: Report, table: Table) -> dict:
    heading = "各环节用时（工作日）"
    series = [
        Series("一半不超过", [one.median for one in found.stages]),
        Series("九成不超过", [one.ninetieth for one in found.stages]),
    ]
    drawn = charts.columns("by-stage", heading, [one.label for one in found.stages], series)
    return {"table": table, "heading": heading, "svg": mark_safe(drawn)}


def _cut_chart(found: Report, table: Table) -> dict:
    unit, fen = unit_for([cut.fen for cut in found.cuts])
    labels = [cut.text.split(" ")[0][:4] for cut in found.cuts]
    series = [Series("核减", [bar(cut.fen, fen) for cut in found.cuts])]
    heading = f"各理由核减的金额（{unit}）"
    drawn = charts.columns("by-reason", heading, labels, series)
    return {"table": table, "heading": heading, "svg": mark_safe(drawn)}


def unit_for(fens: list[int]) -> tuple[str, int]:
    """(words, fen) of the unit in which the largest amount is written short."""
    most = max(fens, default=0)
    return next((unit for unit in UNITS if most <= ROOM * unit[1]), UNITS[-1])


def bar(fen: int, unit: int) -> int:
    """An amount in whole units, rounded half up; a bar does not go below the line."""
    return max((2 * fen + unit) // (2 * unit), 0)
