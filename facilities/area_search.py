"""Finding a place by what somebody types: name, short name, pinyin, initials or code. Pure."""

from dataclasses import dataclass
from functools import cache

from facilities import areas
from facilities.areas import Division
from facilities.pinyin import full, initials
from facilities.searchtext import is_letters, search_form

_LEVELS = {areas.PROVINCE: 0, areas.PREFECTURE: 1, areas.COUNTY: 2, areas.OWN_LEVEL: 3}
_WHOLE, _START, _WITHIN = 0, 1, 2  # how a place fits, the best first
_OTHERS = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    """A place in the forms it is searched by."""

    place: Division
    names: tuple[str, ...]
    full_name: str
    letters: tuple[str, ...]  # pinyin and initials of the names
    all_names: str  # everything above, to pass over quickly what cannot fit
    all_letters: str


def find_places(text: str, *, limit: int | None = None, own_level: bool = False) -> list[Division]:
    """Places that fit, the best first: whole names before beginnings before parts.

    Among equals provinces come before cities before counties. Two letters find
    initials (cd: 成都), more also pinyin. `own_level` adds 省本级 and 市本级.
    """
    form = search_form(text)
    if not form:
        return []
    fits = ((_fit(entry, form), entry.place) for entry in _candidates(form))
    ranked = sorted(
        (fit, _LEVELS[place.level], place.code)
        for fit, place in fits
        if fit is not None and (own_level or place.level != areas.OWN_LEVEL)
    )
    found = (areas.division(code) for *_, code in ranked[:limit])
    return [place for place in found if place]


def resolve_place(text: str, *, own_level: bool = False) -> tuple[Division | None, list[Division]]:
    """The place that is meant, and others that could be meant too (at most eight).

    A whole name means its place, the largest where several bear it (朝阳: 朝阳市, and
    the districts are the others); a beginning means a place only where one begins so.
    """
    whole, form = [], search_form(text)
    found = find_places(text, own_level=own_level)
    for place in found:
        if _fit(_entry_of(place), form) == _WHOLE:
            whole.append(place)
    found = whole or found
    if not found:
        return None, []
    alone = len(found) == 1 or (whole and found[0].level != found[1].level)
    return (found[0], found[1 : _OTHERS + 1]) if alone else (None, found[:_OTHERS])


def split_place(text: str) -> tuple[Division | None, str]:
    """A leading place and what follows it: 成都华西 is 成都 and 华西.

    (None, text) where nothing leads, or nothing follows. The longest name wins,
    then the larger place.
    """
    form = search_form(text)
    for size in range(len(form) - 1, 1, -1):
        if place := _by_name().get(form[:size]):
            return place, form[size:]
    return None, form


def destinations_in(place: Division) -> list[Division]:
    """The pooling areas that one can file to by naming this place."""
    if place.pooling_area is None:
        found = areas.pooling_areas(place.code)
        return [area for area in found if area.level != areas.OWN_LEVEL]
    area = areas.division(place.pooling_area)
    return [area] if area else []


def _candidates(form: str) -> list[_Entry]:
    """The entries that could fit a search form."""
    if form.isdigit():
        place = areas.division(form)
        return [_entry_of(place)] if place else []
    if is_letters(form):
        return [entry for entry in _entries() if form in entry.all_letters]
    return [entry for entry in _entries() if form in entry.all_names]


def _fit(entry: _Entry, form: str) -> int | None:
    """How well a place fits a search form; None where it does not."""
    if form.isdigit():
        return _WHOLE
    forms = entry.letters if is_letters(form) else entry.names
    if form in forms or form == entry.full_name:
        return _WHOLE
    if any(name.startswith(form) for name in forms):
        return _START
    return _WITHIN if len(form) > 1 and form in entry.full_name else None


@cache
def _entries() -> tuple[_Entry, ...]:
    """Every place in its search forms, made once."""
    return tuple(_entry_of(place) for place in areas.divisions())


@cache
def _entry_of(place: Division) -> _Entry:
    names = tuple(dict.fromkeys((search_form(place.short_name), search_form(place.name))))
    full_name = search_form(areas.area_name(place.code))
    letters = tuple(letters for name in names for letters in (full(name), initials(name)))
    return _Entry(
        place, names, full_name, letters, " ".join((*names, full_name)), " ".join(letters)
    )


@cache
def _by_name() -> dict[str, Division]:
    """Names and short names to places; where two share a name the larger one has it."""
    found: dict[str, Division] = {}
    for entry in sorted(
        _entries(), key=lambda entry: (_LEVELS[entry.place.level], entry.place.code)
    ):
        if entry.place.level != areas.OWN_LEVEL:
            for name in entry.names:
                found.setdefault(name, entry.place)
    return found
