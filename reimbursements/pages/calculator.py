"""费用估算: what would be paid for a stay, without log-in and without storing anything.

All of it stands in the address (a place, an amount, ticks; nothing personal), so that it
works without scripts and may be sent to somebody.
"""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.widgets import DatePartsField, DatePartsInput
from facilities.areas import UnknownArea, area_name
from facilities.contacts import contact_of
from reimbursements.pages.calculator_form import FILED, PARTS, CalculatorForm
from reimbursements.pages.explained import Explained, explained, grouped
from reimbursements.policy_store import Held, held_on, policy_for, policy_of_stay
from reimbursements.settlement import (
    Account,
    Settlement,
    Stay,
    StayError,
    read_stay,
    read_year,
    settle,
)
from reimbursements.settlement.engine import version_on

INSURANCES = {"310": "职工医保", "390": "居民医保"}
MARK_WORDS = {
    "示例": "示例：数字不是官方标准，只用于演示",
    "待核": "待核：来源有待核实，结果仅供参考",
}
# With more places than fit on two screens of a phone, one looks for one's own.
MANY_PLACES = 12
# The ways of filing that are compared, from none to the best.
COMPARED = ("unfiled", "TMP-OTH", "TMP-REF", "LT-RES")


@require_GET
def calculator(request):
    """First the place, then a few numbers, then who would pay what and why."""
    held = held_on(timezone.localdate())
    chosen = _chosen(held, request.GET.get("policy", ""))
    if chosen is None:
        return render(request, "reimbursements/calculator_places.html", _places(request, held))
    policy = _policy(chosen, request.GET)
    asked = "total" in request.GET
    form = CalculatorForm(request.GET if asked else None, policy=policy[0], version=policy[1])
    context = {
        "form": form,
        "policy_key": _key(chosen),
        "place": _named(chosen),
        "mark": MARK_WORDS.get(policy[1].rule.mark, ""),
        "agency": contact_of(chosen.area, chosen.insurance),
        "result": None,
    }
    if asked and form.is_valid():
        context |= _result(form, chosen)
    status = 422 if form.errors else 200
    return render(request, "reimbursements/calculator.html", context, status=status)


# --- the place ------------------------------------------------------------------------


def _key(held: Held) -> str:
    return f"{held.area}-{held.insurance}"


def _chosen(held: list[Held], key: str) -> Held | None:
    return next((one for one in held if _key(one) == key), None)


def _named(held: Held) -> str:
    try:
        name = area_name(held.area)
    except UnknownArea:
        name = held.area
    return f"{name} {INSURANCES[held.insurance]}"


def _places(request, held: list[Held]) -> dict:
    words = request.GET.get("q", "").strip()[:20]
    rows = [
        {
            "title": _named(one),
            "text": MARK_WORDS.get(one.version.rule.mark) or one.version.rule.source,
            "url": f"{reverse('reimbursements:calculator')}?policy={_key(one)}",
        }
        for one in held
    ]
    return {
        "places": [row for row in rows if words in row["title"]],
        "searchable": len(rows) > MANY_PLACES,
        "words": words,
        "unknown": bool(request.GET.get("policy")),
    }


def _policy(chosen: Held, typed) -> tuple:
    """The policy and version of the day that was typed, else of today."""
    day, today = _typed_day(typed), timezone.localdate()
    policy = policy_for(chosen.area, chosen.insurance, day) if day else None
    if policy is None:
        policy, day = policy_for(chosen.area, chosen.insurance, today), today
    try:
        return policy, version_on(policy, day)
    except StayError:
        return policy, policy.versions[0]


def _typed_day(typed):
    value = DatePartsInput().value_from_datadict(typed, {}, "day")
    try:
        return DatePartsField(required=False).clean(value)
    except ValidationError:
        return None


# --- the answer -----------------------------------------------------------------------


def _result(form: CalculatorForm, chosen: Held) -> dict:
    facts = form.facts()
    try:
        stay = read_stay(facts, form.policy)
        policy = policy_of_stay(chosen.area, chosen.insurance, stay)
        if policy is None:
            first = form.policy.versions[0].valid_from
            raise StayError("day", f"公布的政策自 {first} 起，请填这一天以后的日期")
        year = read_year(facts, policy)
        settled = settle(policy, stay, year)
    except StayError as error:
        form.refuse(error)
        return {}
    result = explained(settled)
    return {
        "result": result,
        "title": f"估算：可以报销约 {result.paid} 元",
        "text": f"总费用 {result.total} 元，个人负担约 {result.personal} 元。",
        "unsplit": settled.in_scope == settled.total and not _split(form),
        "compared": _compared(settled, stay, year) if stay.place != "same_area" else [],
    }


def _split(form: CalculatorForm) -> bool:
    return any(form.cleaned_data.get(name) is not None for name in PARTS)


def _compared(settled: Settlement, stay: Stay, year: Account) -> list[dict]:
    """The same care with each way of filing; first as it was typed."""
    rows = [_row(stay.filing, explained(settled), settled, settled)]
    for filing in COMPARED:
        if filing == stay.filing:
            continue
        try:
            other = settle(settled.policy, replace(stay, filing=filing), year)
        except StayError:  # the policy says nothing of this way of filing
            continue
        rows.append(_row(filing, explained(other), other, settled))
    return rows


def _row(filing: str, found: Explained, other: Settlement, settled: Settlement) -> dict:
    more = settled.personal - other.personal
    return {
        "filing": FILED[filing].removesuffix("（没有转诊单）"),
        "typed": other is settled,
        "paid": found.paid,
        "personal": found.personal,
        "change": _change(more) if other is not settled else "",
    }


def _change(more: int) -> str:
    if not more:
        return "报销一样多"
    return f"{'多' if more > 0 else '少'}报 {grouped(abs(more))} 元"
