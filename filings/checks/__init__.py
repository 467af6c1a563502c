"""The checks of the automatic review: one check, one small file.

Each takes a `Dossier` and returns a `Finding` or None. A finding never refuses: it sends
the case to a clerk, with its sentence and the field or document it concerns. Sentences are
for staff and hold no personal data.
"""

from casework.checks import OF_CONTACT, OF_PAPERS, OF_PERSON
from casework.checks.proxies import proxy_of_many
from casework.kinds import Finding
from filings.checks import (
    admission,
    already_filed,
    back_dating,
    decision,
    destination,
    documents,
    late,
    locked,
    promise_ban,
    start,
)
from filings.dossier import Dossier
from filings.models import Filing

CHECKS = (
    *OF_PERSON,
    destination.check,
    decision.check,
    locked.check,
    already_filed.check,
    start.check,
    admission.check,
    back_dating.check,
    late.check,
    documents.check,
    *OF_PAPERS,
    promise_ban.check,
    *OF_CONTACT,
    proxy_of_many(Filing),
)

DOUBTS = {
    "identity_unproven": "身份未核实",
    "id_invalid": "证件号码有误",
    "not_matched": "参保登记中未找到",
    "enrolment_paused": "参保状态异常",
    "county_differs": "参保区县不一致",
    "insurance_differs": "险种不一致",
    "destination_unfit": "就医地不符",
    "no_rule": "当地规则未载明",
    "rule_changed": "规则已变化",
    "end_in_doubt": "截止日期须核实",
    "locked": "现有备案锁定中",
    "already_filed": "已有相同备案",
    "start_after_admission": "开始晚于入院",
    "admission_implausible": "入院日期存疑",
    "back_dated": "补登以前日期",
    "late_filing": "已自费结清补办",
    "documents_missing": "材料不齐",
    "document_unreadable": "材料可能看不清",
    "promise_banned": "承诺制限制期内",
    "phone_shared": "多人共用电话",
    "proxy_many": "同一代办人办理多人",
}


def findings_of(dossier: Dossier) -> list[Finding]:
    """What the checks find, in their order."""
    return [found for check in CHECKS if (found := check(dossier))]
