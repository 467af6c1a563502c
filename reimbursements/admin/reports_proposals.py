"""重算建议: settlements that a later policy would make come out otherwise, for a supervisor to
look into. The settlement itself is changed by the acts of the claim alone."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from casework.admin.rows import own_name
from casework.errors import NotAllowed
from casework.kinds import kind_of
from reimbursements.models import Claim, Proposal
from reimbursements.pages.explained import grouped
from reimbursements.payments.access import may_see
from reimbursements.proposals import (
    decided_proposals,
    keep_as_settled,
    may_decide_proposals,
    open_proposals,
    proposal_of,
)
from reimbursements.settlement.terms import FUNDS

LIST = "reimbursements_proposals"
PER_PAGE = 50
FOLDER = "admin/reimbursements"
# What may be done, by where the claim stands and whether too little or too much was settled.
ADVICE = {
    ("paid", True): (
        "少付的：请告知申请人可以申请复核，复核按现行政策重新结算，只补差额；"
        "也可以由财务或主管冲销，请申请人重新申请。"
    ),
    ("paid", False): "多付的：由财务或主管冲销，已付的列为待追回，再请申请人重新申请。",
    ("unpaid", True): "还没有支付：由财务或主管冲销后，请申请人重新申请，按现行政策结算。",
    ("unpaid", False): "还没有支付：由财务或主管冲销后，请申请人重新申请，按现行政策结算。",
}


@dataclass(frozen=True)
class Shown:
    """A proposal as the desk shows it; yuan."""

    pk: int
    case: object
    place: str
    kind: str
    state: str
    policy: str
    source: str
    paid: str
    now: str
    difference: str
    more: bool
    found_at: object
    funds: list[tuple[str, str, str]]
    advice: str


def urls(wrap) -> list:
    """The addresses beside the queue."""
    return [
        path("claim-proposals/", wrap(listed), name=LIST),
        path("claim-proposals/<int:pk>/", wrap(one), name="reimbursements_proposal"),
    ]


def listed(request):
    """The open proposals of the own area."""
    _must_see(request)
    rows = open_proposals(request.user).select_related("claim__case", "settlement")
    rows = rows.defer("settlement__output", "settlement__input", "settlement__before")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    decided = decided_proposals(request.user).select_related("decided_by", "claim__case")
    context = {
        "title": "重算建议",
        "page": page,
        "rows": [shown(row) for row in page],
        "decided": [
            {"row": row, "case": row.claim.case, "difference": grouped(row.difference_fen)}
            for row in decided
        ],
    }
    return _render(request, "report_proposals.html", context)


def one(request, pk: int):
    """One proposal; a POST says that the settlement stays as it is, and why."""
    _must_see(request)
    found = open_proposals(request.user).filter(pk=pk).select_related("claim__case", "settlement")
    row = found.first()
    if request.method != "POST":
        if row is None:
            raise Http404
        return _page(request, row)
    note = request.POST.get("note", "")
    try:
        keep_as_settled(request.user, pk, note, timezone.now())
    except NotAllowed as refused:
        if row is None:
            messages.error(request, str(refused))
            return redirect(f"admin:{LIST}")
        return _page(request, row, note, str(refused))
    admin.site.get_model_admin(type(row.claim.case)).log_change(
        request, row.claim.case, f"重算建议已核实，不更正：{note.strip()}"
    )
    messages.success(request, "已记录：核实后不更正，结算不变。")
    return redirect(f"admin:{LIST}")


def proposal_for_desk(claim: Claim) -> Shown | None:
    """The open proposal of a claim for its case page, or None."""
    row = proposal_of(claim)
    return shown(row) if row else None


def shown(row: Proposal) -> Shown:
    """A proposal as it is shown, with both figures of every fund."""
    case, old = row.claim.case, row.settlement.funds
    codes = dict.fromkeys((*FUNDS, *old, *row.funds))
    kind = kind_of(case)
    return Shown(
        pk=row.pk,
        case=case,
        place=own_name(case.county),
        kind=kind.topics.get(case.topic, case.topic),
        state=kind.workflow.states.get(case.status, case.status),
        policy=row.policy_version,
        source=row.source,
        paid=grouped(row.paid_fen),
        now=grouped(row.now_fen),
        difference=f"{'+' if row.difference_fen > 0 else ''}{grouped(row.difference_fen)}",
        more=row.difference_fen > 0,
        found_at=row.found_at,
        funds=[
            (FUNDS.get(code, code), grouped(old.get(code, 0)), grouped(row.funds.get(code, 0)))
            for code in codes
            if old.get(code) or row.funds.get(code)
        ],
        advice=ADVICE["paid" if case.status == "paid" else "unpaid", row.difference_fen > 0],
    )


def _must_see(request) -> None:
    if not may_see(request.user):
        raise PermissionDenied


def _page(request, row: Proposal, note: str = "", error: str = ""):
    context = {
        "title": f"重算建议 {row.claim.case.number}",
        "row": shown(row),
        "note": note,
        "error": error,
        "may_decide": may_decide_proposals(request.user),
    }
    return _render(request, "report_proposal.html", context, 422 if error else 200)


def _render(request, template: str, context: dict, status: int = 200):
    context = {**admin.site.each_context(request), **context}
    return render(request, f"{FOLDER}/{template}", context, status=status)
