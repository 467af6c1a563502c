"""What a reviewer should look at: evidence, never a refusal.

The patterns are those of docs/sources.md and published fraud cases (an added digit, one stay
claimed twice, a small stay before a large one). Thresholds are this system's own choice, not
a rule of any agency. Each function is pure and returns what it doubts.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher

from reimbursements.bills.deadlines import Deadline
from reimbursements.bills.facts import BillFacts, Doubt, StayFacts, day_words
from reimbursements.bills.numbers import normal
from reimbursements.bills.sums import check_sums
from reimbursements.settlement.money import yuan

# Our thresholds (本系统的数).
HIGHEST_TAX = 17  # percent; the highest rate of VAT that an old invoice can carry
TINY_PART = 10  # a stay below 1/10 of the next one
TINY_WITHIN = timedelta(days=30)
MANY_PERSONS = 5
ALIKE = 0.75  # of two names of institutions, by what they have in common
_BLANKS = re.compile(r"[\s·•‧∙・.．]")


def doubts_of(stay: StayFacts, others: Iterable[StayFacts] = (), patient: str = "") -> list[Doubt]:
    """Everything doubtful of one stay. `others` are the same person's other stays;
    `patient` the person's name, only compared and never repeated."""
    others = list(others)
    found = check_sums(stay)
    for bill in stay.bills:
        found += qr_unlike_typed(bill)
        found += bill_outside_stay(bill, stay)
        found += payer_not_patient(bill, patient)
        found += inflated_digit(bill)
    found += same_in_other_claim(stay, others)
    found += same_stay_other_name(stay, others) + overlapping_stays(stay, others)
    found += tiny_first_stay(stay, others)
    return found


def qr_unlike_typed(bill: BillFacts) -> list[Doubt]:
    """Amount, number or day of the QR code or the original unlike what was typed."""
    found = bill.found
    if found is None:
        return []
    doubts = []
    if bill.number and normal(found.number) != normal(bill.number):
        text = f"{bill.title}：二维码（或电子原件）里的号码是{found.number}，与填写的不同。"
        doubts.append(Doubt("qr_number", text, bill.target))
    if not _amount_fits(bill):
        text = (
            f"{bill.title}：二维码（或电子原件）里的金额是{yuan(found.amount)}元，"
            f"填写的是{yuan(bill.total)}元，相差{yuan(abs(found.amount - bill.total))}元。"
        )
        doubts.append(Doubt("qr_amount", text, bill.target))
    if found.issued_on and bill.issued_on and found.issued_on != bill.issued_on:
        text = (
            f"{bill.title}：二维码（或电子原件）里的开票日期是{day_words(found.issued_on)}，"
            f"填写的是{day_words(bill.issued_on)}。"
        )
        doubts.append(Doubt("qr_day", text, bill.target))
    return doubts


def _amount_fits(bill: BillFacts) -> bool:
    """Whether the amounts agree; without tax the code may say less, up to the highest rate."""
    read, typed = bill.found.amount, bill.total
    if read is None or typed is None or read == typed:
        return True
    return bill.found.tax_exclusive and read < typed <= read * (100 + HIGHEST_TAX) // 100 + 1


def bill_outside_stay(bill: BillFacts, stay: StayFacts) -> list[Doubt]:
    """A bill issued before the first day or after the last day of the stay."""
    if bill.issued_on is None or stay.days is None:
        return []
    first, last = stay.days
    if first <= bill.issued_on <= last:
        return []
    side = "早于入院（就诊）" if bill.issued_on < first else "晚于出院（就诊）"
    day = first if bill.issued_on < first else last
    text = (
        f"{bill.title}的开票日期{day_words(bill.issued_on)}{side}日期{day_words(day)}，"
        "请核对是不是这次就医的票据。"
    )
    return [Doubt("bill_outside_stay", text, bill.target)]


def payer_not_patient(bill: BillFacts, patient: str) -> list[Doubt]:
    """The payer (交款人) of the bill is somebody else. The sentence names nobody."""
    if not bill.payer or not patient or plain_name(bill.payer) == plain_name(patient):
        return []
    text = f"{bill.title}的交款人不是参保人本人，请对照票据核对姓名。"
    return [Doubt("payer_not_patient", text, bill.target)]


def plain_name(name: str) -> str:
    """A name without spaces, dots and width, for comparing only."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def inflated_digit(bill: BillFacts) -> list[Doubt]:
    """The total is the sum of the lines (or the amount of the code) with one digit added.

    The published case: 15263.14 became 105263.14.
    """
    if bill.total is None:
        return []
    lines = sum(line.amount for line in bill.lines)
    read = bill.found.amount if bill.found else None
    for true, where in ((lines, "明细相加"), (read, "二维码里的金额")):
        if true and _one_digit_more(true, bill.total):
            text = (
                f"{bill.title}：填写的金额{yuan(bill.total)}元比{where}{yuan(true)}元"
                "正好多出一位数字，请对照票据核对。"
            )
            return [Doubt("inflated_digit", text, bill.target)]
    return []


def _one_digit_more(true: int, stated: int) -> bool:
    """Whether taking one digit away from `stated` leaves `true`."""
    text, wanted = str(stated), str(true)
    return len(text) == len(wanted) + 1 and any(
        text[:place] + text[place + 1 :] == wanted for place in range(len(text))
    )


def same_stay_other_name(stay: StayFacts, others: Iterable[StayFacts]) -> list[Doubt]:
    """The same days at an institution that is called nearly the same: one stay or visit that
    was written down as two, and would be settled as two."""
    doubts = []
    for other in others:
        if _is_one_written_twice(stay, other):
            text = (
                f"{other.title}的就医日期和这件相同，医院写的是“{other.institution_name}”，"
                f"这件写的是“{stay.institution_name}”，可能是同一次就医。同一次就医应合在一起结算："
                "是同一家的，请补正“医疗机构”，写成一样或从列表中选同一家，提交后会合并。"
            )
            doubts.append(Doubt("overlapping_stays", text, "field:institution"))
    return doubts


def _is_one_written_twice(stay: StayFacts, other: StayFacts) -> bool:
    if stay.days is None or stay.days != other.days or stay.is_stay != other.is_stay:
        return False
    names = [plain_name(each.institution_name) for each in (stay, other)]
    if stay.institution == other.institution or not all(names):
        return False
    return SequenceMatcher(None, *names).ratio() >= ALIKE


def overlapping_stays(stay: StayFacts, others: Iterable[StayFacts]) -> list[Doubt]:
    """Other stays in hospital on the same days; a transfer on the same day is none."""
    if not stay.is_stay or stay.days is None:
        return []
    first, last = stay.days
    doubts = []
    for other in others:
        if not other.is_stay or other.days is None or _is_same(stay, other):
            continue
        if _is_one_written_twice(stay, other):
            continue  # said in other words
        if first < other.discharged_on and other.admitted_on < last:
            where = "同一家" if other.institution == stay.institution else "另一家"
            text = (
                f"住院日期{day_words(first)}至{day_words(last)}，与{other.title}在{where}医院的"
                f"{day_words(other.admitted_on)}至{day_words(other.discharged_on)}重叠。"
            )
            doubts.append(Doubt("overlapping_stays", text, "field:admitted_on"))
    return doubts


def _is_same(stay: StayFacts, other: StayFacts) -> bool:
    """The same institution and days, whose bills may come in several claims."""
    return stay.institution == other.institution and stay.days == other.days


def same_in_other_claim(stay: StayFacts, others: Iterable[StayFacts]) -> list[Doubt]:
    """The same institution, days and amount in another claim of the same person."""
    if stay.days is None or not stay.billed:
        return []
    return [
        Doubt(
            "same_stay_same_amount",
            f"{other.title}里有同一家医院、同样日期、同样金额（{yuan(stay.billed)}元）的费用，"
            "可能是重复报销，请核对票据号码。",
            "field:bills",
        )
        for other in others
        if _is_same(stay, other) and other.billed == stay.billed
    ]


def tiny_first_stay(stay: StayFacts, others: Iterable[StayFacts]) -> list[Doubt]:
    """A very small stay shortly before this one in the same year: later stays of a year often
    have a lower deductible, so the first one may be there to take the higher."""
    if not stay.is_stay or stay.days is None or not stay.billed:
        return []
    doubts = []
    for other in others:
        if not other.is_stay or other.days is None or not other.billed > 0:
            continue
        gap = stay.admitted_on - other.discharged_on
        near = timedelta(0) <= gap <= TINY_WITHIN
        same_year = other.discharged_on.year == stay.discharged_on.year
        if near and same_year and other.billed * TINY_PART < stay.billed:
            text = (
                f"{other.title}的住院只有{yuan(other.billed)}元，{gap.days}天后又住院，"
                f"这次是{yuan(stay.billed)}元。请核对前一次住院是否真实，起付标准是否正确。"
            )
            doubts.append(Doubt("tiny_first_stay", text, "field:nth_stay"))
    return doubts


def late_claim(deadline: Deadline | None, asked_on: date) -> list[Doubt]:
    """The claim was handed in after the deadline of the place: for a clerk to decide."""
    if deadline is None or not deadline.passed(asked_on):
        return []
    mark = f"（{deadline.mark}）" if deadline.mark else ""
    text = (
        f"申请期限{mark}是{day_words(deadline.day)}，提交时已过{-deadline.days_left(asked_on)}天。"
        f"依据：{deadline.source}。请核实晚交的原因后决定。"
    )
    return [Doubt("late_claim", text, "field:discharged_on")]


def same_bill(bill: BillFacts, case_numbers: Sequence[str]) -> list[Doubt]:
    """The bill stands in these other cases, whatever became of them."""
    if not case_numbers:
        return []
    text = f"{bill.title}在办件{'、'.join(case_numbers)}里也出现过，请核对是否重复报销。"
    return [Doubt("same_bill", text, bill.target)]


def same_number(bill: BillFacts, seen: Sequence[tuple[str, str]]) -> list[Doubt]:
    """The same number stands under another kind or code: `seen` are (where, words of the kind),
    where being a claim, or "本申请" for another bill of this one."""
    if not seen:
        return []
    places = "、".join(dict.fromkeys(f"{where}（{kind}）" for where, kind in seen))
    text = (
        f"{bill.title}的号码在{places}里以另一种票据种类或代码出现过，"
        "可能是同一张票据，请对照影像核对。"
    )
    return [Doubt("same_bill", text, bill.target)]


def proxy_of_many(persons: int, at_least: int = MANY_PERSONS) -> list[Doubt]:
    """One proxy hands in claims for many persons."""
    if persons < at_least:
        return []
    text = f"同一个代办人为{persons}个人提交过报销申请，请核对委托关系。"
    return [Doubt("proxy_of_many", text, "field:proxy")]


def third_party(answered_yes: bool) -> list[Doubt]:
    """An accident in which somebody else may have to pay (not payable, docs/sources.md)."""
    if not answered_yes:
        return []
    text = "申请人说明涉及第三方责任，应由第三方负担的不在支付范围，请核对责任认定材料。"
    return [Doubt("third_party", text, "field:third_party")]
