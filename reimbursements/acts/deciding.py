"""The decisions: queued, accepted or not, corrected, approved, refused, looked at again."""

from casework.clock import local_day, resident_deadline
from casework.drafts import reopen_revision
from casework.errors import NotAllowed
from casework.models import Case, CorrectionItem, Reason
from casework.perform import Context
from filings.acts.typed import days_of
from filings.decision.months import chinese_day
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
from reimbursements.fields import DOCUMENT_LABELS, FIELD_LABELS
from reimbursements.guards import too_much
from reimbursements.settlement.money import yuan
from reimbursements.settlement_import import book_imported
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
    items = _items(ctx.data.get("items") or [])
    days = days_of(ctx.data, "due_days", "补正天数")
    due = resident_deadline(local_day(ctx.now), days, ctx.calendar) if days else None
    case.correction_due = due
    reopen_revision(case)
    seq = case.event_count + 1
    texts = [_item_text(case, item) for item in items]
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            case=case,
            event_seq=seq,
            target=item["target"],
            reason_code=item["reason_code"],
            text=text,
        )
        for item, text in zip(items, texts, strict=True)
    )
    issue_correction(case, ctx, texts, due)
    ctx.event_data = {"items": [[item["target"], item["reason_code"]] for item in items]}
    ctx.notice_context |= {
        "count": str(len(items)),
        "until": f"请在{chinese_day(due)}（含当天）以前" if due else "请尽快",
        "consequence": "逾期未补正的，申请会终止。" if due else "",
    }


def _decided(case: Case, ctx: Context) -> None:
    case.decided_at = ctx.now
    case.assignee_id, case.assigned_at = None, None
    case.claim.decided_by = ctx.actor.user
    case.claim.save()
    forget_dossier(case)


def _items(items: list) -> list[dict]:
    if not items:
        raise NotAllowed("请至少列出一项需要补正的内容")
    for item in items:
        area, _, code = str(item.get("target", "")).partition(":")
        known = {"field": FIELD_LABELS, "document": DOCUMENT_LABELS}.get(area, {})
        if code not in known:
            raise NotAllowed(f"不认识的补正项：{item.get('target')}")
    return items


def _item_text(case: Case, item: dict) -> str:
    """What a resident reads: which field or document, and what to do."""
    area, _, code = item["target"].partition(":")
    label = FIELD_LABELS[code] if area == "field" else DOCUMENT_LABELS[code]
    listed = Reason.objects.filter(
        kind=case.kind, action="request_correction", code=item.get("reason_code", "")
    ).first()
    said = [part for part in (listed and listed.text, item.get("text", "").strip()) if part]
    if not said:
        raise NotAllowed(f"请写明「{label}」要改什么")
    return f"{label}：{'；'.join(said)}"
