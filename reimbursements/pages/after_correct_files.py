"""Documents and bills of a correction: uploaded, turned, removed, typed anew."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from casework.errors import CaseworkError
from casework.models import Attachment, Case
from casework.uploading import attach_all, change
from casework.uploads import UploadRefused
from filings.pages.filer import acting_for, filer_required
from filings.pages.forms import UploadForm
from filings.pages.wizard import errors_of
from reimbursements.answers import BillAnswer
from reimbursements.dossier import Dossier, dossier_of, forget_dossier
from reimbursements.fields import BILL
from reimbursements.pages.after_correct import correction, page, upload_groups
from reimbursements.pages.after_correcting import CorrectionForm, Opened
from reimbursements.pages.claim import bill_store
from reimbursements.pages.claim.bill_form import BILL_LIMITS, BillFilesForm, BillForm
from reimbursements.pages.claim.bills import NEW, files_by_id, initial_of, stored_bill


@filer_required
@require_POST
def upload(request, public_id, group: int):
    """Add files to one of the groups that are open. The good ones stay."""
    case, dossier, items, opened = correction(request, public_id)
    groups = upload_groups(opened, dossier, {})
    if group >= len(groups):
        raise Http404
    choices = list(zip(groups[group]["codes"], groups[group]["names"], strict=True))
    form = UploadForm(request.POST, request.FILES, group=choices, prefix=f"g{group}")
    if form.is_valid():
        for sentence in attach_all(case, form.cleaned_data, request.user):
            form.add_error("files", sentence)
    forget_dossier(case)
    if not form.errors:
        return redirect("reimbursements:correct", case.public_id)
    main = CorrectionForm(opened=opened, items=items, dossier=dossier_of(case))
    return page(request, case, main, bound={group: form})


@filer_required
@require_POST
def change_file(request, public_id, pk: int, what: str):
    """Remove a document that is open, or turn one by a quarter."""
    case, _, _, opened = correction(request, public_id)
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None)
    if file.document not in {code for group in opened.groups for code in group}:
        raise Http404
    _change(request, case, file, what)
    return redirect("reimbursements:correct", case.public_id)


def _change(request, case: Case, file: Attachment, what: str) -> None:
    if what not in ("remove", "turn"):
        raise Http404
    change(request, case, file, what)


@filer_required
@require_http_methods(["GET", "POST"])
def bill(request, public_id, key):
    """One bill of a correction: its fields where the notice asks for bills, its photographs
    where it asks for those. `key` is "new" for one that was forgotten."""
    case, dossier, _, opened = correction(request, public_id)
    if not (opened.adds if key == NEW else key in opened.photos):
        raise Http404
    stored = stored_bill(dossier, key)
    if request.method == "GET":
        form = BillForm(bill=stored, others=dossier.answers.all_bills, initial=initial_of(stored))
        return _page(request, case, opened, stored, form)
    if "files" in request.FILES or "upload" in request.POST:
        return _add_files(request, case, opened, stored)
    if not (key == NEW or key in opened.bills):
        raise Http404
    if "remove" in request.POST:
        return _remove(request, case, dossier, stored)
    return _save(request, case, dossier, opened, stored)


def _save(request, case: Case, dossier: Dossier, opened: Opened, stored: BillAnswer):
    form = BillForm(request.POST, bill=stored, others=dossier.answers.all_bills)
    if not form.is_valid() or not form.looked_at:
        return _page(request, case, opened, stored, form)
    try:
        if stored.key == NEW:
            key = bill_store.add_bill(case, form.values())
            messages.success(request, "票据已添加，请再上传照片或原件。")
            return redirect("reimbursements:correct_bill", case.public_id, key)
        bill_store.change_bill(case, stored.key, form.values())
        messages.success(request, "票据已保存，还没有提交补正。")
    except CaseworkError as error:
        messages.error(request, str(error))
    return redirect("reimbursements:correct", case.public_id)


def _remove(request, case: Case, dossier: Dossier, stored: BillAnswer):
    if len(dossier.answers.all_bills) < 2:
        messages.error(request, "申请里至少要有一张票据，不能全部删除。不再申请的，请撤回。")
        return redirect("reimbursements:correct_bill", case.public_id, stored.key)
    try:
        bill_store.remove_bill(case, stored)
        messages.success(request, "票据已删除。")
    except CaseworkError as error:
        messages.error(request, str(error))
    return redirect("reimbursements:correct", case.public_id)


def _add_files(request, case: Case, opened: Opened, stored: BillAnswer):
    if stored.key == NEW:
        raise Http404
    files_form = BillFilesForm(request.POST, request.FILES)
    files = []
    for file in files_form.cleaned_data["files"] if files_form.is_valid() else []:
        try:
            files.append(bill_store.attach_bill(case, file, request.user))
        except UploadRefused as error:
            files_form.add_error("files", f"{file.name[:30]}：{error.message}")
        except CaseworkError as error:
            files_form.add_error("files", str(error))
    forget_dossier(case)
    try:
        if files:
            bill_store.add_files(case, stored.key, files)
    except CaseworkError as error:
        messages.error(request, str(error))
    if files_form.errors:
        fresh = dossier_of(case)
        stored = stored_bill(fresh, stored.key)
        form = BillForm(bill=stored, others=fresh.answers.all_bills, initial=initial_of(stored))
        return _page(request, case, opened, stored, form, files_form)
    return redirect("reimbursements:correct_bill", case.public_id, stored.key)


@filer_required
@require_POST
def change_bill_file(request, public_id, key, pk: int, what: str):
    """Remove or turn a photograph of a bill."""
    case, dossier, _, opened = correction(request, public_id)
    stored = bill_store.bill_of(dossier.answers, key)
    if key not in opened.photos or stored is None or pk not in stored.files:
        raise Http404
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None, document=BILL)
    if what == "remove":
        file.case = case
        try:
            bill_store.drop_file(case, key, file)
        except CaseworkError as error:
            messages.error(request, str(error))
    else:
        _change(request, case, file, what)
    return redirect("reimbursements:correct_bill", case.public_id, key)


def _page(request, case: Case, opened: Opened, stored: BillAnswer, form, files_form=None):
    dossier = dossier_of(case)
    files = files_by_id(dossier)
    errors = errors_of([form] if files_form is None else [form, files_form])
    warned = [] if form.errors else form.warned
    context = {
        "case": case,
        "bill": stored,
        "is_new": stored.key == NEW,
        "form": form,
        "fields": [_field(each, warned) for each in form.printed],
        "parts": [_field(each, warned) for each in form.part_fields],
        "warned": bool(warned),
        "may_change": stored.key == NEW or stored.key in opened.bills,
        "files": [_file(files[pk], dossier) for pk in stored.files if pk in files],
        "files_form": files_form or BillFilesForm(),
        "limits": BILL_LIMITS,
        "errors": errors,
        "has_errors": bool(errors),
        "back_url": reverse("reimbursements:correct", args=[case.public_id]),
        "acting_for": acting_for(case, dossier),
    }
    status = 422 if errors else 200
    return render(request, "reimbursements/after/correct_bill.html", context, status=status)


def _field(bound, warned: list) -> dict:
    return {
        "field": bound,
        "warnings": [each.text for each in warned if each.field == bound.name],
        "read": False,
        "unit": "元" if bound.name == "total" else "",
    }


def _file(file: Attachment, dossier: Dossier) -> dict:
    """A photograph: drawn where it can be, turned only where it was added in this correction."""
    drawn = file.content_type.startswith("image/") or file.content_type == "application/pdf"
    new = file.added_in_id == dossier.revision.pk
    return {"file": file, "drawn": drawn, "turns": drawn and new, "new": new}
