"""第 3 步, 票据: the list with its sums, one bill, its photographs and its lines."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.errors import CaseworkError
from casework.files import is_drawn
from casework.models import Attachment
from filings.pages.filer import filer_required
from filings.pages.wizard import errors_of
from reimbursements.acts.billing import taken_elsewhere
from reimbursements.answers import BillAnswer
from reimbursements.bills.sums import check_bill_sums
from reimbursements.bills.warnings import bill_outside_stay, payer_not_patient, qr_unlike_typed
from reimbursements.checks.seen import this_stay
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.dossier import Dossier
from reimbursements.fields import BILL, NEW_BILL
from reimbursements.missing import BILLS, missing_of
from reimbursements.pages.claim import bill_store, reading
from reimbursements.pages.claim.bill_form import (
    BILL_LIMITS,
    PRINTED,
    BillFilesForm,
    BillForm,
    LinesForm,
)
from reimbursements.pages.claim.claimer import draft_dossier, writable_draft
from reimbursements.pages.claim.wizard import back_to, frame, go_on, left
from reimbursements.pages.explained import grouped

NEW = NEW_BILL  # the key in the address of a bill that is typed and not saved yet
NAME = "票据"


@filer_required
@require_http_methods(["GET", "POST"])
def bills(request, public_id):
    """The bills with their sums. Going on needs every bill to be complete."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    if request.method == "POST":
        if "leave" in request.POST:
            return left(request)
        if not _gaps(dossier):
            return go_on(request, case, "bills")
    context = list_context(case, dossier)
    if request.method == "POST":
        context["has_errors"] = True
        context["errors"] = [
            {"anchor": _anchor(gap.field), "text": gap.text} for gap in _gaps(dossier)
        ]
    context["back_to"] = back_to(request)
    status = 422 if request.method == "POST" else 200
    return render(request, "reimbursements/claim/bills.html", context, status=status)


def _gaps(dossier: Dossier) -> list:
    return [gap for gap in missing_of(dossier) if gap.step == BILLS]


def _anchor(field: str) -> str:
    """The place on the list of a gap: the card of its bill, else the way to add one."""
    parts = field.split(".")
    return f"bill-{parts[1]}" if len(parts) == 3 else "add-bill"


def list_context(case, dossier: Dossier, files_form=None) -> dict:
    stay = this_stay(dossier)
    doubts: dict[str, list[str]] = {}
    for bill in stay.bills:
        found = [
            *check_bill_sums(bill),
            *qr_unlike_typed(bill),
            *bill_outside_stay(bill, stay),
            *payer_not_patient(bill, dossier.answers.name),
        ]
        doubts[bill.key] = [doubt.text for doubt in found if doubt.code != "line_product"]
    files, typed = files_by_id(dossier), dossier.answers.all_bills
    # Said when the bill is there, not only when everything has been filled in.
    taken = taken_elsewhere(case, case.pk, [bill.same_bill for bill in typed])
    for bill in typed:
        doubts.setdefault(bill.key, []).extend(
            [text for text in [taken.get(bill.same_bill)] if text]
        )
    rows = [_card(case, bill, doubts[bill.key], files) for bill in typed]
    return {
        **frame(case, dossier, "bills", NAME),
        "bills": rows,
        "billed": grouped(stay.billed),
        "files_form": files_form or BillFilesForm(),
        "limits": BILL_LIMITS,
    }


def files_by_id(dossier: Dossier) -> dict[int, Attachment]:
    return {file.pk: file for file in dossier.files if file.document == BILL}


def _shown(file: Attachment) -> dict:
    """A file as a page shows it: a picture where it can be drawn, else only its download."""
    return {"file": file, "drawn": is_drawn(file)}


def _card(case, bill: BillAnswer, doubts: list[str], files: dict) -> dict:
    fen = bill.total_fen
    mine = [files[pk] for pk in bill.files if pk in files]
    return {
        "key": bill.key,
        "kind": BILL_KINDS.get(bill.kind, "票据"),
        "form": BILL_FORMS.get(bill.form, ""),
        "number": bill.number,
        "date": bill.day,
        "total": grouped(fen) if fen is not None else "",
        "lines": len(bill.lines),
        "files": [_shown(file) for file in mine[:1]],
        "more": len(mine) - 1,
        "confirmed": bool(bill.form),
        "doubts": doubts,
        "url": bill_url(case, bill.key),
    }


def bill_url(case, key: str) -> str:
    return reverse("reimbursements:bill", args=[case.public_id, key])


@filer_required
@require_http_methods(["GET", "POST"])
def bill(request, public_id, key):
    """One bill: typed, or what was read of it confirmed. `key` is "new" for one to type."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    stored = stored_bill(dossier, key)
    if request.method == "POST":
        return _posted(request, case, dossier, stored)
    read = reading.read_since(stored, _files_of(stored, dossier))
    initial = {**initial_of(stored), **read.values}
    initial["payer"] = initial["payer"] or dossier.answers.name
    form = BillForm(bill=stored, others=dossier.answers.all_bills, initial=initial)
    context = bill_context(case, dossier, stored, form, read)
    return render(request, "reimbursements/claim/bill.html", context)


def stored_bill(dossier: Dossier, key: str) -> BillAnswer:
    if key == NEW:
        return BillAnswer(key=NEW, payer=dossier.answers.name)
    found = bill_store.bill_of(dossier.answers, key)
    if found is None:
        raise Http404
    return found


def _posted(request, case, dossier: Dossier, stored: BillAnswer):
    form = BillForm(request.POST, bill=stored, others=dossier.answers.all_bills)
    valid = form.is_valid()
    if "preview" in request.POST:
        return render(request, "reimbursements/claim/bill_sums.html", {"sums": form.sums})
    if not valid or not form.looked_at:
        context = bill_context(case, dossier, stored, form)
        status = 200 if valid else 422
        return render(request, "reimbursements/claim/bill.html", context, status=status)
    try:
        if stored.key == NEW:
            bill_store.add_bill(case, form.values())
        else:
            bill_store.change_bill(case, stored.key, form.values())
    except CaseworkError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "票据已保存。")
    return redirect("reimbursements:step_bills", case.public_id)


def _files_of(bill: BillAnswer, dossier: Dossier) -> list[Attachment]:
    if not bill.files:
        return []
    files = files_by_id(dossier)
    return [files[pk] for pk in bill.files if pk in files]


def bill_context(
    case,
    dossier: Dossier,
    stored: BillAnswer,
    form: BillForm,
    read: reading.Since = reading.NOTHING_READ,
    **more,
):
    """The page of a bill; `more` are forms of files or lines that were refused."""
    warned = [] if form.errors else form.warned
    unconfirmed = not stored.form and not form.is_bound
    recognised = {name for name in PRINTED if getattr(stored, name)} | set(read.values)
    form_errors = errors_of([form]) if form.is_bound else []
    mine = _files_of(stored, dossier)
    return {
        **frame(case, dossier, "bills", NAME),
        "bill": stored,
        "is_new": stored.key == NEW,
        "form": form,
        "fields": [_field(each, warned, unconfirmed, recognised) for each in form.printed],
        "parts": [_field(each, warned, False, set()) for each in form.part_fields],
        "warned": bool(warned),
        "errors": form_errors,
        "has_errors": bool(form_errors),
        "files": [_shown(file) for file in mine],
        "read": read,
        "files_form": BillFilesForm(),
        "lines_form": LinesForm(),
        "line_sum": _line_sum(stored),
        "limits": BILL_LIMITS,
        "back_url": reverse("reimbursements:step_bills", args=[case.public_id]),
        **more,
    }


def _field(bound, warned: list, unconfirmed: bool, recognised: set) -> dict:
    return {
        "field": bound,
        "warnings": [each.text for each in warned if each.field == bound.name],
        "read": unconfirmed and bound.name in recognised and bound.name != "payer",
        "unit": "元" if bound.name == "total" else "",
    }


def _line_sum(stored: BillAnswer) -> str:
    lines = stored.read_lines
    return grouped(sum(line.amount_fen for line in lines)) if lines else ""


def initial_of(stored: BillAnswer) -> dict:
    """The fields of a bill as its form shows them."""
    values = {name: getattr(stored, name) for name in stored.__dataclass_fields__}
    return {**values, "date": stored.day}
