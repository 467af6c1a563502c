"""我的报销: every claim of the account and of the persons bound to it, newest first."""

from functools import lru_cache

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from casework.clock import local_day
from casework.models import Case
from reimbursements.codes import KINDS
from reimbursements.kind import record_url
from reimbursements.pages.after_words import TONES
from reimbursements.pages.claim.steps import area_words
from reimbursements.pages.explained import grouped
from reimbursements.service import KIND
from reimbursements.states import STATES
from residents.gate import resident_required
from residents.holdings import my_holdings
from residents.personal import mask_name

PER_PAGE = 20
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
    bound = [row.person_id for row in my_holdings(request) if row.is_bound]
    rows = (
        Case.objects.of_account(request.user, bound)
        .filter(kind=KIND)
        .select_related("claim")
        .only(*SHOWN)
        .newest_first()
    )
    number = _page_number(request.GET.get("page", ""))
    first = (number - 1) * PER_PAGE
    # One more than is shown says whether there is another page, without counting them all.
    found = list(rows[first : first + PER_PAGE + 1])
    context = {
        "cards": [_card(case) for case in found[:PER_PAGE]],
        "number": number,
        "newer": number - 1,
        "older": number + 1 if len(found) > PER_PAGE else 0,
    }
    return render(request, "reimbursements/after/claims.html", context)


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 1000 else 1


def _card(case: Case) -> dict:
    claim = getattr(case, "claim", None)
    return {
        "case": case,
        "heading": f"claim-{case.pk}",
        "badge": _badge(TONES.get(case.status, "ended"), STATES[case.status]),
        "topic": KINDS.get(case.topic, ""),
        "where": claim.institution_name if claim else area_words(case.destination),
        "submitted": local_day(case.submitted_at).isoformat() if case.submitted_at else "",
        "billed": grouped(claim.billed_fen) if claim else "",
        "payable": _payable(case),
        "url": _address(case),
        "name": mask_name(case.name) if case.name else "",
    }


@lru_cache(maxsize=64)
def _badge(tone: str, word: str) -> SafeString:
    """A state as all pages show it, rendered once: a page has twenty of a few."""
    return render_to_string("parts/state_badge.html", {"tone": tone, "label": word})


def _address(case: Case) -> str:
    if case.is_draft:
        return reverse("reimbursements:step_check", args=[case.public_id])
    return record_url(case)


def _payable(case: Case) -> str:
    """What waits to be paid, while it does."""
    if case.status not in ("payable", "payment_failed"):
        return ""
    fen = case.claim.payable_fen or 0
    return grouped(fen) if fen > 0 else ""
