"""Everything known of one filing at one moment, each part read once.

Guards, checks and pages ask the same questions of a case several times in a request;
the dossier answers from memory after the first time.
"""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from casework.clock import local_day
from casework.drafts import answers_of, documents_of, open_revision
from casework.models import Attachment, Case, Revision
from filings.answers import Answers
from filings.deciding import decision_for, rule_behind
from filings.decision import Decision, Rule
from filings.decision.codes import CERTIFICATE
from filings.models import Filing
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
        """By today's rules; raises FactsError while an answer is missing."""
        certificate = True if CERTIFICATE in self.documents else None
        return decision_for(self.answers, self.today, self.asked_on, certificate)

    @cached_property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """The groups of documents that are needed, whether they are there or not."""
        if CERTIFICATE not in self.documents:
            return self.decision.documents
        return decision_for(self.answers, self.today, self.asked_on).documents

    @cached_property
    def rule(self) -> Rule | None:
        """The rule that decides, or None."""
        return rule_behind(self.decision)

    @property
    def filing(self) -> Filing | None:
        """The detail row, the one instance that hangs on the case; None for a draft."""
        case = self.case
        if case.number is None and not Case.filing.related.is_cached(case):
            return None
        return getattr(case, "filing", None)

    @cached_property
    def others(self) -> list[Filing]:
        """Other filings of the person that are approved and not over."""
        # What is live was granted; said again for the index that holds what was granted.
        rows = Filing.objects.filter(person_id=self.case.person_id, live=True)
        rows = rows.filter(granted_on__isnull=False)
        rows = rows.exclude(pk=self.case.pk).select_related("case", "rule").order_by("pk")
        return [row for row in rows if row.last_day is None or row.last_day >= self.today]

    @cached_property
    def holding(self) -> Holding | None:
        """How the account that files holds the person; None at the counter."""
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


def dossier_of(case: Case, now: datetime | None = None, today: date | None = None) -> Dossier:
    """The dossier of a case, kept on the instance as long as its revision is the same."""
    day = today or local_day(now or timezone.now())
    revision = _revision(case)
    key = (day, case.status, revision.pk if revision else None)
    kept = getattr(case, "_dossier", None)
    if kept is None or kept[0] != key:
        case._dossier = kept = (key, Dossier(case, day, revision))
    return kept[1]


def _revision(case: Case) -> Revision | None:
    return open_revision(case) if case.status in WRITING else case.revision
