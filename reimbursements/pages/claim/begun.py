"""A draft in a list: what it is about and where to go on."""

from casework.days import chinese_day
from casework.drafts import answers_of, open_revision
from casework.models import Case
from reimbursements.answers import Answers
from reimbursements.codes import KINDS
from reimbursements.pages.claim.steps import address, area_words


def begun(case: Case) -> dict:
    """{case, title, name, url} of a draft: the kind of care, the place and the first day tell
    the drafts of one person apart."""
    answers = Answers.from_dict(answers_of(open_revision(case)))
    where = answers.institution_name or area_words(answers.institution_area)
    day = chinese_day(answers.admitted_on) if answers.admitted_on else ""
    parts = (KINDS.get(answers.kind, ""), where, day)
    return {
        "case": case,
        "title": " · ".join(part for part in parts if part) or "刚开始填写",
        "name": answers.name,
        "url": address(case, "check" if answers.kind else "why"),
    }
