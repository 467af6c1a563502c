"""What the pages of the finance desk have in common: the tabs, who may come, how one is shown."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse

from reimbursements.payments import may_pay, waiting

FOLDER = "admin/reimbursements"
PAGE = "reimbursements_paymentbatch"
BATCHES, PAYABLE, FAILED, RECOVERIES = "changelist", "make", "failed", "recoveries"


def must(allowed: bool) -> None:
    """Raises PermissionDenied unless this person may."""
    if not allowed:
        raise PermissionDenied


def tabs_of(user) -> list[tuple[str, str, int | None, str]]:
    """(code, words, count, address) of the pages this person may open."""
    counts = waiting(user)
    tabs = [
        (BATCHES, "支付批次", None),
        (PAYABLE, "待支付", counts.payable),
        (FAILED, "支付未成功", counts.failed),
        (RECOVERIES, "待追回", counts.due),
    ]
    return [
        (code, words, count, reverse(f"admin:{PAGE}_{code}"))
        for code, words, count in tabs
        if code != PAYABLE or may_pay(user)
    ]


def shown(request, template: str, context: dict, *, tab: str = "", status: int = 200):
    """A page of the finance desk; `tab` is the tab it is, "" for a page below one."""
    context = {
        **admin.site.each_context(request),
        "tabs": tabs_of(request.user) if tab else [],
        "tab": tab,
        **context,
    }
    return render(request, f"{FOLDER}/{template}", context, status=status)
