"""A settlement as residents read it: who pays what, and every step with its rule. Pure."""

from typing import NamedTuple

from config.bars import percent, stacked
from reimbursements.settlement import Rule, Settlement
from reimbursements.settlement.money import yuan


class Step(NamedTuple):
    """One row: the sentence, its amount in yuan ("" for none), and what it rests on."""

    text: str
    amount: str
    basis: tuple[str, ...]


class Explained(NamedTuple):
    """What the pages show of a settlement. Amounts in yuan with thousands separators."""

    total: str
    paid: str
    personal: str
    percent: int  # of the total that all funds pay
    shares: list[dict]
    steps: list[Step]
    mark: str  # 示例, 待核 or ""


def grouped(fen: int) -> str:
    """``12,345.60`` for 1234560 fen."""
    whole, cents = yuan(abs(fen)).split(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{cents}"


def explained(settled: Settlement) -> Explained:
    """A settlement ready to be shown (templates/reimbursements/explained.html)."""
    labels = settled.policy.fund_labels
    parts = [(labels[code], fen) for code, fen in settled.funds.items() if fen]
    if settled.account:
        parts.append(("个人账户", settled.account))
    if settled.cash or not parts:
        parts.append(("个人现金" if settled.account else "个人负担", settled.cash))
    named = [(f"{label} {grouped(fen)} 元", fen) for label, fen in parts]
    paid = settled.total - settled.personal
    rule = settled.version.rule
    return Explained(
        total=grouped(settled.total),
        paid=grouped(paid),
        personal=grouped(settled.personal),
        percent=percent(paid, settled.total) if settled.total else 0,
        shares=stacked(named),
        steps=[
            Step(row.text, "" if row.amount is None else grouped(row.amount), basis_of(row.rule))
            for row in settled.rows
            if row.code != "policy_mark"
        ],
        mark=rule.mark or "",
    )


def basis_of(rule: Rule | None) -> tuple[str, ...]:
    """What a row rests on, in sentences."""
    if rule is None:
        return ()
    found = [f"{rule.place}，版本“{rule.version}”"]
    found.append(f"依据：{rule.doc_no or '未注明文号'}，{rule.source}")
    if rule.mark:
        found.append({"示例": "示例数字，不是官方标准", "待核": "来源有待核实"}[rule.mark])
    if rule.note:
        found.append(rule.note)
    return tuple(found)
