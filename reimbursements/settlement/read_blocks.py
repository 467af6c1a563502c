"""Benefits, later layers, caps, account and catalogue of a version."""

from fractions import Fraction

from reimbursements.settlement import money, read_values
from reimbursements.settlement.conditions import meet
from reimbursements.settlement.model import (
    AccountUse,
    AreaChange,
    Benefit,
    Cap,
    CatalogueClass,
    Floor,
    Layer,
    Table,
    TableRow,
)
from reimbursements.settlement.read_rules import read_deductible, read_ratio
from reimbursements.settlement.read_tables import Context, read_table
from reimbursements.settlement.terms import FUNDS, GROUPS
from reimbursements.settlement.yamltree import Item, Section

OUT_OF_AREA = frozenset(GROUPS["place"]["out_of_area"])

FLOOR_BASES = {
    "in_scope": "政策范围内费用",
    "in_scope_less_deductible": "政策范围内费用减起付标准",
    "total": "总费用",
    "total_less_deductible": "总费用减起付标准",
}
LAYER_BASES = {
    "in_scope_left": "政策范围内费用减去此前各项支付",
    "over_cap": "政策范围内费用中超过基本医保限额的部分",
    "in_scope": "全部政策范围内费用",
    "total_left": "总费用减去此前各项支付",
}
LAYER_PLUS = {"self_first": "先行自付", "over_limit": "超限价自费", "own_expense": "全自费"}
LAYER_LESS = {"deductible": "基本医保起付标准", "area_cut": "因异地就医多负担的部分"}
CAP_PERIODS = {"stay": "每次", "month": "每月", "quarter": "每季度", "year": "每年"}
ACCOUNT_PARTS = {
    "in_scope": "政策范围内个人负担",
    "self_first": "先行自付",
    "over_limit": "超限价自费",
    "own_expense": "全自费",
}
SPLITS = {"own_expense": "全自费", "over_limit": "超限价自费"}


def read_benefit(item: Item, context: Context) -> Benefit:
    """One benefit of the basic fund."""
    section = Section(item, "一项待遇，例如 {name: inpatient, when: {kind: inpatient}, …}")
    name = _name(section.need("name", "这项待遇的名称"))
    pot = section.get("pot")
    inner, box = context.within(section.get("when"))
    inner = inner.sourced(section)
    stated = section.get("deductible")
    deductible = read_deductible(stated, inner, simple=False) if stated else None
    ratio = read_ratio(section.need("ratio", "支付比例"), inner, deductible, in_layer=False)
    changes = _read_changes(section.get("out_of_area"), inner, in_layer=False)
    floor = _read_floor(section.get("floor"), inner)
    caps = read_caps(section.get("caps"), inner)
    section.done()
    return Benefit(
        name=name,
        pot=_name(pot) if pot else name,
        when=box,
        deductible=deductible,
        ratio=ratio,
        out_of_area=changes,
        floor=floor,
        caps=caps,
        rule=inner.rule,
    )


def _name(item: Item) -> str:
    name = item.text("一个名称")
    if "@" in name or len(name) > 40 or name in FUNDS:
        item.fail("不含 @、不超过 40 个字、不与基金代码同名的名称")
    return name


def read_layer(item: Item, context: Context, has_cap: bool) -> Layer:
    """One later layer (大额, 大病, 救助 …)."""
    section = Section(item, "一层保障，例如 {fund: major_illness, base: in_scope_left, …}")
    fund, label = _read_fund(section)
    inner, box = context.within(section.get("when"))
    inner = inner.sourced(section)
    base = section.need("base", "、".join(LAYER_BASES))
    chosen = read_values.choice(base, LAYER_BASES)
    if chosen == "over_cap" and not has_cap:
        base.fail("先在 benefits 或版本的 caps 里写明基本医保限额", "没有限额就没有超限额部分")
    plus, less = section.get("plus"), section.get("less")
    if plus is not None and chosen in ("total_left", "over_cap"):
        plus.fail("只与 in_scope_left 或 in_scope 合用", f"基数 {chosen} 不能再加别的费用")
    period = section.need("period", "stay（本次）或 year（全年累计）")
    stated = section.get("deductible")
    deductible = read_deductible(stated, inner, simple=True) if stated else None
    ratio = read_ratio(section.need("ratio", "支付比例"), inner, deductible, in_layer=True)
    changes = _read_changes(section.get("out_of_area"), inner, in_layer=True)
    caps = read_caps(section.get("caps"), inner)
    section.done()
    return Layer(
        fund=fund,
        label=label,
        when=box,
        base=chosen,
        plus=read_values.choices(plus, LAYER_PLUS) if plus else (),
        less=read_values.choices(less, LAYER_LESS) if less else (),
        on_year=read_values.choice(period, {"stay": "本次", "year": "全年累计"}) == "year",
        deductible=deductible,
        ratio=ratio,
        out_of_area=changes,
        caps=caps,
        rule=inner.rule,
    )


def _read_fund(section: Section) -> tuple[str, str]:
    item = section.need("fund", "、".join(code for code in FUNDS if code != "basic"))
    fund = item.text("基金代码")
    if fund == "basic" or not (fund.isascii() and fund.replace("_", "").isalpha()):
        item.fail("小写英文基金代码，例如 major_illness（basic 写在 benefits 里）")
    label = section.get("label")
    if label is None and fund not in FUNDS:
        item.fail("、".join(FUNDS) + "；自定的基金另写 label: 中文名称")
    return fund, label.text("基金的中文名称") if label else FUNDS[fund]


def _read_changes(item: Item | None, context: Context, *, in_layer: bool):
    if item is None:
        return ()
    found: list[AreaChange] = []
    for entry in item.items("若干项异地调整"):
        found.extend(_read_change(entry, context, in_layer))
    return tuple(found)


def _read_change(item: Item, context: Context, in_layer: bool) -> list[AreaChange]:
    section = Section(item, "例如 {when: {filing: TMP-OTH}, points: -10}")
    when = section.get("when")
    box = context.within(when)[1]
    if not box.get("place", OUT_OF_AREA) <= OUT_OF_AREA:
        when.fail("intra_province、inter_province 或 out_of_area", "异地调整用在了参保地就医上")
    box = {"place": OUT_OF_AREA, **box}
    if meet(context.space, box) is None:
        item.fail("在包含异地就医的待遇里写 out_of_area", "这项调整在本块范围内永远用不到")
    inner = context.sourced(section)
    values = _change_values(section, inner, in_layer)
    section.done()
    if not any(value is not None for value in values.values()):
        names = "、".join(values)
        item.fail(f"{names} 至少写一个", "没有写清怎样调整")
    blank = dict.fromkeys(("points", "factor", "self_pay_first", "deductible_times", "as_level"))
    return [
        AreaChange(when=box, rule=inner.rule, **{**blank, key: value})
        for key, value in values.items()
        if value is not None
    ]


def _change_values(section: Section, context: Context, in_layer: bool) -> dict:
    """The stated changes in the order in which they are applied."""
    points, factor = section.get("points"), section.get("factor")
    times = section.get("deductible_times")
    values = {}
    if not in_layer:
        level, first = section.get("as_level"), section.get("self_pay_first")
        values["as_level"] = _read_level(level, context) if level else None
        values["self_pay_first"] = read_values.percentage(first) if first else None
    values["deductible_times"] = Fraction(read_values.times(times), 100) if times else None
    values["points"] = read_values.falling_points(points) if points else None
    values["factor"] = Fraction(read_values.percentage(factor), money.WHOLE) if factor else None
    return values


def _read_level(item: Item, context: Context) -> str:
    level = item.text("一个等级")
    if level not in context.vocabulary.levels:
        item.fail("、".join(context.vocabulary.levels) or "先用 levels 列出等级")
    return level


def _read_floor(item: Item | None, context: Context) -> Floor | None:
    if item is None:
        return None
    section = Section(item, "保底，例如 {pays: 40%, on: in_scope}")
    context = context.sourced(section)
    on = read_values.choice(section.need("on", "、".join(FLOOR_BASES)), FLOOR_BASES)
    table = read_table(section, context, _read_share, whole=False)
    section.done()
    return Floor(table, on)


def _read_share(section: Section, context: Context) -> Fraction:
    item = section.need("pays", read_values.PERCENT)
    return Fraction(read_values.percentage(item), money.WHOLE)


def read_caps(item: Item | None, context: Context, funds: dict[str, str] | None = None):
    """A list of caps. With ``funds`` they are caps of the version over named funds."""
    if item is None:
        return ()
    return tuple(_read_cap(entry, context, funds) for entry in item.items("若干限额"))


def _read_cap(item: Item, context: Context, funds: dict[str, str] | None) -> Cap:
    section = Section(item, "例如 {per: year, amount: 150000.00}")
    context = context.sourced(section)
    periods = CAP_PERIODS if funds is None else {"stay": "每次", "year": "每年"}
    per = read_values.choice(section.need("per", "、".join(periods)), periods)
    named: tuple[str, ...] = ()
    pot = None
    if funds is not None:
        named = read_values.choices(section.need("funds", "限额管哪些基金"), funds)
    else:
        stated = section.get("pot")
        pot = _name(stated) if stated else None
    if section.has("rows") or not section.has("when"):
        table = read_table(section, context, _read_amount, whole=False)
    else:
        inner, box = context.within(section.get("when"))
        value = _read_amount(section, inner)
        table = Table((TableRow(box, value, inner.rule, item.line),))
    section.done()
    return Cap(table, per, named, pot)


def _read_amount(section: Section, context: Context) -> int:
    return read_values.amount(section.need("amount", read_values.AMOUNT))


def read_account(item: Item | None, context: Context) -> AccountUse | None:
    """What the personal account may pay."""
    if item is None:
        return None
    section = Section(item, "个人账户，例如 {pays: [in_scope, self_first]}")
    inner, box = context.within(section.get("when"))
    inner = inner.sourced(section)
    pays = read_values.choices(section.need("pays", "、".join(ACCOUNT_PARTS)), ACCOUNT_PARTS)
    at_most = section.get("at_most")
    section.done()
    return AccountUse(box, pays, read_values.amount(at_most) if at_most else None, inner.rule)


def read_catalogue(item: Item | None, context: Context) -> dict[str, Table]:
    """How each class of bill lines is split; a short form for the usual classes."""
    if item is None:
        return {}
    classes = Section(item, "各类费用，例如 {甲类: 0%, 乙类: 10%, 丙类: own_expense}")
    found = {}
    for name in item.value:
        found[name] = _read_class(classes.get(name), context)
    return found


def _read_class(item: Item, context: Context) -> Table:
    if isinstance(item.value, str):
        return Table((TableRow({}, _short_class(item, context), context.rule, item.line),))
    section = Section(item)
    context = context.sourced(section)
    table = read_table(section, context, _read_class_value, whole=True)
    section.done()
    return table


def _short_class(item: Item, context: Context) -> CatalogueClass:
    if item.value in SPLITS:
        return CatalogueClass(item.value, 0, None, context.rule)
    if item.value == "by_line":
        return CatalogueClass(None, None, None, context.rule)
    if not item.value.endswith("%"):
        item.fail("先行自付比例（例如 10%）、by_line、own_expense 或 over_limit")
    return CatalogueClass(None, read_values.percentage(item), None, context.rule)


def _read_class_value(section: Section, context: Context) -> CatalogueClass:
    first, limit = section.get("self_first"), section.get("limit")
    if first is None:
        section.item.fail("写 self_first: 10%，或 by_line、own_expense、over_limit", "没有写怎样分")
    value = _short_class(first, context)
    return value._replace(limit=read_values.amount(limit) if limit else None)
