"""支付未成功: what the bank sent back, and what the finance desk does about it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path

from casework.admin.rows import short_area
from casework.errors import CaseworkError
from reimbursements.admin.payment_pages import FAILED, PAGE, must, shown
from reimbursements.bills.accounts import mask_account
from reimbursements.pages.explained import grouped
from reimbursements.payments import (
    PaymentRefused,
    failed_claims,
    may_pay,
    may_see,
    retry_payment,
)
from reimbursements.payments.recoveries import CALL_AFTER_DAYS, Failed
from residents.personal import mask_name


def urls(wrap) -> list:
    """The addresses of the page."""
    return [
        path("failed/", wrap(failed_view), name=f"{PAGE}_{FAILED}"),
        path("failed/<int:pk>/retry/", wrap(retry_view), name=f"{PAGE}_retry"),
    ]


def failed_view(request):
    """The claims whose payment the bank sent back, the oldest first."""
    must(may_see(request.user))
    context = {
        "title": "支付未成功",
        "rows": [_row(one) for one in failed_claims(request.user)],
        "may_pay": may_pay(request.user),
        "days": CALL_AFTER_DAYS,
    }
    return shown(request, "payment_failed.html", context, tab=FAILED)


def retry_view(request, pk: int):
    """Put a claim whose account is right back to be paid."""
    must(may_pay(request.user))
    back = redirect(f"admin:{PAGE}_{FAILED}")
    if request.method != "POST":
        return back
    version = request.POST.get("version", "")
    try:
        case = retry_payment(
            request.user, pk, int(version) if version.isdecimal() and len(version) < 10 else -1
        )
    except (PaymentRefused, CaseworkError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"办件 {case.number} 已转回待支付，可以重新制单。")
    return back


def _row(one: Failed) -> dict:
    claim, payment = one.case.claim, one.payment
    return {
        "case": one.case,
        "place": short_area(one.case.county),
        "amount": grouped(claim.payable_fen or 0),
        "holder": mask_name(claim.bank_holder),
        "account": mask_account(claim.bank_number),
        "bank": claim.bank_name,
        "because": payment.failed_because if payment else "",
        "at": payment.done_at if payment else one.case.touched_at,
        "days": one.days,
        "call": one.is_to_be_called,
    }
