"""The settlement of a claim as its record shows it: who pays what, every row with its rule,
and what of it is paid. Read from the stored rows; nothing is computed anew. Amounts in fen.
"""

from dataclasses import dataclass

from casework.models import Case
from config.bars import percent, stacked
from reimbursements.models import Adjustment, Claim, Payment, Settlement
from reimbursements.pages.explained import Explained, Step, basis_of, grouped
from reimbursements.printing.sheet import MARKS, fund_labels
from reimbursements.settlement import Rule
from reimbursements.settlement.money import parse_yuan

# The day's year before and after, and what the engine was told, are of no use on a page.
_UNREAD = ("input", "before", "after")
_DONE = (Payment.State.PAID, Payment.State.RECOVERED)


@dataclass(frozen=True)
class Settled:
    """What the page shows. `due` are (label, amount in words) down to `total`; `payments` are
    {at, words, amount, tone}. `later` is the number of the claim by which the stay was settled
    anew, "" mostly."""

    result: Explained | None
    policy: str
    due: list[tuple[str, str]]
    total: str
    owed: bool
    payments: list[dict]
    paid_fen: int
    later: str


def settled_of(case: Case, claim: Claim) -> Settled | None:
    """The settlement of a claim that was approved at least once; None before. A reversed one
    has no `result` any more, only what was paid and is to be got back."""
    if claim.payable_fen is None:
        return None
    rows = claim.settlements.defer(*_UNREAD).select_related("replaced_by__claim__case")
    rows = list(rows.order_by("seq"))
    if not rows:
        return None
    last = rows[-1]
    stands = case.status != "reversed" and bool(last.output)
    adjusted = list(claim.adjustments.filter(state=Adjustment.State.CONFIRMED))
    due, total = _due(rows, adjusted)
    payments = list(claim.payments.exclude(state=Payment.State.CANCELLED).order_by("pk"))
    return Settled(
        result=stored(last, fund_labels(claim, last)) if stands else None,
        policy=last.policy_version,
        due=due,
        total=grouped(abs(total)),
        owed=total < 0,
        payments=[_payment(row) for row in payments],
        paid_fen=sum(row.amount_fen for row in payments if row.state in _DONE),
        later=_later(last, claim),
    )


def stored(row: Settlement, labels: dict[str, str]) -> Explained:
    """A stored settlement as `explained` shows one that was just computed."""
    account = parse_yuan(row.output["account"])
    parts = [(labels.get(name, name), fen) for name, fen in row.funds.items() if fen]
    if account:
        parts.append(("个人账户", account))
    cash = row.personal_fen - account
    if cash or not parts:
        parts.append(("个人现金" if account else "个人负担", cash))
    steps = row.output["rows"]
    return Explained(
        total=grouped(row.total_fen),
        paid=grouped(row.paid_fen),
        personal=grouped(row.personal_fen),
        percent=percent(row.paid_fen, row.total_fen) if row.total_fen else 0,
        shares=stacked([(f"{label} {grouped(fen)} 元", fen) for label, fen in parts]),
        steps=[_step(step) for step in steps if step["code"] != "policy_mark"],
        mark=next((_marked(step) for step in steps if step["code"] == "policy_mark"), ""),
    )


def _marked(step: dict) -> str:
    return MARKS.get((step["rule"] or {}).get("mark") or "", "")


def _step(step: dict) -> Step:
    rule = step["rule"]
    amount = "" if step["amount"] is None else grouped(parse_yuan(step["amount"]))
    return Step(step["text"], amount, basis_of(Rule(**rule) if rule else None))


def _due(rows: list[Settlement], adjusted: list[Adjustment]) -> tuple[list, int]:
    """From what all funds pay for the stay down to what this claim brings; lines of nothing
    are left out."""
    last = rows[-1]
    lines = [
        ("这次就医各基金应付合计", last.paid_fen),
        ("减：这次就医此前已结算", -last.paid_before_fen),
        ("加：本申请此前结算的差额", sum(row.difference_fen for row in rows[:-1])),
        *((f"人工调整：{each.reason}", each.amount_fen) for each in adjusted),
    ]
    shown = [(label, grouped(fen)) for place, (label, fen) in enumerate(lines) if fen or not place]
    return shown, sum(fen for _, fen in lines)


def _payment(row: Payment) -> dict:
    words = str(row.get_state_display())
    if row.kind == Payment.Kind.PAYMENT and row.tail:
        words += f"，账号尾号 {row.tail}"
    return {
        "at": row.done_at or row.made_at,
        "words": words,
        "amount": grouped(row.amount_fen),
        "tone": _TONES.get(row.state, "waiting"),
    }


_TONES = {
    Payment.State.PAID: "done",
    Payment.State.MET: "done",
    Payment.State.RECOVERED: "done",
    Payment.State.FAILED: "late",
    Payment.State.DUE: "late",
}


def _later(last: Settlement, claim: Claim) -> str:
    """The claim that settled the stay anew after this one."""
    following = getattr(last, "replaced_by", None)
    if following is None or following.claim_id == claim.pk:
        return ""
    return following.claim.case.number or ""
