"""Deductibles and ratios of a policy file."""

from dataclasses import replace
from fractions import Fraction

from reimbursements.settlement import money, read_values
from reimbursements.settlement.conditions import Box, describe, meet
from reimbursements.settlement.errors import PolicyError
from reimbursements.settlement.model import (
    Addition,
    Band,
    Deductible,
    DeductibleValue,
    RatioRule,
    Repeat,
    Table,
    TableRow,
)
from reimbursements.settlement.read_tables import Context, read_table
from reimbursements.settlement.yamltree import Item, Section

PERIODS = {
    "stay": "每次住院或就诊",
    "year": "一年只收一次",
    "year_top_up": "一年一次，以后到更高级别时补足差额",
    "quarter": "每季度",
    "month": "每月",
    "institution_year": "每家医院每年",
}


def read_deductible(item: Item, context: Context, *, simple: bool) -> Deductible:
    """起付标准. ``simple`` is the deductible of a later layer: amounts by condition only."""
    section = Section(item, "起付标准，例如 {amount: 500.00}")
    context = context.sourced(section)
    if simple:
        table = read_table(section, context, _read_simple_amount, whole=True)
        section.done()
        return Deductible(table, "stay", Repeat(), None, None, False)
    stated, falling = section.get("period"), section.get("repeat")
    period = read_values.choice(stated, PERIODS) if stated else "stay"
    repeat = _read_repeat(falling) if falling else Repeat()
    table = read_table(section, context, _read_deductible_value, whole=True)
    ceiling = section.get("yearly_ceiling")
    renew = section.get("renew")
    section.done()
    renew_days, as_next = _read_renew(renew)
    return Deductible(table, period, repeat, _read_ceiling(ceiling, context), renew_days, as_next)


def _read_ceiling(item: Item | None, context: Context) -> Table | None:
    if item is None:
        return None
    if isinstance(item.value, str):
        row = TableRow({}, read_values.amount(item), context.rule, item.line)
        return Table((row,))
    section = Section(item, "金额，或 {rows: [...]}")
    context = context.sourced(section)
    table = read_table(section, context, _read_plain_amount, whole=False)
    section.done()
    return table


def _read_plain_amount(section: Section, context: Context) -> int:
    return read_values.amount(section.need("amount", read_values.AMOUNT))


def _read_simple_amount(section: Section, context: Context) -> DeductibleValue:
    return _read_amount_or_share(section, context)


def _read_deductible_value(section: Section, context: Context) -> DeductibleValue:
    value = _read_amount_or_share(section, context)
    period, repeat = section.get("period"), section.get("repeat")
    if period is not None:
        value = replace(value, period=read_values.choice(period, PERIODS))
    if repeat is not None:
        value = replace(value, repeat=_read_repeat(repeat))
    return value


def _read_amount_or_share(section: Section, context: Context) -> DeductibleValue:
    amount, share = section.get("amount"), section.get("percent")
    if (amount is None) == (share is None):
        section.item.fail("amount 或 percent（配 of），恰好写一个", "起付标准的数没有写清")
    if amount is not None:
        return DeductibleValue(read_values.amount(amount))
    bp = read_values.percentage(share)
    low, high = section.get("at_least"), section.get("at_most")
    at_least = read_values.amount(low) if low else 0
    at_most = read_values.amount(high) if high else None
    if at_most is not None and at_most < at_least:
        high.fail("不小于 at_least 的金额")
    of = section.need("of", "total、in_scope 或 references 里的名称")
    return _share_of(of, bp, at_least, at_most, context)


def _share_of(of: Item, bp, at_least, at_most, context: Context) -> DeductibleValue:
    name = of.text()
    if name in ("total", "in_scope"):
        return DeductibleValue(None, bp, name, at_least, at_most)
    if name not in context.references:
        of.fail("、".join(["total", "in_scope", *context.references]))
    reference = context.references[name]
    amount = max(at_least, money.half_up(reference * bp, money.WHOLE))
    amount = amount if at_most is None else min(amount, at_most)
    shown = f"{name} {money.yuan(reference)} 元 × {money.percent_of_points(bp)}"
    return DeductibleValue(amount, derived=shown)


def _read_repeat(item: Item) -> Repeat:
    section = Section(item, "例如 {falls_by: 100.00, down_to: 0} 或 {percents: [50%]}")
    falls, percents, down = (section.get(k) for k in ("falls_by", "percents", "down_to"))
    section.done()
    if (falls is None) == (percents is None):
        item.fail("falls_by 或 percents，恰好写一个", "没有写清怎样递减")
    down_to = read_values.amount(down) if down else 0
    if percents is not None:
        shares = [read_values.percentage(p) for p in percents.one_or_more("百分比列表")]
        return Repeat(percents=tuple(shares), down_to=down_to)
    if isinstance(falls.value, str) and falls.value.endswith("%"):
        return Repeat(falls_by_bp=read_values.percentage(falls), down_to=down_to)
    return Repeat(falls_by=read_values.amount(falls), down_to=down_to)


def _read_renew(item: Item | None) -> tuple[int | None, bool]:
    if item is None:
        return None, False
    section = Section(item, "例如 {every_days: 90, charged_as: same_stay}")
    days = read_values.whole(section.need("every_days", "天数"), 1, 366)
    how = section.need("charged_as", "same_stay 或 next_stay")
    section.done()
    options = {"same_stay": "按本次标准再收", "next_stay": "按下一次住院的标准收"}
    return days, read_values.choice(how, options) == "next_stay"


def read_ratio(
    item: Item, context: Context, deductible: Deductible | None, *, in_layer: bool
) -> RatioRule:
    """支付比例: a flat percentage or bands by row, then additions for the person."""
    section = Section(item, "支付比例，例如 {pays: 85%}")
    context = context.sourced(section)
    table = read_table(section, context, _read_bands, whole=True)
    additions = _read_additions(section.get("add"), context)
    at_most = section.get("at_most")
    on = None if in_layer else section.get("bands_on")
    measured = section.get("measured")
    section.done()
    on_year, before = _read_measure(item, table, on, measured, in_layer)
    _check_first_band(item, table, before, deductible)
    if at_most is None:
        _refuse_above_whole(item, table, additions, context)
    limit = Fraction(read_values.percentage(at_most), money.WHOLE) if at_most else Fraction(1)
    return RatioRule(table, additions, limit, on_year, before)


def _read_bands(section: Section, context: Context) -> tuple[Band, ...]:
    flat, bands = section.get("pays"), section.get("bands")
    if (flat is None) == (bands is None):
        section.item.fail("pays 或 bands，恰好写一个", "支付比例没有写清")
    if flat is not None:
        return (Band(0, Fraction(read_values.percentage(flat), money.WHOLE)),)
    found: list[Band] = []
    for entry in bands.items("各档，例如 [{from: 0, pays: 60%}]"):
        part = Section(entry, "一档，例如 {from: 0, pays: 60%}")
        start = part.need("from", read_values.AMOUNT)
        pays = read_values.percentage(part.need("pays", read_values.PERCENT))
        part.done()
        fen = read_values.amount(start)
        if found and fen <= found[-1].start:
            start.fail(f"大于上一档起点 {money.yuan(found[-1].start)} 的金额（各档不重叠）")
        found.append(Band(fen, Fraction(pays, money.WHOLE)))
    if not found:
        bands.fail("至少一档", "列表是空的")
    return tuple(found)


def _banded(table: Table) -> bool:
    rows = (*table.rows, *table.exceptions)
    return any(len(row.value) > 1 or row.value[0].start for row in rows)


def _read_measure(item: Item, table: Table, on, measured, in_layer: bool) -> tuple[bool, bool]:
    if not _banded(table):
        extra = on or measured
        if extra is not None:
            extra.fail("没有分段（bands）时不写这个键", "这里没有分段")
        return False, False
    options = {"before_deductible": "分段从第一元算起", "after_deductible": "扣除起付标准后再分段"}
    if measured is None:
        item.fail("写 measured: before_deductible 或 after_deductible", "分段没有说从哪里量起")
    before = read_values.choice(measured, options) == "before_deductible"
    if in_layer:
        return False, before
    if on is None:
        item.fail("写 bands_on: stay（本次）或 year（全年累计）", "分段没有说按本次还是全年累计")
    return read_values.choice(on, {"stay": "本次", "year": "全年累计"}) == "year", before


def _check_first_band(item: Item, table: Table, before: bool, deductible) -> None:
    for row in (*table.rows, *table.exceptions):
        first = row.value[0].start
        if first and not (before and _deductible_reaches(deductible, first)):
            item.fail(
                "第一档从 0 起；只有起付标准在任何情况下都不低于第一档起点时才可以从该起点写起",
                f"有空缺：第一档从 {money.yuan(first)} 元起，其下的费用没有比例",
            )


def _deductible_reaches(deductible: Deductible | None, first: int) -> bool:
    if deductible is None or deductible.ceiling is not None or deductible.repeat != Repeat():
        return False
    for row in (*deductible.table.rows, *deductible.table.exceptions):
        value = row.value
        if value.amount is None or value.amount < first or value.repeat:
            return False
        if (value.period or deductible.period) != "stay":
            return False
    return True


def _read_additions(item: Item | None, context: Context) -> tuple[Addition, ...]:
    if item is None:
        return ()
    return tuple(_read_addition(entry, context) for entry in item.items("若干项增减"))


def _read_addition(item: Item, context: Context) -> Addition:
    section = Section(item, "例如 {when: {person_group: 退休}, points: 2}")
    inner, box = context.within(section.get("when"))
    inner = inner.sourced(section)
    flat, yearly = section.get("points"), section.get("points_per_year")
    share = section.get("own_share_times")
    if sum(found is not None for found in (flat, yearly, share)) != 1:
        item.fail("points、points_per_year、own_share_times 恰好写一个", "没有写清增减多少")
    above = (
        read_values.whole(section.need("above_age", "岁数，从 0 起算写 0"), 0, 150) if yearly else 0
    )
    section.done()
    return Addition(
        box,
        read_values.points(flat) if flat else 0,
        read_values.points(yearly) if yearly else 0,
        above,
        Fraction(read_values.percentage(share), money.WHOLE) if share else None,
        inner.rule,
        item.line,
    )


def add(ratio: Fraction, addition: Addition, age: int | None) -> Fraction:
    """A ratio after one addition; ``age`` is only read by points per year."""
    if addition.own_share_times is not None:
        return 1 - (1 - ratio) * addition.own_share_times
    points = addition.points
    if addition.per_year:
        points += addition.per_year * max(0, age - addition.above_age)
    return ratio + Fraction(points, money.WHOLE)


def _refuse_above_whole(item: Item, table: Table, additions, context: Context) -> None:
    for entry in additions:
        if entry.per_year > 0:
            item.fail("写 at_most（比例最高到多少）", "按年龄增加的比例没有上限")
    for row in (*table.rows, *table.exceptions):
        space = meet(context.space, row.when)
        highest = max(band.ratio for band in row.value)
        worst = _highest(highest, space, additions)
        if worst > 1:
            shown = describe(row.when, context.vocabulary) or "本块"
            raise PolicyError(
                item.file,
                row.line,
                item.path,
                f"{shown}的比例加上各项增加后是 {money.percent(worst)}",
                "合计不超过 100%；确实封顶的写 at_most: 100%",
            )


def _highest(ratio: Fraction, space: Box, additions) -> Fraction:
    if not additions:
        return ratio
    first, *rest = additions
    without = _highest(ratio, space, rest)
    common = meet(space, first.when)
    if common is None:
        return without
    return max(without, _highest(add(ratio, first, 0), common, rest))
