"""What the house needs to know of claims: the kind, made known by `register_claims`."""

from functools import cache
from uuid import UUID

from django.urls import reverse

from casework.days import chinese_day
from casework.drafts import closed_answers
from casework.guards import counter_clerk
from casework.kinds import CorrectionTarget, Finding, Kind, register
from casework.models import Case
from casework.notices import Contact, register_notices
from casework.reviewing import review
from facilities.agencies import HOTLINE
from facilities.contacts import contact_of
from reimbursements.answers import Answers
from reimbursements.checks import DOUBTS
from reimbursements.codes import FILING_HOW, KINDS, SETTLED_AS
from reimbursements.delegating import delegated, may_see_delegations, waits_elsewhere
from reimbursements.documents import verification
from reimbursements.dossier import dossier_of
from reimbursements.failures import register_failures
from reimbursements.fields import BILL, DOCUMENT_LABELS, FIELD_LABELS, NEW_BILL, outline
from reimbursements.limits import limits_of
from reimbursements.models import Bill, Claim
from reimbursements.notice_texts import NOTICES
from reimbursements.payments.access import may_see
from reimbursements.settlement.money import yuan
from reimbursements.settling import Preview
from reimbursements.states import EVENT_LABELS, INTERNAL_EVENTS
from reimbursements.workflow import WORKFLOW

CODE = "claim"


def promised_days(case: Case) -> tuple[int, int]:
    """(statutory, promised) working days of the stage the case is in: to accept it, or to
    decide it; see limits.yaml for where they come from."""
    limits = limits_of(case.city)
    if case.status in ("submitted", "intake"):
        return limits.intake_days, limits.intake_days
    return limits.statutory_days, limits.promised_days


def needed_documents(case: Case, answers: dict) -> list[tuple[str, ...]]:
    """The groups of documents this claim needs, and what was handed in besides."""
    dossier = dossier_of(case)
    groups = [(BILL,), *dossier.needed]
    named = {code for group in groups for code in group}
    return [*groups, *((code,) for code in sorted(dossier.documents - named))]


_NOBODY = UUID(int=0)


@cache
def _record_pattern() -> str:
    return reverse("reimbursements:record", args=[_NOBODY]).replace(str(_NOBODY), _NOBODY.hex)


def record_url(case: Case) -> str:
    """Where the resident follows the case."""
    return _record_pattern().replace(_NOBODY.hex, str(case.public_id))


def contact(case: Case) -> Contact:
    """How somebody without an account is told: as they said when they filed."""
    answers = Answers.from_dict(closed_answers(case))
    return Contact(phone=answers.phone, how=answers.contact_how)


def words(case: Case, kept: dict) -> dict[str, str]:
    """What messages say of any claim: the kind of care, whom to call."""
    office = (case.county, case.insurance)
    if office not in kept:
        kept[office] = contact_of(*office).phone if case.county else HOTLINE
    return {"kind": KINDS.get(case.topic, ""), "phone": kept[office]}


def findings(case: Case) -> list[Finding]:
    """What the checks found, as it was kept."""
    claim = detail(case)
    return [Finding(**found) for found in claim.findings] if claim else []


def detail(case: Case) -> Claim | None:
    """The claim of a case; None for a draft."""
    return getattr(case, "claim", None)


def facts(case: Case) -> list[tuple[str, str, str]]:
    """(label, value, hint) shown beside the answers: the filing, the sums, what is computed."""
    claim = detail(case)
    if claim is None:
        return []
    rows = [
        ("备案情况", FILING_HOW[claim.filing_how], claim.filing_number),
        ("按哪种备案结算", SETTLED_AS[claim.settled_as], ""),
        ("票据金额", f"{yuan(claim.billed_fen)} 元", ""),
        ("核定金额", f"{yuan(claim.accepted_fen)} 元", ""),
    ]
    if claim.deadline:
        rows.append(("申请期限", chinese_day(claim.deadline), "过期的由经办人员核实"))
    return [*rows, *delegated(case), *_money(case, claim)]


def _money(case: Case, claim: Claim) -> list[tuple[str, str, str]]:
    """What was settled, or what would be."""
    if case.status in ("payable", "paid", "payment_failed", "reversed"):
        return [("应支付", f"{yuan(claim.payable_fen or 0)} 元", "审批时结算，支付后为零")]
    if case.status not in ("intake", "first_review", "second_review", "approval"):
        return []
    preview = dossier_of(case).preview
    if isinstance(preview, Preview):
        hint = "有票据未审或未分类，暂按认可计算" if preview.provisional else "按现有审核结果计算"
        return [("计算结果", f"{yuan(preview.payable_fen)} 元", hint)]
    return [("计算结果", "不能计算", preview)]


def correction_targets(case: Case) -> list[CorrectionTarget]:
    """Each bill by itself, and one that was forgotten."""
    if detail(case) is None:
        return []
    bills = [
        CorrectionTarget(f"{BILL}:{bill.key}", _bill_words(nth, bill), "field:bills")
        for nth, bill in enumerate(dossier_of(case).bills, start=1)
    ]
    return [*bills, CorrectionTarget(f"{BILL}:{NEW_BILL}", "漏掉的票据", "field:bills")]


def _bill_words(nth: int, bill: Bill) -> str:
    number = f"号码 {bill.number}" if bill.number else "没有号码"
    return f"第 {nth} 张票据（{number}，{yuan(bill.total_fen)} 元）"


CLAIM = Kind(
    code=CODE,
    label="手工报销",
    workflow=WORKFLOW,
    topics=dict(KINDS),
    doubts=DOUBTS,
    document_labels=dict(DOCUMENT_LABELS),
    review=review,
    outline=lambda case, answers: outline(Answers.from_dict(answers)),
    documents=needed_documents,
    promised_days=promised_days,
    detail=detail,
    record_url=record_url,
    contact=contact,
    facts=facts,
    verification=verification,
    findings=findings,
    words=words,
    targets=correction_targets,
    internal_events=INTERNAL_EVENTS,
    event_labels=EVENT_LABELS,
    item_code="132036023",
    fields=FIELD_LABELS,
    review_topics=frozenset(KINDS),
    desk_links=(
        ("手工报销代录", "reimbursements:counter", counter_clerk),
        ("支付批次", "admin:reimbursements_paymentbatch_changelist", may_see),
        ("报销统计", "admin:reimbursements_claim_reports", may_see),
        ("重算建议", "admin:reimbursements_proposals", may_see),
        ("环节委托", "admin:reimbursements_stagedelegation_changelist", may_see_delegations),
    ),
    waits_elsewhere=waits_elsewhere,
)


def register_claims() -> None:
    """Make claims known to casework; safe when repeated."""
    register(CLAIM)
    register_failures()
    register_notices(NOTICES)
