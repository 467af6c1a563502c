"""The ratio of one kind of stay: additions, changes for the area, and words for each."""

from fractions import Fraction
from math import lcm

from reimbursements.settlement import money
from reimbursements.settlement.conditions import describe, holds
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import AreaChange, Band, Policy, RatioRule, Rule
from reimbursements.settlement.plan import Bands, the_row
from reimbursements.settlement.read_rules import add
from reimbursements.settlement.rows import Row
from reimbursements.settlement.terms import GROUPS


def plan_ratio(
    policy: Policy, rule: RatioRule, changes: list, profile: dict, fund: str, who: str = ""
) -> tuple[Bands, tuple[Row, ...]]:
    """Bands with their final ratios, and a row for each thing that changed them.

    ``who`` begins the sentences of a later layer: ``大病保险：``.
    """
    row = the_row(rule.table, profile)
    additions = [a for a in rule.additions if holds(a.when, profile)]
    if any(a.per_year for a in additions) and profile["age"] is None:
        raise StayError("age", "政策按年龄计算比例，请填写")
    ratios = [_final_ratio(band.ratio, additions, rule, changes, profile) for band in row.value]
    words = describe(row.when, policy.vocabulary)
    texts = _notes(policy, additions, changes, profile)
    notes = tuple(
        Row(code, who + text, None, None, None, f"funds.{fund}", rule) for code, text, rule in texts
    )
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
    shown = [money.percent(ratio) for ratio in ratios]
    return Bands(
        starts=tuple(band.start for band in bands),
        numerators=tuple(r.numerator * (denominator // r.denominator) for r in ratios),
        denominator=denominator,
        ratios=tuple(shown),
        words=tuple(
            f" 元 × {ratio}{_band_label(bands, n, words)} = " for n, ratio in enumerate(shown)
        ),
        rule=rule,
    )


def _band_label(bands: tuple[Band, ...], n: int, words: str) -> str:
    parts = [words] if words else []
    if len(bands) > 1:
        low = money.yuan(bands[n].start)
        top = n + 1 == len(bands)
        parts.append(
            f"{low} 元以上部分" if top else f"{low} 至 {money.yuan(bands[n + 1].start)} 元部分"
        )
    return f"（{'，'.join(parts)}）" if parts else ""


def _notes(policy: Policy, additions, changes, profile) -> list[tuple[str, str, Rule]]:
    found = []
    for item in additions:
        group = describe(item.when, policy.vocabulary)
        text = f"{_addition_words(item, profile)}。"
        shown = f"{group}：{text}" if group else text
        found.append(("ratio_addition", shown, item.rule))
    for item in changes:
        found.append(("out_of_area", f"{_where(item, policy)}：{_change_words(item)}。", item.rule))
    return found


def _where(item: AreaChange, policy: Policy) -> str:
    """``异地就医（其他临时外出）``; a place that is only "elsewhere" goes without saying."""
    elsewhere = frozenset(GROUPS["place"]["out_of_area"])
    shown = {d: v for d, v in item.when.items() if d != "place" or v != elsewhere}
    where = describe(shown, policy.vocabulary)
    return f"异地就医（{where}）" if where else "异地就医"


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
