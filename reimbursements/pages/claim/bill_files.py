"""Photographs and originals of bills: added, read, turned, removed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casework.errors import CaseworkError
from casework.files import turn
from casework.models import Attachment
from casework.uploads import UploadRefused
from filings.pages.filer import filer_required
from reimbursements.pages.claim import bill_store, reading
from reimbursements.pages.claim.bill_form import BillFilesForm, BillForm
from reimbursements.pages.claim.bills import (
    NEW,
    bill_context,
    bill_url,
    initial_of,
    list_context,
    stored_bill,
)
from reimbursements.pages.claim.claimer import draft_dossier, writable_draft


@filer_required
@require_POST
def upload(request, public_id):
    """A new bill from its photographs or its original, which the worker reads."""
    case = writable_draft(request, public_id)
    form = BillFilesForm(request.POST, request.FILES)
    files = _attach_all(request, case, form) if form.is_valid() else []
    if not files:
        context = list_context(case, draft_dossier(_forgotten(case)), form)
        context |= {"has_errors": True, "errors": _file_errors(form)}
        return render(request, "reimbursements/claim/bills.html", context, status=422)
    result = _read(files)
    values = reading.values_of(result.found) if result.found else {}
    try:
        key = bill_store.add_bill(case, {**values, "files": [file.pk for file in files]})
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("reimbursements:step_bills", case.public_id)
    _tell(request, form, result.word)
    return redirect(bill_url(case, key))


@filer_required
@require_POST
def add_files(request, public_id, key):
    """More photographs of a bill; they fill what is still empty."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    stored = stored_bill(dossier, key)
    if stored.key == NEW:
        raise Http404
    form = BillFilesForm(request.POST, request.FILES)
    files = _attach_all(request, case, form) if form.is_valid() else []
    if not files:
        fresh = draft_dossier(_forgotten(case))
        bare = BillForm(bill=stored, others=[], initial=initial_of(stored))
        context = bill_context(case, fresh, stored, bare, files_form=form)
        context |= {"has_errors": True, "errors": _file_errors(form)}
        return render(request, "reimbursements/claim/bill.html", context, status=422)
    result = _read(files)
    # A bill that was confirmed is not filled any further by a machine.
    values = reading.values_of(result.found) if result.found and not stored.form else {}
    try:
        bill_store.add_files(case, key, files, values)
    except CaseworkError as error:
        messages.error(request, str(error))
    else:
        _tell(request, form, "" if stored.form else result.word)
    return redirect(bill_url(case, key))


def _forgotten(case):
    """The case without what was read of it before its files changed."""
    case.__dict__.pop("_dossier", None)
    return case


def _attach_all(request, case, form: BillFilesForm) -> list[Attachment]:
    """Store what can be stored; what is refused becomes an error of the form."""
    stored = []
    for file in form.cleaned_data["files"]:
        try:
            stored.append(bill_store.attach_bill(case, file, request.user))
        except UploadRefused as error:
            form.add_error("files", f"{file.name[:30]}：{error.message}")
        except CaseworkError as error:
            form.add_error("files", str(error))
    return stored


def _file_errors(form) -> list[dict]:
    return [{"anchor": "id_files", "text": text} for text in form.errors.get("files", [])]


def _read(files: list[Attachment]) -> reading.Reading:
    """The first file of which a bill is known at once; else what there is to say of the first."""
    results = [reading.begin_reading(file) for file in files]
    return next((result for result in results if result.found), results[0])


def _tell(request, form, word: str) -> None:
    for text in form.errors.get("files", []):
        messages.error(request, text)
    if word:
        messages.info(request, word)


@filer_required
@require_POST
def remove(request, public_id, key):
    """Take a bill out of the draft, with its photographs."""
    case = writable_draft(request, public_id)
    stored = bill_store.bill_of(draft_dossier(case).answers, key)
    if stored is not None:
        try:
            bill_store.remove_bill(case, stored)
            messages.success(request, "票据已删除。")
        except CaseworkError as error:
            messages.error(request, str(error))
    return redirect("reimbursements:step_bills", case.public_id)


@filer_required
@require_POST
def change_file(request, public_id, key, pk: int, what: str):
    """Remove a photograph of a bill, or turn it by a quarter."""
    case = writable_draft(request, public_id)
    stored = bill_store.bill_of(draft_dossier(case).answers, key)
    if stored is None or pk not in stored.files or what not in ("remove", "turn"):
        raise Http404
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None)
    file.case = case
    try:
        if what == "remove":
            bill_store.drop_file(case, key, file)
        else:
            turn(file, 90)
    except UploadRefused as error:
        messages.error(request, error.message)
    except CaseworkError as error:
        messages.error(request, str(error))
    return redirect(bill_url(case, key))
