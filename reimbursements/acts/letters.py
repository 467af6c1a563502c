"""The letters of a claim: what each says, issued in the action's own transaction.

Legal basis of the remedies printed on them: 行政复议法 第20条 (60 days), 行政诉讼法 第46条
(six months); that what is missing is told at once and in writing: 社会保险经办条例. See
docs/sources.md.
"""

from datetime import date

from casework.clock import local_day
from casework.letters import issue_letter, verify_url
from casework.models import Case, Letter, Reason
from casework.printing import LETTER
from casework.printing.data import Letter as LetterData
from filings.agency import contact_of, office_name
from filings.decision.months import chinese_day
from filings.documents import REMEDY
from reimbursements.settlement.money import yuan

TITLES = {
    "acceptance": "手工报销受理通知书",
    "correction": "手工报销补正材料一次性告知书",
    "not_accepted": "手工报销不予受理通知书",
    "refusal": "不予报销通知书",
    "reversal": "手工报销冲销通知书",
}


def issue_acceptance(case: Case, ctx) -> Letter:
    """受理通知书: until when it is decided, whom to call."""
    due = chinese_day(local_day(case.due_at))
    mark = "（暂定，以节假日安排为准）" if case.due_provisional else ""
    lines = (
        f"您提交的手工报销申请，本机构已于{_day(ctx)}受理，办件编号{case.number}。",
        f"本机构将在{due}（含当天）以前办结{mark}。需要补正材料的时间不计算在内。",
    )
    return _issue(case, ctx, "acceptance", lines, deadline=f"{due}{mark}")


def issue_correction(case: Case, ctx, items: list[str], due: date | None) -> Letter:
    """一次性告知书: everything that has to be corrected, at once."""
    until = f"请在{chinese_day(due)}（含当天）以前" if due else "请尽快"
    return _issue(
        case,
        ctx,
        "correction",
        (f"您提交的手工报销申请（办件编号{case.number}），有以下内容需要补正：",),
        items_title="需要补正的内容",
        items=tuple(items),
        closing=(
            f"{until}登录原申请页面，只修改以上各项后重新提交；也可以到经办机构窗口办理。",
            "补正的时间不计入办理时限。",
        ),
        deadline=chinese_day(due) if due else "",
    )


def issue_not_accepted(case: Case, ctx) -> Letter:
    """不予受理通知书: the reason, the basis, what can be done."""
    return _refused(case, ctx, "not_accepted", "不予受理")


def issue_refusal(case: Case, ctx) -> Letter:
    """不予报销通知书: the reason, the basis, what can be done."""
    return _refused(case, ctx, "refusal", "经审核，不予报销")


def issue_reversal(case: Case, ctx, back_fen: int) -> Letter:
    """冲销通知书: why, and what is asked back (fen, 0 for nothing)."""
    reason, basis, _ = _why(case, ctx)
    lines = [
        f"您的手工报销申请（办件编号{case.number}）的结算已经冲销。",
        f"理由：{reason}",
    ]
    if back_fen:
        lines.append(f"已经支付的款项中，{yuan(back_fen)}元应当退回，退回的方法由经办机构告知。")
    return _issue(case, ctx, "reversal", tuple(lines), legal_basis=basis, remedy=REMEDY)


def _refused(case: Case, ctx, kind: str, words: str) -> Letter:
    reason, basis, remedy = _why(case, ctx)
    lines = (
        f"您提交的手工报销申请（办件编号{case.number}），{words}。",
        f"理由：{reason}",
    )
    closing = (f"您可以这样做：{remedy}",) if remedy else ()
    return _issue(case, ctx, kind, lines, closing=closing, legal_basis=basis, remedy=REMEDY)


def _why(case: Case, ctx) -> tuple[str, str, str]:
    """The reason of an action in words, its legal basis ("" for none), what can be done."""
    listed = Reason.objects.filter(kind=case.kind, action=ctx.action, code=ctx.reason_code).first()
    text = "。".join(part.rstrip("。") for part in (listed and listed.text, ctx.note) if part)
    if listed is None:
        return text or "见办理记录", "", ""
    return text, listed.basis, listed.remedy


def _issue(case: Case, ctx, kind: str, lines: tuple[str, ...], **more) -> Letter:
    contact = contact_of(case.county, case.insurance)
    return issue_letter(
        case,
        ctx,
        kind=kind,
        title=TITLES[kind],
        template=LETTER,
        make=lambda letter: LetterData(
            title=TITLES[kind],
            number=letter.number,
            case_number=case.number or "",
            addressee=case.name,
            paragraphs=lines,
            agency=office_name(case.county, case.insurance),
            issued_on=local_day(ctx.now),
            contact=f"{contact.name} {contact.phone} {contact.address}".strip(),
            verify_url=verify_url(letter),
            **more,
        ),
    )


def _day(ctx) -> str:
    return chinese_day(local_day(ctx.now))
