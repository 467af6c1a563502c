"""The counties where one may be insured, as a step of any kind of case offers them."""

from collections.abc import Callable
from datetime import date

from facilities.area_search import find_places
from facilities.areas import COUNTY, OWN_LEVEL, area_name, counties_of, division
from residents.holdings import enrolments_for
from residents.models import Holding, Person


def insured_places(dossier, text: str, posted: str) -> list[tuple[str, str]]:
    """(code, full name) of the counties offered for a case: what is searched for, else what is
    known of its person."""
    chosen = dossier.answers.insured_area
    return offered(text, posted, chosen, lambda: _known(dossier))


def _known(dossier) -> list[str]:
    return known_areas(dossier.holding, dossier.case.person, dossier.today)


def offered(
    text: str, posted: str, chosen: str, known: Callable[[], list[str]]
) -> list[tuple[str, str]]:
    """(code, full name) of what is searched for, else of what is `known`; what was chosen or
    posted is always among them."""
    codes = [place.code for place in counties_found(text)] if text else []
    if not text and not posted:
        codes = known()
    for code in (chosen, posted):
        if code and code not in codes and division(code):
            codes.append(code)
    return [(code, area_name(code)) for code in codes]


def known_areas(holding: Holding | None, person: Person, today: date) -> list[str]:
    """Where the register has the person, shown only to an account that has proven to be them."""
    if holding is None or not holding.is_bound:
        return []
    rows = enrolments_for(person, today)
    return list(dict.fromkeys(row.insured_area for row in rows))


def counties_found(text: str, limit: int = 12):
    """The counties that fit; a city that fits stands for all of its counties."""
    found = {}
    for place in find_places(text, own_level=True, limit=limit):
        rows = [place] if place.level in (COUNTY, OWN_LEVEL) else _below(place)
        for row in rows:
            found.setdefault(row.code, row)
    return list(found.values())[: limit * 2]


def _below(place):
    return counties_of(place.pooling_area) if place.pooling_area else []
