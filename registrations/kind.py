"""What the house needs to know of registrations: the kind, registered when the app is ready."""

from datetime import date
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casework.comparison import person_comparison
from casework.days import chinese_day
from casework.drafts import closed_answers
from casework.failures import JOB_WORDS
from casework.kinds import Finding, Kind, Verification, register
from casework.models import Case, Letter
from casework.notices import Contact, register_notices
from casework.reviewing import review
from facilities.agencies import HOTLINE
from facilities.areas import area_name
from facilities.contacts import contacts_of
from registrations.answers import Answers
from registrations.checks import DOUBTS
from registrations.decision import FactsError
from registrations.decision.codes import DISEASES, DOCUMENTS, MARKS, OUTCOMES
from registrations.dossier import dossier_of
from registrations.fields import FIELD_LABELS, outline
from registrations.inquiry import covers
from registrations.jobs import WORDS
from registrations.missing import needed_groups
from registrations.models import DiseaseRegistration
from registrations.notice_texts import NOTICES
from registrations.states import EVENT_LABELS, INTERNAL_EVENTS
from registrations.workflow import WORKFLOW
from residents.personal import mask_name

CODE = "registration"
# Twenty working days is what is usually said; no official source was found (docs/sources.md).
USUAL_DAYS = 20


def promised_days(case: Case) -> tuple[int, int]:
    """(statutory, promised) working days of the place's rule."""
    try:
        rule = dossier_of(case).decision_for_staff.rule
    except FactsError:
        return USUAL_DAYS, USUAL_DAYS
    return rule.statutory_days, rule.promised_days


def needed_documents(case: Case, answers: dict) -> list[tuple[str, ...]]:
    """The groups of documents by today's rules, and what was handed in besides."""
    dossier = dossier_of(case)
    try:
        groups = needed_groups(dossier)
    except FactsError:
        groups = []
    named = {code for group in groups for code in group}
    return [*groups, *((code,) for code in sorted(dossier.documents - named))]


_NOBODY = UUID(int=0)


@cache
def _record_pattern() -> str:
    """The address with a placeholder: resolving it anew for each message costs more than
    the rest of the message."""
    return reverse("registrations:record", args=[_NOBODY]).replace(str(_NOBODY), _NOBODY.hex)


def record_url(case: Case) -> str:
    """Where the resident follows the case."""
    return _record_pattern().replace(_NOBODY.hex, str(case.public_id))


def contact(case: Case) -> Contact:
    """How the person wants to be told."""
    answers = Answers.from_dict(closed_answers(case))
    return Contact(phone=answers.phone, how=answers.contact_how)


def words(case: Case, kept: dict) -> dict[str, str]:
    """What messages say of any registration: whom to call."""
    office = (case.county, case.insurance)
    if office not in kept:
        kept |= _phones(kept.get("cases", [case]))
    return {"phone": kept[office]}


def _phones(cases: list[Case]) -> dict[tuple[str, str], str]:
    """Whom to call about each of these cases, by county and insurance."""
    offices = {(case.county, case.insurance) for case in cases}
    known = contacts_of(office for office in offices if office[0])
    return {office: known[office].phone if office[0] else HOTLINE for office in offices}


def findings(case: Case) -> list[Finding]:
    """What the automatic review found, as it was kept."""
    registration = detail(case)
    return [Finding(**found) for found in registration.findings] if registration else []


def detail(case: Case) -> DiseaseRegistration | None:
    """The registration of a case; None for a draft."""
    return getattr(case, "registration", None)


def facts(case: Case) -> list[tuple[str, str, str]]:
    """(label, value, hint) shown beside the answers: what the rules make of them, and what was
    decided."""
    registration = detail(case)
    if registration and registration.granted_on:
        last = _last(registration.end)
        return [("认定开始", chinese_day(registration.first_day), ""), ("认定截止", last, "")]
    try:
        decision = dossier_of(case).decision_for_staff
    except FactsError as error:
        return [("结论", "不能判断", error.message)]
    rows = [("结论", OUTCOMES[decision.outcome], "")]
    if decision.first_day:
        mark = MARKS[decision.rule.mark]
        rows.append(("拟定开始", chinese_day(decision.first_day), ""))
        rows.append(("拟定截止", _last(decision.last_day), f"有效期为{mark}" if mark else ""))
    rows.append(("认定条件", decision.rule.conditions, decision.rule.note))
    rows += [("依据", reason.text, reason.source) for reason in decision.reasons]
    return rows


def _last(day: date | None) -> str:
    return chinese_day(day) if day else "长期有效"


def verification(letter: Letter) -> Verification | None:
    """What anyone who scans a form may read; None for other papers."""
    registration = detail(letter.case)
    if letter.kind != "form" or registration is None:
        return None
    state = _state(registration, letter, timezone.localdate())
    return Verification(in_force=state == "有效", state=state, rows=_public_rows(registration))


def _state(registration: DiseaseRegistration, letter: Letter, today: date) -> str:
    if letter.revoked_at:
        return "已由新的认定表替代"
    if registration.granted_on is None or today < registration.first_day:
        return "未生效"
    return "有效" if covers(registration, today) else "已失效"


def _public_rows(registration: DiseaseRegistration) -> tuple[tuple[str, str], ...]:
    case = registration.case
    return (
        ("姓名", mask_name(case.name)),
        ("证件号码后四位", case.person.id_number[-4:]),
        ("参保地", area_name(registration.insured_area)),
        ("认定病种", DISEASES[registration.disease]),
        ("开始日期", chinese_day(registration.first_day)),
        ("截止日期", _last(registration.end)),
    )


REGISTRATION = Kind(
    code=CODE,
    label="门诊慢特病认定",
    workflow=WORKFLOW,
    topics=dict(DISEASES),
    doubts=DOUBTS,
    document_labels=dict(DOCUMENTS),
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
    compare=lambda case: person_comparison(dossier_of(case)),
    internal_events=INTERNAL_EVENTS,
    event_labels=EVENT_LABELS,
    item_code="132036025",
    fields=FIELD_LABELS,
    review_topics=frozenset(DISEASES),
)


def register_registrations() -> None:
    """Make registrations known to casework."""
    register(REGISTRATION)
    register_notices(NOTICES)
    JOB_WORDS.update(WORDS)
