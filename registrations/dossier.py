"""Everything known of one registration at one moment, each part read once.

Guards, checks and pages ask the same questions of a case several times in a request; the
dossier answers from memory after the first time.
"""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from casework.clock import local_day
from casework.drafts import answers_of, documents_of, open_revision
from casework.models import Attachment, Case, Revision
from registrations.answers import Answers
from registrations.decision import Decision, Facts, NoticeWords, decide, shipped
from registrations.inquiry import granted, pooling
from registrations.models import DiseaseRegistration
from residents.matching import enrolments_on
from residents.models import Enrolment, Holding

WRITING = ("draft", "correction")


class Dossier:
    """One case as seen on `today`: the revision being written, or the one submitted."""

    def __init__(self, case: Case, today: date, revision: Revision | None):
        self.case, self.today, self.revision = case, today, revision

    @cached_property
    def answers(self) -> Answers:
        """The answers of the revision; empty ones when there is none."""
        return Answers.from_dict(answers_of(self.revision))

    @cached_property
    def files(self) -> list[Attachment]:
        """The documents that belong to the revision."""
        if self.revision is None or not getattr(self.case, "has_files", True):
            return []
        return list(documents_of(self.revision))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The codes of the documents that are there."""
        return frozenset(file.document for file in self.files)

    @cached_property
    def asked_on(self) -> date:
        """The day the resident submitted; today while they still write."""
        return local_day(self.case.submitted_at) if self.case.submitted_at else self.today

    @cached_property
    def decision(self) -> Decision:
        """By today's rules; raises FactsError while an answer is missing. What the registers
        know of the person counts only where the account has proven that it may know it."""
        return self._decide(told=bool(self.holding and self.holding.is_bound))

    @cached_property
    def decision_for_staff(self) -> Decision:
        """The same with all that the registers know."""
        return self._decide(told=True)

    def _decide(self, told: bool) -> Decision:
        answers, held = self.answers, self.held_until if told else None
        return decide(
            Facts(
                insured_area=answers.insured_area,
                insurance=answers.insurance,
                disease=answers.disease,
                today=self.today,
                asked_on=self.asked_on,
                diagnosed_on=answers.diagnosed_on,
                enrolled=self.enrolled if told else None,
                registered=bool(held),
                registered_until=held[0] if held else None,
            ),
            shipped(),
        )

    @cached_property
    def held_until(self) -> tuple[date | None] | None:
        """(last day,) of what is registered of this disease and not over; (None,) for 长期; None
        where nothing is."""
        ends = [row.end for row in self.others if row.end is None or row.end >= self.today]
        if not ends:
            return None
        return (None,) if None in ends else (max(ends),)

    @cached_property
    def others(self) -> list[DiseaseRegistration]:
        """Registrations of this disease that were granted to the person in this pooling area,
        this case left out."""
        rows = granted(self.case.person_id, self.answers.disease or None)
        rows = rows.exclude(pk=self.case.pk).select_related("case").order_by("pk")
        area = pooling(self.answers.insured_area)
        return [row for row in rows if pooling(row.insured_area) == area]

    @cached_property
    def enrolled(self) -> bool | None:
        """Whether the register has the person here with this insurance, active; None where it
        does not know the number at all, which a clerk looks into."""
        if not self.enrolments:
            return None
        area = pooling(self.answers.insured_area)
        return any(
            row.state == Enrolment.State.ACTIVE
            and row.insurance == self.answers.insurance
            and pooling(row.insured_area) == area
            for row in self.enrolments
        )

    @cached_property
    def notice(self) -> NoticeWords | None:
        """The 告知书 of the insured area; None before it is known."""
        area = self.answers.insured_area
        return shipped().notice_for(area, self.today) if area else None

    @property
    def registration(self) -> DiseaseRegistration | None:
        """The detail row, the one instance that hangs on the case; None for a draft."""
        case = self.case
        if case.number is None and not Case.registration.related.is_cached(case):
            return None
        return getattr(case, "registration", None)

    @cached_property
    def holding(self) -> Holding | None:
        """How the account that applies holds the person."""
        if self.case.account_id is None:
            return None
        if "held" in self.case.__dict__:
            return self.case.held
        rows = Holding.objects.filter(
            account_id=self.case.account_id, person_id=self.case.person_id
        ).exclude(standing=Holding.Standing.REVOKED)
        return rows.first()

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """The lines of the register that know this number and cover today."""
        return enrolments_on(self.case.person, self.today)


def dossier_of(case: Case, now: datetime | None = None) -> Dossier:
    """The dossier of a case, kept on the instance as long as its revision is the same."""
    day = local_day(now or timezone.now())
    revision = open_revision(case) if case.status in WRITING else case.revision
    key = (day, case.status, revision.pk if revision else None)
    kept = getattr(case, "_dossier", None)
    if kept is None or kept[0] != key:
        case._dossier = kept = (key, Dossier(case, day, revision))
    return kept[1]
