"""The checks of a submitted claim: one check, one small file.

Each takes a `Dossier` and returns findings. A finding never refuses: a clerk looks, with its
sentence and the field or bill it concerns. Sentences are for staff and hold no personal data.
"""

from casework.kinds import Finding
from reimbursements.checks import (
    dates,
    deadline,
    duplicate_bill,
    emergency,
    enrolled,
    identity,
    inflated,
    outside_stay,
    payer,
    proxy,
    qr_code,
    registered,
    stays,
    sums,
    third_party,
)
from reimbursements.dossier import Dossier

CHECKS = (
    identity.check,
    enrolled.check,
    dates.check,
    deadline.check,
    emergency.check,
    third_party.check,
    registered.check,
    duplicate_bill.check,
    outside_stay.check,
    sums.check,
    inflated.check,
    qr_code.check,
    payer.check,
    stays.check,
    proxy.check,
)

DOUBTS = {
    "identity_unproven": "身份未核实",
    "not_enrolled": "就医期间参保异常",
    "dates_doubtful": "日期存疑",
    "late_claim": "超过申请期限",
    "no_rule": "当地没有公布申请期限",
    "emergency_unproven": "急诊抢救须核实",
    "third_party": "涉及第三方责任",
    "disease_unregistered": "慢特病没有认定",
    "other_disease": "诊断与认定病种不同",
    "same_bill": "票据曾在其他申请出现",
    "bill_outside_stay": "票据日期不在就医期间",
    "lines_unlike_bill": "明细合计与票面不符",
    "parts_unlike_bill": "分类合计与票面不符",
    "inflated_digit": "金额可能多一位",
    "qr_number": "号码与二维码不符",
    "qr_amount": "金额与二维码不符",
    "qr_day": "日期与二维码不符",
    "payer_not_patient": "交款人不是参保人",
    "overlapping_stays": "住院时间重叠",
    "same_stay_same_amount": "同院同日同额",
    "tiny_first_stay": "小额住院后大额住院",
    "proxy_of_many": "同一账户为多人申请",
}


def findings_of(dossier: Dossier) -> list[Finding]:
    """What the checks find, in their order."""
    return [found for check in CHECKS for found in check(dossier)]
