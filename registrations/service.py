"""What pages ask of the domain of registrations: begin, save, what is missing, submit.

Everything that moves a status goes through `casework.perform` with the names of
`registrations.workflow`; the functions here prepare and explain it.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.actors import Actor
from casework.drafts import answers_of, open_revision, save_answers, start_draft
from casework.errors import NotAllowed, StaleCase
from casework.models import Case
from casework.perform import perform
from registrations.answers import Answers
from registrations.decision.codes import DISEASES
from registrations.dossier import dossier_of
from registrations.missing import Missing, missing_of
from residents.holdings import enrolments_for
from residents.models import Enrolment, Holding, Person

KIND = "registration"
# The answers that Answers.columns reads: only these are worth a look at the case.
MIRRORED_ANSWERS = frozenset({"disease", "insured_area", "insurance"})


class Incomplete(NotAllowed):
    """The registration cannot be submitted yet; `missing` lists every gap."""

    def __init__(self, missing: list[Missing]):
        super().__init__(missing[0].message)
        self.missing = missing


def start_registration(account, holding: Holding, disease: str, **prefilled) -> Case:
    """The draft of this person and disease: the one that is there, or a new one.

    `prefilled` are answers known already (where one is insured). Two requests at the same
    moment get the same draft. Raises NotAllowed for a disease that is not of the list.
    """
    _refuse_unknown(disease)
    known = {"name": holding.name, "phone": holding.phone or account.phone or ""}
    answers = Answers(disease=disease).with_changes(**{**known, **prefilled})
    columns = {"city": "", "county": "", **answers.columns()}
    return start_draft(
        account, holding.person, KIND, disease, answers.to_dict(), account=account, **columns
    )


def change_disease(case: Case, disease: str) -> Case:
    """Give a draft another disease, keeping its other answers; the papers are asked anew.

    Raises NotAllowed when the person already has a draft of that disease.
    """
    _refuse_unknown(disease)
    try:
        with transaction.atomic():
            save(case, {"disease": disease})
            Case.objects.filter(pk=case.pk, status=Case.DRAFT).update(draft_key=disease)
    except IntegrityError:
        raise NotAllowed(
            f"您已有一件「{DISEASES[disease]}」的草稿，请先继续填写或删除那一件"
        ) from None
    case.draft_key = disease
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
    """Everything that still stops submitting, in step order."""
    return missing_of(dossier_of(case))


def submit_registration(case: Case, actor: Actor, version: int | None = None) -> Case:
    """Submit a draft, or a corrected case again; a second click finds it submitted.

    Raises Incomplete with every gap, StaleCase, or NotAllowed.
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


def apply_again(case: Case, account, holding: Holding) -> Case:
    """A draft of the same disease with the answers of an old case that still make sense."""
    old = answers_now(case)
    kept = ("insured_area", "insurance", "hospital", "hospital_name", "treatment")
    kept += ("treatment_name", "treatment_asked", "diagnosed_on", "address", "contact_how")
    kept += ("proxy",)
    prefilled = {name: getattr(old, name) for name in kept}
    return start_registration(account, holding, old.disease, **prefilled)


def known_place(holding: Holding, person: Person) -> dict:
    """Where a person is insured, told only to an account that has proven to be theirs:
    {insured_area, insurance}, empty where it is not known."""
    if not holding.is_bound:
        return {}
    for row in enrolments_for(person, timezone.localdate()):
        if row.state == Enrolment.State.ACTIVE:
            return {"insured_area": row.insured_area, "insurance": row.insurance}
    return {}


def _columns(stored: dict) -> dict:
    return Answers.from_dict(stored).columns()


def _refuse_unknown(disease: str) -> None:
    if disease not in DISEASES:
        raise NotAllowed("请从列出的病种中选择要认定的病种")
