"""第 6 步, 核对: every answer on one page, what is missing, the estimate, and submitting."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.errors import CaseworkError
from casework.models import Case
from facilities.contacts import contact_of
from filings.pages.filer import filer_required
from reimbursements import service
from reimbursements.bills.accounts import account_warning
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.dossier import Dossier
from reimbursements.fields import BILL, DOCUMENT_LABELS, outline
from reimbursements.kind import record_url
from reimbursements.missing import missing_of
from reimbursements.pages.claim.claimer import (
    actor_of,
    draft_dossier,
    entered_case,
    readable,
    writable_draft,
)
from reimbursements.pages.claim.effect import effect_of
from reimbursements.pages.claim.estimate import shown_estimate
from reimbursements.pages.claim.steps import address, page_of
from reimbursements.pages.claim.wizard import frame
from reimbursements.pages.explained import grouped

NAME = "核对"
SUBMITTED = "已提交。录入的人不能审核，请由其他经办人员受理。"
SUBMITTED_WITH_PAPERS = f"{SUBMITTED}票据原件已登记收到，请打印收据交给申请人。"
# The page on which a field of the outline is changed; the others are on "stay".
_PAGES = {
    "why": ("reason",),
    "insured": ("insured_area", "insurance"),
    "place": ("kind", "institution", "institution_area", "level"),
    "account": (
        "bank_holder",
        "bank_number",
        "bank_name",
        "bank_relation",
        "phone",
        "address",
        "contact_how",
    ),
}
_PAGE_OF = {field: page for page, fields in _PAGES.items() for field in fields}


@filer_required
@require_http_methods(["GET", "POST"])
def check(request, public_id):
    """核对: every answer on one page with a way to change it; submitting is its POST."""
    try:
        case = writable_draft(request, public_id)
    except Http404:
        if request.user.is_staff:
            return redirect("admin:casework_case_change", entered_case(request, public_id).pk)
        # Submitted a moment ago, or an old bookmark: the record says how it stands.
        return redirect(record_url(readable(request, public_id)))
    dossier = draft_dossier(case)
    gaps = missing_of(dossier)
    if request.method == "POST" and not gaps:
        return _at_counter(request, case) if request.user.is_staff else _submit(request, case)
    answers = dossier.answers
    context = {
        **frame(case, dossier, "check", NAME),
        "groups": _groups(case, dossier),
        "errors": [
            {"anchor": f"gap-{number}", "text": gap.text, "url": _gap_url(case, gap)}
            for number, gap in enumerate(gaps)
        ],
        "has_errors": bool(gaps) and request.method == "POST",
        "effect": effect_of(dossier),
        "estimate": shown_estimate(dossier) if not _too_early(gaps) else None,
        "account_warning": account_warning(answers.bank_number, not_card=answers.bank_not_card),
        "papers": sum(bill.form == "paper" for bill in answers.all_bills),
        "agency": contact_of(answers.insured_area, answers.insurance)
        if answers.insured_area
        else None,
    }
    return render(request, "reimbursements/claim/check.html", context)


def _too_early(gaps) -> bool:
    """Whether the stay or the bills are not answered: then nothing can be estimated yet."""
    return any(gap.step in ("reason", "stay", "bills") for gap in gaps)


def _gap_url(case: Case, gap) -> str:
    slug = page_of(gap.step, gap.field)
    return f"{address(case, slug)}?back_to=check"


def _groups(case: Case, dossier: Dossier) -> list[dict]:
    """The outline of the case with an address to change each row."""
    groups = []
    for heading, rows in outline(dossier.answers):
        shown = _bill_rows(dossier) if heading == "票据" else []
        shown = shown or [
            _row(label, value, _change_url(case, field)) for field, label, value in rows
        ]
        change = f"{address(case, 'bills')}?back_to=check" if heading == "票据" else None
        groups.append({"title": heading, "change_url": change, "rows": shown})
    return [*groups, _papers(case, dossier)]


def _row(label: str, value: str, change_url: str | None = None) -> dict:
    return {"label": label, "value": value, "missing": not value, "change_url": change_url}


def _bill_rows(dossier: Dossier) -> list[dict]:
    rows = []
    bills = dossier.answers.all_bills
    for number, bill in enumerate(bills, 1):
        kind = BILL_KINDS.get(bill.kind, "票据").partition("（")[0]
        words = (kind, BILL_FORMS.get(bill.form, ""), bill.number, bill.date)
        fen = bill.total_fen
        money = f"{grouped(fen)} 元" if fen is not None else "还没有填金额"
        text = " · ".join(word for word in words if word)
        rows.append(_row(f"第 {number} 张", f"{text}\n{money}"))
    if len(bills) > 1:
        known = sum(bill.total_fen or 0 for bill in bills)
        rows.append(_row("合计", f"{grouped(known)} 元"))
    return rows


def _papers(case: Case, dossier: Dossier) -> dict:
    """What was uploaded, by document; photographs of bills are counted with the bills."""
    counts: dict[str, int] = {}
    for file in dossier.files:
        if file.document != BILL:
            counts[file.document] = counts.get(file.document, 0) + 1
    rows = [_row(DOCUMENT_LABELS.get(code, code), f"{n} 个文件") for code, n in counts.items()]
    return {
        "title": "材料",
        "change_url": f"{address(case, 'documents')}?back_to=check",
        "rows": rows or [_row("已上传", "没有")],
    }


def _change_url(case: Case, field: str) -> str | None:
    if field in ("name", "counter"):
        return None
    return f"{address(case, _PAGE_OF.get(field, 'stay'))}?back_to=check"


def _version(request, case: Case) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() else case.version


def _submit(request, case: Case):
    try:
        service.submit_claim(case, actor_of(request), _version(request, case))
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("reimbursements:step_check", case.public_id)
    return redirect(record_url(case))


def _at_counter(request, case: Case):
    """The clerk's submit: the receipt of the originals is on the page of the case."""
    papers_in = "papers_in" in request.POST
    try:
        service.submit_at_counter(case, request.user, _version(request, case), papers_in)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("reimbursements:step_check", case.public_id)
    messages.success(request, SUBMITTED_WITH_PAPERS if papers_in else SUBMITTED)
    return redirect("admin:casework_case_change", case.pk)
