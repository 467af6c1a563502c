"""手工报销申请表: what a clerk typed at the counter, for the person to read and sign by hand.

The form is our own (示例): a place that has one of its own uses that instead.
"""

from dataclasses import dataclass
from datetime import date

from casework.models import Case
from casework.printing.data import date_text
from facilities.areas import UnknownArea, pooling_area_of
from facilities.contacts import office_name
from reimbursements.answers import Answers
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.fields import GROUPS, LABELS, in_words
from reimbursements.pages.explained import grouped

TITLE = "医疗费用手工报销申请表"
PROMISE = (
    "本人确认以上内容与事实相符；所交票据和材料真实，同一张票据没有在别处报销过。"
    "不实的，愿意退回已支付的款项并承担相应的责任。"
)
# Whole values: the person signs for each figure, and the clerk has just typed them.
WHOLE = ("name", "phone", "address", "bank_holder", "bank_number")


@dataclass(frozen=True)
class Application:
    """One application; `groups` are (heading, rows), a row being (label, value); `bills` are
    the cells of the table of bills; money as printed."""

    dated: date
    agency: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    bills: tuple[tuple[str, ...], ...]
    total: str

    def to_json(self) -> dict:
        """What application.typ reads."""
        return {
            "title": TITLE,
            "dated": self.dated.isoformat(),
            "agency": self.agency,
            "groups": [
                [heading, [list(row) for row in rows]] for heading, rows in self.groups if rows
            ],
            "bills": [list(row) for row in self.bills],
            "total": self.total,
            "promise": PROMISE,
        }


def application_of(case: Case, answers: Answers, today: date) -> Application:
    """The application of a draft as it stands."""
    bills = answers.all_bills
    known = sum(bill.total_fen or 0 for bill in bills)
    return Application(
        dated=today,
        agency=_agency(answers),
        groups=_groups(case, answers),
        bills=tuple(_bill(nth, bill) for nth, bill in enumerate(bills, start=1)),
        total=grouped(known),
    )


def _groups(case: Case, answers: Answers) -> tuple:
    words = in_words(answers) | {name: getattr(answers, name) for name in WHOLE}
    person = case.person
    found = [
        (
            "参保人",
            (
                ("姓名", words["name"]),
                (person.get_id_kind_display(), person.id_number),
                *_rows(words, ("insured_area", "insurance", "phone", "contact_how", "address")),
                *_agent(answers),
            ),
        )
    ]
    for heading, names in GROUPS:
        if heading not in ("参保", "票据", "联系"):
            found.append((heading, tuple(_rows(words, names))))
    return tuple(found)


def _rows(words: dict[str, str], names) -> list[tuple[str, str]]:
    return [(LABELS[name], words[name]) for name in names if words[name]]


def _agent(answers: Answers) -> list[tuple[str, str]]:
    proxy = (answers.counter or {}).get("proxy")
    if not proxy:
        return []
    return [
        ("代办人", f"{proxy['name']}（{proxy['relation']}）"),
        ("代办人证件号码", proxy["id_number"]),
        ("代办人电话", proxy["phone"]),
    ]


def _bill(nth: int, bill) -> tuple[str, ...]:
    return (
        str(nth),
        BILL_KINDS.get(bill.kind, "").partition("（")[0],
        BILL_FORMS.get(bill.form, "").partition("（")[0],
        bill.code,
        bill.number,
        date_text(bill.day),
        grouped(bill.total_fen) if bill.total_fen is not None else "",
    )


def _agency(answers: Answers) -> str:
    try:
        known = bool(answers.insured_area and pooling_area_of(answers.insured_area))
    except UnknownArea:
        known = False
    return office_name(answers.insured_area, answers.insurance) if known else ""
