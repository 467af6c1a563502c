"""Do the amounts add up: lines to bill, classes to bill, bills to stay.

The identity is that of the national settlement record (docs/sources.md): total = own expense
+ over limit + self-pay first + in scope. All amounts are fen; nothing is rounded away.
"""

from decimal import ROUND_HALF_UP, Decimal

from reimbursements.bills.facts import PARTS, BillFacts, Doubt, LineFacts, StayFacts
from reimbursements.settlement.money import yuan

_CENT = Decimal("0.01")
_ONE_FEN = 1  # a hospital may round price times quantity either way


def check_sums(stay: StayFacts) -> list[Doubt]:
    """Every sum of the stay that does not come out, with both numbers in the sentence."""
    doubts = [doubt for bill in stay.bills for doubt in check_bill_sums(bill)]
    return doubts + _stay(stay)


def check_bill_sums(bill: BillFacts) -> list[Doubt]:
    """The sums of one bill, also while it is being typed."""
    return [*_lines(bill), *_parts(bill), *_products(bill)]


def _lines(bill: BillFacts) -> list[Doubt]:
    summed = sum(line.amount for line in bill.lines)
    if not bill.lines or bill.total is None or summed == bill.total:
        return []
    text = (
        f"{bill.title}：{len(bill.lines)}行明细相加是{yuan(summed)}元，票面金额是"
        f"{yuan(bill.total)}元，{_gap(bill.total, summed)}。"
    )
    return [Doubt("lines_unlike_bill", text, bill.target)]


def _parts(bill: BillFacts) -> list[Doubt]:
    """The four classes against the total; while some are unknown they may only be below it."""
    stated = {name: getattr(bill, name) for name in PARTS}
    known = {name: fen for name, fen in stated.items() if fen is not None}
    summed = sum(known.values())
    if bill.total is None or not known:
        return []
    if summed == bill.total or (len(known) < len(PARTS) and summed < bill.total):
        return []
    words = "、".join(f"{PARTS[name]}{yuan(fen)}元" for name, fen in known.items())
    text = (
        f"{bill.title}：{words}，相加是{yuan(summed)}元，票面金额是{yuan(bill.total)}元，"
        f"{_gap(bill.total, summed)}。"
    )
    return [Doubt("parts_unlike_bill", text, bill.target)]


def _products(bill: BillFacts) -> list[Doubt]:
    doubts = []
    for number, line in enumerate(bill.lines, 1):
        product = line_product(line)
        if product is not None and abs(product - line.amount) > _ONE_FEN:
            text = (
                f"{bill.title}第{number}行：数量{_plain(line.quantity)}乘单价"
                f"{_plain(line.unit_price)}元是{yuan(product)}元，金额写的是{yuan(line.amount)}元。"
            )
            doubts.append(Doubt("line_product", text, f"line:{bill.key}:{number}"))
    return doubts


def line_product(line: LineFacts) -> int | None:
    """Quantity times unit price in fen, half up; None where one is unknown."""
    if line.quantity is None or line.unit_price is None:
        return None
    exact = line.quantity * line.unit_price
    return int(exact.quantize(_CENT, ROUND_HALF_UP) * 100)


def _stay(stay: StayFacts) -> list[Doubt]:
    totals = [bill.total for bill in stay.bills]
    if stay.total is None or not totals or None in totals or stay.billed == stay.total:
        return []
    text = (
        f"{len(totals)}张票据相加是{yuan(stay.billed)}元，填写的总费用是{yuan(stay.total)}元，"
        f"{_gap(stay.total, stay.billed)}。"
    )
    return [Doubt("bills_unlike_stay", text, "field:bills")]


def _gap(stated: int, summed: int) -> str:
    return f"相差{yuan(abs(stated - summed))}元"


def _plain(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
