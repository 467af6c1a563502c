"""The papers of a filing: what each letter says, issued in the action's own transaction.

Legal basis of refusals and of the remedies printed on them: 行政复议法 第20条 (60 days),
行政诉讼法 第46条 (six months); see docs/sources.md.
"""

from datetime import date

from casework.asking import INSURANCES
from casework.clock import local_day
from casework.days import chinese_day, until_words
from casework.letters import issue_letter, reason_words, verify_url
from casework.models import Case, Letter
from casework.plain_letters import REMEDY, issue_plain
from casework.printing import PROMISE
from casework.printing.data import Promise, Signed
from casework.signature import Signature
from facilities.areas import area_name, division
from facilities.contacts import contact_of, office_name
from filings.answers import Answers
from filings.decision.codes import CATEGORIES, DOCUMENTS
from filings.decision.texts import AgencyText
from filings.dossier import dossier_of
from filings.models import Filing
from filings.printing import REGISTRATION_FORM, InsuredPerson, Proxy, RegistrationForm
from residents.models import Person

DEFAULT_BASIS = (
    "《国家医保局 财政部关于进一步做好基本医疗保险跨省异地就医直接结算工作的通知》"
    "（医保发〔2022〕22号）"
)
KINDS = {
    "acceptance": "异地就医备案受理通知书",
    "correction": "异地就医备案补正材料一次性告知书",
    "form": "异地就医登记备案表",
    "refusal": "不予异地就医备案通知书",
    "promise": "个人承诺书",
    "ending": "异地就医备案终止通知书",
    "downgrade": "异地就医备案类型变更通知书",
    "revocation_notice": "拟撤销异地就医备案告知书",
    "revocation": "撤销异地就医备案通知书",
    "upheld": "复核结果通知书",
}


def issue_acceptance(case: Case, ctx) -> Letter:
    """受理通知书: what was received, until when it is decided, whom to call."""
    due = chinese_day(local_day(case.due_at)) if case.due_at else ""
    mark = "（暂定，以节假日安排为准）" if case.due_provisional else ""
    lines = (
        f"您提交的{_matter(case)}申请，本机构已于{_day(ctx)}受理，办件编号{case.number}。",
        f"本机构将在{due}（含当天）以前办结{mark}。需要补正材料的时间不计算在内。",
    )
    return _issue(case, ctx, "acceptance", lines, deadline=f"{due}{mark}")


def issue_correction(case: Case, ctx, items: list[str], due: date | None) -> Letter:
    """一次性告知书: everything that has to be corrected, at once."""
    lines = (f"您提交的{_matter(case)}申请（办件编号{case.number}），有以下内容需要补正：",)
    until = until_words(due)
    closing = (
        f"{until}登录原申请页面，只修改以上各项后重新提交；也可以到经办机构窗口办理。",
        "补正的时间不计入办理时限。",
    )
    return _issue(
        case,
        ctx,
        "correction",
        lines,
        items_title="需要补正的内容",
        items=tuple(items),
        closing=closing,
        deadline=chinese_day(due) if due else "",
    )


def issue_refusal(case: Case, ctx) -> Letter:
    """不予备案通知书: the reason, the basis, what can be done."""
    reason, basis, remedy = _why(case, ctx)
    lines = (
        f"您提交的{_matter(case)}申请（办件编号{case.number}），经审核，不予备案。",
        f"理由：{reason}",
    )
    closing = (f"您可以这样做：{remedy}",) if remedy else ()
    return _issue(case, ctx, "refusal", lines, closing=closing, legal_basis=basis, remedy=REMEDY)


def issue_upheld(case: Case, ctx) -> Letter:
    """The result of an appeal that leaves a revocation in place."""
    reason, basis, _ = _why(case, ctx)
    lines = (
        f"您对撤销异地就医备案（办件编号{case.number}）的复核申请，已由其他人员重新审核，"
        "决定维持撤销。",
        f"理由：{reason}",
    )
    return _issue(case, ctx, "upheld", lines, legal_basis=basis, remedy=REMEDY)


def issue_revocation_notice(case: Case, ctx, answer_by: date) -> Letter:
    """拟撤销告知书: the grounds, and until when the person may answer."""
    reason, basis, _ = _why(case, ctx)
    lines = (
        f"本机构拟撤销您的异地就医备案（办件编号{case.number}）。",
        f"理由：{reason}",
        f"您可以在{chinese_day(answer_by)}（含当天）以前向本机构陈述、申辩，并提交有关材料。",
    )
    return _issue(
        case, ctx, "revocation_notice", lines, legal_basis=basis, deadline=chinese_day(answer_by)
    )


def issue_revocation(case: Case, ctx, last_day: date) -> Letter:
    """撤销通知书: from which day, why, and the remedies."""
    reason, basis, _ = _why(case, ctx)
    lines = (
        f"您的异地就医备案（办件编号{case.number}）已被撤销，最后有效日为{chinese_day(last_day)}。",
        f"理由：{reason}",
    )
    return _issue(case, ctx, "revocation", lines, legal_basis=basis, remedy=REMEDY)


def issue_ending(case: Case, ctx, filing: Filing) -> Letter:
    """终止通知书 after cancelling or when the ground of the filing fell away."""
    lines = (
        f"您的异地就医备案（办件编号{case.number}）已终止，"
        f"最后有效日为{chinese_day(filing.ended_on)}。",
        f"原因：{filing.get_end_reason_display()}。",
        "终止以前已经发生的费用，仍按原备案结算。",
    )
    return _issue(case, ctx, "ending", lines)


def issue_downgrade(case: Case, ctx, filing: Filing) -> Letter:
    """变更通知书 when promised papers did not come: from today on, another category."""
    until = f"，有效期至{chinese_day(filing.valid_to)}" if filing.valid_to else ""
    lines = (
        f"您在异地就医备案（办件编号{case.number}）中承诺补交的材料没有按时补交。",
        f"自{chinese_day(filing.downgraded_on)}起，这次备案改按"
        f"「{CATEGORIES[filing.category]}」办理{until}。{filing.benefit_text}",
        f"{chinese_day(filing.downgraded_on)}以前发生的费用，仍按原备案类型结算。",
    )
    return _issue(case, ctx, "downgrade", lines, remedy=REMEDY)


def issue_forms(case: Case, ctx, filing: Filing) -> Letter:
    """登记备案表, both copies in one PDF; the one before it is marked as replaced."""
    case.letters.filter(kind="form", revoked_at=None).update(revoked_at=ctx.now)
    letter = issue_letter(
        case,
        ctx,
        kind="form",
        title=KINDS["form"],
        template=REGISTRATION_FORM,
        make=lambda letter: registration_form(case, filing, letter, ctx),
    )
    filing.form_letter = letter
    return letter


def registration_form(case: Case, filing: Filing, letter: Letter, ctx) -> RegistrationForm:
    """The data of the form for a granted filing."""
    answers = Answers.from_dict(_answers(case))
    place = division(filing.destination_area)
    province = division(place.province)
    return RegistrationForm(
        dated=local_day(ctx.now),
        scope=filing.scope,
        case_number=case.number,
        person=_insured(case.person, answers),
        proxy=_proxy(answers),
        category=filing.category,
        destination_province=province.name,
        destination_city="" if place.code == province.code else place.name,
        valid_from=filing.start,
        valid_to=filing.valid_to,
        locked_until=filing.locked_until,
        end_published=filing.long_term,
        lock_published=_knows_lock(filing),
        documents=tuple(_handed_in(case)),
        promise=answers.proof == "promise",
        agency=office_name(case.county, case.insurance),
        opinion="同意备案。",
        clerk=ctx.actor.user.get_full_name() if ctx.actor.is_staff else "系统自助备案",
        decided_on=local_day(ctx.now),
        tips=_tips(case, filing),
        verify_url=verify_url(letter),
    )


def _knows_lock(filing: Filing) -> bool:
    """Whether the place has said anything of changing or cancelling."""
    rule = filing.rule.rule() if filing.rule_id else None
    return rule is not None and (rule.change_lock_months, rule.cancel_lock_months) != (None, None)


def issue_promise(case: Case, ctx, text: AgencyText, signature: Signature, when: str) -> Letter:
    """承诺书 as signed: its text, hash, signer, time and signature in one PDF."""
    answers = dossier_of(case, ctx.now).answers
    facts = (
        ("参保人", answers.name),
        ("证件号码", case.person.id_number),
        ("备案类型", CATEGORIES[answers.category]),
        ("就医地", area_name(case.destination)),
    )
    return issue_letter(
        case,
        ctx,
        kind="promise",
        title=text.title,
        template=PROMISE,
        make=lambda letter: Promise(
            title=text.title,
            paragraphs=tuple(line for line in text.body.splitlines() if line.strip()),
            dated=local_day(ctx.now),
            case_number=case.number or "",
            addressee=office_name(answers.insured_area, answers.insurance),
            facts=facts,
            signed=Signed(signature, when),
            signer=signature.text,
            text_version=text.version.isoformat(),
            text_sha256=text.sha256,
            verify_url=verify_url(letter),
        ),
    )


def _issue(case: Case, ctx, kind: str, lines: tuple[str, ...], **more) -> Letter:
    return issue_plain(case, ctx, kind, KINDS[kind], lines, **more)


def _why(case: Case, ctx) -> tuple[str, str, str]:
    return reason_words(case, ctx, DEFAULT_BASIS)


def _answers(case: Case) -> dict:
    return dossier_of(case).answers.to_dict()


def _handed_in(case: Case) -> list[str]:
    codes = dict.fromkeys(file.document for file in dossier_of(case).files)
    return [DOCUMENTS.get(code, code) for code in codes]


def _insured(person: Person, answers: Answers) -> InsuredPerson:
    return InsuredPerson(
        name=answers.name,
        sex=person.get_sex_display(),
        id_kind=person.get_id_kind_display(),
        id_number=person.id_number,
        insured_area=area_name(answers.insured_area),
        insurance=INSURANCES.get(answers.insurance, ""),
        phone=answers.phone,
        address=answers.address,
    )


def _proxy(answers: Answers) -> Proxy | None:
    if not answers.proxy:
        return None
    fields = ("name", "relation", "id_number", "phone")
    return Proxy(**{name: str(answers.proxy.get(name) or "") for name in fields})


def _tips(case: Case, filing: Filing) -> tuple[str, ...]:
    contact = contact_of(case.county, case.insurance)
    tips = [filing.benefit_text, f"咨询电话：{contact.phone}"]
    if filing.in_hospital:
        tips.insert(0, "已经住院的，请到医院住院处重新办理异地医保入院登记后再结算。")
    return tuple(tip for tip in tips if tip)


def _matter(case: Case) -> str:
    return f"异地就医备案（{CATEGORIES.get(case.topic, '')}，就医地{area_name(case.destination)}）"


def _day(ctx) -> str:
    return chinese_day(local_day(ctx.now))
