"""The papers of a registration: what each letter says, issued in the action's transaction."""

from datetime import date

from casework.asking import INSURANCES
from casework.clock import local_day
from casework.days import chinese_day, until_words
from casework.letters import issue_letter, reason_words, verify_url
from casework.models import Case, Letter
from casework.plain_letters import REMEDY, issue_plain
from facilities.areas import area_name
from facilities.contacts import contact_of, office_name
from registrations.decision.codes import DISEASES, DOCUMENTS, MARKS
from registrations.dossier import dossier_of
from registrations.models import DiseaseRegistration
from registrations.printing import FORM, RegistrationForm

# No official text on registering diseases was found (docs/sources.md): a letter that has no
# maintained reason with a basis of its own says whose rules decide, and names no document.
DEFAULT_BASIS = "参保地门诊慢特病待遇认定的有关规定"
KINDS = {
    "acceptance": "门诊慢特病待遇认定受理通知书",
    "correction": "门诊慢特病待遇认定补正材料一次性告知书",
    "result": "门诊慢特病待遇认定结果告知书",
    "form": "门诊慢特病待遇认定表",
    "refusal": "门诊慢特病待遇不予认定通知书",
    "revocation_notice": "拟撤销门诊慢特病待遇认定告知书",
    "revocation": "撤销门诊慢特病待遇认定通知书",
}


def issue_acceptance(case: Case, ctx) -> Letter:
    """受理通知书: what was received, until when it is decided, whom to call."""
    due = chinese_day(local_day(case.due_at)) if case.due_at else ""
    mark = "（暂定，以节假日安排为准）" if case.due_provisional else ""
    lines = (
        f"您提交的{_matter(case)}申请，本机构已于{_today(ctx)}受理，办件编号{case.number}。",
        f"本机构将在{due}（含当天）以前办结{mark}。需要补正材料的时间不计算在内。",
    )
    return _issue(case, ctx, "acceptance", lines, deadline=f"{due}{mark}")


def issue_correction(case: Case, ctx, items: list[str], due: date | None) -> Letter:
    """一次性告知书: everything that has to be corrected, at once."""
    lines = (f"您提交的{_matter(case)}申请（办件编号{case.number}），有以下内容需要补正：",)
    closing = (
        f"{until_words(due)}登录原申请页面，只修改以上各项后重新提交；也可以到经办机构窗口咨询。",
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


def issue_result(case: Case, ctx, registration: DiseaseRegistration) -> Letter:
    """结果告知书: what was registered, from when to when, how it is used."""
    last = registration.last_day
    until = f"至{chinese_day(last)}（含当日）" if last else "起长期有效"
    span = f"{chinese_day(registration.first_day)}{until}"
    lines = (
        f"您提交的{_matter(case)}申请（办件编号{case.number}），经审核，符合认定条件，予以认定。",
        f"认定病种：{DISEASES[registration.disease]}。有效期：{span}。",
        "请到开通了这个病种的定点医药机构就医，挂号时说明使用门诊慢特病待遇；"
        "到外地就医的，请先办理异地就医备案。",
        *(("有效期届满以前可以申请续期。",) if last else ()),
    )
    return _issue(case, ctx, "result", lines)


def issue_refusal(case: Case, ctx) -> Letter:
    """不予认定通知书: the reason, the basis, what can be done."""
    reason, basis, remedy = _why(case, ctx)
    lines = (
        f"您提交的{_matter(case)}申请（办件编号{case.number}），经审核，不予认定。",
        f"理由：{reason}",
    )
    closing = (f"您可以这样做：{remedy}",) if remedy else ()
    return _issue(case, ctx, "refusal", lines, closing=closing, legal_basis=basis, remedy=REMEDY)


def issue_revocation_notice(case: Case, ctx, answer_by: date) -> Letter:
    """拟撤销告知书: the grounds, and until when the person may answer."""
    reason, basis, _ = _why(case, ctx)
    until = chinese_day(answer_by)
    lines = (
        f"本机构拟撤销您的{_matter(case)}（办件编号{case.number}）。",
        f"理由：{reason}",
        f"您可以在{until}（含当天）以前向本机构陈述、申辩，并提交有关材料。",
    )
    return _issue(case, ctx, "revocation_notice", lines, legal_basis=basis, deadline=until)


def issue_revocation(case: Case, ctx, last_day: date) -> Letter:
    """撤销通知书: from which day, why, and the remedies. The form holds no longer."""
    reason, basis, _ = _why(case, ctx)
    lines = (
        f"您的{_matter(case)}（办件编号{case.number}）已被撤销，"
        f"最后有效日为{chinese_day(last_day)}。",
        f"理由：{reason}",
    )
    return _issue(case, ctx, "revocation", lines, legal_basis=basis, remedy=STATUTORY)


# After a revocation there is no second look by the agency: the supervisor has decided.
STATUTORY = (
    "如不服本决定，可以自收到之日起60日内依法申请行政复议，或者自收到之日起6个月内"
    "向人民法院提起行政诉讼。"
)


def issue_form(case: Case, ctx, registration: DiseaseRegistration) -> Letter:
    """认定表, both copies in one PDF; the one before it is marked as replaced."""
    case.letters.filter(kind="form", revoked_at=None).update(revoked_at=ctx.now)
    letter = issue_letter(
        case,
        ctx,
        kind="form",
        title=KINDS["form"],
        template=FORM,
        make=lambda letter: registration_form(case, registration, letter, ctx),
    )
    registration.form_letter = letter
    return letter


def registration_form(case: Case, registration: DiseaseRegistration, letter, ctx):
    """The data of the form of a registration that was granted."""
    dossier = dossier_of(case)
    answers, person = dossier.answers, case.person
    proxy = answers.proxy or {}
    return RegistrationForm(
        dated=local_day(ctx.now),
        case_number=case.number,
        person={
            "name": answers.name,
            "sex": person.get_sex_display(),
            "id_kind": person.get_id_kind_display(),
            "id_number": person.id_number,
            "insured_area": area_name(answers.insured_area),
            "insurance": INSURANCES[answers.insurance],
            "phone": answers.phone,
            "address": answers.address,
        },
        proxy={
            key: str(proxy.get(key) or "") for key in ("name", "relation", "id_number", "phone")
        },
        disease=DISEASES[registration.disease],
        disease_code=registration.disease,
        diagnosed_on=registration.diagnosed_on,
        hospital=registration.hospital_name,
        treatment=registration.treatment_name,
        documents=tuple(_handed_in(dossier)),
        first_day=registration.first_day,
        last_day=registration.last_day,
        agency=office_name(case.county, case.insurance),
        clerk=ctx.actor.user.get_full_name(),
        decided_on=local_day(ctx.now),
        tips=_tips(case, registration),
        verify_url=verify_url(letter),
    )


def _handed_in(dossier) -> list[str]:
    codes = dict.fromkeys(file.document for file in dossier.files)
    return [DOCUMENTS.get(code, code) for code in codes]


def _tips(case: Case, registration: DiseaseRegistration) -> tuple[str, ...]:
    contact = contact_of(case.county, case.insurance)
    mark = MARKS[registration.decision.get("mark", "none")]
    tips = [
        "到开通了这个病种的定点医药机构就医，挂号时说明使用门诊慢特病待遇。",
        "到外地就医的，请先办理异地就医备案。",
        f"咨询电话：{contact.phone}",
    ]
    if mark:
        tips.insert(0, f"有效期按{mark}规则确定，以经办机构公布的规定为准。")
    return tuple(tips)


def _issue(case: Case, ctx, kind: str, lines: tuple[str, ...], **more) -> Letter:
    return issue_plain(case, ctx, kind, KINDS[kind], lines, **more)


def _why(case: Case, ctx) -> tuple[str, str, str]:
    return reason_words(case, ctx, DEFAULT_BASIS)


def _matter(case: Case) -> str:
    return f"门诊慢特病待遇认定（{DISEASES.get(case.topic, '')}）"


def _today(ctx) -> str:
    return chinese_day(local_day(ctx.now))
