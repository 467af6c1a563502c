"""Who keeps the rules and texts of which place (docs/decisions/filings-rules-in-the-admin.md).

Everybody with the permission keeps those of the own pooling area and its counties; a few
also keep those of their province or of the nation, as their profile says.
"""

from facilities.areas import UnknownArea, counties_of, pooling_area_of, province_of
from filings.decision.codes import NATION


def own_city(user) -> str:
    """The pooling area for which this member of staff keeps rules; empty for none."""
    profile = getattr(user, "staff_profile", None)
    return _pooling_area(profile.area) if profile else ""


def kept_places(user) -> tuple[str, ...]:
    """The pooling area and the place above it that this member of staff keeps."""
    profile = getattr(user, "staff_profile", None)
    return tuple(filter(None, (own_city(user), profile.rules_area if profile else "")))


def keeps(user, place: str) -> bool:
    """Whether this member of staff keeps the rules and texts of a place."""
    kept = kept_places(user)
    return place in kept or (bool(kept) and _pooling_area(place) == own_city(user) != "")


def places_for(user, place: str) -> tuple[str, ...]:
    """Where a version that starts from one of `place` may be begun: the place itself, and
    the kept places below it."""
    kept = (one for one in kept_places(user) if one != place and _above(place, one))
    return ((place,) if keeps(user, place) else ()) + tuple(kept)


def places_of_texts(user) -> tuple[str, ...]:
    """Every place whose texts this member of staff may begin, counties included."""
    city = own_city(user)
    counties = tuple(county.code for county in counties_of(city)) if city else ()
    return tuple(dict.fromkeys((*kept_places(user), *counties)))


def _above(place: str, below: str) -> bool:
    """Whether `place` is the nation, or the province of `below`."""
    return place == NATION or (below != NATION and place == province_of(below))


def _pooling_area(code: str) -> str:
    try:
        return pooling_area_of(code)
    except UnknownArea:  # a province or the nation
        return ""
