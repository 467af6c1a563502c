"""补正: what the notice asks for, all on one page; places and bills have pages of their own."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.days import chinese_day
from casework.errors import CaseworkError
from casework.models import Case, CorrectionItem
from filings.pages.filer import acting_for, filer_required, version_of
from filings.pages.forms import UPLOAD_LIMITS, UploadForm
from filings.pages.wizard import errors_of
from reimbursements import service
from reimbursements.bills.documents import DOCUMENTS
from reimbursements.codes import BILL_KINDS
from reimbursements.dossier import Dossier, dossier_of
from reimbursements.kind import record_url
from reimbursements.missing import PAPERS
from reimbursements.pages.after_correcting import CorrectionForm, Opened, opened_by
from reimbursements.pages.claim.claimer import actor_of, entered_case, readable, writable
from reimbursements.pages.claim.steps import BY_SLUG
from reimbursements.pages.explained import grouped

DONE = "补正已提交，经办人员会接着办理。"


def correction(request, public_id) -> tuple[Case, Dossier, list[CorrectionItem], Opened]:
    """The case, what is known of it, the open items and what they open; 404 for whoever may
    not write and where nothing is to be corrected."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    dossier = dossier_of(case)
    items = list(case.correction_items.filter(done_at=None))
    return case, dossier, items, opened_by(items, dossier)


@filer_required
@require_http_methods(["GET", "POST"])
def correct(request, public_id):
    """The page of the correction; submitting is its POST."""
    try:
        case, dossier, items, opened = correction(request, public_id)
    except Http404:
        # Submitted a moment ago, or an old bookmark: the record says how it stands.
        done = entered_case if request.user.is_staff else readable
        return redirect(home_of(request, done(request, public_id)))
    if request.method == "GET":
        form = CorrectionForm(opened=opened, items=items, dossier=dossier)
        return page(request, case, form)
    form = CorrectionForm(request.POST, opened=opened, items=items, dossier=dossier)
    if not form.is_valid():
        return page(request, case, form)
    gaps = []
    try:
        service.save(case, form.changes())
        if "leave" in request.POST:
            messages.success(request, "已保存，还没有提交。请在期限前提交补正。")
            return redirect(home_of(request, case))
        service.submit_claim(case, actor_of(request), version_of(request))
        messages.success(request, DONE)
        return redirect(home_of(request, case))
    except service.Incomplete as refusal:
        gaps = refusal.missing
    except CaseworkError as error:
        form.add_error(None, str(error))
    return page(request, case, form, gaps)


def home_of(request, case: Case) -> str:
    """Where the case is followed: the record of a resident, the desk of a clerk."""
    if request.user.is_staff:
        return reverse("admin:casework_case_change", args=[case.pk])
    return record_url(case)


def page(request, case: Case, form, gaps=(), bound: dict | None = None):
    """The page with a form as it stands; `gaps` are what keeps it from being submitted,
    `bound` the form of a group of documents that was refused, by its number."""
    dossier = dossier_of(case)
    items = list(case.correction_items.filter(done_at=None))
    opened = opened_by(items, dossier)
    if gaps:  # what a correction has made necessary is asked for as well
        form = CorrectionForm(opened=opened, items=items, dossier=dossier)
    groups = upload_groups(opened, dossier, bound or {})
    errors = errors_of([form]) + [_gap_error(gap, groups) for gap in gaps]
    errors += [error for number, one in (bound or {}).items() for error in _file_errors(one)]
    context = {
        "case": case,
        "items": items,
        "form": form,
        "errors": errors,
        "has_errors": bool(errors),
        "groups": groups,
        "limits": UPLOAD_LIMITS,
        "places": [
            (f"修改{words}", reverse("reimbursements:correct_place", args=[case.public_id, slug]))
            for slug, words in opened.places.items()
        ],
        "bills": _bills(case, dossier, opened),
        "may_add": opened.adds,
        "new_url": reverse("reimbursements:correct_bill", args=[case.public_id, "new"]),
        "useless": opened.useless,
        "home_url": home_of(request, case),
        "due_text": _due_text(case),
        "acting_for": acting_for(case, dossier),
    }
    status = 422 if errors else 200
    return render(request, "reimbursements/after/correct.html", context, status=status)


def _gap_error(gap, groups: list[dict]) -> dict:
    if gap.step == PAPERS:
        for group in groups:
            if gap.field in group["codes"]:
                return {"anchor": f"group-{group['number']}", "text": gap.text}
    parts = gap.field.split(".")
    anchor = f"bill-{parts[1]}" if len(parts) == 3 else f"id_{gap.field}"
    return {"anchor": anchor, "text": gap.text}


def _file_errors(form: forms.Form) -> list[dict]:
    anchor = f"id_{form.prefix}-files"
    return [{"anchor": anchor, "text": text} for found in form.errors.values() for text in found]


def upload_groups(opened: Opened, dossier: Dossier, bound: dict) -> list[dict]:
    """The documents that are open, with their files and an upload form each."""
    return [
        _group(number, codes, dossier, bound.get(number))
        for number, codes in enumerate(opened.groups)
    ]


def _group(number: int, codes: tuple[str, ...], dossier: Dossier, form) -> dict:
    choices = [(code, DOCUMENTS.get(code, code)) for code in codes]
    revision = dossier.revision.pk
    return {
        "number": number,
        "codes": list(codes),
        "names": [name for _, name in choices],
        "files": [
            (file, DOCUMENTS.get(file.document, ""), file.added_in_id == revision)
            for file in dossier.files
            if file.document in codes
        ],
        "form": form or UploadForm(group=choices, prefix=f"g{number}"),
    }


def _bills(case: Case, dossier: Dossier, opened: Opened) -> list[dict]:
    """The bills that are open, each with its place among all."""
    return [
        {
            "nth": nth,
            "may_change": bill.key in opened.bills,
            "key": bill.key,
            "kind": BILL_KINDS.get(bill.kind, "票据"),
            "number": bill.number,
            "date": bill.day,
            "total": grouped(bill.total_fen) if bill.total_fen is not None else "",
            "url": reverse("reimbursements:correct_bill", args=[case.public_id, bill.key]),
        }
        for nth, bill in enumerate(dossier.answers.all_bills, start=1)
        if bill.key in opened.photos
    ]


def _due_text(case: Case) -> str:
    due = case.correction_due
    return f"请在{chinese_day(due)}（含当天）以前提交补正。" if due else ""


@filer_required
@require_http_methods(["GET", "POST"])
def correct_place(request, public_id, slug):
    """The search pages of the wizard for a 参保地 or an institution that is to be corrected."""
    case, dossier, _, opened = correction(request, public_id)
    if slug not in opened.places:
        raise Http404
    step = BY_SLUG[slug]
    asked = step.ask(request, dossier, request.POST if request.method == "POST" else None)
    _close(asked.forms[0], opened, dossier)
    if request.method == "POST" and asked.is_valid():
        service.save(case, step.changes(asked, dossier))
        return redirect("reimbursements:correct", case.public_id)
    errors = errors_of(asked.forms)
    context = {
        "case": case,
        "step": None,
        "name": step.name,
        "form": asked.forms[0],
        "errors": errors,
        "has_errors": bool(errors),
        "acting_for": acting_for(case, dossier),
        "back_url": reverse("reimbursements:correct", args=[case.public_id]),
        "back_to": "correct",
        **asked.context,
    }
    template = step.template
    if request.htmx and request.method == "GET":
        template = f"{template.removesuffix('.html')}_results.html"
    return render(request, template, context, status=422 if errors else 200)


def _close(form: forms.Form, opened: Opened, dossier: Dossier) -> None:
    """What shares the page and is not asked for keeps its answer, whatever is sent."""
    for name in ("kind", "insurance"):
        if name in form.fields and name not in opened.asked:
            form.fields[name].disabled = True
            form.fields[name].widget = forms.HiddenInput()
            form.initial[name] = getattr(dossier.answers, name)
