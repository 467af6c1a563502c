"""第 5 步: documents, or a promise in their place."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from casework.errors import CaseworkError
from casework.gaps import identity_wanted
from casework.models import Attachment
from casework.reading import blocks
from casework.signature import Signature, SignatureRefused, parse_signature
from casework.uploading import attach_all, change
from filings import service
from filings.deciding import decision_for
from filings.decision import FactsError
from filings.decision.codes import DOCUMENTS, IDENTITY_DOCUMENTS, PROMISE_LETTER, SIGNED_FORM
from filings.dossier import Dossier, dossier_of
from filings.missing import missing_of
from filings.pages import correcting, order
from filings.pages.filer import filer_required, writable, writable_draft
from filings.pages.forms import UPLOAD_LIMITS, SignatureForm, UploadForm
from filings.pages.wizard import errors_of, frame


def upload_groups(dossier: Dossier, bound: dict | None = None) -> list[dict]:
    """The groups of documents with their files and an upload form each.

    `bound` maps the number of a group to a form that was posted and refused.
    """
    groups = _papers(dossier)
    if dossier.case.status == "correction":
        groups = correcting.wanted_groups(correcting.open_items(dossier.case), groups)
    elif dossier.case.status == "approved":
        groups = [group for group in groups if group[0] not in IDENTITY_DOCUMENTS]
    else:
        groups = [group for group in groups if _asked(group, dossier)]
        groups += [(SIGNED_FORM,)] if dossier.answers.counter else []
    shown = []
    for number, group in enumerate(groups):
        codes = [code for code in group if code != PROMISE_LETTER]
        if not codes:
            continue
        files = [file for file in dossier.files if file.document in codes]
        choices = [(code, DOCUMENTS[code]) for code in codes]
        form = (bound or {}).get(number) or UploadForm(group=choices, prefix=f"g{number}")
        shown.append(
            {
                "number": number,
                "codes": codes,
                "names": [DOCUMENTS[code] for code in codes],
                "title": _title(codes[0]),
                "files": [(file, DOCUMENTS.get(file.document, "")) for file in files],
                "form": form,
            }
        )
    return shown


def _papers(dossier: Dossier) -> tuple[tuple[str, ...], ...]:
    """The groups of papers of these answers, also where a promise stands in for them now."""
    answers = dossier.answers.with_changes(proof="documents", promise=None)
    try:
        return decision_for(answers, dossier.today, dossier.asked_on).documents
    except FactsError:
        return ()


def _asked(group: tuple[str, ...], dossier: Dossier) -> bool:
    """Whether a group is shown: proof of identity only where it is wanted, or already there."""
    identity = group[0] in IDENTITY_DOCUMENTS
    return not identity or identity_wanted(dossier) or bool(set(group) & dossier.documents)


def _title(code: str) -> str:
    if code == SIGNED_FORM:
        return "签字的申请表（扫描件）"
    return "身份凭证" if code in IDENTITY_DOCUMENTS else "证明材料"


@filer_required
@require_http_methods(["GET", "POST"])
def proof(request, public_id):
    """The documents of a draft. Going on says which way of proof was chosen."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    if order.stops_here(dossier):
        return redirect("filings:outcome", case.public_id)
    if request.method == "POST":
        return _go_on(request, case, dossier)
    return render(request, "filings/proof.html", _context(case, dossier))


def _go_on(request, case, dossier: Dossier):
    answers, fresh = dossier.answers, dossier
    if not (answers.proof == "promise" and answers.promise):
        chosen = "documents" if upload_groups(dossier) else "none"
        fresh = order.with_answers(dossier, service.save(case, {"proof": chosen}))
    if "leave" in request.POST:
        messages.success(request, "已保存。下次在「备案记录」里继续填写。")
        return redirect("filings:records")
    gaps = [gap for gap in missing_of(fresh) if gap.step == "proof"]
    if gaps:
        context = _context(case, fresh)
        context["errors"] = [{"anchor": "proof-list", "text": gap.message} for gap in gaps]
        context["has_errors"] = True
        return render(request, "filings/proof.html", context, status=422)
    return redirect("filings:step_check", case.public_id)


def _context(case, dossier: Dossier, bound: dict | None = None) -> dict:
    effect = frame(case, dossier)
    return {
        **effect,
        "step": order.NUMBERS["proof"],
        "name": "材料或承诺书",
        "groups": upload_groups(dossier, bound),
        "limits": UPLOAD_LIMITS,
        "promise_allowed": bool(effect["effect"] and effect["effect"].promise_allowed),
        "promise": dossier.answers.promise if dossier.answers.proof == "promise" else None,
        "back_url": f"../{order.previous_slug('proof', dossier)}/",
    }


@filer_required
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
    if not case.is_draft:
        # The page of a correction or of promised papers shows what was wrong at its top.
        for text in _texts(form):
            messages.error(request, text)
        return redirect(_back(case))
    context = {**_context(case, dossier_of(case), {group: form}), "has_errors": True}
    context["errors"] = [{"anchor": f"id_g{group}-files", "text": text} for text in _texts(form)]
    return render(request, "filings/proof.html", context, status=422)


def _texts(form) -> list[str]:
    return [text for texts in form.errors.values() for text in texts]


def _back(case) -> str:
    names = {"draft": "filings:step_proof", "correction": "filings:correct"}
    return reverse(names.get(case.status, "filings:supply"), args=[case.public_id])


@filer_required
@require_POST
def change_file(request, public_id, pk: int, what: str):
    """Remove a file, or turn it by a quarter."""
    case = writable(request, public_id)
    file = get_object_or_404(Attachment, pk=pk, case=case, removed_in=None)
    if not any(file.document in row["codes"] for row in upload_groups(dossier_of(case))):
        raise Http404
    change(request, case, file, what)
    return redirect(_back(case))


def signer_of(dossier: Dossier) -> str:
    """Who signs: a guardian for a child, else the person themself."""
    holding = dossier.holding
    if holding is not None and holding.guardian:
        return str((dossier.answers.proxy or {}).get("name") or dossier.answers.name)
    return dossier.answers.name


@filer_required
@require_http_methods(["GET", "POST"])
def promise(request, public_id):
    """The 承诺书 of this place: read, and signed by drawing or by typing the name."""
    case = writable(request, public_id)
    dossier = dossier_of(case)
    text = service.promise_text(dossier.answers)
    context = frame(case, dossier)
    if not (case.is_draft or correcting.wants_proof(correcting.open_items(case))):
        raise Http404
    if text is None or not (context["effect"] and context["effect"].promise_allowed):
        messages.info(request, "这类备案不能用承诺书代替材料，请上传材料。")
        return redirect(_back(case))
    form = SignatureForm(request.POST or None)
    signer = signer_of(dossier)
    if request.method == "POST" and _sign(request, case, form, signer):
        return redirect("filings:step_check" if case.is_draft else "filings:correct", public_id)
    context |= {
        "form": form,
        "text": text,
        "blocks": blocks(text.body),
        "errors": errors_of([form]),
        "has_errors": form.is_bound and bool(form.errors),
        "signer": signer,
        "step": order.NUMBERS["proof"],
        "name": "承诺书",
        "back_url": _back(case),
    }
    return render(request, "filings/promise.html", context)


def _signature(form: SignatureForm, signer: str) -> Signature | None:
    """What was drawn or typed; None with the reason at its field."""
    data = form.cleaned_data
    try:
        return parse_signature(data.get("drawn"), data.get("typed"), signer)
    except SignatureRefused as error:
        form.add_error("typed" if data.get("typed") else "drawn", error.message)
        return None


def _sign(request, case, form: SignatureForm, signer: str) -> bool:
    # Both are looked at even if one is wrong: everything that is missing is said at once.
    form.full_clean()
    signature = _signature(form, signer)
    if signature is None or not form.is_valid():
        return False
    try:
        service.sign_promise(case, signature, request.user)
    except CaseworkError as error:
        form.add_error(None, str(error))
        return False
    return True
