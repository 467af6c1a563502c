"""What a 分割单 says of each bill: its amounts as they were settled, and the part of the stay's
settlement that falls on it. Amounts in fen; nothing is settled anew."""

from dataclasses import dataclass

from reimbursements.answers import PARTS
from reimbursements.bills.shares import share_funds
from reimbursements.models import Bill, Claim, Settlement
from reimbursements.pages.explained import grouped
from reimbursements.printing.sheet import fund_labels, policy_of
from reimbursements.settlement import Account, Policy, read_stay, settle
from reimbursements.settlement.money import parse_yuan
from reimbursements.settling.inputs import BillParts, lines_of, split
from reimbursements.settling.rows import bills_of_stay, parts_of

PART_HEADS = ("序号", "金额", "政策范围内", "先行自付", "超限价", "全自费", "核减")
OWN = "个人负担"
NOT_SETTLED = "未计入"
# What the funds are shared by: the first of which they pay no more than there is.
BASES = (
    ("政策范围内金额", ("in_scope",)),
    ("政策范围内和先行自付金额", ("in_scope", "self_first")),
    ("票据金额", PARTS),
)


@dataclass(frozen=True)
class Shared:
    """One bill of a settled stay: its parts (own expense holds what was cut) and what each
    fund pays of it."""

    bill: Bill
    parts: dict[str, int]
    funds: dict[str, int]

    @property
    def own(self) -> int:
        """What is left to the person, from the personal account or in cash."""
        return self.bill.total_fen - sum(self.funds.values())


@dataclass(frozen=True)
class SharedStay:
    """All bills of a stay with their shares; `basis` says by what they were shared."""

    bills: dict[int, Shared]
    basis: str
    basis_fen: int


def shared_stay(claim: Claim, row: Settlement) -> SharedStay | None:
    """The shares of each bill of a stay as it was settled last; None where its bills do not
    add up to what was settled any more, because they were looked at anew since."""
    bills = bills_of_stay(claim.stay, None)
    policy = policy_of(claim, row)
    parts = [_parts(one, row, policy) for one in parts_of(bills)]
    if None in parts:
        return None
    sums = {name: sum(one[name] for one in parts) for name in PARTS}
    if sums != {name: parse_yuan(row.output[name]) for name in PARTS}:
        return None
    paid = sum(row.funds.values())
    basis, names = next(
        (words, names) for words, names in BASES if paid <= sum(sums[name] for name in names)
    )
    counts = [sum(one[name] for name in names) for one in parts]
    shares = share_funds(row.funds, counts)
    found = (Shared(*each) for each in zip(bills, parts, shares, strict=True))
    return SharedStay({one.bill.pk: one for one in found}, basis, sum(counts))


def part_rows(bills: list[Bill], shared: SharedStay | None) -> tuple[tuple[str, ...], ...]:
    """Each bill as PART_HEADS has it; what was not settled has its amounts as they are known."""
    known = shared.bills if shared else {}
    return tuple(_part_row(nth, bill, known.get(bill.pk)) for nth, bill in enumerate(bills, 1))


def share_table(
    claim: Claim, row: Settlement, shared: SharedStay, bills: list[Bill]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """(heads, rows): a row for each bill, the sum of these bills, and the whole stay, from whose
    settlement they are shared; a column for each fund that paid."""
    names = [name for name, fen in row.funds.items() if fen]
    labels = fund_labels(claim, row)
    heads = ("", "金额", *(labels.get(name, name) for name in names), OWN)
    rows = [_share_row(nth, bill, shared, names) for nth, bill in enumerate(bills, 1)]
    rows.append(_sum_row(bills, shared, names))
    rows.append(
        (
            f"这次就医计入结算的 {len(shared.bills)} 张",
            grouped(row.total_fen),
            *(grouped(row.funds[name]) for name in names),
            grouped(row.personal_fen),
        )
    )
    return heads, tuple(rows)


def method(shared: SharedStay) -> str:
    """How the shares were computed, for whoever reads the paper."""
    whole = grouped(shared.basis_fen)
    return (
        "分摊办法：医疗保险按一次就医结算，不按单张票据结算。每一项基金为这次就医支付的金额，按各张"
        f"票据的{shared.basis}占全部票据的{shared.basis}（{whole} 元）的比例分到各张票据，算到分；"
        "不足一分的余数，从余数最大的票据起各补一分，使各张票据之和等于该基金支付的金额。"
        "个人负担等于票据金额减去各基金分摊额，含核减的金额和个人账户支付的金额。"
    )


def _parts(bill: BillParts, row: Settlement, policy: Policy | None) -> dict[str, int] | None:
    """The parts of one bill as the engine split them; None without the policy that names the
    classes of its lines."""
    if not bill.has_lines:
        return dict(zip(PARTS, split(bill), strict=True))
    if policy is None:
        return None
    facts = {name: value for name, value in row.input.items() if name not in (*PARTS, "lines")}
    stay = read_stay({**facts, "lines": lines_of(bill)}, policy)
    settled = settle(policy, stay, Account())
    return {name: getattr(settled, name) for name in PARTS}


def _part_row(nth: int, bill: Bill, shared: Shared | None) -> tuple[str, ...]:
    total, cut = grouped(bill.total_fen), grouped(bill.cut_fen)
    if shared is not None:
        own = shared.parts["own_expense"] - bill.cut_fen
        parts = [shared.parts[name] for name in ("in_scope", "self_first", "over_limit")]
        return (str(nth), total, *map(grouped, (*parts, own)), cut)
    if bill.decision != Bill.Decision.OPEN and bill.cut_fen == bill.total_fen:
        return (str(nth), total, *[grouped(0)] * 4, cut)
    known = (bill.in_scope_fen, bill.self_first_fen, bill.over_limit_fen, bill.own_expense_fen)
    words = ("未写明" if fen is None else grouped(fen) for fen in known)
    return (str(nth), total, *words, cut)


def _share_row(nth: int, bill: Bill, stay: SharedStay, names: list[str]) -> tuple[str, ...]:
    shared = stay.bills.get(bill.pk)
    head = (f"第 {nth} 张", grouped(bill.total_fen))
    if shared is None:
        return (*head, *[NOT_SETTLED] * len(names), grouped(bill.total_fen))
    return (*head, *(grouped(shared.funds[name]) for name in names), grouped(shared.own))


def _sum_row(bills: list[Bill], stay: SharedStay, names: list[str]) -> tuple[str, ...]:
    mine = [stay.bills[bill.pk].funds for bill in bills if bill.pk in stay.bills]
    total = sum(bill.total_fen for bill in bills)
    funds = [sum(one[name] for one in mine) for name in names]
    return ("以上票据合计", *map(grouped, (total, *funds, total - sum(funds))))
