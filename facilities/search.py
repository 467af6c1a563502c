"""One box for a destination: a city or an institution, by name, initials or code."""

from dataclasses import dataclass

from facilities import areas
from facilities.area_search import destinations_in, find_places
from facilities.areas import Division
from facilities.institution_search import Wanted, find_institutions, institution
from facilities.models import Institution
from facilities.searchtext import search_form
from facilities.services import Opened, opened_services

AREA, INSTITUTION = "area", "institution"
LIMIT = 10
_CODE_LENGTH = 12
# A text of digits is a code: six digits of a division, twelve characters of an institution.


@dataclass(frozen=True, slots=True)
class Destination:
    """Where care may be filed to. `code` is a division's or an institution's.

    `area` is the pooling area that is filed to and `area_name` its full name.
    `opened` is empty for a place. `detail` says grade and kind, or the place's
    own full name.
    """

    kind: str
    code: str
    name: str
    area: str
    area_name: str
    detail: str = ""
    opened: tuple[Opened, ...] = ()
    demonstration: bool = False


def search_destinations(text: str, limit: int = LIMIT) -> list[Destination]:
    """Places and institutions that fit, at most `limit`, places first.

    A province that holds several pooling areas stands for each of them; where both
    kinds fit, neither takes more than half until the other has had its share.
    At most four queries; an empty text finds nothing.
    """
    form = search_form(text)
    if not form:
        return []
    institutions = [_institution(row) for row in _institutions(text, form, limit)]
    places = _places(text, max(limit - len(institutions), limit - limit // 2))
    return (places + institutions)[:limit]


def destination(code: str) -> Destination | None:
    """The destination with this code, a six-digit place or an institution; or None.

    None too for a province that holds several pooling areas, and for an
    institution that is not in force.
    """
    place = areas.division(code)
    if place is not None:
        return _place(place) if place.pooling_area else None
    row = institution(code.strip().upper())
    return _institution(row) if row is not None and row.valid else None


def _institutions(text: str, form: str, limit: int) -> list[Institution]:
    if len(form) == _CODE_LENGTH and form[1:].isdigit():
        row = institution(form.upper())
        return [row] if row is not None and row.valid else []
    if form.isdigit():
        return []
    return find_institutions(Wanted(text), limit=limit)


def _places(text: str, limit: int) -> list[Destination]:
    """Places, a province replaced by its pooling areas, none twice."""
    found: dict[str, Destination] = {}
    for place in find_places(text, limit=limit):
        stands_for = [place] if place.pooling_area else destinations_in(place)
        for each in stands_for:
            found.setdefault(each.code, _place(each))
    return list(found.values())[:limit]


def _place(place: Division) -> Destination:
    area = place.pooling_area or place.code
    return Destination(
        AREA, place.code, place.name, area, areas.area_name(area), areas.area_name(place.code)
    )


def _institution(row: Institution) -> Destination:
    return Destination(
        INSTITUTION,
        row.code,
        row.name,
        row.pooling_area_id,
        areas.area_name(row.pooling_area_id),
        f"{row.get_level_display()} {row.get_kind_display()}",
        tuple(opened_services(row)),
        row.demonstration,
    )
