"""The start page: what one can do here, and what is open for the person who asks."""

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from casework.home import open_items
from facilities.agencies import agency_for
from residents import gate, holdings
from residents.models import Holding

# icon, title, one line, address
MATTERS = (
    ("filing", "异地就医备案", "先备案，外地看病直接结算", "filings:start"),
    ("records", "备案记录", "看进度、补材料、打印备案表", "filings:records"),
    ("pen", "门诊慢特病认定", "高血压、糖尿病等，先认定再看病", "registrations:start"),
    ("records", "认定记录", "看进度、补材料、打印认定表", "registrations:records"),
    ("claim", "手工报销", "自己垫付的，拿票据来报销", "reimbursements:start"),
    ("records", "我的报销", "看进度、结算和支付", "reimbursements:claims"),
    ("hospital", "查医院", "看能异地结算的医院和药店", "facilities:search"),
    ("calendar", "费用查询", "今年结算了多少、还剩多少", "reimbursements:year"),
)
# How the state of an open case is shown: tone and word.
STATES = {
    "draft": ("info", "未提交"),
    "correction": ("waiting", "待补正"),
    "payment_failed": ("late", "支付未成功"),
}


def home(request):
    """The matters; for a logged-in resident also what waits for them, and whom to call.

    An account that still owes its ID number is shown neither.
    """
    resident = request.user.is_authenticated and not request.user.is_staff
    due = resident and gate.is_due(request.user)
    known = resident and not due
    context = {
        "matters": _matters(),
        "check_url": _address("filings:check"),
        "login_url": "" if resident else _address("residents:login"),
        "confirm_url": _address("residents:confirm") if due else "",
        "items": [_shown(item) for item in open_items(request.user)] if known else [],
        "known": known,
        "agency": _agency(request) if known else None,
    }
    return render(request, "home.html", context)


def _matters() -> list[dict]:
    return [
        {"icon": icon, "title": title, "text": text, "url": url}
        for icon, title, text, name in MATTERS
        if (url := _address(name))
    ]


def _address(name: str) -> str:
    """The address of a named page, "" while that part of the house is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _shown(item: dict) -> dict:
    tone, word = STATES.get(item["state"], ("info", "办理中"))
    return {**item, "tone": tone, "word": word}


def _agency(request):
    """The agency of the person one acts for; None unless that person is proven, since
    where somebody is insured is told to nobody else."""
    holding = holdings.current_holding(request)
    if holding is None or holding.standing != Holding.Standing.BOUND:
        return None
    found = holdings.enrolments_for(holding.person, timezone.localdate())
    return agency_for(found[0].insured_area, found[0].insurance) if found else None
