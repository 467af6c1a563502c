"""A version narrowed to one kind of stay: conditions resolved, ratios multiplied out.

A plan holds plain integers and ready sentences, so that the engine only adds and
multiplies. Plans are kept per version and profile; they are pure values, so keeping
them changes nothing but the time.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from reimbursements.settlement import money, terms
from reimbursements.settlement.account import Account
from reimbursements.settlement.conditions import MAX_NTH, describe, holds
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import (
    AccountUse,
    Band,
    Benefit,
    Cap,
    CatalogueClass,
    Deductible,
    DeductibleValue,
    Layer,
    Policy,
    RatioRule,
    Repeat,
    Rule,
    Table,
    TableRow,
    Version,
)
from reimbursements.settlement.read_tables import add
from reimbursements.settlement.rows import Row
from reimbursements.settlement.stay import Stay

MAX_PLANS = 4096


@dataclass(slots=True)
class Bands:
    """Ratios over one denominator, with the words for each band."""

    starts: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int
    ratios: tuple[str, ...]
    labels: tuple[str, ...]
    rule: Rule


@dataclass(slots=True)
class DeductiblePlan:
    value: DeductibleValue
    repeat: Repeat
    times: Fraction
    period: str
    pot: str
    fixed: int | None  # fen when it does not depend on the bill
    ceiling: int | None
    ceiling_rule: Rule | None
    renew_days: int | None
    renew_as_next: bool
    words: str
    rule: Rule


@dataclass(slots=True)
class FloorPlan:
    on: str
    ratio: Fraction
    rule: Rule


@dataclass(slots=True)
class CapPlan:
    amount: int
    per: str
    keys: tuple[tuple[str, str], ...]  # counters of the year that count against it
    funds: tuple[str, ...]  # funds whose payment in this stay counts against it too
    words: str
    rule: Rule


@dataclass(slots=True)
class BenefitPlan:
    benefit: Benefit
    self_pay_bp: int
    self_pay_rule: Rule | None
    deductible: DeductiblePlan | None
    bands: Bands
    notes: tuple[Row, ...]
    floor: FloorPlan | None
    caps: tuple[CapPlan, ...]
    on_year: bool
    before_deductible: bool
    profile: dict


@dataclass(slots=True)
class LayerPlan:
    layer: Layer
    applies: bool
    deductible: DeductiblePlan | None
    bands: Bands | None
    notes: tuple[Row, ...]
    caps: tuple[CapPlan, ...]


@dataclass(slots=True)
class Plan:
    version: Version
    benefit: BenefitPlan | None
    unreduced: BenefitPlan | None  # as if cared for at home; only where a layer needs it
    layers: tuple[LayerPlan, ...]
    catalogue: dict[str, CatalogueClass]
    account: AccountUse | None
    opening: tuple[Row, ...]


def plan_for(policy: Policy, version: Version, stay: Stay, account: Account) -> Plan:
    """The plan of a stay. Raises StayError when a fact is missing or not covered."""
    nth = stay.nth_stay or account.stays + 1
    key = (
        stay.kind,
        stay.place,
        stay.filing,
        stay.level,
        stay.charging_level,
        stay.person_group,
        stay.hardship,
        stay.age,
        nth,
        stay.tags,
    )
    plan = version.plans.get(key)
    if plan is None:
        plan = _make_plan(policy, version, _profile(policy, stay, nth))
        if len(version.plans) >= MAX_PLANS:
            version.plans.clear()
        version.plans[key] = plan
    return plan


def _profile(policy: Policy, stay: Stay, nth: int) -> dict:
    profile = {
        "kind": stay.kind,
        "place": stay.place,
        "filing": stay.filing,
        "level": stay.level or stay.charging_level,
        "charging_level": stay.charging_level or stay.level,
        "person_group": stay.person_group,
        "hardship": stay.hardship or terms.NO_HARDSHIP,
        "age": stay.age,
        "nth_stay": min(nth, MAX_NTH),
    }
    for tag in policy.vocabulary.tags:
        profile[f"tag:{tag}"] = tag in stay.tags
    return profile


def _make_plan(policy: Policy, version: Version, profile: dict) -> Plan:
    _check_covered(version, profile)
    benefit = next((b for b in version.benefits if holds(b.when, profile)), None)
    needs_cut = any("area_cut" in layer.less for layer in version.layers)
    main = unreduced = None
    if benefit is not None:
        main = _plan_benefit(policy, version, benefit, profile, reduced=True)
        if needs_cut and benefit.out_of_area:
            unreduced = _plan_benefit(policy, version, benefit, profile, reduced=False)
    return Plan(
        version=version,
        benefit=main,
        unreduced=unreduced,
        layers=tuple(_plan_layer(policy, version, layer, profile) for layer in version.layers),
        catalogue=_plan_catalogue(version, profile),
        account=_plan_account(version, profile),
        opening=_opening(version),
    )


def _check_covered(version: Version, profile: dict) -> None:
    for dimension, accepted in version.covers.items():
        if not holds({dimension: accepted}, profile):
            field = "tags" if dimension.startswith("tag:") else dimension
            field = "person_group" if field == "hardship" else field
            raise StayError(field, f"版本“{version.name}”没有规定这种情况（见政策的 covers）")


def _opening(version: Version) -> tuple[Row, ...]:
    if version.rule.mark is None:
        return ()
    texts = {
        "示例": "本政策为示例，数字不是官方标准，只用于演示。",
        "待核": "本政策的来源有待核实，结果仅供参考。",
    }
    return (Row("policy_mark", texts[version.rule.mark], None, None, None, None, version.rule),)


def look_up(table: Table, profile: dict) -> TableRow | None:
    """The row that holds: exceptions first, then the rows."""
    for row in (*table.exceptions, *table.rows):
        if holds(row.when, profile):
            return row
    return None


def _plan_benefit(
    policy: Policy, version: Version, benefit: Benefit, profile: dict, *, reduced: bool
) -> BenefitPlan:
    changes = [c for c in benefit.out_of_area if reduced and holds(c.when, profile)]
    inner = dict(profile)
    for change in changes:
        if change.as_level is not None:
            inner["level"] = inner["charging_level"] = change.as_level
    firsts = [c for c in changes if c.self_pay_first is not None]
    bands, notes = _plan_ratio(policy, benefit.ratio, changes, inner, "basic")
    return BenefitPlan(
        benefit=benefit,
        self_pay_bp=min(money.WHOLE, sum(c.self_pay_first for c in firsts)),
        self_pay_rule=firsts[-1].rule if firsts else None,
        deductible=_plan_deductible(policy, benefit.deductible, changes, inner, benefit.pot),
        bands=bands,
        notes=notes,
        floor=_plan_floor(benefit, inner),
        caps=(
            *_plan_caps(benefit.caps, inner, "benefits", benefit.name, "本项待遇"),
            *_plan_shared_caps(policy, version, "basic", profile),
        ),
        on_year=benefit.ratio.bands_on_year,
        before_deductible=benefit.ratio.before_deductible,
        profile=inner,
    )


def _plan_layer(policy: Policy, version: Version, layer: Layer, profile: dict) -> LayerPlan:
    if not holds(layer.when, profile):
        return LayerPlan(layer, False, None, None, (), ())
    changes = [c for c in layer.out_of_area if holds(c.when, profile)]
    bands, notes = _plan_ratio(policy, layer.ratio, changes, profile, layer.fund)
    caps = (
        *_plan_caps(layer.caps, profile, "funds", layer.fund, layer.label),
        *_plan_shared_caps(policy, version, layer.fund, profile),
    )
    deductible = _plan_deductible(policy, layer.deductible, changes, profile, layer.fund)
    return LayerPlan(layer, True, deductible, bands, notes, caps)


def _plan_ratio(
    policy: Policy, rule: RatioRule, changes: list, profile: dict, fund: str
) -> tuple[Bands, tuple[Row, ...]]:
    row = look_up(rule.table, profile)
    additions = [a for a in rule.additions if holds(a.when, profile)]
    if any(a.per_year for a in additions) and profile["age"] is None:
        raise StayError("age", "政策按年龄计算比例，请填写")
    ratios = [_final_ratio(band.ratio, additions, rule, changes, profile) for band in row.value]
    words = describe(row.when, policy.vocabulary)
    notes = _ratio_notes(policy, additions, changes, profile, fund)
    return _make_bands(row.value, ratios, words, row.rule), notes


def _final_ratio(ratio: Fraction, additions, rule: RatioRule, changes, profile) -> Fraction:
    for addition in additions:
        ratio = add(ratio, addition, profile["age"])
    ratio = min(ratio, rule.at_most)
    for change in changes:
        if change.points is not None:
            ratio += Fraction(change.points, money.WHOLE)
        if change.factor is not None:
            ratio *= change.factor
    return min(max(ratio, Fraction(0)), Fraction(1))


def _make_bands(bands: tuple[Band, ...], ratios: list, words: str, rule: Rule) -> Bands:
    denominator = lcm(*(ratio.denominator for ratio in ratios))
    labels = [_band_label(bands, n) for n in range(len(bands))]
    return Bands(
        starts=tuple(band.start for band in bands),
        numerators=tuple(r.numerator * (denominator // r.denominator) for r in ratios),
        denominator=denominator,
        ratios=tuple(money.percent(ratio) for ratio in ratios),
        labels=tuple("，".join(part for part in (words, label) if part) for label in labels),
        rule=rule,
    )


def _band_label(bands: tuple[Band, ...], n: int) -> str:
    if len(bands) == 1:
        return ""
    low = money.yuan(bands[n].start)
    if n + 1 == len(bands):
        return f"{low} 元以上部分"
    return f"{low} 至 {money.yuan(bands[n + 1].start)} 元部分"


def _ratio_notes(policy: Policy, additions, changes, profile, fund: str) -> tuple[Row, ...]:
    vocabulary, rows = policy.vocabulary, []
    for item in additions:
        who = describe(item.when, vocabulary) or "所有人"
        text = f"{who}：{_addition_words(item, profile)}。"
        rows.append(Row("ratio_addition", text, None, None, None, fund, item.rule))
    for item in changes:
        where = describe(item.when, vocabulary)
        text = f"异地就医（{where}）：{_change_words(item)}。"
        rows.append(Row("out_of_area", text, None, None, None, fund, item.rule))
    return tuple(rows)


def _addition_words(item, profile: dict) -> str:
    if item.own_share_times is not None:
        return f"个人负担比例按 {money.percent(item.own_share_times)} 计算"
    if item.per_year:
        years = max(0, profile["age"] - item.above_age)
        total = money.points(item.per_year * years)
        return f"按年龄每岁 {money.points(item.per_year)} 个百分点，共 {total} 个百分点"
    verb = "提高" if item.points >= 0 else "降低"
    return f"支付比例{verb} {money.points(abs(item.points))} 个百分点"


def _change_words(item) -> str:
    if item.points is not None:
        return f"支付比例降低 {money.points(-item.points)} 个百分点"
    if item.factor is not None:
        return f"支付比例乘以 {money.percent(item.factor)}"
    if item.self_pay_first is not None:
        share = money.percent_of_points(item.self_pay_first)
        return f"政策范围内费用先由个人自付 {share}"
    if item.deductible_times is not None:
        return f"起付标准乘以 {money.points(int(item.deductible_times * 100))}"
    return f"按{item.as_level}的标准计算"


def _plan_deductible(
    policy: Policy, rule: Deductible | None, changes: list, profile: dict, pot: str
) -> DeductiblePlan | None:
    if rule is None:
        return None
    row = look_up(rule.table, profile)
    value: DeductibleValue = row.value
    times = Fraction(1)
    for change in changes:
        times *= change.deductible_times or 1
    repeat = value.repeat or rule.repeat
    nth = profile["nth_stay"]
    fixed = None
    if value.amount is not None:
        fixed = repeated(value.amount, repeat, times, nth)
    ceiling = look_up(rule.ceiling, profile) if rule.ceiling else None
    return DeductiblePlan(
        value=value,
        repeat=repeat,
        times=times,
        period=value.period or rule.period,
        pot=pot,
        fixed=fixed,
        ceiling=ceiling.value if ceiling else None,
        ceiling_rule=ceiling.rule if ceiling else None,
        renew_days=rule.renew_days,
        renew_as_next=rule.renew_as_next,
        words=_deductible_words(policy, row, repeat, profile),
        rule=row.rule,
    )


def _deductible_words(policy: Policy, row: TableRow, repeat: Repeat, profile: dict) -> str:
    parts = [describe(row.when, policy.vocabulary)]
    if repeat != Repeat() and profile["nth_stay"] > 1:
        parts.append(f"本年第 {profile['nth_stay']} 次住院")
    if row.value.derived:
        parts.append(row.value.derived)
    words = "，".join(part for part in parts if part)
    return f"（{words}）" if words else ""


def repeated(amount: int, repeat: Repeat, times: Fraction, nth: int) -> int:
    """The amount due at the nth stay of the year, then multiplied for out-of-area care."""
    due = amount
    if nth > 1 and repeat.percents:
        share = repeat.percents[min(nth - 2, len(repeat.percents) - 1)]
        due = money.half_up(amount * share, money.WHOLE)
    elif nth > 1 and repeat.falls_by_bp:
        share = max(0, money.WHOLE - repeat.falls_by_bp * (nth - 1))
        due = money.half_up(amount * share, money.WHOLE)
    elif nth > 1:
        due = max(0, amount - repeat.falls_by * (nth - 1))
    due = max(due, min(repeat.down_to, amount))
    return money.half_up(due * times.numerator, times.denominator)


def _plan_floor(benefit: Benefit, profile: dict) -> FloorPlan | None:
    if benefit.floor is None:
        return None
    row = look_up(benefit.floor.table, profile)
    return FloorPlan(benefit.floor.on, row.value, row.rule) if row else None


def _plan_caps(caps: tuple[Cap, ...], profile, section: str, name: str, whose: str):
    plans = []
    for cap in caps:
        row = look_up(cap.table, profile)
        if row is not None:
            keys = ((section, name),) if cap.per == "year" else (("benefits", name),)
            words = f"{whose}{_PER_WORDS[cap.per]}最高支付限额"
            plans.append(CapPlan(row.value, cap.per, keys, (), words, row.rule))
    return plans


def _plan_shared_caps(policy: Policy, version: Version, fund: str, profile: dict):
    plans = []
    for cap in version.caps:
        row = look_up(cap.table, profile) if fund in cap.funds else None
        if row is not None:
            keys = tuple(("funds", name) for name in cap.funds)
            names = "、".join(policy.fund_labels[name] for name in cap.funds)
            words = f"{names}{_PER_WORDS[cap.per]}最高支付限额"
            plans.append(CapPlan(row.value, cap.per, keys, cap.funds, words, row.rule))
    return plans


_PER_WORDS = {"stay": "每次", "month": "每月", "quarter": "每季度", "year": "年度"}


def _plan_catalogue(version: Version, profile: dict) -> dict[str, CatalogueClass]:
    found = {}
    for name, table in version.catalogue.items():
        row = look_up(table, profile)
        found[name] = row.value._replace(rule=row.rule)
    return found


def _plan_account(version: Version, profile: dict) -> AccountUse | None:
    use = version.account
    return use if use is not None and holds(use.when, profile) else None
