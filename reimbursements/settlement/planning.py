"""Making plans: a version and the facts of a stay that its conditions ask for.

Plans are kept per version and profile; they are pure values, so keeping them changes
nothing but the time.
"""

from fractions import Fraction

from reimbursements.settlement import asked, money, terms
from reimbursements.settlement.account import Account
from reimbursements.settlement.conditions import MAX_NTH, describe, holds
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import (
    AccountUse,
    Benefit,
    CatalogueClass,
    Deductible,
    DeductibleValue,
    Layer,
    Policy,
    Repeat,
    TableRow,
    Version,
)
from reimbursements.settlement.plan import (
    BenefitPlan,
    DeductiblePlan,
    FloorPlan,
    LayerPlan,
    Plan,
    look_up,
    repeated,
    the_row,
)
from reimbursements.settlement.plan_caps import counted, plan_caps, plan_shared_caps
from reimbursements.settlement.plan_ratio import plan_ratio
from reimbursements.settlement.rows import Row
from reimbursements.settlement.stay import Stay

MAX_PLANS = 4096

BASE_WORDS = {
    "in_scope_left": "此前各项支付后政策范围内个人负担",
    "over_cap": "超过基本医保限额的政策范围内费用",
    "in_scope": "政策范围内费用",
    "total_left": "此前各项支付后个人负担",
}


def plan_for(policy: Policy, version: Version, stay: Stay, account: Account) -> Plan:
    """The plan of a stay. Raises StayError when a fact is missing or not covered."""
    nth = stay.nth_stay or account.stays + 1
    parts = version.parts or _first_use(version)
    key = (
        stay.kind,
        stay.place,
        stay.filing,
        stay.level,
        stay.charging_level,
        stay.person_group,
        stay.hardship,
        stay.age if parts["uses_age"] else None,
        nth if parts["uses_nth"] else None,
        stay.tags,
    )
    plan = version.plans.get(key)
    if plan is None:
        plan = _make_plan(policy, version, _profile(policy, stay, nth))
        if len(version.plans) >= MAX_PLANS:
            version.plans.clear()
        version.plans[key] = plan
    return plan


def _first_use(version: Version) -> dict:
    """What the version asks for, block by block; written once, the same every time."""
    used = asked.of_version(version)
    benefits = {b.name: asked.of_benefit(b, version.caps) for b in version.benefits}
    layers = {layer.fund: asked.of_layer(layer, version.caps) for layer in version.layers}
    found = {"uses_age": "age" in used, "uses_nth": "nth_stay" in used}
    version.parts.update(found | {"benefits": benefits, "layers": layers, "kept": {}})
    return version.parts


def _kept(version: Version, name: str, dimensions: tuple[str, ...], profile: dict, make):
    """A part of a plan, made once for each set of facts that it depends on."""
    kept = version.parts["kept"]
    key = (name, *[profile[dimension] for dimension in dimensions])
    part = kept.get(key)
    if part is None:
        part = make()
        if len(kept) >= MAX_PLANS:
            kept.clear()
        kept[key] = part
    return part


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
    main = unreduced = None
    if benefit is not None:
        main = _kept_benefit(policy, version, benefit, profile, True)
        cut = any("area_cut" in layer.less for layer in version.layers)
        if cut and benefit.out_of_area:
            unreduced = _kept_benefit(policy, version, benefit, profile, False)
    return Plan(
        version=version,
        benefit=main,
        unreduced=unreduced,
        layers=tuple(_kept_layer(policy, version, layer, profile) for layer in version.layers),
        catalogue=_plan_catalogue(version, profile),
        account=_plan_account(version, profile),
        opening=_opening(version),
    )


def _kept_benefit(
    policy: Policy, version: Version, benefit: Benefit, profile: dict, reduced: bool
) -> BenefitPlan:
    return _kept(
        version,
        f"{benefit.name}@{reduced}",
        version.parts["benefits"][benefit.name],
        profile,
        lambda: _plan_benefit(policy, version, benefit, profile, reduced=reduced),
    )


def _kept_layer(policy: Policy, version: Version, layer: Layer, profile: dict) -> LayerPlan:
    return _kept(
        version,
        layer.fund,
        version.parts["layers"][layer.fund],
        profile,
        lambda: _plan_layer(policy, version, layer, profile),
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


def _plan_benefit(
    policy: Policy, version: Version, benefit: Benefit, profile: dict, *, reduced: bool
) -> BenefitPlan:
    changes = [c for c in benefit.out_of_area if reduced and holds(c.when, profile)]
    inner = dict(profile)
    for change in changes:
        if change.as_level is not None:
            inner["level"] = inner["charging_level"] = change.as_level
    firsts = [c for c in changes if c.self_pay_first is not None]
    bands, notes = plan_ratio(policy, benefit.ratio, changes, inner, "basic")
    return BenefitPlan(
        benefit=benefit,
        self_pay_bp=min(money.WHOLE, sum(c.self_pay_first for c in firsts)),
        self_pay_rule=firsts[-1].rule if firsts else None,
        deductible=_plan_deductible(policy, benefit.deductible, changes, inner, benefit.pot),
        bands=bands,
        notes=notes,
        floor=_plan_floor(benefit, inner),
        caps=(
            *plan_caps(benefit.caps, inner, "benefits", benefit.name, "本项待遇"),
            *plan_shared_caps(policy, version, "basic", profile),
        ),
        on_year=benefit.ratio.bands_on_year,
        before_deductible=benefit.ratio.before_deductible,
        profile=inner,
        counted=counted(benefit.caps, inner, benefit.name, ("month", "quarter", "year")),
    )


def _plan_layer(policy: Policy, version: Version, layer: Layer, profile: dict) -> LayerPlan:
    if not holds(layer.when, profile):
        return LayerPlan(layer, False, None, None, (), (), (), "", "", "")
    changes = [c for c in layer.out_of_area if holds(c.when, profile)]
    bands, notes = plan_ratio(policy, layer.ratio, changes, profile, layer.fund, f"{layer.label}：")
    caps = (
        *plan_caps(layer.caps, profile, "funds", layer.fund, layer.label),
        *plan_shared_caps(policy, version, layer.fund, profile),
    )
    deductible = _plan_deductible(policy, layer.deductible, changes, profile, layer.fund)
    return LayerPlan(
        layer=layer,
        applies=True,
        deductible=deductible,
        bands=bands,
        notes=notes,
        caps=caps,
        counted=counted(layer.caps, profile, layer.fund, ("month", "quarter")),
        part=f"funds.{layer.fund}",
        who=f"{layer.label}：",
        base_words=f"{layer.label}：{BASE_WORDS[layer.base]} ",
    )


def _plan_deductible(
    policy: Policy, rule: Deductible | None, changes: list, profile: dict, pot: str
) -> DeductiblePlan | None:
    if rule is None:
        return None
    row = the_row(rule.table, profile)
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


def _plan_floor(benefit: Benefit, profile: dict) -> FloorPlan | None:
    if benefit.floor is None:
        return None
    row = look_up(benefit.floor.table, profile)
    return FloorPlan(benefit.floor.on, row.value, row.rule) if row else None


def _plan_catalogue(version: Version, profile: dict) -> dict[str, CatalogueClass]:
    found = {}
    for name, table in version.catalogue.items():
        row = the_row(table, profile)
        found[name] = row.value._replace(rule=row.rule)
    return found


def _plan_account(version: Version, profile: dict) -> AccountUse | None:
    use = version.account
    return use if use is not None and holds(use.when, profile) else None
