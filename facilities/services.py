"""What an institution has opened for people from elsewhere, each with a yes or a no.

"Opened for inpatients only" is the commonest reason why settlement fails at the
window, so what is not opened is said as plainly as what is.
"""

from dataclasses import dataclass

from facilities.diseases import DISEASES
from facilities.models import Institution, InstitutionService

Service = InstitutionService.Service
_AT_PHARMACIES = (Service.PHARMACY,)
_AT_HOSPITALS = (Service.INPATIENT, Service.OUTPATIENT)


@dataclass(frozen=True, slots=True)
class Opened:
    """One service (or one disease of 门诊慢特病) and whether it is opened."""

    service: str
    disease: str
    label: str
    opened: bool

    @property
    def words(self) -> str:
        """住院 已开通 / 住院 未开通: the sign is never alone."""
        return f"{self.label} {'已开通' if self.opened else '未开通'}"


def opened_services(institution: Institution) -> list[Opened]:
    """Every service that this kind of institution may open, in a fixed order.

    Reads `institution.services`: prefetch it for lists.
    """
    held = {(row.service, row.disease_id or "") for row in institution.services.all()}
    pharmacy = institution.kind == Institution.Kind.PHARMACY
    plain = _AT_PHARMACIES if pharmacy else _AT_HOSPITALS
    found = [_opened(service, "", service.label, held) for service in plain]
    # A pharmacy rarely settles chronic diseases: ten times 未开通 would only hide the answer.
    chronic = [_opened(Service.CHRONIC, d.code, d.short_name, held) for d in DISEASES]
    if not pharmacy or any(entry.opened for entry in chronic):
        found.extend(chronic)
    return found


def summary(opened: list[Opened], wanted: tuple[str, str] | None = None) -> list[Opened]:
    """What one line of a list shows: plain services, the first two diseases, the one asked for."""
    chronic = [entry for entry in opened if entry.disease]
    shown = [entry for entry in opened if not entry.disease] + chronic[:2]
    asked = [entry for entry in chronic[2:] if (entry.service, entry.disease) == wanted]
    return shown + asked


def _opened(service: Service, disease: str, label: str, held: set) -> Opened:
    return Opened(service.value, disease, label, (service.value, disease) in held)
