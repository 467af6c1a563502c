"""The bill split: total = own expense + over limit + self-pay first + in scope."""

from typing import NamedTuple

from reimbursements.settlement import money
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import CatalogueClass, Rule
from reimbursements.settlement.plan import Plan
from reimbursements.settlement.rows import Row, make_row
from reimbursements.settlement.stay import Line, Stay

# The national classes, used where a policy does not write a catalogue of its own.
NATIONAL_CLASSES = {
    "甲类": CatalogueClass(None, 0, None, None),
    "乙类": CatalogueClass(None, None, None, None),
    "丙类": CatalogueClass("own_expense", 0, None, None),
    "自费": CatalogueClass("own_expense", 0, None, None),
    "超限价": CatalogueClass("over_limit", 0, None, None),
}
CLASS_ALIASES = {"甲": "甲类", "乙": "乙类", "丙": "丙类", "全自费": "自费"}
_BY_LINE = CatalogueClass(None, None, None, None)


class Bill(NamedTuple):
    """The four parts and their sum, in fen."""

    total: int
    own_expense: int
    over_limit: int
    self_first: int
    in_scope: int


def split_bill(plan: Plan, stay: Stay, rows: list[Row]) -> Bill:
    """The parts of a bill; one row for each line that is not wholly in scope.

    Raises StayError naming the line whose class or ratio is missing.
    """
    rule = plan.version.rule
    if stay.lines:
        bill = _split_lines(plan, stay.lines, rows)
    else:
        bill = Bill(stay.total, stay.own_expense, stay.over_limit, stay.self_first, stay.in_scope)
        _total_rows(bill, stay, rows, rule)
    rows.append(_in_scope_row(bill, rule))
    return bill


def _total_rows(bill: Bill, stay: Stay, rows: list[Row], rule: Rule) -> None:
    total = bill.total
    if bill.own_expense:
        amount = bill.own_expense
        text = f"全自费（目录外）费用 {money.yuan(amount)} 元，由个人承担。"
        if stay.remainder_unexplained:
            text = (
                f"总费用与已写明各项相差 {money.yuan(amount)} 元，没有说明类别，"
                "按全自费由个人承担。"
            )
        rows.append(make_row(("own_expense", text, total, None, amount, "own_expense", rule)))
    if bill.over_limit:
        text = f"超过限价的费用 {money.yuan(bill.over_limit)} 元，由个人承担。"
        rows.append(
            make_row(("over_limit", text, total, None, bill.over_limit, "over_limit", rule))
        )
    if bill.self_first:
        text = f"乙类等项目先由个人自付 {money.yuan(bill.self_first)} 元。"
        rows.append(
            make_row(("self_first", text, total, None, bill.self_first, "self_first", rule))
        )


def _in_scope_row(bill: Bill, rule: Rule) -> Row:
    total, own, over, first, in_scope = bill
    if in_scope == total:
        text = f"总费用 {money.yuan(total)} 元全部在政策范围内。"
    else:
        text = f"政策范围内费用 = 总费用 {money.yuan(total)}"
        if own:
            text += f" − 全自费 {money.yuan(own)}"
        if over:
            text += f" − 超限价 {money.yuan(over)}"
        if first:
            text += f" − 先行自付 {money.yuan(first)}"
        text += f" = {money.yuan(in_scope)} 元。"
    return make_row(("in_scope", text, total, None, in_scope, "in_scope", rule))


def _split_lines(plan: Plan, lines: tuple[Line, ...], rows: list[Row]) -> Bill:
    """Each line: what is over its limit, then its own share, the rest by subtraction."""
    total = own = over = first = 0
    rule, catalogue, append, yuan = plan.version.rule, plan.catalogue, rows.append, money.yuan
    for number, (name, cls, amount, own_bp) in enumerate(lines, 1):
        total += amount
        found = catalogue.get(cls) or _class_of(catalogue, cls, own_bp, number)
        takes, bp, limit, source = found
        source = source or rule
        if takes == "own_expense":
            own += amount
            text = f"第 {number} 项 {name}（{cls}）{yuan(amount)} 元，全自费。"
            append(
                make_row(("line_own_expense", text, amount, None, amount, "own_expense", source))
            )
            continue
        if takes == "over_limit":
            over += amount
            text = f"第 {number} 项 {name}（{cls}）{yuan(amount)} 元，超过限价，由个人承担。"
            append(make_row(("line_over_limit", text, amount, None, amount, "over_limit", source)))
            continue
        if limit is not None and amount > limit:
            beyond = amount - limit
            over += beyond
            text = (
                f"第 {number} 项 {name}（{cls}）{yuan(amount)} 元，"
                f"限价 {yuan(limit)} 元，超出 {yuan(beyond)} 元由个人承担。"
            )
            append(make_row(("line_over_limit", text, amount, None, beyond, "over_limit", source)))
            amount = limit
        if own_bp is not None:
            bp = own_bp
        elif bp is None:
            _need_ratio(number, cls)
        if bp:
            share = (2 * amount * bp + 10_000) // 20_000
            first += share
            ratio = _RATIOS.get(bp) or money.percent_of_points(bp)
            text = (
                f"第 {number} 项 {name}（{cls}）{yuan(amount)} 元 × {ratio} = "
                f"{yuan(share)} 元，先由个人自付。"
            )
            append(make_row(("line_self_first", text, amount, ratio, share, "self_first", source)))
    return Bill(total, own, over, first, total - own - over - first)


_RATIOS = {bp: money.percent_of_points(bp) for bp in range(100, 10_001, 100)}


def _class_of(catalogue: dict, cls: str, own_bp: int | None, number: int) -> CatalogueClass:
    name = CLASS_ALIASES.get(cls, cls)
    found = catalogue.get(name) or NATIONAL_CLASSES.get(name)
    if found is None and own_bp is None:
        known = "、".join(dict.fromkeys([*catalogue, *NATIONAL_CLASSES]))
        raise StayError(
            f"lines[{number - 1}].class",
            f"不认识的类别“{cls}”，应为 {known}，或另写 self_first_ratio",
        )
    return found or _BY_LINE


def _need_ratio(number: int, cls: str) -> None:
    raise StayError(
        f"lines[{number - 1}].self_first_ratio",
        f'“{cls}”没有统一的先行自付比例，请写明，例如 "5%"',
    )
