"""The order of the steps: which comes next for these answers, and where the questions end."""

from casework.models import Case
from filings.answers import Answers
from filings.decision.codes import NOT_NEEDED
from filings.dossier import Dossier
from filings.pages.steps import (
    DetailsStep,
    InsuredStep,
    NoticeStep,
    PlaceStep,
    StayDatesStep,
    StayStep,
    Step,
)

TOTAL = 6
ASKING: tuple[Step, ...] = (
    InsuredStep(),
    PlaceStep(),
    NoticeStep(),
    StayStep(),
    StayDatesStep(),
    DetailsStep(),
)
BY_SLUG = {step.slug: step for step in ASKING}
# What of a dossier no answer changes.
STAYS_KNOWN = ("holding", "enrolments", "files")
# The pages that are not one form: their views are in `proof` and `review`.
LAST = ("proof", "check")
NUMBERS = {**{step.slug: step.number for step in ASKING}, "type": 1, "proof": 5, "check": 6}


def next_slug(slug: str, dossier: Dossier) -> str:
    """The page after this one, for these answers."""
    slugs = [step.slug for step in ASKING]
    later = ASKING[slugs.index(slug) + 1 :] if slug in slugs else ()
    for step in later:
        if step.applies(dossier):
            return step.slug
    return "proof"


def previous_slug(slug: str, dossier: Dossier) -> str | None:
    """The page before this one; None before the first, which is the type."""
    slugs = [step.slug for step in ASKING]
    if slug == "check":
        return "proof"
    earlier = ASKING[: slugs.index(slug)] if slug in slugs else ASKING
    for step in reversed(earlier):
        if step.applies(dossier):
            return step.slug
    return None


def with_answers(dossier: Dossier, answers: Answers) -> Dossier:
    """The dossier after answers were saved; who and which papers is not asked again."""
    fresh = Dossier(dossier.case, dossier.today, dossier.revision)
    known = {name: dossier.__dict__[name] for name in STAYS_KNOWN if name in dossier.__dict__}
    fresh.__dict__.update(known, answers=answers)
    return fresh


def stops_here(dossier: Dossier) -> bool:
    """Whether, by what is known, nothing is to be filed: the page then says so."""
    try:
        return dossier.decision.outcome in (NOT_NEEDED, "refused")
    except ValueError:
        return False


def drafts_of(user):
    """The drafts of filings this account began, newest first."""
    return Case.objects.filter(created_by=user, kind="filing", status=Case.DRAFT).order_by("-id")
