"""我的报销: every claim of the account and of the persons bound to it, newest first."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.clock import local_day
from casework.listing import badge, own_page
from casework.models import Case
from config.addresses import address_of
from reimbursements.codes import KINDS
from reimbursements.kind import record_url
from reimbursements.pages.after_words import TONES
from reimbursements.pages.claim.steps import area_words
from reimbursements.pages.explained import grouped
from reimbursements.service import KIND
from reimbursements.states import STATES
from residents.gate import resident_required
from residents.personal import mask_name

# What a line of the list shows; the rest of a case and of its claim is not even read.
SHOWN = (
    *("public_id", "number", "status", "topic", "destination", "name", "correction_due"),
    *("submitted_at", "created_at"),
    *(f"claim__{name}" for name in ("institution_name", "billed_fen", "payable_fen")),
)


@resident_required
@require_GET
def claims(request):
    """The list, a page at a time; drafts are those of the account that began them."""
    context = own_page(request, KIND, SHOWN, _card)
    return render(request, "reimbursements/after/claims.html", context)


def _card(case: Case) -> dict:
    claim = getattr(case, "claim", None)
    return {
        "case": case,
        "heading": f"claim-{case.pk}",
        "badge": badge(TONES.get(case.status, "ended"), STATES[case.status]),
        "topic": KINDS.get(case.topic, ""),
        "where": claim.institution_name if claim else area_words(case.destination),
        "submitted": local_day(case.submitted_at).isoformat() if case.submitted_at else "",
        "billed": grouped(claim.billed_fen) if claim else "",
        "payable": _payable(case),
        "url": _address(case),
        "name": mask_name(case.name) if case.name else "",
    }


def _address(case: Case) -> str:
    if case.is_draft:
        return address_of("reimbursements:step_check", case.public_id)
    return record_url(case)


def _payable(case: Case) -> str:
    """What waits to be paid, while it does."""
    if case.status not in ("payable", "payment_failed"):
        return ""
    fen = case.claim.payable_fen or 0
    return grouped(fen) if fen > 0 else ""
