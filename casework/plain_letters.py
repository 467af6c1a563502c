"""Letters of the agency in plain paragraphs, of whatever kind of case.

Source of the remedies that are printed: 行政复议法 第20条 (60 days), 行政诉讼法 第46条 (six
months); see docs/sources.md.
"""

from casework.clock import local_day
from casework.letters import issue_letter, verify_url
from casework.models import Case, Letter
from casework.printing import LETTER
from casework.printing.data import Letter as LetterData
from facilities.contacts import contact_of, office_name

REMEDY = (
    "如不服本决定，可以自收到之日起60日内依法申请行政复议，或者自收到之日起6个月内"
    "向人民法院提起行政诉讼；也可以先向本机构申请复核，由其他人员重新办理。"
)


def issue_plain(case: Case, ctx, kind: str, title: str, lines: tuple[str, ...], **more) -> Letter:
    """A letter of the agency to the person of a case, of whatever kind; `more` are fields of
    `casework.printing.Letter`."""
    contact = contact_of(case.county, case.insurance)
    return issue_letter(
        case,
        ctx,
        kind=kind,
        title=title,
        template=LETTER,
        make=lambda letter: LetterData(
            title=title,
            number=letter.number,
            case_number=case.number or "",
            addressee=case.name,
            paragraphs=lines,
            agency=office_name(case.county, case.insurance),
            issued_on=local_day(ctx.now),
            contact=f"{contact.name} {contact.phone} {contact.address}".strip(),
            verify_url=verify_url(letter),
            **more,
        ),
    )
