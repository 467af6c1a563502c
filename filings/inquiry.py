"""The one question a claim may ask: was this stay filed, how, and as what?

Answered from the dates of the filings and the enrolment on that day, never from whether a
job has run. Source of the rule: 医保发〔2022〕22号, 经办规程 (docs/sources.md): a filing
counts when it covers the day of admission and the care was at the place filed to.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import BigIntegerField, DateField, Q

from filings.models import Filing
from residents.matching import enrolments_on
from residents.models import Enrolment, Person
from residents.prepared import Prepared, Slot

FILED, ELSEWHERE, NONE, NOT_INSURED = "filed", "elsewhere", "none", "not_insured"


@dataclass(frozen=True)
class FilingAnswer:
    """`how` is "filed"; "elsewhere" (a filing in force, but to another area: settled as
    其他临时外出); "none"; or "not_insured" (no active enrolment on that day, which ends any
    filing). `category` and `effect` (a benefit level) are what the settlement goes by.
    """

    found: bool
    how: str
    category: str = ""
    number: str = ""
    effect: str = "unfiled"


def in_force(filing: Filing, day: date) -> bool:
    """Whether a filing is in force on a day, by its dates and the person's enrolment."""
    return covers(filing, day) and is_insured(filing.person, filing.insured_area, day)


def covers(filing: Filing, day: date) -> bool:
    """Whether the dates of a granted filing cover a day; all dates are inclusive."""
    if filing.granted_on is None or day < filing.start:
        return False
    return filing.last_day is None or day <= filing.last_day


def is_insured(person: Person, area: str, day: date) -> bool:
    """Whether the person is enrolled on that day. Someone whom the register does not know
    at all was confirmed by a clerk, and is taken as insured."""
    known = Enrolment.objects.filter(id_hash=person.id_hash).exists()
    if not known:
        return True
    return any(row.state == Enrolment.State.ACTIVE for row in enrolments_on(person, day))


def filing_for(person: Person, day: date, destination_area: str) -> FilingAnswer:
    """How a stay that began on `day` in a pooling area was filed; `day` is the admission."""
    covering = [row for row in _granted().all(person=person.pk, day=day) if covers(row, day)]
    if not covering:
        return FilingAnswer(found=False, how=NONE)
    if not is_insured(person, covering[0].insured_area, day):
        return FilingAnswer(found=False, how=NOT_INSURED)
    here = [row for row in covering if row.destination_area == destination_area]
    if not here:
        # Another place than the one filed to: settled like going on one's own initiative.
        return FilingAnswer(True, ELSEWHERE, "TMP-OTH", covering[0].case.number, "unfiled")
    row = here[0]
    category, effect = as_on(row, day)
    return FilingAnswer(True, FILED, category, row.case.number, effect)


@cache
def _granted() -> Prepared:
    """The granted filings of a person whose term holds a day, the latest first."""
    day = Slot("day", DateField())
    rows = Filing.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        person_id=Slot("person", BigIntegerField()),
        granted_on__isnull=False,
        start__lte=day,
    )
    return Prepared(rows.select_related("case").order_by("-start", "-pk"))


def as_on(filing: Filing, day: date) -> tuple[str, str]:
    """The category and benefit level that counted on a day: a downgrade works forward."""
    if filing.downgraded_on and day < filing.downgraded_on:
        return filing.category_before, filing.benefit_level_before
    return filing.category, filing.benefit_level
