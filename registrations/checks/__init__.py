"""The checks of the automatic review: one check, one small file.

Each takes a `Dossier` and returns a `Finding` or None. A finding never refuses: a clerk looks,
with its sentence and the field or document it concerns. Sentences are for staff and hold no
personal data.
"""

from casework.checks import OF_CONTACT, OF_PAPERS, OF_PERSON
from casework.checks.proxies import proxy_of_many
from casework.kinds import Finding
from registrations.checks import (
    already_registered,
    diagnosis_day,
    documents,
    no_rule,
    treatment,
)
from registrations.dossier import Dossier
from registrations.models import DiseaseRegistration

CHECKS = (
    *OF_PERSON,
    already_registered.check,
    no_rule.check,
    diagnosis_day.check,
    treatment.check,
    documents.check,
    *OF_PAPERS,
    *OF_CONTACT,
    proxy_of_many(DiseaseRegistration),
)

DOUBTS = {
    "identity_unproven": "身份未核实",
    "id_invalid": "证件号码有误",
    "not_matched": "参保登记中未找到",
    "enrolment_paused": "参保状态异常",
    "county_differs": "参保区县不一致",
    "insurance_differs": "险种不一致",
    "already_registered": "已有同病种认定",
    "no_rule": "当地规则未载明",
    "diagnosis_implausible": "确诊日期存疑",
    "disease_not_opened": "医院未开通病种",
    "documents_missing": "材料不齐",
    "document_unreadable": "材料可能看不清",
    "phone_shared": "多人共用电话",
    "proxy_many": "同一代办人办理多人",
}


def findings_of(dossier: Dossier) -> list[Finding]:
    """What the checks find, in their order."""
    return [found for check in CHECKS if (found := check(dossier))]
