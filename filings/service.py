"""What pages ask of the domain of filings: begin, look ahead, what is missing, sign, submit.

Everything that moves a status goes through `casework.perform` with the names of
`filings.workflow`; the functions here prepare and explain it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.actors import Actor
from casework.clock import SHANGHAI, local_day
from casework.drafts import answers_of, open_revision, save_answers, start_draft
from casework.errors import NotAllowed, StaleCase
from casework.models import Case, Letter, Revision
from casework.perform import Context, perform
from casework.signature import Signature
from casework.workdays import current_calendar
from casework.workflow import COUNTER
from facilities.areas import UnknownArea, pooling_area_of
from filings import rules_store
from filings.acts.promising import open_for_supply
from filings.answers import Answers
from filings.conflicts import to_be_ended
from filings.deciding import decision_for
from filings.decision import AgencyText, Decision, FactsError, Rulebook, derive_category
from filings.decision.codes import CATEGORIES, DOCUMENTS, IDENTITY_DOCUMENTS, PROMISE_LETTER
from filings.documents import issue_promise
from filings.dossier import dossier_of
from filings.missing import Missing, missing_of
from filings.models import Filing
from residents.holdings import enrolments_for
from residents.models import Enrolment, Holding, Person

KIND = "filing"
PROMISE_DOCUMENTS = frozenset({PROMISE_LETTER})
# The answers that Answers.columns reads: only these are worth a look at the case.
MIRRORED_ANSWERS = frozenset(
    {"category", "insured_area", "insurance", "destination", "destination_pick", "institution"}
    | {"in_hospital", "expected_discharge"}
)


class Incomplete(NotAllowed):
    """The filing cannot be submitted yet; `missing` lists every gap."""

    def __init__(self, missing: list[Missing]):
        super().__init__(missing[0].message)
        self.missing = missing


@dataclass(frozen=True)
class DocumentGroup:
    """Documents of which any one will do, and the files of them that are there."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    files: tuple
    identity: bool

    @property
    def met(self) -> bool:
        """Whether a document of the group is there."""
        return bool(self.files)


def rulebook(on_day: date | None = None) -> Rulebook:
    """The published rules and texts; each look-up in it names its own day."""
    return rules_store.rulebook()


def counter_actor(user) -> Actor:
    """A clerk who files for somebody at the counter or on the phone."""
    return Actor(role=COUNTER, user=user, profile=user.staff_profile)


def preview(answers: Answers | dict, today: date | None = None) -> Decision:
    """What `decide` says of the answers so far; raises FactsError while it cannot say."""
    return decision_for(_typed(answers), today or timezone.localdate())


def start_filing(
    creator,
    account,
    person: Person,
    holding: Holding | None,
    category_or_questions: str | dict,
    channel: str = Case.Channel.ONLINE,
    **prefilled,
) -> Case:
    """The draft of this person and type: the one that is there, or a new one.

    `prefilled` are answers known already. Raises NotAllowed for an unknown type.
    """
    category, questions = _type_of(category_or_questions)
    answers = Answers(category=category, questions=questions, **_known(person, holding, account))
    answers = answers.with_changes(**prefilled)
    columns = {"city": "", "county": "", **answers.columns()}
    return start_draft(
        creator,
        person,
        KIND,
        category,
        answers.to_dict(),
        account=account,
        channel=channel,
        **columns,
    )


def change_type(case: Case, category_or_questions: str | dict) -> Case:
    """Give a draft another type, keeping its other answers.

    Raises NotAllowed when the person already has a draft of that type.
    """
    category, questions = _type_of(category_or_questions)
    try:
        with transaction.atomic():
            save(case, {"category": category, "questions": questions})
            Case.objects.filter(pk=case.pk, status=Case.DRAFT).update(draft_key=category)
    except IntegrityError:
        raise NotAllowed(
            f"您已有一件「{CATEGORIES[category]}」的草稿，请先继续填写或删除那一件"
        ) from None
    case.draft_key = category
    return case


def save(case: Case, changes: dict) -> Answers:
    """Save changed answers into the open revision, with the columns that mirror them.

    `changes` are values as stored (dates as ISO text). Raises NotAllowed when the case
    takes no answers any more, InvalidAnswers for a key the contract does not know.
    """
    Answers.from_dict(changes)
    mirrored = case.is_draft and not MIRRORED_ANSWERS.isdisjoint(changes)
    stored = Answers.from_dict(save_answers(case, changes, mirror=_columns if mirrored else None))
    case.__dict__.pop("_dossier", None)
    return stored


def answers_now(case: Case) -> Answers:
    """The answers of the revision being written, else of the one submitted."""
    return Answers.from_dict(answers_of(open_revision(case) or case.revision))


def missing(case: Case) -> list[Missing]:
    """(step, field, message) of everything that still stops submitting, in step order."""
    return missing_of(dossier_of(case))


def submit_filing(case: Case, actor: Actor, version: int | None = None) -> Case:
    """Submit a draft, or a corrected case again; a second click finds it submitted.

    Raises Incomplete with every gap, StaleCase, or NotAllowed. What needs no filing or is
    refused cannot be submitted: the gap says so.
    """
    name = "resubmit" if case.status == "correction" else "submit"
    try:
        return perform(case, name, actor, version=version)
    except (NotAllowed, StaleCase):
        now = Case.objects.select_related("person", "account", "revision").get(pk=case.pk)
        if name == "submit" and now.number and now.status != Case.DRAFT:
            return now
        gaps = missing(now) if now.status in (Case.DRAFT, "correction") else []
        if gaps:
            raise Incomplete(gaps) from None
        raise


def required_documents(case: Case) -> list[DocumentGroup]:
    """What is to be handed in, group by group, with the files that are there.

    A promise takes the place of the groups that prove the category. Raises FactsError
    while the answers do not say which rule applies.
    """
    dossier = dossier_of(case)
    return [
        _group(codes, dossier.files)
        for codes in dossier.needed
        if not PROMISE_DOCUMENTS & set(codes)
    ]


def notice_text(answers: Answers | dict, today: date | None = None) -> AgencyText | None:
    """The 告知书 to be read for these answers, or None where there is none."""
    typed = _typed(answers)
    if not typed.insured_area:
        return None
    return rulebook().notice_for(typed.insured_area, today or timezone.localdate())


def promise_text(answers: Answers | dict, today: date | None = None) -> AgencyText | None:
    """The 承诺书 that may be signed for these answers, or None."""
    typed = _typed(answers)
    if not (typed.insured_area and typed.category):
        return None
    day = today or timezone.localdate()
    return rulebook().promise_for(typed.insured_area, typed.category, day)


def sign_promise(case: Case, signature: Signature, user) -> Letter:
    """Keep a signed promise as a PDF with its hash, signer and time; answers the step.

    Signing again replaces the one before. Raises NotAllowed where no promise may stand in
    or nobody may write any more.
    """
    now = timezone.now()
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        answers = answers_now(locked)
        text = promise_text(answers, local_day(now))
        if text is None or not _promise_allowed(answers, local_day(now)):
            raise NotAllowed("这类备案不能用承诺书代替材料，请上传材料")
        locked.letters.filter(kind="promise", revoked_at=None).update(revoked_at=now)
        ctx = Context(_signer(user), now, current_calendar())
        when = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        letter = issue_promise(locked, ctx, text, signature, when)
        promise = {
            "key": text.key,
            "version": text.version.isoformat(),
            "sha256": text.sha256,
            "kind": signature.kind,
            "signer": signature.text,
            "signed_at": now.isoformat(),
            "letter_id": letter.pk,
        }
        save(locked, {"proof": "promise", "promise": promise})
    case.__dict__.pop("_dossier", None)
    return letter


def superseded_by(case: Case) -> list[Filing]:
    """The filings in force that would end when this one is granted, to be shown before."""
    try:
        return to_be_ended(dossier_of(case))
    except FactsError:
        return []


def begin_supply(case: Case) -> Revision:
    """Open the case for the papers that were promised; call again any number of times.

    Raises NotAllowed when none are owed. `hand_in` submits them.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        open_for_supply(locked)
        return open_revision(locked)


def file_again(case: Case, creator, account, holding: Holding | None) -> Case:
    """A draft of the same type with the answers of an old case that still make sense."""
    old = answers_now(case)
    kept = ("insured_area", "insurance", "destination", "destination_pick", "institution")
    kept += ("care", "address", "contact_how", "proxy")
    prefilled = {name: getattr(old, name) for name in kept}
    return start_filing(creator, account, case.person, holding, old.category, **prefilled)


def _typed(answers: Answers | dict) -> Answers:
    return answers if isinstance(answers, Answers) else Answers.from_dict(answers)


def _columns(stored: dict) -> dict:
    return Answers.from_dict(stored).columns()


def _type_of(category_or_questions: str | dict) -> tuple[str, dict | None]:
    if isinstance(category_or_questions, dict):
        return derive_category(category_or_questions), category_or_questions
    if category_or_questions not in CATEGORIES:
        raise NotAllowed("请选择备案类型")
    return category_or_questions, None


def _known(person: Person, holding: Holding | None, account) -> dict:
    """What need not be asked: the name, the phone, and once proven where they are insured."""
    known = {}
    if holding:
        known["name"] = holding.name
        known["phone"] = holding.phone or (account.phone if account else "") or ""
    if holding and holding.is_bound:
        for row in enrolments_for(person, timezone.localdate()):
            if row.state == Enrolment.State.ACTIVE and _is_area(row.insured_area):
                return {**known, "insured_area": row.insured_area, "insurance": row.insurance}
    return known


def _is_area(code: str) -> bool:
    try:
        return bool(pooling_area_of(code))
    except UnknownArea:
        return False


def _group(codes: tuple[str, ...], files: list) -> DocumentGroup:
    return DocumentGroup(
        codes=codes,
        labels=tuple(DOCUMENTS[code] for code in codes),
        files=tuple(file for file in files if file.document in codes),
        identity=codes[0] in IDENTITY_DOCUMENTS,
    )


def _promise_allowed(answers: Answers, today: date) -> bool:
    try:
        return decision_for(answers, today).promise_allowed
    except FactsError as error:
        raise NotAllowed(error.message) from None


def _signer(user) -> Actor:
    return counter_actor(user) if user.is_staff else Actor.resident(user)
