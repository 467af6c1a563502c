"""Asking for corrections: every item at once, each tied to a field or a document.

What a notice may ask for are the fields and documents that the kind of case declares; the
kind issues the letter.
"""

from datetime import date

from casework.clock import local_day, resident_deadline
from casework.drafts import reopen_revision
from casework.errors import NotAllowed
from casework.kinds import kind_of
from casework.models import Case, CorrectionItem, Reason
from casework.perform import Context
from casework.told import days_of


def ask(case: Case, ctx: Context) -> tuple[list[str], date | None]:
    """Write the items of `ctx.data` and open a revision for the answer.

    Returns the sentences that the resident reads and the last day, None without one: how
    long the resident has is what the clerk says, and no date is invented. Raises NotAllowed.
    """
    days = days_of(ctx.data, "due_days", "补正天数")
    due = resident_deadline(local_day(ctx.now), days, ctx.calendar) if days else None
    texts = note_items(case, ctx)
    case.correction_due = due
    reopen_revision(case)
    ctx.notice_context |= {
        "count": str(len(texts)),
        "consequence": "逾期未补正的，申请会终止。" if due else "",
    }
    return texts, due


def note_items(case: Case, ctx: Context) -> list[str]:
    """Write the items of `ctx.data` for the event that follows; returns their sentences.

    Raises NotAllowed for no item, one that the kind does not know, or one without words.
    """
    items = ctx.data.get("items") or []
    if not items:
        raise NotAllowed("请至少列出一项需要补正的内容")
    texts = [_text(case, item) for item in items]
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            case=case,
            event_seq=case.event_count + 1,
            target=item["target"],
            reason_code=item["reason_code"],
            text=text,
        )
        for item, text in zip(items, texts, strict=True)
    )
    codes = [[item["target"], item["reason_code"]] for item in items]
    ctx.event_data = {**ctx.event_data, "items": codes}
    return texts


def _text(case: Case, item: dict) -> str:
    """What a resident reads: which field or document, and what to do."""
    label = _label(case, str(item.get("target", "")))
    listed = Reason.objects.filter(
        kind=case.kind, action="request_correction", code=item.get("reason_code", "")
    ).first()
    said = [part for part in (listed and listed.text, item.get("text", "").strip()) if part]
    if not said:
        raise NotAllowed(f"请写明「{label}」要改什么")
    return f"{label}：{'；'.join(said)}"


def _label(case: Case, target: str) -> str:
    kind = kind_of(case)
    area, _, code = target.partition(":")
    known = {"field": kind.fields, "document": kind.document_labels}.get(area)
    if known is None:
        known = {part.code: part.label for part in kind.targets(case)}
        code = target
    if code not in known:
        raise NotAllowed(f"不认识的补正项：{target}")
    return known[code]
