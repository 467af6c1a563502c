"""What would probably be paid, before anything is submitted. Nothing is written."""

from dataclasses import dataclass
from datetime import date

from facilities.areas import UnknownArea, pooling_area_of
from facilities.models import Institution
from facilities.searchtext import clean_name
from filings.inquiry import FilingAnswer, filing_for
from reimbursements.answers import Answers, BillAnswer, area_or_blank
from reimbursements.codes import KINDS
from reimbursements.models import Settlement as Row
from reimbursements.models import Stay
from reimbursements.settlement import Settlement
from reimbursements.settling.computing import age_on, compute
from reimbursements.settling.errors import CannotSettle
from reimbursements.settling.inputs import BillParts, LineParts, StayFacts
from reimbursements.settling.rows import (
    account_row,
    bills_of_stay,
    group_of,
    last_settlement,
    parts_of,
    year_of,
)
from residents.models import Person
from residents.prepared import by_columns

EMERGENCY_REASONS = frozenset({"emergency_no_card"})


@dataclass(frozen=True)
class Estimate:
    """What would probably be paid; `settlement` is of the whole stay. Amounts in fen.

    `payable_fen` is what it brings beyond `paid_before_fen`, paid for the same stay already.
    `unknown_parts`: what of the bills is in scope was not said, so that all of it counts.
    `input` is what the engine was told, as `settlement.read_stay` takes it.
    """

    settlement: Settlement
    paid_before_fen: int
    payable_fen: int
    settled_as: str
    unknown_parts: bool
    input: dict


def estimate(
    answers: Answers, person: Person, today: date, settled_as: str | None = None
) -> Settlement | str:
    """The settlement these answers would probably lead to, or a Chinese sentence why none can
    be computed. `settled_as` asks "what if it had been filed as ..."."""
    found = estimate_of(answers, person, today, settled_as)
    return found if isinstance(found, str) else found.settlement


def estimate_of(
    answers: Answers,
    person: Person,
    today: date,
    settled_as: str | None = None,
    filed: FilingAnswer | None = None,
) -> Estimate | str:
    """The same with what was paid for the stay before. `filed` is what filings say of the
    admission, where it was asked already."""
    gap = _gap(answers)
    if gap:
        return gap
    try:
        return _estimate(answers, person, today, settled_as, filed)
    except CannotSettle as error:
        return str(error)


def category_of(answers: Answers, filed: FilingAnswer) -> str:
    """The category of filing a stay is settled by before a clerk has looked: that of the
    filing in force on the admission; an emergency without one counts as filed (急诊抢救视同
    备案, 医保发〔2022〕22号); else "unfiled"."""
    if filed.found:
        return filed.category
    emergency = answers.kind == "emergency" or answers.reason in EMERGENCY_REASONS
    return "TMP-EMG" if emergency and filed.how == "none" else "unfiled"


def filed_as(answers: Answers, person: Person) -> FilingAnswer:
    """What filings say of the day of admission; needs the day and the place."""
    place = area_or_blank(answers.institution_area or answers.institution)
    return filing_for(person, answers.admitted_on, place)


def institution_key(code: str, name: str) -> str:
    """How a stay knows its institution: by code, else by name in its plain form."""
    return code or clean_name(name)[:80]


def levels_of(answers: Answers) -> tuple[str, str]:
    """(level, charging level) in words: those of the register, else as typed."""
    code = answers.institution
    found = Institution.objects.filter(pk=code).first() if code else None
    if found is None:
        return answers.level, answers.charging_level
    return found.get_level_display(), found.get_charging_level_display()


def parts_of_answer(bill: BillAnswer) -> BillParts:
    """A typed bill as the engine is told of it. The total must be readable."""
    lines = tuple(
        LineParts(line.name, line.cls, line.amount_fen, line.self_first_bp)
        for line in bill.read_lines or ()
    )
    known = {name: bill.part_fen(name) for name in ("own_expense", "over_limit", "self_first")}
    return BillParts(bill.total_fen, **known, in_scope=bill.part_fen("in_scope"), lines=lines)


def _gap(answers: Answers) -> str:
    """What is still needed before anything can be computed, or ""."""
    if answers.kind not in KINDS:
        return "请先选择就医类别"
    if not answers.insured_area or not answers.insurance:
        return "请先填写参保地和险种"
    if not area_or_blank(answers.institution_area or answers.institution):
        return "请先选择就医的医院或城市"
    if answers.admitted_on is None or answers.last_day is None:
        return "请先填写入院和出院日期"
    if answers.last_day < answers.admitted_on:
        return "出院日期早于入院日期，请先改正"
    bills = answers.all_bills
    if not bills or any(bill.total_fen is None for bill in bills):
        return "请先填写每张票据的金额"
    return ""


def _estimate(
    answers: Answers,
    person: Person,
    today: date,
    settled_as: str | None,
    filed: FilingAnswer | None,
) -> Estimate:
    area = _area(answers)
    stay = find_stay(answers, person, area)
    earlier = last_settlement(stay)
    stands = earlier is not None and bool(earlier.output)
    if not settled_as and stands:
        settled_as = earlier.input["filing"]
    settled_as = settled_as or category_of(answers, filed or filed_as(answers, person))
    parts = [parts_of_answer(bill) for bill in answers.all_bills]
    before = parts_of(bills_of_stay(stay, None)) if stay else []

    def year(number: int) -> dict:
        return year_of(account_row(person, area, answers.insurance, number), number)

    facts = _facts(answers, person, today, settled_as, earlier)
    computed = compute(facts, [*before, *parts], year, earlier)
    paid_before = earlier.paid_fen if earlier else 0
    return Estimate(
        settlement=computed.settlement,
        paid_before_fen=paid_before,
        payable_fen=computed.paid_fen - paid_before,
        settled_as=settled_as,
        unknown_parts=not all(part.knows_parts for part in parts),
        input=computed.input,
    )


# What makes a stay one and the same.
STAY_COLUMNS = (
    *("person_id", "area", "insurance", "kind"),
    *("institution_key", "admitted_on", "discharged_on"),
)
_STAYS = by_columns(Stay.objects.all(), *STAY_COLUMNS)


def find_stay(answers: Answers, person: Person, area: str) -> Stay | None:
    """The stay of these answers, if a claim has brought it before."""
    return _STAYS.first(**stay_columns(answers, person, area))


def stay_columns(answers: Answers, person: Person, area: str) -> dict:
    """The columns of `STAY_COLUMNS`, as these answers say them."""
    return {
        "person_id": person.pk,
        "area": area,
        "insurance": answers.insurance,
        "kind": answers.kind,
        "institution_key": institution_key(answers.institution, answers.institution_name),
        "admitted_on": answers.admitted_on,
        "discharged_on": answers.last_day,
    }


def _facts(
    answers: Answers, person: Person, today: date, settled_as: str, earlier: Row | None
) -> StayFacts:
    level, charging = levels_of(answers)
    stands = earlier is not None and bool(earlier.output)
    settled_on = date.fromisoformat(earlier.input["settled_on"]) if stands else today
    return StayFacts(
        kind=answers.kind,
        insured_area=answers.insured_area,
        insurance=answers.insurance,
        institution=institution_key(answers.institution, answers.institution_name),
        institution_area=answers.institution_area or answers.institution,
        level=level,
        charging_level=charging,
        admitted_on=answers.admitted_on,
        discharged_on=answers.last_day,
        settled_on=max(settled_on, answers.last_day),
        settled_as=settled_as,
        reason=answers.reason,
        person_group=group_of(person, answers.insurance, answers.admitted_on),
        age=age_on(person.birth_date, answers.last_day),
        nth_stay=None if stands else answers.nth,
    )


def _area(answers: Answers) -> str:
    try:
        return pooling_area_of(answers.insured_area)
    except UnknownArea:
        raise CannotSettle("参保地不在区划表中，请重新选择参保地") from None
