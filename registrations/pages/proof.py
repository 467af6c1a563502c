"""第 5 步: the documents, group by group, each "any one of"."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from casework.models import Attachment
from casework.upload_form import UPLOAD_LIMITS, UploadForm
from casework.uploading import attach_all, change
from registrations.decision import FactsError
from registrations.decision.codes import DOCUMENTS, IDENTITY_DOCUMENTS
from registrations.dossier import Dossier, dossier_of
from registrations.missing import PROOF, missing_of, needed_groups
from registrations.pages import correcting, steps
from registrations.pages.filer import writable, writable_draft
from registrations.pages.wizard import address, frame, stops_here
from residents.gate import resident_required

TITLES = {
    "diagnosis_certificate": "诊断证明",
    "discharge_summary": "病历材料",
    "surgery_record": "手术或住院材料",
    "exam_report": "检查检验报告",
    "pathology_report": "病理或检查报告",
    "treatment_plan": "治疗方案",
}


def upload_groups(dossier: Dossier, bound: dict | None = None) -> list[dict]:
    """The groups of documents with their files and an upload form each.

    `bound` maps the number of a group to a form that was posted and refused.
    """
    if dossier.case.status == "correction":
        groups = correcting.wanted_groups(correcting.open_items(dossier.case))
    else:
        groups = _asked(dossier)
    return [_group(number, codes, dossier, bound or {}) for number, codes in enumerate(groups)]


def _asked(dossier: Dossier) -> list[tuple[str, ...]]:
    try:
        return needed_groups(dossier)
    except FactsError:
        return []


def _group(number: int, codes: tuple[str, ...], dossier: Dossier, bound: dict) -> dict:
    files = [file for file in dossier.files if file.document in codes]
    choices = [(code, DOCUMENTS[code]) for code in codes]
    identity = codes[0] in IDENTITY_DOCUMENTS
    return {
        "number": number,
        "codes": codes,
        "names": [DOCUMENTS[code] for code in codes],
        "title": "身份凭证" if identity else TITLES.get(codes[0], DOCUMENTS[codes[0]]),
        "files": [(file, DOCUMENTS.get(file.document, "")) for file in files],
        "form": bound.get(number) or UploadForm(group=choices, prefix=f"g{number}"),
    }


@resident_required
@require_http_methods(["GET", "POST"])
def proof(request, public_id):
    """The documents of a draft; going on says what is still missing."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    if stops_here(dossier):
        return redirect("registrations:outcome", case.public_id)
    if request.method == "POST":
        return _go_on(request, case, dossier)
    return render(request, "registrations/proof.html", _context(case, dossier))


def _go_on(request, case, dossier: Dossier):
    if "leave" in request.POST:
        messages.success(request, "已保存。下次在「认定记录」里继续填写。")
        return redirect("registrations:records")
    gaps = [gap for gap in missing_of(dossier) if gap.step == PROOF]
    if gaps:
        context = _context(case, dossier)
        context["errors"] = [{"anchor": "proof-list", "text": gap.message} for gap in gaps]
        context["has_errors"] = True
        return render(request, "registrations/proof.html", context, status=422)
    return redirect("registrations:step_check", case.public_id)


def _context(case, dossier: Dossier, bound: dict | None = None) -> dict:
    try:
        bring = dossier.decision.rule.bring
    except FactsError:
        bring = ""
    return {
        **frame(case, dossier),
        **upload_addresses(),
        "step": steps.NUMBERS["proof"],
        "name": "上传材料",
        "groups": upload_groups(dossier, bound),
        "limits": UPLOAD_LIMITS,
        "bring": bring,
        "back_url": address(case, "details"),
    }


def upload_addresses() -> dict:
    """The names of the addresses that `wizard/proof_groups.html` posts to."""
    return {"change_url": "registrations:change_file", "upload_url": "registrations:upload"}


@resident_required
@require_POST
def upload(request, public_id, group: int):
    """Add files to one group. Every file is checked by itself; the good ones stay."""
    case = writable(request, public_id)
    dossier = dossier_of(case)
    groups = {row["number"]: row for row in upload_groups(dossier)}
    if group not in groups:
        raise Http404
    choices = list(zip(groups[group]["codes"], groups[group]["names"], strict=True))
    form = UploadForm(request.POST, request.FILES, group=choices, prefix=f"g{group}")
    if form.is_valid():
        refused = attach_all(case, form.cleaned_data, request.user)
        if not refused:
            return redirect(_back(case))
        for sentence in refused:
            form.add_error("files", sentence)
    case.__dict__.pop("_dossier", None)
    texts = [text for texts in form.errors.values() for text in texts]
    if not case.is_draft:
        # The page of a correction shows what was wrong at its top.
        for text in texts:
            messages.error(request, text)
        return redirect(_back(case))
    context = {**_context(case, dossier_of(case), {group: form}), "has_errors": True}
    context["errors"] = [{"anchor": f"id_g{group}-files", "text": text} for text in texts]
    return render(request, "registrations/proof.html", context, status=422)


def _back(case) -> str:
    name = "registrations:step_proof" if case.is_draft else "registrations:correct"
    return reverse(name, args=[case.public_id])


@resident_required
@require_POST
def change_file(request, public_id, pk: int, what: str):
    """Remove a file, or turn it by a quarter."""
    case = writable(request, public_id)
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None)
    if not any(file.document in row["codes"] for row in upload_groups(dossier_of(case))):
        raise Http404
    change(request, case, file, what)
    return redirect(_back(case))
