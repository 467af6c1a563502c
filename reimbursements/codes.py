"""The closed lists of a claim: code -> the words a resident reads."""

from reimbursements.bills.numbers import KIND_LABELS
from reimbursements.settlement.terms import FILINGS
from reimbursements.settlement.terms import KINDS as SETTLED_KINDS

# Why the stay was not settled directly (手工报销原因, domain sheet §5.1).
REASONS = {
    "psychiatric": "在精神病专科医院住院",
    "observation": "急诊留观",
    "emergency_no_card": "急诊，没有带医保凭证",
    "not_filed": "没有备案",
    "system_failure": "系统故障",
    "not_opened": "医院没有开通异地结算",
    "disease_not_opened": "这个病种没有开通异地结算",
    "external_drug": "外购药",
    "maternity": "产检或计划生育",
    "transfer": "医保关系转移中",
    "other": "其他原因",
}

KINDS = {
    code: SETTLED_KINDS[code]
    for code in ("inpatient", "outpatient", "emergency", "chronic", "pharmacy", "maternity")
}
# Kinds with a day of admission and one of discharge; the others have one day.
STAYS = frozenset({"inpatient", "maternity"})

BILL_KINDS = {str(kind): label for kind, label in KIND_LABELS.items()}
BILL_FORMS = {"e_bill": "电子票据", "paper": "纸质原件"}
BANK_RELATIONS = {"self": "本人", "guardian": "监护人", "heir": "继承人"}
FILING_HOW = {
    "filed": "已备案",
    "elsewhere": "备案在其他地方",
    "none": "没有备案",
    "not_insured": "当日没有参保",
}
SETTLED_AS = dict(FILINGS)
