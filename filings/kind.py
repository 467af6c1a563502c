"""What the house needs to know of filings: the kind, registered when the app is ready."""

from datetime import date
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casework.comparison import person_comparison
from casework.days import chinese_day
from casework.drafts import closed_answers
from casework.failures import JOB_WORDS
from casework.guards import counter_clerk
from casework.kinds import Finding, Kind, Verification, register
from casework.models import Case, Letter
from casework.notices import Contact, register_notices
from facilities.agencies import HOTLINE
from facilities.areas import area_name
from facilities.contacts import contacts_of
from filings.answers import Answers
from filings.checks import DOUBTS
from filings.decision import FactsError
from filings.decision.codes import BENEFIT_LEVELS, CATEGORIES, DOCUMENTS
from filings.dossier import dossier_of
from filings.fields import FIELD_LABELS, outline
from filings.inquiry import in_force
from filings.jobs import WORDS
from filings.models import Filing
from filings.notice_texts import NOTICES
from filings.review import review
from filings.states import EVENT_LABELS, INTERNAL_EVENTS
from filings.workflow import WORKFLOW
from residents.personal import mask_name

CODE = "filing"
# 医保发〔2024〕21号: at the window at once, online within two working days.
WINDOW_DAYS, STATUTORY_DAYS = 0, 2


def promised_days(case: Case) -> tuple[int, int]:
    """(statutory, promised) working days: of the place's rule, else the national ones."""
    try:
        rule = dossier_of(case).rule
    except FactsError:
        rule = None
    at_window = case.channel == Case.Channel.COUNTER
    statutory = WINDOW_DAYS if at_window else STATUTORY_DAYS
    if rule:
        said = rule.statutory_days_window if at_window else rule.statutory_days_online
        statutory = statutory if said is None else said
    promised = rule.promised_days if rule and rule.promised_days is not None else statutory
    return statutory, promised


def needed_documents(case: Case, answers: dict) -> list[tuple[str, ...]]:
    """The groups of documents by today's rules, and what was handed in besides."""
    dossier = dossier_of(case)
    try:
        groups = list(dossier.needed)
    except FactsError:
        groups = []
    named = {code for group in groups for code in group}
    return [*groups, *((code,) for code in sorted(dossier.documents - named))]


_NOBODY = UUID(int=0)


@cache
def _record_pattern() -> str:
    """The address with a placeholder: resolving it anew for each message costs more than
    the rest of the message."""
    return reverse("filings:record", args=[_NOBODY]).replace(str(_NOBODY), _NOBODY.hex)


def record_url(case: Case) -> str:
    """Where the resident follows the case."""
    return _record_pattern().replace(_NOBODY.hex, str(case.public_id))


def contact(case: Case) -> Contact:
    """How somebody without an account is told: as they said when they filed."""
    answers = Answers.from_dict(closed_answers(case))
    return Contact(phone=answers.phone, how=answers.contact_how)


def words(case: Case, kept: dict) -> dict[str, str]:
    """What messages say of any filing: category, place, whom to call."""
    office = (case.county, case.insurance)
    if office not in kept:
        kept |= _phones(kept.get("cases", [case]))
    return {
        "category": CATEGORIES.get(case.topic, ""),
        "destination": area_name(case.destination) if case.destination else "",
        "phone": kept[office],
    }


def _phones(cases: list[Case]) -> dict[tuple[str, str], str]:
    """Whom to call about each of these cases, by county and insurance."""
    offices = {(case.county, case.insurance) for case in cases}
    known = contacts_of(office for office in offices if office[0])
    return {office: known[office].phone if office[0] else HOTLINE for office in offices}


def findings(case: Case) -> list[Finding]:
    """What the automatic review found, as it was kept."""
    filing = detail(case)
    return [Finding(**found) for found in filing.findings] if filing else []


def detail(case: Case) -> Filing | None:
    """The filing of a case; None for a draft."""
    return getattr(case, "filing", None)


def facts(case: Case) -> list[tuple[str, str, str]]:
    """(label, value, hint) shown beside the answers: what the rules make of them."""
    dossier = dossier_of(case)
    try:
        decision = dossier.decision
    except FactsError as error:
        return [("结论", "不能判断", error.message)]
    filing = detail(case)
    rows = [("结论", _outcome(decision), "")]
    rows.append(("生效", _day(decision.valid_from), ""))
    rows.append(("截止", _end(decision), ""))
    rows.append(("待遇", BENEFIT_LEVELS[decision.benefit_level], decision.benefit_text))
    if filing and filing.promise_state:
        rows.append(("承诺材料", filing.get_promise_state_display(), _day(filing.supply_by)))
    rows += [("依据", reason.text, reason.source) for reason in decision.reasons]
    return rows


def verification(letter: Letter) -> Verification | None:
    """What anyone who scans a registration form may read; None for other papers."""
    filing = detail(letter.case)
    if letter.kind != "form" or filing is None:
        return None
    today = timezone.localdate()
    state = _state(filing, letter, today)
    return Verification(in_force=state == "有效", state=state, rows=_public_rows(filing))


def _state(filing: Filing, letter: Letter, today: date) -> str:
    if letter.revoked_at:
        return "已由新的备案表替代"
    if filing.granted_on is None:
        return "未生效"
    if today < filing.start:
        return "未生效"
    return "有效" if in_force(filing, today) else "已失效"


def _public_rows(filing: Filing) -> tuple[tuple[str, str], ...]:
    case = filing.case
    last = filing.last_day
    return (
        ("姓名", mask_name(case.name)),
        ("证件号码后四位", case.person.id_number[-4:]),
        ("参保地", area_name(filing.insured_area)),
        ("备案类型", CATEGORIES[filing.category]),
        ("就医地", area_name(filing.destination_area)),
        ("开始日期", chinese_day(filing.start)),
        ("截止日期", chinese_day(last) if last else _no_end(filing)),
    )


def _no_end(filing: Filing) -> str:
    return "长期有效" if filing.long_term else "当地没有公布截止日期"


def _outcome(decision) -> str:
    return {"instant": "可即时开通", "review": "需经办人员审核"}.get(
        decision.outcome, "不需要或不能备案"
    )


def _day(day: date | None) -> str:
    return chinese_day(day) if day else ""


def _end(decision) -> str:
    if decision.valid_to:
        return chinese_day(decision.valid_to)
    return "长期有效" if decision.validity == "long_term" else "当地没有公布"


FILING = Kind(
    code=CODE,
    label="异地就医备案",
    workflow=WORKFLOW,
    topics=dict(CATEGORIES),
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
    item_code="132036024",
    fields=FIELD_LABELS,
    review_topics=frozenset(CATEGORIES),
    desk_links=(("窗口代录", "filings:counter", counter_clerk),),
)


def register_filings() -> None:
    """Make filings known to casework."""
    register(FILING)
    register_notices(NOTICES)
    JOB_WORDS.update(WORDS)
