"""Everything known of one claim at one moment, each part read once.

Guards, checks and pages ask the same questions of a case several times in a request;
the dossier answers from memory after the first time.
"""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from casework.clock import local_day
from casework.drafts import answers_of, documents_of, open_revision
from casework.models import Attachment, Case, Revision
from casework.workdays import current_calendar
from facilities.areas import UnknownArea, pooling_area_of
from facilities.models import Institution
from filings.inquiry import FilingAnswer, filing_for
from reimbursements.answers import Answers, area_or_blank
from reimbursements.bills.deadlines import Deadline, deadline
from reimbursements.bills.documents import documents_for
from reimbursements.models import Adjustment, Bill, Claim
from reimbursements.settling.estimating import category_of
from reimbursements.settling.figures import Figures, figures_in, figures_of
from reimbursements.settling.previewing import Preview, preview_settlement
from residents.matching import enrolments_on
from residents.models import Enrolment, Holding

WRITING = ("draft", "correction")
REFERRAL = "TMP-REF"


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
        return list(documents_of(self.revision)) if self.revision else []

    @cached_property
    def documents(self) -> frozenset[str]:
        """The codes of the documents that are there."""
        return frozenset(file.document for file in self.files)

    @cached_property
    def needed(self) -> list[tuple[str, ...]]:
        """The groups of documents this claim needs, each "any one of"; paper originals, which
        are handed in and not uploaded, among them."""
        answers = self.answers
        return documents_for(
            answers.kind,
            answers.reason,
            third_party=answers.third_party == "yes",
            other_insurer=answers.other_insurer == "yes",
            referral=self._filed_category == REFERRAL,
            paper=any(bill.form == "paper" for bill in answers.all_bills),
            agent=self.by_agent,
            died=answers.bank_relation == "heir",
            counter=bool(answers.counter),
        )

    @property
    def _filed_category(self) -> str:
        """The category found when the claim was submitted; found now while it is written."""
        if self.claim is not None and self.case.status not in WRITING:
            return self.claim.filing_category
        return self.filed.category if self.answers.admitted_on else ""

    @cached_property
    def by_agent(self) -> bool:
        """Whether somebody else than the person files."""
        if self.answers.counter:
            return bool(self.answers.counter.get("proxy"))
        known = self.__dict__.get("figures")  # says how the person is held, where it was read
        relation = known.relation if known else self.holding and self.holding.relation
        return bool(relation and relation != Holding.Relation.SELF)

    @cached_property
    def deadline(self) -> Deadline | None:
        """Until when the stay may be claimed; None where the place has published nothing."""
        last = self.answers.last_day
        return deadline(self.area, last, current_calendar().next_workday) if last else None

    @cached_property
    def asked_on(self) -> date:
        """The day the resident submitted; today while they still write."""
        return local_day(self.case.submitted_at) if self.case.submitted_at else self.today

    @cached_property
    def area(self) -> str:
        """The pooling area in which the person is insured; "" when not said yet."""
        try:
            return pooling_area_of(self.answers.insured_area)
        except UnknownArea:
            return ""

    @cached_property
    def institution(self) -> Institution | None:
        """The institution that was picked, or None for free text."""
        code = self.answers.institution
        return Institution.objects.filter(pk=code).first() if code else None

    @cached_property
    def where(self) -> str:
        """The pooling area of the institution; "" when not said yet."""
        return area_or_blank(self.answers.institution_area or self.answers.institution)

    @cached_property
    def filed(self) -> FilingAnswer:
        """What filings say of the day of admission."""
        answers = self.answers
        if answers.admitted_on is None or not self.where:
            return FilingAnswer(found=False, how="none")
        return filing_for(self.case.person, answers.admitted_on, self.where)

    @cached_property
    def settled_as(self) -> str:
        """The category of filing the stay is settled by, before a clerk has looked."""
        return category_of(self.answers, self.filed)

    @property
    def claim(self) -> Claim | None:
        """The detail row, the one instance that hangs on the case; None for a draft."""
        return None if self.case.is_draft else getattr(self.case, "claim", None)

    @cached_property
    def bills(self) -> list[Bill]:
        """The bills of the submitted claim that were not taken out."""
        if self.claim is None:
            return []
        return list(self.claim.bills.filter(removed=False).order_by("position", "pk"))

    @cached_property
    def figures(self) -> Figures | None:
        """What was settled, paid and adjusted of the claim so far; None for a draft."""
        return figures_of(self.claim, self.case.account_id) if self.claim is not None else None

    def take(self, bills: list[Bill]) -> None:
        """Keep the bills of the claim, which were read elsewhere, each with the figures."""
        self.bills = bills
        if bills:
            self.figures = figures_in(bills[0])

    @cached_property
    def preview(self) -> Preview | str:
        """What would be paid if the claim were approved now, or a sentence why not."""
        return preview_settlement(self.case, self.bills, self.figures)

    @cached_property
    def adjustments(self) -> list[Adjustment]:
        """The adjustments of the claim that were not dropped."""
        if self.figures is None or not self.figures.has_adjustments:
            return []
        return list(self.claim.adjustments.exclude(state=Adjustment.State.DROPPED))

    @cached_property
    def holding(self) -> Holding | None:
        """How the account that files holds the person; None at the counter."""
        if self.case.account_id is None:
            return None
        rows = Holding.objects.filter(
            account_id=self.case.account_id, person_id=self.case.person_id
        ).exclude(standing=Holding.Standing.REVOKED)
        return rows.first()

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """The lines of the register that cover the day of admission, active ones first."""
        day = self.answers.admitted_on or self.today
        return enrolments_on(self.case.person, day)


def dossier_of(case: Case, now: datetime | None = None, today: date | None = None) -> Dossier:
    """The dossier of a case, kept on the instance as long as it has not moved."""
    day = today or local_day(now or timezone.now())
    revision = _revision(case)
    key = (day, case.status, case.version, revision.pk if revision else None)
    kept = getattr(case, "_dossier", None)
    if kept is None or kept[0] != key:
        case._dossier = kept = (key, Dossier(case, day, revision))
    return kept[1]


def forget_dossier(case: Case) -> None:
    """What was read of the case is read anew: an effect has changed it."""
    case.__dict__.pop("_dossier", None)


def _revision(case: Case) -> Revision | None:
    return open_revision(case) if case.status in WRITING else case.revision
