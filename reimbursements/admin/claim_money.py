"""What is computed or was settled of a claim, as the desk shows it beside the bills. Fen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape

from django.utils.safestring import SafeString

from config.markup import fill, joined
from reimbursements.dossier import Dossier
from reimbursements.models import Settlement as Row
from reimbursements.pages.explained import basis_of
from reimbursements.settlement import Rule, Settlement
from reimbursements.settlement.money import yuan
from reimbursements.settlement.terms import FUNDS

COMPUTED = ("intake", "first_review", "second_review", "approval")
SETTLED = {
    "payable": "已结算，待支付",
    "paid": "已结算，已办结",
    "payment_failed": "已结算，支付未成功",
}


# A long claim has a step for each of its lines: written here, they cost a fifth of a template.
_PLAIN = "<li><span>{}</span>{}</li>"
_FOLDED = "<li><details><summary><span>{}</span>{}</summary>{}</details></li>"
_AMOUNT = " <b>{}</b>"
_BASIS = '<p class="desk-source">{}</p>'


@dataclass(frozen=True)
class Money:
    """Amounts in yuan. `refused` says why nothing can be computed; then the rest is empty."""

    heading: str
    refused: str = ""
    provisional: bool = False
    payable: str = ""
    total: str = ""
    in_scope: str = ""
    funds: list[tuple[str, str]] = field(default_factory=list)
    personal: str = ""
    paid_before: str = ""
    difference: str = ""
    adjusted: str = ""
    policy: str = ""
    mark: str = ""
    steps: SafeString | str = ""  # list items
    steps_count: int = 0


def money_of(dossier: Dossier) -> Money | None:
    """What approving the claim now would pay; once it is approved, what was settled. None
    where neither is of interest (not accepted, withdrawn, …)."""
    if dossier.case.status in COMPUTED:
        return _computed(dossier)
    row = dossier.claim.settlements.order_by("-seq").first()
    return _settled(dossier, row) if row else None


def _computed(dossier: Dossier) -> Money:
    heading = "现在审批，应支付"
    preview = dossier.preview
    if isinstance(preview, str):
        return Money(heading, refused=preview)
    settled: Settlement = preview.settlement
    rule = settled.version.rule
    return Money(
        heading,
        provisional=preview.provisional,
        payable=yuan(preview.payable_fen),
        total=yuan(settled.total),
        in_scope=yuan(settled.in_scope),
        funds=[
            (settled.policy.fund_labels[code], yuan(fen)) for code, fen in settled.funds.items()
        ],
        personal=yuan(settled.personal),
        paid_before=yuan(preview.paid_before_fen) if preview.paid_before_fen else "",
        difference=yuan(preview.difference_fen),
        adjusted=yuan(preview.adjustments_fen) if preview.adjustments_fen else "",
        policy=f"{rule.place} {settled.version.name}",
        mark=rule.mark or "",
        **_steps(
            (row.text, "" if row.amount is None else yuan(row.amount), row.rule)
            for row in settled.rows
        ),
    )


def _settled(dossier: Dossier, row: Row) -> Money:
    confirmed = sum(
        each.amount_fen for each in dossier.adjustments if each.settlement_id is not None
    )
    return Money(
        "已冲销" if row.kind == Row.Kind.REVERSED else SETTLED.get(dossier.case.status, "已结算"),
        payable=yuan(dossier.claim.payable_fen or 0),
        total=yuan(row.total_fen),
        in_scope=yuan(row.in_scope_fen),
        funds=[(FUNDS.get(code, code), yuan(fen)) for code, fen in row.funds.items()],
        personal=yuan(row.personal_fen),
        paid_before=yuan(row.paid_before_fen) if row.paid_before_fen else "",
        difference=yuan(row.difference_fen),
        adjusted=yuan(confirmed) if confirmed else "",
        policy=row.policy_version,
        **_steps(_stored(each) for each in row.output.get("rows", ())),
    )


def _stored(row: dict) -> tuple[str, str, Rule | None]:
    return row["text"], row["amount"] or "", Rule(**row["rule"]) if row["rule"] else None


def _steps(rows: Iterable[tuple[str, str, Rule | None]]) -> dict:
    """Each row that explains as a list item: the sentence, yuan, and folded what it rests on;
    and how many they are. Each text is escaped here, once."""
    said = cache(_basis)
    found = []
    for text, amount, rule in rows:
        basis = said(rule)
        words = escape(text), _AMOUNT.format(escape(amount)) if amount else ""
        found.append(_FOLDED.format(*words, basis) if basis else _PLAIN.format(*words))
    return {"steps": joined(found), "steps_count": len(found)}


def _basis(rule: Rule | None) -> SafeString:
    return joined(fill(_BASIS, line) for line in basis_of(rule))
