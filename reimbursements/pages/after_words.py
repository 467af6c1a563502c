"""The state of a claim in plain words: what it is, who acts next, by when."""

from datetime import date
from typing import NamedTuple

from casework.clock import local_day
from casework.days import chinese_day
from casework.models import Case
from casework.usual import usual_time
from reimbursements.models import Claim, Payment
from reimbursements.pages.explained import grouped
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
    "paper_noted": "info",
    "first_passed": "info",
    "second_passed": "info",
    "appealed": "info",
    "account_given": "info",
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
    "payment_failed": ("支付没有成功", "请核对并更正收款账户，之后重新支付。"),
    "correction": ("有内容需要您补正", "改好并提交后继续办理，补正期间不计入办理时间。"),
    "not_accepted": ("不予受理", "理由、依据和您可以怎么办，写在下面的通知书里。"),
    "rejected": ("不予报销", "理由、依据和您可以怎么办，写在下面的通知书里。"),
    "withdrawn": ("您已撤回申请", "票据可以重新申请。"),
    "lapsed": ("没有按期补正，这次申请已终止", "这不是不予报销，票据可以重新申请。"),
    "reversed": ("结算已冲销", "原因写在下面的通知书里，经办机构会与您联系。"),
}
# Who acts now, and what they do.
_NOW = {
    "submitted": ("系统", "核对后转经办人员。"),
    "intake": ("经办人员（受理）", "决定是否受理；材料不齐的，会一次告诉您全部要补的内容。"),
    "first_review": ("经办人员（初审）", "逐张审核票据，核减的写明理由。"),
    "second_review": ("经办人员（复审）", "由初审以外的人员再看一遍。"),
    "approval": ("经办人员（审批）", "由第三位人员批准，按参保地政策结算。"),
    "payable": ("经办机构财务", "把报销款付到您填写的账户。"),
    "payment_failed": ("您", "核对并更正收款账户。"),
    "correction": ("您", "按上面列出的内容逐项补正，然后提交。"),
}
_OURS = frozenset({"submitted", "intake", "first_review", "second_review", "approval", "payable"})
# States in which a claim is over and its stay may be claimed again.
_AGAIN = frozenset({"withdrawn", "lapsed", "not_accepted", "rejected", "reversed"})


class Now(NamedTuple):
    """Who acts, what they do, by when ("" for no date), and how long it usually takes."""

    who: str
    what: str
    by: str
    usual: str


def bank_said(claim: Claim) -> str:
    """Why the bank sent the last payment back, as a sentence."""
    failed = claim.payments.filter(state=Payment.State.FAILED).order_by("-pk").first()
    why = failed.failed_because.rstrip("。") if failed else ""
    return f"银行退回了这笔款：{why}。" if why else "银行退回了这笔款。"


def head(case: Case, claim: Claim | None, paid_fen: int = 0) -> tuple[str, str]:
    """(the state as one short sentence, what it means for the person). `paid_fen` is what was
    paid to the person so far."""
    title, text = HEADS.get(case.status, (STATES[case.status], ""))
    if claim is None:
        return title, text
    if case.status == "second_review" and claim.appealed_at:
        return "复核中", "由原决定以外的人员重新办理，结果会通知您。"
    if case.status == "payment_failed":
        return title, f"{bank_said(claim)}请核对并更正收款账户，之后重新支付。"
    if case.status == "payable":
        fen = claim.payable_fen or 0
        text = f"应支付 {grouped(fen)} 元。" if fen > 0 else "这次没有需要支付的金额，等待办结。"
    elif case.status == "paid" and paid_fen > 0:
        title, text = "已支付", f"已支付 {grouped(paid_fen)} 元，请留意银行到账。"
    elif case.status == "paid":
        text = "这次没有需要支付的金额，怎样计算请看结算单。"
    return title, text


def now_of(case: Case, today: date) -> Now | None:
    """Who acts now and by when; None when the claim is closed."""
    if case.status not in _NOW:
        return None
    who, what = _NOW[case.status]
    usual = usual_time(case.kind, case.county, case.city, today) if case.status in _OURS else None
    return Now(who, what, _by(case), usual.sentence if usual else "")


def next_steps(case: Case, papers_owed: int) -> list[dict]:
    """What happens next. `papers_owed`: paper originals that have not come in yet."""
    found = []
    if papers_owed and case.status in _NOW:
        text = f"请把 {papers_owed} 张纸质票据的原件寄送或当面交到参保地经办机构，收到后才能支付。"
        found.append(text)
    if case.status in _OURS:
        found.append("每一步的结果都会发消息给您，也会显示在这一页。")
    elif case.status == "correction":
        found.append("提交以后接着办理，办理时限从停下的地方继续算。")
    elif case.status == "payment_failed":
        found.append("更正以后，会按新账户重新支付。账户没有错的，请打电话告诉经办机构。")
    elif case.status in _AGAIN:
        found.append("要重新申请的，点“按这次的内容重新申请”，大部分内容不用再填。")
    return [{"text": text, "by": ""} for text in found]


def _by(case: Case) -> str:
    if case.status == "correction":
        return f"{chinese_day(case.correction_due)}（含当天）" if case.correction_due else ""
    if case.due_at is None or case.status in ("payable", "payment_failed"):
        return ""
    mark = "（暂定）" if case.due_provisional else ""
    return f"{chinese_day(local_day(case.due_at))}（含当天）{mark}"
