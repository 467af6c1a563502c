"""The agency of a place as others name it: its name on paper, whom to call; kept for a minute."""

from collections.abc import Iterable
from functools import lru_cache

from config.near import near_many
from facilities.agencies import Contact, agency_for
from facilities.areas import area_name, pooling_area_of

SECONDS = 60


def contact_of(area: str, insurance: str) -> Contact:
    """Whom somebody insured here calls; kept for a minute, since every message names it."""
    return contacts_of([(area, insurance)])[area, insurance]


def contacts_of(offices: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
    """The same for many (area, insurance), with one look at what is kept."""
    keys = {office: f"facilities.contact.{office[0]}.{office[1] or '310'}" for office in offices}
    of_key = {key: office for office, key in keys.items()}

    def load(missing: list[str]) -> dict[str, Contact]:
        return {
            key: agency_for(area, insurance or "310")
            for key in missing
            for area, insurance in [of_key[key]]
        }

    kept = near_many(of_key, load, SECONDS)
    return {office: kept[key] for office, key in keys.items()}


@lru_cache(maxsize=2048)
def _generic_name(area: str) -> str:
    return f"{area_name(pooling_area_of(area))}医疗保障经办机构"


def office_name(area: str, insurance: str) -> str:
    """The agency as it signs a letter; where no office is known, in general words."""
    contact = contact_of(area, insurance)
    return _generic_name(area) if contact.general else contact.name
