"""The one question others may ask: is this disease registered for this person on a day?

Answered from the dates of the registrations, never from whether a job has run.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from facilities.areas import UnknownArea, pooling_area_of
from registrations.decision.codes import DISEASES
from registrations.models import DiseaseRegistration


@dataclass(frozen=True)
class Registered:
    """A registration in force: `last_day` None means 长期."""

    disease: str
    number: str
    insured_area: str
    first_day: date
    last_day: date | None

    @property
    def name(self) -> str:
        """The official name of the disease."""
        return DISEASES.get(self.disease, self.disease)

    def holds_in(self, area: str) -> bool:
        """Whether it was registered in the pooling area of this county or area: what another
        pooling area has registered gives nothing here."""
        return pooling(self.insured_area) == pooling(area)


def registered_on(person_id: int, disease: str | None, day: date) -> tuple[Registered, ...]:
    """The registrations of a person that are in force on a day, by their dates; empty: none.

    `disease` None asks for any disease. All dates are inclusive; what was revoked counts to
    its last day. One query.
    """
    rows = granted(person_id, disease).filter(first_day__lte=day)
    rows = rows.filter(Q(last_day=None) | Q(last_day__gte=day))
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=day))
    return tuple(
        Registered(row.disease, row.number, row.insured_area, row.first_day, row.end)
        for row in rows.annotate(number=F("case__number")).order_by("first_day", "pk")
    )


def pooling(area: str) -> str:
    """The pooling area of a code; the code itself where it is not known any more."""
    try:
        return pooling_area_of(area)
    except UnknownArea:
        return area


def granted(person_id: int, disease: str | None):
    """Every registration of the person that was ever granted and began before it ended."""
    rows = DiseaseRegistration.objects.filter(person_id=person_id, granted_on__isnull=False)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=F("first_day")))
    return rows.filter(disease=disease) if disease else rows


def covers(registration: DiseaseRegistration, day: date) -> bool:
    """Whether the dates of a granted registration cover a day."""
    if registration.granted_on is None or day < registration.first_day:
        return False
    return registration.end is None or day <= registration.end
