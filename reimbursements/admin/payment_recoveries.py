"""待追回: what was paid and is not due any more, and what of it has come in."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from casework.admin.rows import short_area
from casework.clock import local_day
from casework.errors import CaseworkError
from reimbursements.acts.recovering import MAX_RECEIPT
from reimbursements.admin.payment_pages import PAGE, RECOVERIES, must, shown
from reimbursements.models import Payment
from reimbursements.pages.explained import grouped
from reimbursements.payments import (
    may_pay,
    may_see,
    received_fen,
    record_receipt,
    recoveries,
    recovery_of,
    strike_receipt,
)
from reimbursements.settlement.money import parse_yuan

PER_PAGE = 50
MAX_WHY = 200
State = Payment.State


class ReceiptForm(forms.Form):
    """What has come in, as it stands on the paper of the bank or the counter."""

    amount = forms.CharField(
        label="到账金额（元）",
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text="可以少于应追回的金额，其余的继续列为待追回。",
        error_messages={"required": "请填写到账金额", "max_length": "金额太长，请核对"},
    )
    day = forms.DateField(
        label="到账日期",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "请填写到账日期",
            "invalid": "请写成 2026-11-22 这样的日期",
        },
    )
    how = forms.ChoiceField(
        label="追回方式",
        choices=[("", "请选择"), *Payment.How.choices],
        error_messages={"required": "请选择追回方式", "invalid_choice": "请选择列出的追回方式"},
    )
    receipt = forms.CharField(
        label="收款凭证号",
        max_length=MAX_RECEIPT,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="银行回单号或收款收据号。",
        error_messages={
            "required": "请填写收款凭证号",
            "max_length": f"收款凭证号最多 {MAX_RECEIPT} 个字",
        },
    )

    def clean_amount(self) -> int:
        """The amount in fen."""
        text = self.cleaned_data["amount"].replace(",", "").replace("，", "")
        try:
            return parse_yuan(text.removesuffix("元").strip())
        except ValueError:
            raise forms.ValidationError("请写成元，例如 1234.50，最多两位小数") from None


def urls(wrap) -> list:
    """The addresses of the pages."""
    return [
        path("recoveries/", wrap(list_view), name=f"{PAGE}_{RECOVERIES}"),
        path("recoveries/<int:pk>/", wrap(one_view), name=f"{PAGE}_recovery"),
        path("recoveries/<int:pk>/strike/", wrap(strike_view), name=f"{PAGE}_strike"),
    ]


def list_view(request):
    """What is due, the oldest first; with ?done=1 what has come in whole, the newest first."""
    must(may_see(request.user))
    done = request.GET.get("done") == "1"
    rows = recoveries(request.user, met=done).order_by("-done_at" if done else "made_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "title": "已追回" if done else "待追回",
        "done": done,
        "page": page,
        "rows": [_row(due) for due in page],
    }
    return shown(request, "recovery_list.html", context, tab=RECOVERIES)


def one_view(request, pk: int):
    """One amount that is due, what has come of it, and the form for more."""
    must(may_see(request.user))
    due = _find(request, pk)
    if request.method != "POST":
        return _page(request, due, ReceiptForm(initial={"day": local_day(timezone.now())}))
    must(may_pay(request.user))
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _page(request, due, form, status=422)
    typed = form.cleaned_data
    try:
        record_receipt(
            request.user, due, typed["amount"], typed["day"], typed["how"], typed["receipt"]
        )
    except CaseworkError as refused:
        form.add_error(None, str(refused))
        return _page(request, due, form, status=422)
    messages.success(request, f"已登记收到 {grouped(typed['amount'])} 元。")
    return redirect(f"admin:{PAGE}_recovery", pk)


def strike_view(request, pk: int):
    """Strike out what was written down by mistake."""
    must(may_pay(request.user))
    due = _find(request, pk)
    if request.method != "POST":
        return redirect(f"admin:{PAGE}_recovery", pk)
    receipt, why = request.POST.get("receipt", ""), request.POST.get("why", "").strip()
    try:
        strike_receipt(request.user, due, _whole(receipt), why[:MAX_WHY])
    except CaseworkError as refused:
        form = ReceiptForm(initial={"day": local_day(timezone.now())})
        typed = {"receipt": receipt, "why": why, "error": str(refused)}
        return _page(request, due, form, struck=typed, status=422)
    messages.success(request, "已作废这笔登记，金额重新列为待追回。")
    return redirect(f"admin:{PAGE}_recovery", pk)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _find(request, pk: int) -> Payment:
    due = recovery_of(request.user, pk)
    if due is None:
        raise Http404
    return due


def _page(request, due: Payment, form: ReceiptForm, struck: dict | None = None, status: int = 200):
    typed = struck or {}
    context = {
        "title": f"追回 {due.claim.case.number}",
        "one": _row(due),
        "receipts": [_receipt(row, typed) for row in due.all_receipts],
        "form": form,
        "may_recover": may_pay(request.user) and due.state == State.DUE,
        "may_strike": may_pay(request.user),
        "most": MAX_WHY,
    }
    return shown(request, "recovery.html", context, status=status)


def _row(due: Payment) -> dict:
    came = received_fen(due)
    return {
        "pk": due.pk,
        "case": due.claim.case,
        "place": short_area(due.claim.case.county),
        "why": "冲销" if due.claim.case.status == "reversed" else "复核后少付",
        "asked": grouped(-due.amount_fen),
        "came": grouped(came),
        "left": grouped(-due.amount_fen - came),
        "partly": bool(came) and due.state == State.DUE,
        "since": due.made_at,
        "met_at": due.done_at,
        "state": due.get_state_display(),
    }


def _receipt(row: Payment, typed: dict) -> dict:
    mine = typed.get("receipt") == str(row.pk)
    return {
        "pk": row.pk,
        "amount": grouped(-row.amount_fen),
        "on": row.received_on,
        "how": row.get_how_display(),
        "number": row.receipt_number,
        "by": row.made_by.get_full_name() if row.made_by else "",
        "at": row.made_at,
        "struck": row.state == State.CANCELLED,
        "struck_at": row.done_at,
        "why": typed["why"] if mine else "",
        "error": typed["error"] if mine else "",
    }
