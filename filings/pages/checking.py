"""第 6 步, 核对: every answer on one page, what is still missing, and submitting."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.errors import CaseworkError
from casework.models import Case
from filings import service
from filings.dossier import Dossier, dossier_of
from filings.fields import outline
from filings.missing import missing_of
from filings.pages import order
from filings.pages.filer import actor_of, filer_required, readable, writable_draft
from filings.pages.wizard import address, frame
from filings.review import review


@filer_required
@require_http_methods(["GET", "POST"])
def check(request, public_id):
    """核对: every answer on one page with a way to change it; submitting is its POST."""
    try:
        case = writable_draft(request, public_id)
    except Http404:
        # Submitted a moment ago, or an old bookmark: the record says how it stands.
        return redirect("filings:record", readable(request, public_id).public_id)
    gaps = None
    if request.method == "POST":
        try:
            return _submit(request, case)
        except service.Incomplete as refusal:
            gaps = refusal.missing
    dossier = dossier_of(case)
    gaps = missing_of(dossier) if gaps is None else gaps
    context = {
        **frame(case, dossier),
        "step": order.NUMBERS["check"],
        "name": "核对",
        "groups": _groups(case, dossier),
        "errors": [
            {"anchor": f"gap-{number}", "text": gap.message, "url": _gap_url(case, gap)}
            for number, gap in enumerate(gaps)
        ],
        "has_errors": bool(gaps) and request.method == "POST",
        "back_url": address(case, "proof"),
        "today": timezone.localdate(),
    }
    return render(request, "filings/check.html", context)


def _gap_url(case, gap) -> str:
    if gap.step == "type":
        return reverse("filings:change_type", args=[case.public_id])
    slug = {"place": "insured" if gap.field in ("insured_area", "insurance") else "place"}
    if gap.field in ("admitted_on", "discharged_on", "self_paid"):
        return f"{address(case, 'days')}?back_to=check"
    return f"{address(case, slug.get(gap.step, gap.step))}?back_to=check"


STEP_OF_FIELD = {
    "category": "type",
    "insured_area": "insured",
    "insurance": "insured",
    "destination": "place",
    "institution": "place",
    "care": "place",
    "notice": "notice",
    "admitted_on": "days",
    "expected_discharge": "days",
    "discharged_on": "days",
    "self_paid": "days",
    "in_hospital": "stay",
    "proof": "proof",
    "promise": "proof",
}


def _groups(case, dossier: Dossier) -> list[dict]:
    """The outline of the case with an address to change each row."""
    return [
        {
            "title": heading,
            "change_url": None,
            "rows": [
                {
                    "label": label,
                    "value": value,
                    "missing": not value,
                    "change_url": _change_url(case, field),
                }
                for field, label, value in rows
            ],
        }
        for heading, rows in outline(dossier.answers, masked=False)
    ]


def _change_url(case, field: str) -> str | None:
    if field in ("name", "id_number"):
        return None
    slug = STEP_OF_FIELD.get(field, "details")
    if slug == "type":
        return reverse("filings:change_type", args=[case.public_id])
    return f"{address(case, slug)}?back_to=check"


def _submit(request, case):
    version = request.POST.get("version", "")
    try:
        service.submit_filing(
            case, actor_of(request), int(version) if version.isdigit() else case.version
        )
    except service.Incomplete:
        raise
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("filings:step_check", case.public_id)
    if request.user.is_staff:
        # At the counter nobody waits for the worker; its task then finds the work done.
        review(Case.objects.get(pk=case.pk))
        messages.success(request, "已提交。请核对审核结果，当场办理并打印。")
        return redirect("admin:casework_case_change", case.pk)
    return redirect("filings:record", case.public_id)
