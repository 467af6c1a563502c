"""What still stops a claim from being submitted: each gap with its field and sentence.

The same list serves the pages (task list, error summary) and the guard of the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from facilities.areas import UnknownArea, counties_of, division
from reimbursements.answers import CONTACT_WAYS, PARTS, BillAnswer
from reimbursements.bills.accounts import BadAccount, check_account
from reimbursements.bills.documents import DOCUMENTS, HANDED_IN
from reimbursements.bills.numbers import check_bill
from reimbursements.codes import BANK_RELATIONS, BILL_FORMS, BILL_KINDS, KINDS, REASONS
from reimbursements.dossier import Dossier
from reimbursements.settlement.terms import INSURANCES
from residents.phones import InvalidPhone, contact_phone

# The steps of the wizard, in order.
WHY, STAY, BILLS, PAPERS, ACCOUNT = "reason", "stay", "bills", "documents", "account"
STEPS = (WHY, STAY, BILLS, PAPERS, ACCOUNT)
IDENTITY = frozenset({"insurance_code", "id_document", "social_card"})
YES_NO = ("yes", "no")
_PART_WORDS = {
    "own_expense": "全自费",
    "over_limit": "超限价",
    "self_first": "先行自付",
    "in_scope": "政策范围内",
}


@dataclass(frozen=True)
class Missing:
    """One gap: the field, what to do, and the step that closes it.

    A field of a bill reads `bills.<key>.<name>`.
    """

    field: str
    text: str
    step: str = ""

    @property
    def message(self) -> str:
        """The same sentence under the name that filings use."""
        return self.text


def missing_of(dossier: Dossier) -> list[Missing]:
    """Every gap in the order of the steps; empty when it can be submitted."""
    parts = (_why, _stay, _place, _bills, _papers, _counter, _account, _contact)
    gaps = [Missing(field, text, step) for part in parts for step, field, text in part(dossier)]
    return sorted(gaps, key=lambda gap: STEPS.index(gap.step))


def _why(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if answers.reason not in REASONS:
        yield WHY, "reason", "请选择没有直接结算的原因"
    if answers.reason == "other" and not answers.note.strip():
        yield STAY, "note", "选了“其他原因”的，请写明当时为什么没有直接结算"
    if answers.in_hospital:
        yield (
            WHY,
            "in_hospital",
            "还在住院的，请在出院时直接结算，或出院以后再申请",
        )


def _stay(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if answers.kind not in KINDS:
        yield STAY, "kind", "请选择就医类别"
    if not (answers.institution or answers.institution_name.strip()):
        yield STAY, "institution", "请选择或填写就医的医院、药店"
    if not dossier.where:
        yield STAY, "institution_area", "请选择医院所在的城市"
    if answers.admitted_on is None:
        yield STAY, "admitted_on", "请填写入院日期" if answers.is_stay else "请填写就诊日期"
    if answers.is_stay and answers.discharged_on is None:
        yield STAY, "discharged_on", "请填写出院日期"
    yield from _days(dossier)
    if answers.third_party not in YES_NO:
        yield STAY, "third_party", "请说明是否由第三方造成（如交通事故、被他人打伤）"
    if answers.other_insurer not in YES_NO:
        yield STAY, "other_insurer", "请说明其他保险是否已经报销过"


def _days(dossier: Dossier) -> Iterator[tuple]:
    admitted, last = dossier.answers.admitted_on, dossier.answers.last_day
    if admitted and last and last < admitted:
        yield STAY, "discharged_on", "出院日期早于入院日期，请改正"
    elif last and last > dossier.today:
        yield STAY, "discharged_on", "出院日期晚于今天，请改正"
    elif admitted and admitted > dossier.today:
        yield STAY, "admitted_on", "日期晚于今天，请改正"


def _place(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if not _is_county(answers.insured_area):
        yield STAY, "insured_area", "请选择参保地，要选到区、县或市本级"
    if answers.insurance not in INSURANCES:
        yield STAY, "insurance", "请选择险种：职工医保或居民医保"


def _is_county(code: str) -> bool:
    try:
        return division(code) is not None and code in {c.code for c in counties_of(code)}
    except UnknownArea:
        return False


def _bills(dossier: Dossier) -> Iterator[tuple]:
    bills = dossier.answers.all_bills
    if not bills:
        yield BILLS, "bills", "请至少添加一张票据"
    for number, bill in enumerate(bills, 1):
        for name, text in _bill(bill):
            yield BILLS, f"bills.{bill.key}.{name}", f"第 {number} 张票据：{text}"
    seen: dict[tuple, int] = {}
    for number, bill in enumerate(bills, 1):
        if not bill.number:
            continue
        first = seen.setdefault(bill.same_bill, number)
        if first != number:
            text = f"第 {number} 张票据和第 {first} 张是同一张，请删除一张"
            yield BILLS, f"bills.{bill.key}.number", text


def _bill(bill: BillAnswer) -> Iterator[tuple[str, str]]:
    """(field, sentence) of what is missing or wrong in one bill."""
    if bill.form not in BILL_FORMS:
        yield "form", "请选择电子票据还是纸质原件"
    if bill.kind not in BILL_KINDS:
        yield "kind", "请选择票据种类"
    else:
        problems = check_bill(
            bill.kind, bill.code, bill.number, bill.check_code, paper=bill.form == "paper"
        )
        for problem in problems:
            if problem.refused:
                yield problem.field, problem.text
    if bill.day is None:
        yield "date", "请填写开票日期，例如 2026-03-01"
    if not bill.total_fen:
        yield "total", "请填写票据金额，单位元，最多两位小数"
        return
    yield from _bill_sums(bill)


def _bill_sums(bill: BillAnswer) -> Iterator[tuple[str, str]]:
    known = 0
    for part in PARTS:
        fen = bill.part_fen(part)
        if fen is None and getattr(bill, part):
            yield part, f"{_PART_WORDS[part]}应为金额，单位元，最多两位小数"
        known += fen or 0
    if known > bill.total_fen:
        yield "total", "各部分之和超过了票据金额，请核对"
    if bill.read_lines is None:
        yield "lines", "明细里有的行没有写全项目、类别或金额，请改正"


def _papers(dossier: Dossier) -> Iterator[tuple]:
    for group in dossier.needed:
        if set(group) <= HANDED_IN or set(group) & dossier.documents:
            continue
        if set(group) <= IDENTITY and not identity_wanted(dossier):
            continue
        names = "、".join(DOCUMENTS[code] for code in group)
        text = f"请上传{names}" if len(group) == 1 else f"请上传以下材料中的一种：{names}"
        yield PAPERS, group[0], text


def _counter(dossier: Dossier) -> Iterator[tuple]:
    """Who was not seen was called back, and what was said is kept."""
    counter = dossier.answers.counter or {}
    if counter.get("caller") == "phone" and not str(counter.get("note") or "").strip():
        yield PAPERS, "counter", "材料是寄来的，请写明回拨核实的情况"


def identity_wanted(dossier: Dossier) -> bool:
    """A paper of identity is needed where neither the account nor a clerk has proven it."""
    if (dossier.answers.counter or {}).get("caller") == "present":
        return False
    return not (dossier.holding and dossier.holding.is_bound)


def _account(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    for field, text in account_gaps(
        answers.bank_holder,
        answers.bank_number,
        answers.bank_name,
        answers.bank_relation,
        not_card=answers.bank_not_card,
    ):
        yield ACCOUNT, field, text


def account_gaps(
    holder: str, number: str, bank: str, relation: str, *, not_card: bool
) -> Iterator[tuple[str, str]]:
    """(field, sentence) of what is missing or wrong in the account that is to be paid."""
    if not str(holder).strip():
        yield "bank_holder", "请填写银行账户的户名"
    if not str(bank).strip():
        yield "bank_name", "请填写开户银行"
    if relation not in BANK_RELATIONS:
        yield "bank_relation", "请选择户主是参保人本人、监护人还是继承人"
    try:
        check_account(number, not_card=not_card)
    except BadAccount as error:
        yield "bank_number", str(error)


def _contact(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if not answers.name.strip():
        yield ACCOUNT, "name", "请填写参保人姓名"
    if answers.contact_how not in CONTACT_WAYS:
        yield ACCOUNT, "contact_how", "请选择联系方式：短信、电话或邮寄"
    elif answers.contact_how == "post" and not answers.address.strip():
        yield ACCOUNT, "address", "选择邮寄的，请填写联系地址"
    try:
        contact_phone(answers.phone, answers.contact_how)
    except InvalidPhone as error:
        yield ACCOUNT, "phone", str(error)
