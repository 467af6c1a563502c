"""Amounts and lines of a bill as they arrive in JSON or in a golden table."""

from reimbursements.settlement import money
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.stay import Line

PARTS = ("own_expense", "over_limit", "self_first", "in_scope")
LINE_FIELDS = ("name", "class", "amount", "self_first_ratio")
MAX_LINES = 20_000


def read_fen(value: object, field: str) -> int | None:
    """Fen of an amount in yuan, None for null. Raises StayError naming the field."""
    if value is None:
        return None
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        if not isinstance(text, str):
            raise ValueError(text)
        return money.parse_yuan(text)
    except ValueError:
        raise StayError(
            field, f'写的是 {quoted(value)}，应为不小于 0、最多两位小数的元，例如 "1234.50"'
        ) from None


def amounts(data: dict) -> dict:
    """The parts or the lines of a bill, as keyword arguments of `Stay`.

    One part that is left out is what remains of the total. Raises StayError.
    """
    stated = {part: read_fen(data.get(part), part) for part in PARTS}
    total = read_fen(data.get("total"), "total")
    if data.get("lines") is None:
        return _from_totals(total, stated)
    lines = _lines(data["lines"])
    summed = sum(line.amount for line in lines)
    if total is not None and total != summed:
        message = f"写的是 {money.yuan(total)} 元，各明细合计 {money.yuan(summed)} 元，应相等"
        raise StayError("total", message)
    return {"lines": lines}


def _from_totals(total: int | None, stated: dict) -> dict:
    """The four parts; one that is left out is what remains of the total."""
    if total is None and stated["in_scope"] is None:
        raise StayError("total", "请填写 total（总费用）、in_scope（政策范围内）或 lines（明细）")
    given = sum(fen for fen in stated.values() if fen is not None)
    parts = {part: fen or 0 for part, fen in stated.items()}
    if total is None:
        return parts
    rest = total - given
    if rest < 0:
        message = f"写的是 {money.yuan(total)} 元，少于各部分之和 {money.yuan(given)} 元"
        raise StayError("total", message)
    missing = [part for part, fen in stated.items() if fen is None]
    if not rest:
        return parts
    if "in_scope" in missing:
        return {**parts, "in_scope": rest}
    if not missing:
        message = f"写的是 {money.yuan(total)} 元，各部分之和是 {money.yuan(given)} 元，应相等"
        raise StayError("total", message)
    part = missing[0]
    return {**parts, part: rest, "remainder_unexplained": part == "own_expense"}


def _lines(value: object) -> tuple[Line, ...]:
    if not isinstance(value, list) or not value or len(value) > MAX_LINES:
        raise StayError("lines", f"应为 1 到 {MAX_LINES} 条明细的列表")
    return tuple(
        _known(line) if type(line) is Line else _line(line, f"lines[{n}]")
        for n, line in enumerate(value)
    )


def _known(line: Line) -> Line:
    """A line that is one already, as a long claim has hundreds; held to the same."""
    line = line._replace(name=line.name.strip(), cls=line.cls.strip())
    if not line.name or not line.cls or line.amount < 0:
        raise StayError("lines", "明细的项目名称和类别不能为空，金额不能小于 0")
    return line


def _line(value: object, where: str) -> Line:
    if not isinstance(value, dict):
        raise StayError(where, "应为 {name, class, amount, self_first_ratio}")
    for key in value:
        if key not in LINE_FIELDS:
            raise StayError(f"{where}.{key}", f"不认识的字段，只能写 {'、'.join(LINE_FIELDS)}")
    for key in ("name", "class"):
        if not isinstance(value.get(key), str) or not value[key].strip() or len(value[key]) > 200:
            raise StayError(f"{where}.{key}", "请填写不超过 200 字的文字")
    amount = read_fen(value.get("amount"), f"{where}.amount")
    if amount is None:
        raise StayError(f"{where}.amount", '请填写金额，例如 "545.50"')
    share = _share(value.get("self_first_ratio"), f"{where}.self_first_ratio")
    return Line(value["name"].strip(), value["class"].strip(), amount, share)


def _share(value: object, field: str) -> int | None:
    if value is None:
        return None
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        if not isinstance(text, str):
            raise ValueError(text)
        return money.parse_share(text)
    except ValueError:
        raise StayError(
            field, f'写的是 {quoted(value)}，应为 0 到 1 之间的比例，例如 "5%" 或 "0.05"'
        ) from None


def quoted(value: object) -> str:
    """A bad value in quotes, shortened."""
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
