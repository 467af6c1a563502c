"""The decisions: queued, accepted or not, corrected, approved, refused, looked at again."""

from casework.clock import local_day
from casework.correcting import ask
from casework.days import chinese_day, until_words
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from reimbursements.acts.billing import let_go, take_again
from reimbursements.acts.submitting import note_findings
from reimbursements.documents import (
    issue_acceptance,
    issue_correction,
    issue_not_accepted,
    issue_refusal,
    issue_settlement,
)
from reimbursements.dossier import forget_dossier
from reimbursements.guards import too_much
from reimbursements.settlement.money import yuan
from reimbursements.settlement_booking import book_imported
from reimbursements.settling import settle_claim


def queue(case: Case, ctx: Context) -> None:
    """Into the queue of those who accept, with what the checks found; what was settled
    directly before the person was known is booked into their year."""
    book_imported(case.person, ctx.now)
    note_findings(case, ctx)
    case.reviewed_at = ctx.now
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def accept(case: Case, ctx: Context) -> None:
    """The claim is accepted; from now on the promised days run."""
    case.claim.accepted_at, case.claim.escalated_at = ctx.now, None
    case.claim.save(update_fields=["accepted_at", "escalated_at"])
    issue_acceptance(case, ctx)
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def not_accept(case: Case, ctx: Context) -> None:
    """Not accepted, in writing with reason and remedy; the bills are free."""
    issue_not_accepted(case, ctx)
    _decided(case, ctx)
    let_go(case, ctx)


def reject(case: Case, ctx: Context) -> None:
    """Nothing is paid, with reason, basis and remedy; the bills are free."""
    issue_refusal(case, ctx)
    _decided(case, ctx)
    let_go(case, ctx)


def approve(case: Case, ctx: Context) -> None:
    """The stay is settled under the lock of the person's year, and the money becomes due."""
    row = settle_claim(case, ctx.actor, ctx.now)
    case.claim.refresh_from_db()
    if refusal := too_much(case, ctx, case.claim.payable_fen):
        raise NotAllowed(refusal)
    case.claim.approved_by = ctx.actor.user
    case.claim.in_scope_fen = row.in_scope_fen
    _decided(case, ctx)
    ctx.event_data = {
        "settlement": row.pk,
        "difference": row.difference_fen,
        "payable": case.claim.payable_fen,
        "policy": row.policy_sha256,
    }
    ctx.notice_context["amount"] = yuan(case.claim.payable_fen)
    issue_settlement(case, ctx, row)


def appeal(case: Case, ctx: Context) -> None:
    """The resident asks for a second look by others; they say why."""
    if not ctx.note:
        raise NotAllowed("请写明申请复核的理由")
    take_again(case, ctx)
    claim = case.claim
    deciders = {claim.first_by_id, claim.second_by_id, claim.approved_by_id, claim.decided_by_id}
    deciders |= set(claim.bills.values_list("decided_by_id", flat=True))
    claim.decided_before = sorted({*claim.decided_before, *deciders} - {None})
    claim.second_by = claim.approved_by = None
    claim.appealed_at, claim.escalated_at = ctx.now, None
    claim.save(
        update_fields=[
            "decided_before",
            "second_by",
            "approved_by",
            "appealed_at",
            "escalated_at",
        ]
    )
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))
    forget_dossier(case)


def request_correction(case: Case, ctx: Context) -> None:
    """One notice with every item; the resident changes only those, the clock stands still.

    How long the resident has is what the clerk says: no place has published it.
    """
    texts, due = ask(case, ctx)
    issue_correction(case, ctx, texts, due)
    ctx.notice_context["until"] = until_words(due)


def _decided(case: Case, ctx: Context) -> None:
    case.decided_at = ctx.now
    case.assignee_id, case.assigned_at = None, None
    case.claim.decided_by = ctx.actor.user
    case.claim.save()
    forget_dossier(case)
