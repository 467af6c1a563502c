"""The rows of a settlement as a table for people, aligned for full-width characters."""

from unicodedata import east_asian_width

from reimbursements.settlement import money
from reimbursements.settlement.engine import Settlement
from reimbursements.settlement.model import Rule
from reimbursements.settlement.rows import Row

COLUMNS = ("序号", "基数", "比例", "金额", "说明")
_NUMERIC = (1, 2, 3)


def explain(settled: Settlement) -> str:
    """The table, a line with the sums, and the sources that the rows rest on."""
    sources: dict[Rule, int] = {}
    body = []
    for number, row in enumerate(settled.rows, 1):
        mark = ""
        if row.rule is not None:
            mark = f"［{sources.setdefault(row.rule, len(sources) + 1)}］"
        body.append(_cells(number, row, mark))
    widths = [max(_width(line[n]) for line in (COLUMNS, *body)) for n in range(4)]
    lines = [_line(COLUMNS, widths), _line(tuple("─" * w for w in (*widths, 20)), widths)]
    lines += [_line(cells, widths) for cells in body]
    return "\n".join([*lines, "", _sums(settled), "", *_sources(sources)])


def _cells(number: int, row: Row, mark: str) -> tuple[str, ...]:
    base = "" if row.base is None else money.yuan(row.base)
    amount = "" if row.amount is None else money.yuan(row.amount)
    text = "".join(character if character.isprintable() else "□" for character in row.text)
    return str(number), base, row.ratio or "", amount, text + mark


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    parts = []
    for n, width in enumerate(widths):
        space = " " * (width - _width(cells[n]))
        parts.append(space + cells[n] if n in _NUMERIC else cells[n] + space)
    return "  ".join([*parts, cells[4]]).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _sums(settled: Settlement) -> str:
    labels = settled.policy.fund_labels
    funds = "，".join(f"{labels[name]} {money.yuan(fen)}" for name, fen in settled.funds.items())
    return (
        f"总费用 {money.yuan(settled.total)} 元 = {funds}，"
        f"个人账户 {money.yuan(settled.account)}，现金 {money.yuan(settled.cash)}"
    )


def _sources(sources: dict[Rule, int]) -> list[str]:
    lines = []
    for rule, number in sources.items():
        parts = [rule.place, rule.version, rule.doc_no or "未注明文号", rule.source]
        parts += [part for part in (rule.mark, rule.note) if part]
        lines.append(f"［{number}］{'；'.join(parts)}")
    return lines
