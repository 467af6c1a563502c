"""What the basic fund pays: own share for the area, deductible, bands, floor, caps."""

from reimbursements.settlement import money
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.plan import (
    Bands,
    BenefitPlan,
    DeductiblePlan,
    repeated,
    the_row,
)
from reimbursements.settlement.rows import Row, make_row
from reimbursements.settlement.work import Work, left_under, period_name

yuan = money.yuan
PART = "funds.basic"


def pay_basic(work: Work, plan: BenefitPlan) -> int:
    """Fen the basic fund pays. Writes rows, counters and what later layers need."""
    rows, bill = work.rows, work.bill
    in_scope = bill.in_scope
    rows.extend(plan.notes)
    reach = in_scope
    if plan.self_pay_bp:
        reach -= _area_self_pay(work, plan)
    due = taken = 0
    if plan.deductible is not None:
        due, taken = take_deductible(work, plan.deductible, reach)
    work.deductible = taken
    start, end = _position(work, plan, reach, taken)
    fund, legs = climb(plan.bands, start, end)
    band_rows(rows, plan.bands, legs, PART)
    if not legs:
        _nothing(rows, plan, reach, taken)
    uncapped = fund
    if plan.floor is not None:
        fund = _lift(work, plan, fund, due)
    fund = cap_fund(work, plan.caps, fund, PART)
    if fund < uncapped:
        work.over_cap = beyond(plan.bands, legs, fund)
    _count_caps(work, plan, fund)
    return fund


def _area_self_pay(work: Work, plan: BenefitPlan) -> int:
    in_scope, bp = work.bill.in_scope, plan.self_pay_bp
    amount = money.half_up(in_scope * bp, money.WHOLE)
    ratio = money.percent_of_points(bp)
    text = (
        f"异地就医先由个人自付：{yuan(in_scope)} 元 × {ratio} = {yuan(amount)} 元，"
        f"余 {yuan(in_scope - amount)} 元按规定支付。"
    )
    work.rows.append(
        make_row(
            ("area_self_pay", text, in_scope, ratio, amount, "area_self_pay", plan.self_pay_rule)
        )
    )
    return amount


def take_deductible(work: Work, plan: DeductiblePlan, reach: int) -> tuple[int, int]:
    """The deductible due for this stay and what is taken of it (never above ``reach``)."""
    standard, words = _standard(work, plan)
    due, more = _due_in_period(work, plan, standard)
    if plan.ceiling is not None:
        so_far = work.account.counters.get(("deductibles", plan.pot), 0)
        left = max(0, plan.ceiling - so_far)
        if due > left:
            more += (
                f"；年度起付标准累计最高 {yuan(plan.ceiling)} 元，"
                f"此前已扣 {yuan(so_far)} 元，只再扣 {yuan(left)} 元"
            )
            due = left
    taken = due if due < reach else reach
    text = f"起付标准 {yuan(standard)} 元{words}{more}，本次扣除 {yuan(taken)} 元。"
    work.rows.append(make_row(("deductible", text, reach, None, taken, "deductible", plan.rule)))
    _count_deductible(work, plan, standard, taken)
    return due, taken


def _standard(work: Work, plan: DeductiblePlan) -> tuple[int, str]:
    standard, words = plan.fixed, plan.words
    if standard is None:
        standard, words = share_of_bill(work, plan)
    if plan.renew_days is None:
        return standard, words
    days = _days(work)
    rounds = max(1, -(-days // plan.renew_days))
    if rounds == 1:
        return standard, words
    extra = sum(_renewed(work, plan, n) for n in range(1, rounds))
    words += f"，住院 {days} 天，每超过 {plan.renew_days} 天再收一次，共 {rounds} 次"
    return standard + extra, words


def share_of_bill(work: Work, plan: DeductiblePlan) -> tuple[int, str]:
    """A deductible that is a percentage of the bill, with its least and most."""
    value = plan.value
    base = work.bill.total if value.share_of == "total" else work.bill.in_scope
    amount = max(value.at_least, money.half_up(base * value.share_bp, money.WHOLE))
    if value.at_most is not None:
        amount = min(amount, value.at_most)
    name = "总费用" if value.share_of == "total" else "政策范围内费用"
    words = f"（{name} {yuan(base)} 元的 {money.percent_of_points(value.share_bp)}"
    if value.at_least:
        words += f"，最低 {yuan(value.at_least)} 元"
    if value.at_most is not None:
        words += f"，最高 {yuan(value.at_most)} 元"
    nth = work.stay.nth_stay or work.account.stays + 1
    return repeated(amount, plan.repeat, plan.times, nth), words + "）"


def _days(work: Work) -> int:
    stay = work.stay
    for field in ("admitted_on", "discharged_on"):
        if getattr(stay, field) is None:
            raise StayError(field, "政策按住院天数再收起付标准，请填写")
    return (stay.discharged_on - stay.admitted_on).days


def _renewed(work: Work, plan: DeductiblePlan, further: int) -> int:
    """One further charge of a long stay: again the same, or as of the next stay."""
    nth = work.stay.nth_stay or work.account.stays + 1
    if not plan.renew_as_next:
        return plan.fixed if plan.fixed is not None else share_of_bill(work, plan)[0]
    benefit = work.plan.benefit
    profile = {**benefit.profile, "nth_stay": min(nth + further, 99)}
    row = the_row(benefit.benefit.deductible.table, profile)
    repeat = row.value.repeat or benefit.benefit.deductible.repeat
    amount = row.value.amount
    if amount is None:
        amount = share_of_bill(work, plan)[0]
    return repeated(amount, repeat, plan.times, nth + further)


def _due_in_period(work: Work, plan: DeductiblePlan, standard: int) -> tuple[int, str]:
    period = plan.period
    if period == "stay":
        return standard, ""
    counters = work.account.counters
    if period == "year":
        standard = counters.get(("deductible_standards", plan.pot), standard)
    paid = counters.get(("deductibles", _pot(work, plan)), 0)
    words = f"，{_PERIOD_WORDS[period]}，此前已扣 {yuan(paid)} 元"
    return max(0, standard - paid), words


_PERIOD_WORDS = {
    "year": "一年收一次",
    "year_top_up": "一年收一次、到更高级别时补足差额",
    "quarter": "每季度收一次",
    "month": "每月收一次",
    "institution_year": "每家医院一年收一次",
}


def _pot(work: Work, plan: DeductiblePlan) -> str:
    if plan.period in ("quarter", "month"):
        return period_name(plan.pot, plan.period, work.day)
    if plan.period == "institution_year":
        if work.stay.institution is None:
            raise StayError("institution", "政策按每家医院收起付标准，请填写医院名称或编号")
        return f"{plan.pot}@{work.stay.institution}"
    return plan.pot


def _count_deductible(work: Work, plan: DeductiblePlan, standard: int, taken: int) -> None:
    work.gain("deductibles", plan.pot, taken)
    pot = _pot(work, plan)
    if pot != plan.pot:
        work.gain("deductibles", pot, taken)
    key = ("deductible_standards", plan.pot)
    if plan.period == "year" and key not in work.account.counters:
        work.gain(*key, standard)


def _position(work: Work, plan: BenefitPlan, reach: int, taken: int) -> tuple[int, int]:
    """Where on the scale of bands this stay begins and ends."""
    past = 0
    if plan.on_year:
        name = plan.benefit.pot
        past = work.account.counters.get(("banded", name), 0)
        work.gain("banded", name, reach if plan.before_deductible else reach - taken)
    if plan.before_deductible:
        return past + taken, past + reach
    return past, past + reach - taken


def climb(bands: Bands, start: int, end: int) -> tuple[int, list[tuple[int, int, int]]]:
    """What the bands pay from ``start`` to ``end``: the sum and (band, length, amount).

    Rounded once: each leg is the rounded running sum less the one before it, so that
    the legs add up to the rounded whole.
    """
    starts, numerators, denominator = bands.starts, bands.numerators, bands.denominator
    legs = []
    running = paid = 0
    last = len(starts) - 1
    for n, low in enumerate(starts):
        if low < start:
            low = start
        high = end if n == last or starts[n + 1] > end else starts[n + 1]
        if high > low:
            running += (high - low) * numerators[n]
            now = (2 * running + denominator) // (2 * denominator)
            legs.append((n, high - low, now - paid))
            paid = now
    return paid, legs


def band_rows(rows: list[Row], bands: Bands, legs, part: str, who: str = "") -> None:
    """One row for each leg."""
    for n, length, amount in legs:
        text = f"{who}{yuan(length)}{bands.words[n]}{yuan(amount)} 元。"
        fields = ("fund_band", text, length, bands.ratios[n], amount, part, bands.rule)
        rows.append(make_row(fields))


def _nothing(rows: list[Row], plan: BenefitPlan, reach: int, taken: int) -> None:
    if reach <= taken and plan.deductible is not None:
        text = "政策范围内费用没有超过起付标准，统筹基金不支付。"
    else:
        text = "没有可以支付的费用，统筹基金不支付。"
    rows.append(make_row(("fund_none", text, reach - taken, None, 0, PART, plan.bands.rule)))


def _lift(work: Work, plan: BenefitPlan, fund: int, due: int) -> int:
    floor, bill = plan.floor, work.bill
    base, name = {
        "in_scope": (bill.in_scope, "政策范围内费用"),
        "in_scope_less_deductible": (bill.in_scope - due, "政策范围内费用减起付标准"),
        "total": (bill.total, "总费用"),
        "total_less_deductible": (bill.total - due, "总费用减起付标准"),
    }[floor.on]
    base = max(0, base)
    least = money.half_up(base * floor.ratio.numerator, floor.ratio.denominator)
    if least <= fund:
        return fund
    ratio = money.percent(floor.ratio)
    text = (
        f"保底：{name} {yuan(base)} 元 × {ratio} = {yuan(least)} 元，"
        f"高于按比例计算的 {yuan(fund)} 元，补足 {yuan(least - fund)} 元。"
    )
    work.rows.append(make_row(("fund_floor", text, base, ratio, least - fund, PART, floor.rule)))
    return least


def cap_fund(work: Work, caps, fund: int, part: str) -> int:
    """The payment cut to what each cap still allows, with a row for each cut."""
    for cap in caps:
        left = left_under(cap, work)
        if fund > left:
            text = (
                f"{cap.words} {yuan(cap.amount)} 元，还可支付 {yuan(left)} 元，"
                f"超出的 {yuan(fund - left)} 元不由本基金支付。"
            )
            work.rows.append(make_row(("fund_cap", text, fund, None, left - fund, part, cap.rule)))
            fund = left
    return fund


def beyond(bands: Bands, legs, fund: int) -> int:
    """In-scope fen above the point at which the bands have paid ``fund``.

    What lies in a band of 0 % is outside the fund by its ratio, not by a cap.
    """
    owed = fund * bands.denominator
    over = 0
    for n, length, _ in legs:
        numerator = bands.numerators[n]
        if owed >= length * numerator:
            owed -= length * numerator
            continue
        used = -(-owed // numerator) if numerator else length
        over += length - used
        owed = 0
    return over


def _count_caps(work: Work, plan: BenefitPlan, fund: int) -> None:
    for per, name in plan.counted:
        counter = name if per == "year" else period_name(name, per, work.day)
        work.gain("benefits", counter, fund)
