"""What later layers pay, each on its own base and never more than what is left."""

from reimbursements.settlement import money
from reimbursements.settlement.basic import band_rows, cap_fund, climb, share_of_bill
from reimbursements.settlement.plan import LayerPlan
from reimbursements.settlement.rows import Row, make_row
from reimbursements.settlement.work import Work, period_name

yuan = money.yuan


def pay_layer(work: Work, plan: LayerPlan) -> int:
    """Fen this layer pays. Writes rows and the yearly base."""
    layer = plan.layer
    base, left = _base(work, layer)
    if not base:
        return 0
    past, part = 0, plan.part
    if layer.on_year:
        past = work.account.counters.get(("bases", layer.fund), 0)
        work.gain("bases", layer.fund, base)
    work.rows.extend(plan.notes)
    due = _deductible(work, plan)
    fund, legs = climb(plan.bands, *_position(plan, past, base, due))
    work.rows.append(_base_row(plan, past, base, due))
    band_rows(work.rows, plan.bands, legs, part, plan.who)
    if not legs:
        text = f"{layer.label}：没有超过起付标准，不支付。"
        work.rows.append(make_row(("fund_none", text, base, None, 0, part, layer.rule)))
    fund = cap_fund(work, plan.caps, fund, part)
    if fund > left:
        text = f"{layer.label}：最多支付到剩余的 {yuan(left)} 元。"
        work.rows.append(make_row(("fund_limit", text, fund, None, left - fund, part, layer.rule)))
        fund = left
    for per, name in plan.counted:
        counter = name if per == "year" else period_name(name, per, work.day)
        work.gain("benefits", counter, fund)
    return fund


def _base(work: Work, layer) -> tuple[int, int]:
    """What the layer counts of this stay, and the most it may pay."""
    bill = work.bill
    whole = bill.in_scope
    for part in layer.plus:
        whole += getattr(bill, part)
    if layer.base == "total_left":
        whole = bill.total
    left = whole - work.paid_sum
    if left < 0:
        left = 0
    if layer.base == "in_scope":
        base = whole
    elif layer.base == "over_cap":
        base = work.over_cap if work.over_cap < left else left
    else:
        base = left
    if layer.less:
        base = max(0, base - _taken_off(work, layer.less))
    return base, left


def _taken_off(work: Work, less: tuple[str, ...]) -> int:
    """What does not count for a layer; beside the area cut, the deductible as at home."""
    off = 0
    if "area_cut" in less:
        off += work.area_cut
    if "deductible" in less:
        home = work.home_deductible
        off += home if "area_cut" in less and home is not None else work.deductible
    return off


def _deductible(work: Work, plan: LayerPlan) -> int:
    if plan.deductible is None:
        return 0
    if plan.deductible.fixed is not None:
        return plan.deductible.fixed
    return share_of_bill(work, plan.deductible)[0]


def _position(plan: LayerPlan, past: int, base: int, due: int) -> tuple[int, int]:
    """Where on the scale of bands this stay begins and ends, past stays included."""
    start, end = past if past > due else due, past + base
    if not plan.layer.ratio.before_deductible:
        start, end = start - due, end - due
    return start, end


def _base_row(plan: LayerPlan, past: int, base: int, due: int) -> Row:
    text = f"{plan.base_words}{yuan(base)} 元"
    if past:
        text += f"，本年此前累计 {yuan(past)} 元"
    if due:
        text += f"，起付标准 {yuan(due)} 元{plan.deductible.words}"
    rule = plan.layer.rule if plan.deductible is None else plan.deductible.rule
    return make_row(("layer_base", text + "。", base, None, None, plan.part, rule))
