"""The papers of a claim: what each letter says, issued in the action's own transaction.

Legal basis of the remedies: 行政复议法 第20条 (60 days), 行政诉讼法 第46条 (six months);
of a refusal, where the reason names none: 社会保险法 第28条, 第30条; see docs/sources.md.
"""

from datetime import date

from casework.clock import local_day
from casework.days import chinese_day
from casework.kinds import Verification
from casework.letters import issue_letter, reason_words
from casework.models import Case, Letter
from facilities.areas import area_name
from filings.documents import issue_plain
from reimbursements.codes import KINDS as CARE
from reimbursements.codes import STAYS
from reimbursements.models import Claim, Settlement
from reimbursements.pages.explained import grouped
from reimbursements.printing import SETTLEMENT, sheet_of
from reimbursements.settlement.money import yuan
from residents.personal import mask_name

STATUTORY = (
    "如不服本决定，可以自收到之日起60日内依法申请行政复议，或者自收到之日起6个月内"
    "向人民法院提起行政诉讼"
)
APPEAL = "；也可以先向本机构申请复核，由其他人员重新办理"
REFUSAL_BASIS = "《中华人民共和国社会保险法》第二十八条、第三十条"
ACCEPTANCE_BASIS = "《社会保险经办条例》（国务院令第765号）"
KINDS = {
    "acceptance": "手工报销受理通知书",
    "correction": "手工报销补正材料一次性告知书",
    "not_accepted": "手工报销不予受理通知书",
    "refusal": "不予报销通知书",
    "settlement": "手工报销结算单",
    "reversal": "手工报销冲销通知书",
}


def issue_acceptance(case: Case, ctx) -> Letter:
    """受理通知书: what was received, until when it is decided, whom to call."""
    until = chinese_day(local_day(case.due_at)) if case.due_at else ""
    mark = "（暂定，以节假日安排为准）" if case.due_provisional else ""
    lines = [
        f"您提交的{_matter(case)}申请，本机构已于{_day(ctx)}受理，办件编号{case.number}。",
        f"本机构将在{until}（含当天）以前办结{mark}。需要补正材料的时间不计算在内。",
    ]
    if any(not bill.paper_is_in for bill in case.claim.bills.filter(removed=False)):
        lines.append("您有纸质票据原件还没有交到本机构，收到原件后才能支付。")
    return _issue(case, ctx, "acceptance", tuple(lines), deadline=f"{until}{mark}")


def issue_correction(case: Case, ctx, items: list[str], due: date | None) -> Letter:
    """一次性告知书: everything that has to be corrected, at once."""
    lines = (f"您提交的{_matter(case)}申请（办件编号{case.number}），有以下内容需要补正：",)
    until = f"请在{chinese_day(due)}（含当天）以前" if due else "请尽快"
    closing = [
        f"{until}登录原申请页面，只修改以上各项后重新提交；也可以到经办机构窗口办理。",
        "补正的时间不计入办理时限。",
    ]
    if due:
        closing.append("逾期没有补正的，这次申请终止，票据可以另行申请。")
    return _issue(
        case,
        ctx,
        "correction",
        lines,
        items=tuple(items),
        closing=tuple(closing),
    )


def issue_not_accepted(case: Case, ctx) -> Letter:
    """不予受理通知书: the reason, the basis, what can be done."""
    return _issue_decision(case, ctx, "not_accepted", "经审查，不予受理。", ACCEPTANCE_BASIS)


def issue_refusal(case: Case, ctx) -> Letter:
    """不予报销通知书: the reason, the basis, what can be done."""
    return _issue_decision(case, ctx, "refusal", "经审核，不予报销。", REFUSAL_BASIS)


def issue_settlement(case: Case, ctx, row: Settlement) -> Letter:
    """结算单 of what was settled just now; the one before it of this claim is replaced."""
    case.letters.filter(kind="settlement", revoked_at=None).update(revoked_at=ctx.now)
    return issue_letter(
        case,
        ctx,
        kind="settlement",
        title=KINDS["settlement"],
        template=SETTLEMENT,
        make=lambda letter: sheet_of(case, row, letter, remedy_of(case)),
    )


def issue_reversal(case: Case, ctx, back_fen: int) -> Letter:
    """冲销通知书: what was taken back, why, and what is asked back (fen, 0 for nothing)."""
    case.letters.filter(kind="settlement", revoked_at=None).update(revoked_at=ctx.now)
    row = case.claim.settlements.order_by("-seq").first()
    reason, basis, remedy = reason_words(case, ctx, REFUSAL_BASIS)
    lines = (
        f"您的{_matter(case)}申请（办件编号{case.number}），原来的结算已于{_day(ctx)}冲销，"
        "原结算单作废。",
        f"理由：{reason}",
        f"这次就医原来由各基金支付合计{grouped(row.paid_before_fen)}元，冲销后为"
        f"{grouped(row.paid_fen)}元，减少{grouped(-row.difference_fen)}元。",
        _recovery_words(back_fen),
    )
    closing = (f"您可以这样做：{remedy}",) if remedy else ()
    return _issue(
        case,
        ctx,
        "reversal",
        lines,
        closing=closing,
        legal_basis=basis,
        remedy=remedy_of(case, can_appeal=False),
    )


def verification(letter: Letter) -> Verification | None:
    """What anyone who scans a paper of a claim may read; None for a claim never submitted."""
    claim: Claim | None = getattr(letter.case, "claim", None)
    if claim is None:
        return None
    state = _state(letter)
    rows = (
        ("姓名", mask_name(letter.case.name)),
        ("证件号码后四位", letter.case.person.id_number[-4:]),
        ("参保地", area_name(claim.insured_area)),
        *_public_sums(claim, letter),
    )
    return Verification(in_force=state == "有效", state=state, rows=rows)


def remedy_of(case: Case, *, can_appeal: bool = True) -> str:
    """The remedies printed on a decision: an appeal to the agency only where none was made."""
    open_to = can_appeal and case.claim.appealed_at is None
    return f"{STATUTORY}{APPEAL if open_to else ''}。"


def _issue_decision(case: Case, ctx, kind: str, said: str, default_basis: str) -> Letter:
    reason, basis, remedy = reason_words(case, ctx, default_basis)
    lines = (
        f"您提交的{_matter(case)}申请（办件编号{case.number}），{said}",
        f"理由：{reason}",
    )
    closing = (f"您可以这样做：{remedy}",) if remedy else ()
    return _issue(
        case, ctx, kind, lines, closing=closing, legal_basis=basis, remedy=remedy_of(case)
    )


def _issue(case: Case, ctx, kind: str, lines: tuple[str, ...], **more) -> Letter:
    return issue_plain(case, ctx, kind, KINDS[kind], lines, **more)


def _matter(case: Case) -> str:
    claim = case.claim
    if claim.kind in STAYS or claim.admitted_on != claim.discharged_on:
        days = f"{chinese_day(claim.admitted_on)}至{chinese_day(claim.discharged_on)}"
    else:
        days = chinese_day(claim.admitted_on)
    return f"手工报销（{claim.institution_name}，{CARE[claim.kind]}，{days}）"


def _recovery_words(back_fen: int) -> str:
    if not back_fen:
        return "这件申请没有需要您退回的款项。"
    return (
        f"此前已经支付给您的款项中，有{grouped(back_fen)}元需要退回，"
        "退回的方式由本机构另行与您联系。"
    )


def _state(letter: Letter) -> str:
    if letter.kind == "settlement" and letter.case.status == "reversed":
        return "这次结算已冲销"
    return "已由新的结算单替代" if letter.revoked_at else "有效"


def _public_sums(claim: Claim, letter: Letter) -> tuple[tuple[str, str], ...]:
    """The sums of a 结算单, by which a changed paper is known."""
    if letter.kind != "settlement":
        return ()
    row = claim.settlements.filter(at=letter.issued_at).order_by("-seq").first()
    if row is None:
        return ()
    sums = (
        ("总费用", row.total_fen),
        ("各基金支付合计", row.paid_fen),
        ("个人负担", row.personal_fen),
        ("本次结算差额", row.difference_fen),
    )
    return tuple((label, f"{yuan(fen)} 元") for label, fen in sums)


def _day(ctx) -> str:
    return chinese_day(local_day(ctx.now))
