"""What is computed or was settled of a claim, as the desk shows it beside the bills. Fen."""

from dataclasses import dataclass, field

from reimbursements.dossier import Dossier
from reimbursements.models import Settlement as Row
from reimbursements.pages.explained import basis_of
from reimbursements.settlement import Rule, Settlement
from reimbursements.settlement.money import yuan
from reimbursements.settlement.terms import FUNDS

COMPUTED = ("intake", "first_review", "second_review", "approval")


@dataclass(frozen=True)
class Step:
    """One row that explains: a sentence, yuan or "", and what it rests on."""

    text: str
    amount: str
    basis: tuple[str, ...]


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
    steps: list[Step] = field(default_factory=list)


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
        steps=[
            Step(row.text, "" if row.amount is None else yuan(row.amount), basis_of(row.rule))
            for row in settled.rows
        ],
    )


def _settled(dossier: Dossier, row: Row) -> Money:
    confirmed = sum(
        each.amount_fen for each in dossier.adjustments if each.settlement_id is not None
    )
    return Money(
        "已冲销" if row.kind == Row.Kind.REVERSED else "已结算，待支付",
        payable=yuan(dossier.claim.payable_fen or 0),
        total=yuan(row.total_fen),
        in_scope=yuan(row.in_scope_fen),
        funds=[(FUNDS.get(code, code), yuan(fen)) for code, fen in row.funds.items()],
        personal=yuan(row.personal_fen),
        paid_before=yuan(row.paid_before_fen) if row.paid_before_fen else "",
        difference=yuan(row.difference_fen),
        adjusted=yuan(confirmed) if confirmed else "",
        policy=row.policy_version,
        steps=[_stored(each) for each in row.output.get("rows", ())],
    )


def _stored(row: dict) -> Step:
    rule = Rule(**row["rule"]) if row["rule"] else None
    return Step(row["text"], row["amount"] or "", basis_of(rule))
