"""The fields of a claim as people read them: labels, groups, values in words."""

from datetime import date

from casework.days import chinese_day
from facilities.areas import area_name
from reimbursements.answers import CONTACT_WAYS, PARTS, Answers, BillAnswer
from reimbursements.bills.accounts import mask_account
from reimbursements.bills.documents import DOCUMENTS
from reimbursements.codes import BANK_RELATIONS, BILL_FORMS, BILL_KINDS, KINDS, REASONS
from reimbursements.settlement.money import yuan
from reimbursements.settlement.terms import INSURANCES
from residents.personal import mask_name, mask_phone

# Photos and originals of bills, besides the documents of the table.
BILL = "bill"
NEW_BILL = "new"  # stands for the key of a bill that is still to be added
DOCUMENT_LABELS = {BILL: "票据照片或电子票据原件", **DOCUMENTS}

FIELD_LABELS = {
    "reason": "手工报销原因",
    "kind": "就医类别",
    "institution": "医疗机构",
    "institution_area": "就医地",
    "level": "医院等级",
    "admitted_on": "入院或就诊日期",
    "discharged_on": "出院日期",
    "nth_stay": "本年第几次住院",
    "diagnosis": "诊断",
    "third_party": "是否由第三方造成",
    "other_insurer": "其他保险是否已报销",
    "note": "说明",
    "insured_area": "参保地",
    "insurance": "险种",
    "name": "参保人姓名",
    "phone": "联系电话",
    "address": "联系地址",
    "contact_how": "联系方式",
    "bills": "票据",
    "bank_holder": "户名",
    "bank_number": "银行账号",
    "bank_name": "开户银行",
    "bank_relation": "户主是",
}
GROUPS = (
    ("原因与就医", ("reason", "kind", "institution", "institution_area", "level", "diagnosis")),
    ("时间", ("admitted_on", "discharged_on", "nth_stay")),
    ("责任与其他保险", ("third_party", "other_insurer", "note")),
    ("参保", ("insured_area", "insurance")),
    ("票据", ("bills",)),
    ("收款账户", ("bank_holder", "bank_number", "bank_name", "bank_relation")),
    ("联系", ("name", "phone", "address", "contact_how", "counter")),
)
# Shown, and never asked to be corrected: what a clerk wrote down when they entered it.
LABELS = {**FIELD_LABELS, "counter": "代录情况"}
# Shown even when they were not answered.
ALWAYS = frozenset({"reason", "kind", "institution", "admitted_on", "insured_area", "bills"})
PART_LABELS = {
    "own_expense": "全自费",
    "over_limit": "超限价",
    "self_first": "先行自付",
    "in_scope": "政策范围内",
}
_YES_NO = {"yes": "是", "no": "否"}


def outline(answers: Answers) -> list[tuple]:
    """[(heading, [(field, label, value in words)])]; personal values masked."""
    words = in_words(answers)
    groups = []
    for heading, names in GROUPS:
        rows = [
            (name, LABELS[name], words[name]) for name in names if name in ALWAYS or words[name]
        ]
        if rows:
            groups.append((heading, rows))
    return groups


def in_words(answers: Answers) -> dict[str, str]:
    """Every field as it is read, masked; "" for what was not answered."""
    return {
        "reason": REASONS.get(answers.reason, ""),
        "kind": KINDS.get(answers.kind, ""),
        "institution": answers.institution_name or answers.institution,
        "institution_area": _area(answers),
        "level": answers.level,
        "admitted_on": _day(answers.admitted_on),
        "discharged_on": _day(answers.discharged_on),
        "nth_stay": str(answers.nth_stay),
        "diagnosis": answers.diagnosis,
        "third_party": _YES_NO.get(answers.third_party, ""),
        "other_insurer": _YES_NO.get(answers.other_insurer, ""),
        "note": answers.note,
        "insured_area": area_name(answers.insured_area) if answers.insured_area else "",
        "insurance": INSURANCES.get(answers.insurance, ""),
        "name": mask_name(answers.name),
        "phone": mask_phone(answers.phone) if answers.phone else "",
        "address": _shortened(answers.address),
        "contact_how": CONTACT_WAYS.get(answers.contact_how, ""),
        "counter": _counter(answers.counter or {}),
        "bills": "；".join(bill_in_words(bill) for bill in answers.all_bills),
        "bank_holder": mask_name(answers.bank_holder),
        "bank_number": mask_account(answers.bank_number) if answers.bank_number else "",
        "bank_name": answers.bank_name,
        "bank_relation": BANK_RELATIONS.get(answers.bank_relation, ""),
    }


def bill_in_words(bill: BillAnswer) -> str:
    """One bill on one line."""
    fen = bill.total_fen
    parts = (
        BILL_KINDS.get(bill.kind, "票据"),
        BILL_FORMS.get(bill.form, ""),
        bill.number,
        bill.date,
        f"{yuan(fen)} 元" if fen is not None else "",
        *(
            f"{PART_LABELS[part]} {yuan(amount)}"
            for part in PARTS
            if (amount := bill.part_fen(part)) is not None
        ),
    )
    return " ".join(part for part in parts if part)


def _counter(counter: dict) -> str:
    """How a clerk came to enter it, and for whom somebody else came; masked."""
    if not counter:
        return ""
    said = ["到窗口申请" if counter.get("caller") == "present" else "寄来材料申请"]
    proxy = counter.get("proxy")
    if proxy:
        who = (mask_name(proxy["name"]), proxy["relation"], mask_phone(proxy["phone"]))
        said.append(f"代办人：{'，'.join(who)}")
    if counter.get("note"):
        said.append(f"说明：{counter['note']}")
    return "；".join(said)


def _area(answers: Answers) -> str:
    code = answers.columns()["destination"]
    return area_name(code) if code else ""


def _shortened(text: str) -> str:
    return f"{text[:6]}……" if len(text) > 6 else text


def _day(day: date | None) -> str:
    return chinese_day(day) if day else ""
