"""The state of a claim in plain words: what it is, what happens next, and by when."""

from casework.clock import local_day
from casework.models import Case
from filings.decision.months import chinese_day
from reimbursements.models import Claim
from reimbursements.settlement.money import yuan
from reimbursements.states import STATES

TONES = {
    "draft": "info",
    "submitted": "waiting",
    "intake": "waiting",
    "first_review": "waiting",
    "second_review": "waiting",
    "approval": "waiting",
    "payable": "waiting",
    "paid": "done",
    "payment_failed": "late",
    "correction": "late",
    "not_accepted": "late",
    "rejected": "late",
    "lapsed": "late",
}
# The colour of an event on the timeline, by its code.
EVENT_TONES = {
    "submitted": "info",
    "queued": "info",
    "accepted": "info",
    "resubmitted": "info",
    "correction_requested": "waiting",
    "approved": "done",
    "paid": "done",
    "closed": "done",
    "payment_failed": "late",
    "not_accepted": "late",
    "rejected": "late",
    "lapsed": "late",
    "reversed": "late",
}
HEADS = {
    "submitted": ("已提交，系统正在自动核对", "核对完成后转经办人员受理，通常只要几分钟。"),
    "intake": ("已提交，等待受理", "经办人员看材料是否齐全，决定是否受理。"),
    "first_review": ("已受理，正在初审", "经办人员逐张审核票据。"),
    "second_review": ("初审完成，正在复审", "由另一位经办人员复审。"),
    "approval": ("复审完成，正在审批", "审批通过后支付。"),
    "payable": ("已审批通过，等待支付", ""),
    "paid": ("已办结", ""),
    "payment_failed": ("支付没有成功", "请按通知核对并更正收款账户，之后重新支付。"),
    "correction": ("有内容需要您补正", "改好并提交后继续办理，补正期间不计入办理时间。"),
    "not_accepted": ("不予受理", "理由和您可以怎么办，写在通知里。"),
    "rejected": ("不予报销", "理由和您可以怎么办，写在通知里。"),
    "withdrawn": ("您已撤回申请", "需要时可以重新申请。"),
    "lapsed": ("没有按期补正，这次申请已终止", "这不是不予报销，您可以重新申请。"),
    "reversed": ("结算已冲销", "原因见通知，经办机构会与您联系。"),
}
# Who acts next, while the claim is with the agency.
_NEXT = {
    "submitted": "系统核对后转经办人员。",
    "intake": "经办人员决定是否受理；材料不齐的，会一次告诉您全部要补的内容。",
    "first_review": "初审：逐张审核票据。",
    "second_review": "复审：由另一位经办人员再看一遍。",
    "approval": "审批：由第三位经办人员批准。",
    "payable": "财务把报销款付到您填写的账户。",
}


def head(case: Case, claim: Claim | None) -> tuple[str, str]:
    """(the state as one short sentence, what it means for the person)."""
    title, text = HEADS.get(case.status, (STATES[case.status], ""))
    if case.status in ("payable", "paid") and claim is not None:
        fen = claim.payable_fen or 0
        if case.status == "payable":
            text = f"应支付 {yuan(fen)} 元。"
        elif fen > 0:
            title, text = "已支付", f"已支付 {yuan(fen)} 元，请留意银行到账。"
        else:
            text = "这次没有需要支付的金额。"
    return title, text


def next_steps(case: Case, papers_owed: int) -> list[dict]:
    """What happens next, each with by when. `papers_owed`: paper originals not come in yet."""
    found = []
    if papers_owed and case.status in _NEXT:
        text = f"请把 {papers_owed} 张纸质票据的原件寄送或交到参保地经办机构，收到后才能支付。"
        found.append({"text": text, "by": ""})
    if case.status in _NEXT:
        found.append({"text": _NEXT[case.status], "by": _due(case)})
        found.append({"text": "每一步的结果都会发消息给您，也会显示在这一页。", "by": ""})
    if case.status == "correction":
        by = f"{chinese_day(case.correction_due)}前" if case.correction_due else ""
        found.append({"text": "按上面列出的内容逐项补正，然后提交。", "by": by})
    return found


def _due(case: Case) -> str:
    if case.due_at is None or case.status == "payable":
        return ""
    mark = "（暂定）" if case.due_provisional else ""
    return f"{chinese_day(local_day(case.due_at))}前{mark}"
