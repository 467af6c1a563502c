"""The agency of a filing: its name on paper, whom to call."""

from functools import lru_cache

from django.core.cache import cache

from facilities.agencies import Contact, agency_for
from facilities.areas import area_name, pooling_area_of

SECONDS = 60


def contact_of(area: str, insurance: str) -> Contact:
    """Whom somebody insured here calls; kept for a minute, since every message names it."""
    key = f"filings.agency.{area}.{insurance or '310'}"
    found = cache.get(key)
    if found is None:
        found = agency_for(area, insurance or "310")
        cache.set(key, found, SECONDS)
    return found


@lru_cache(maxsize=2048)
def _generic_name(area: str) -> str:
    return f"{area_name(pooling_area_of(area))}医疗保障经办机构"


def office_name(area: str, insurance: str) -> str:
    """The agency as it signs a letter; where no office is known, in general words."""
    contact = contact_of(area, insurance)
    return _generic_name(area) if contact.general else contact.name
