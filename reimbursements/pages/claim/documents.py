"""第 4 步, 材料: the documents by kind of claim, as photographs or PDF."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from casework.models import Attachment
from casework.uploading import attach_all, change
from filings.pages.filer import filer_required
from filings.pages.forms import UPLOAD_LIMITS, UploadForm
from reimbursements.bills.documents import DOCUMENTS, HANDED_IN, rules_for
from reimbursements.dossier import REFERRAL, Dossier
from reimbursements.fields import BILL
from reimbursements.missing import IDENTITY, PAPERS, identity_wanted, missing_of
from reimbursements.pages.claim.claimer import draft_dossier, is_proven, writable_draft
from reimbursements.pages.claim.wizard import back_to, frame, go_on, left

NAME = "材料"
# Signed when everything is typed: asked for on the last page, not here.
SIGNED = "signed_form"


def upload_groups(dossier: Dossier, bound: dict | None = None) -> list[dict]:
    """The groups of documents with their files and an upload form each.

    `bound` maps the number of a group to a form that was posted and refused. What is merely
    useful comes last and says so; what was uploaded for an answer since changed is kept.
    """
    shown, named = [], set()
    for codes, useful in _groups(dossier):
        named |= set(codes)
        shown.append(_group(len(shown), codes, useful, dossier, bound or {}))
    left_over = sorted(dossier.documents - named - {BILL})
    for code in left_over:
        shown.append(_group(len(shown), (code,), True, dossier, bound or {}))
    return shown


def _groups(dossier: Dossier) -> list[tuple[tuple[str, ...], bool]]:
    """(codes, merely useful?) of what is uploaded; papers that are handed in stand apart."""
    needed = [group for group in dossier.needed if _asked(group, dossier)]
    useful = [rule.any_of for rule in _useful(dossier) if rule.any_of not in needed]
    return [(group, False) for group in needed] + [(group, True) for group in useful]


def _asked(group: tuple[str, ...], dossier: Dossier) -> bool:
    """Whether a group is uploaded here: identity only where it is wanted, or already there."""
    if set(group) <= HANDED_IN:
        return False
    identity = set(group) <= IDENTITY
    return not identity or identity_wanted(dossier) or bool(set(group) & dossier.documents)


def _useful(dossier: Dossier) -> list:
    answers = dossier.answers
    rules = rules_for(
        answers.kind,
        answers.reason,
        referral=is_proven(dossier) and _referred(dossier),
        third_party=answers.third_party == "yes",
        other_insurer=answers.other_insurer == "yes",
        paper=_has_paper(dossier),
        agent=dossier.by_agent,
        died=answers.bank_relation == "heir",
        counter=bool(answers.counter),
    )
    return [rule for rule in rules if rule.useful]


def _referred(dossier: Dossier) -> bool:
    return dossier.answers.admitted_on is not None and dossier.filed.category == REFERRAL


def _has_paper(dossier: Dossier) -> bool:
    return any(bill.form == "paper" for bill in dossier.answers.all_bills)


def _group(number: int, codes, useful: bool, dossier: Dossier, bound: dict) -> dict:
    files = [file for file in dossier.files if file.document in codes]
    choices = [(code, DOCUMENTS.get(code, code)) for code in codes]
    return {
        "number": number,
        "codes": list(codes),
        "names": [name for _, name in choices],
        "useful": useful,
        "files": [(file, DOCUMENTS.get(file.document, "")) for file in files],
        "form": bound.get(number) or UploadForm(group=choices, prefix=f"g{number}"),
    }


@filer_required
@require_http_methods(["GET", "POST"])
def documents(request, public_id):
    """The documents of a draft. Going on needs each that is demanded."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    if request.method == "GET":
        return render(request, "reimbursements/claim/documents.html", _context(request, dossier))
    if "leave" in request.POST:
        return left(request)
    gaps = [gap for gap in missing_of(dossier) if gap.step == PAPERS and gap.field != SIGNED]
    if not gaps:
        return go_on(request, case, "documents")
    context = _context(request, dossier)
    anchors = {code: group["number"] for group in context["groups"] for code in group["codes"]}
    context["errors"] = [
        {"anchor": f"group-{anchors.get(gap.field, 0)}", "text": gap.text} for gap in gaps
    ]
    context["has_errors"] = True
    return render(request, "reimbursements/claim/documents.html", context, status=422)


def _context(request, dossier: Dossier, bound: dict | None = None) -> dict:
    return {
        **frame(dossier.case, dossier, "documents", NAME),
        "groups": upload_groups(dossier, bound),
        "papers": _has_paper(dossier),
        "limits": UPLOAD_LIMITS,
        "back_to": back_to(request),
    }


@filer_required
@require_POST
def upload(request, public_id, group: int):
    """Add files to one group. Every file is checked by itself; the good ones stay."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    found = next((row for row in upload_groups(dossier) if row["number"] == group), None)
    if found is None:
        raise Http404
    choices = list(zip(found["codes"], found["names"], strict=True))
    form = UploadForm(request.POST, request.FILES, group=choices, prefix=f"g{group}")
    if form.is_valid():
        for sentence in attach_all(case, form.cleaned_data, request.user):
            form.add_error("files", sentence)
    if not form.errors:
        return redirect("reimbursements:step_documents", case.public_id)
    case.__dict__.pop("_dossier", None)
    texts = [text for found in form.errors.values() for text in found]
    context = _context(request, draft_dossier(case), {group: form})
    context["errors"] = [{"anchor": f"id_g{group}-files", "text": text} for text in texts]
    context["has_errors"] = True
    return render(request, "reimbursements/claim/documents.html", context, status=422)


@filer_required
@require_POST
def change_file(request, public_id, pk: int, what: str):
    """Remove a document, or turn it by a quarter. Bills have their own address."""
    case = writable_draft(request, public_id)
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None)
    if file.document == BILL or what not in ("remove", "turn"):
        raise Http404
    change(request, case, file, what)
    return redirect("reimbursements:step_documents", case.public_id)
