"""支付批次 at the finance desk: made by one, released by another, answered by the bank.

Account numbers are masked on every page; whole they stand in the file only, and each
download of it is logged.
"""

import hashlib
import tempfile
from pathlib import Path

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from casework.admin.rows import short_area
from reimbursements.admin import payment_failed, payment_recoveries
from reimbursements.admin.payment_pages import BATCHES, PAGE, PAYABLE, must, shown
from reimbursements.bills.accounts import mask_account
from reimbursements.models import Payment, PaymentBatch
from reimbursements.pages.explained import grouped
from reimbursements.payments import (
    PaymentRefused,
    ReturnReport,
    bank_file,
    batches_visible_to,
    cancel_batch,
    candidates,
    import_return,
    make_batch,
    may_pay,
    may_see,
    release_batch,
)
from reimbursements.payments.batches import MAX_CLAIMS
from residents.models import AccessLog
from residents.personal import mask_name

PER_PAGE = 50
MAX_RETURN_BYTES = 5 * 1024 * 1024
PROBLEMS_SHOWN = 200
TONES = {
    **dict.fromkeys((Payment.State.FAILED,), "late"),
    Payment.State.PAID: "done",
    Payment.State.CANCELLED: "ended",
}
MOVES = {
    "release": (release_batch, "已发出。请下载银行文件送银行，回盘后在这里导入。"),
    "cancel": (cancel_batch, "已作废，其中的申请可以重新制单。"),
}


@admin.register(PaymentBatch)
class PaymentBatchAdmin(admin.ModelAdmin):
    """Lists for the bank. Nothing is edited; each step is a button of its own."""

    actions = None

    def get_urls(self):
        view, name = self.admin_site.admin_view, PAGE
        own = [
            path("make/", view(self.make_view), name=f"{name}_make"),
            *payment_failed.urls(view),
            *payment_recoveries.urls(view),
            path("<int:pk>/file/", view(self.file_view), name=f"{name}_file"),
            path("<int:pk>/return/", view(self.return_view), name=f"{name}_return"),
        ]
        move = path("<int:pk>/<slug:move>/", view(self.move_view), name=f"{name}_move")
        stock = super().get_urls()
        return [*own, *stock[:-1], move, stock[-1]]

    # Who may come here follows from the staff profile, which is loaded once.
    def has_module_permission(self, request):
        """Not in the list of tables: the way here is from the queue."""
        return False

    def has_view_permission(self, request, obj=None):
        return may_see(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return batches_visible_to(request.user)

    def changelist_view(self, request, extra_context=None):
        """The lists of the area, newest first."""
        must(may_see(request.user))
        rows = batches_visible_to(request.user).select_related("made_by", "released_by")
        page = Paginator(rows.order_by("-id"), PER_PAGE).get_page(request.GET.get("p"))
        for batch in page:
            batch.place, batch.sum = short_area(batch.area), grouped(batch.total_fen)
        context = {"title": "支付批次", "page": page, "may_pay": may_pay(request.user)}
        return shown(request, "payment_list.html", context, tab=BATCHES)

    def make_view(self, request):
        """What is to be paid; a POST puts the ticked claims on a new list."""
        must(may_pay(request.user))
        ticked = {int(pk) for pk in request.POST.getlist("case") if pk.isdecimal()}
        problems: list[str] = []
        if request.method == "POST":
            try:
                batch = make_batch(request.user, sorted(ticked))
            except PaymentRefused as refused:
                problems = [str(refused), *refused.problems]
            else:
                self.log_addition(request, batch, f"制单 {batch.count} 笔")
                messages.success(request, "已制单，请由另一名财务人员复核发出。")
                return redirect(f"admin:{PAGE}_change", batch.pk)
        found = candidates(request.user)
        ready = [_candidate(one, one.case.pk in ticked) for one in found if not one.refusal]
        context = {
            "title": "待支付",
            "ready": ready,
            "ready_sum": grouped(sum(one.amount_fen for one in found if not one.refusal)),
            "held": [_candidate(one) for one in found if one.refusal],
            "problems": problems,
            "most": MAX_CLAIMS,
            "full": len(found) == MAX_CLAIMS,
        }
        status = 422 if problems else 200
        return shown(request, "payment_make.html", context, tab=PAYABLE, status=status)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One list with its payments."""
        must(may_see(request.user))
        return self._page(request, self._find(request, object_id))

    def history_view(self, request, object_id, extra_context=None):
        """Who did what stands on the page of the list itself."""
        must(may_see(request.user))
        return redirect(f"admin:{PAGE}_change", object_id)

    def move_view(self, request, pk: int, move: str):
        """Release a list, or give it up."""
        if move not in MOVES:
            raise Http404
        batch = self._may_act(request, pk)
        if request.method != "POST":
            return redirect(f"admin:{PAGE}_change", pk)
        act, said = MOVES[move]
        try:
            batch = act(request.user, pk)
        except PaymentRefused as refused:
            return self._page(request, batch, problems=[str(refused), *refused.problems])
        self.log_change(request, batch, said)
        messages.success(request, said)
        return redirect(f"admin:{PAGE}_change", pk)

    def file_view(self, request, pk: int):
        """The file for the bank; a POST, since each download is written down."""
        batch = self._may_act(request, pk)
        if request.method != "POST":
            return redirect(f"admin:{PAGE}_change", pk)
        try:
            found = bank_file(request.user, pk, request.POST.get("format", ""), timezone.now())
        except PaymentRefused as refused:
            return self._page(request, batch, problems=[str(refused)])
        response = HttpResponse(found.data, content_type=found.content_type)
        response["Content-Disposition"] = f'attachment; filename="{found.name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    def return_view(self, request, pk: int):
        """Take in the bank's answer: the whole file, or a report by line."""
        batch = self._may_act(request, pk)
        if request.method != "POST":
            return redirect(f"admin:{PAGE}_change", pk)
        upload = request.FILES.get("file")
        if upload is None:
            return self._page(request, batch, problems=["请选择银行的回盘文件（CSV 或 XLSX）"])
        if upload.size > MAX_RETURN_BYTES:
            return self._page(request, batch, problems=["文件超过 5 MB，请核对是不是回盘文件"])
        try:
            report, sha256 = _take_in(request.user, pk, upload)
        except PaymentRefused as refused:
            return self._page(request, batch, problems=[str(refused)])
        if not report.taken_in:
            return self._page(request, batch, report=report)
        said = _said(report)
        self.log_change(request, batch, f"导入回盘：{said}文件摘要 {sha256}")
        messages.success(request, said)
        return redirect(f"admin:{PAGE}_change", pk)

    def _may_act(self, request, pk) -> PaymentBatch:
        must(may_pay(request.user))
        return self._find(request, pk)

    def _find(self, request, pk) -> PaymentBatch:
        rows = batches_visible_to(request.user).select_related("made_by", "released_by")
        batch = rows.filter(pk=pk).first() if str(pk).isdecimal() else None
        if batch is None:
            raise Http404
        return batch

    def _page(self, request, batch, problems=(), report: ReturnReport | None = None):
        payments = batch.payments.select_related("claim__case").order_by("pk")
        taken = AccessLog.objects.filter(
            case_number=batch.number, action=AccessLog.Action.EXPORTED
        ).select_related("actor")
        draft, released = (
            batch.state == PaymentBatch.State.DRAFT,
            batch.state == PaymentBatch.State.RELEASED,
        )
        acting = may_pay(request.user)
        context = {
            "title": f"支付批次 {batch.number}",
            "batch": batch,
            "sum": grouped(batch.total_fen),
            "place": short_area(batch.area),
            "rows": [_row(payment) for payment in payments],
            "taken": list(taken.order_by("pk")),
            "own": batch.made_by_id == request.user.pk,
            "may_release": acting and draft,
            "may_download": acting and bool(batch.file_sha256) and not draft,
            "may_import": acting and released,
            "problems": list(problems),
            "report": report.problems[:PROBLEMS_SHOWN] if report else [],
            "unshown": max(0, len(report.problems) - PROBLEMS_SHOWN) if report else 0,
        }
        context["may_cancel"] = acting and (draft or released) and not context["taken"]
        context["may_download"] &= batch.state != PaymentBatch.State.CANCELLED
        refused = problems or report
        return shown(request, "payment_batch.html", context, status=422 if refused else 200)


def _candidate(one, ticked: bool = False) -> dict:
    claim = one.case.claim
    return {
        "case": one.case,
        "amount": grouped(one.amount_fen),
        "holder": mask_name(claim.bank_holder),
        "account": mask_account(claim.bank_number),
        "place": short_area(one.case.county),
        "refusal": one.refusal,
        "ticked": ticked,
    }


def _row(payment: Payment) -> dict:
    return {
        "case": payment.claim.case,
        "amount": grouped(payment.amount_fen),
        "holder": mask_name(payment.holder),
        "account": mask_account(payment.number),
        "bank": payment.bank_name,
        "state": payment.get_state_display(),
        "tone": TONES.get(payment.state, "waiting"),
        "because": payment.failed_because,
    }


def _take_in(user, pk: int, upload) -> tuple[ReturnReport, str]:
    """The report on an uploaded file, and the file's hash; nothing of it is kept."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        return import_return(user, pk, Path(copy.name)), digest.hexdigest()


def _said(report: ReturnReport) -> str:
    said = f"已支付 {report.paid} 笔，未成功 {report.failed} 笔"
    if report.known:
        said += f"，此前已登记 {report.known} 笔"
    return f"{said}，还没有回盘 {report.waiting} 笔。"
