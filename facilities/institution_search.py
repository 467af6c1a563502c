"""Finding institutions by place, name, initials, grade and what they have opened.

The search index (facilities.term_index) holds names and facets alike and names the
codes that fit, the highest grade first; only those rows are read.
"""

from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from facilities import facets
from facilities.area_search import split_place
from facilities.areas import Division
from facilities.models import Institution
from facilities.searchtext import grams_of_query, is_letters, is_short, search_form
from facilities.term_index import codes_with, in_order

# As many as are shown at all (facilities.views: fifty pages); nobody reads on.
MOST = 1000
# Rows read beyond those shown, for names in which the grams stand apart.
_FEW = 60
GRADES = {"3": "三级", "2": "二级", "1": "一级", "0": "未定级"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Everything may be left empty.

    `place` is any division; `grade` a key of GRADES; `service` a value of
    InstitutionService.Service, with `disease` its code for chronic.
    """

    text: str = ""
    place: Division | None = None
    grade: str = ""
    service: str = ""
    disease: str = ""


def find_institutions(wanted: Wanted, *, offset: int = 0, limit: int = 20) -> list[Institution]:
    """A page of the institutions that fit, the highest grade first, services prefetched.

    A text that no name holds is tried once more with a place in front split off
    (成都华西: 华西 in 成都), unless a place was given.
    """
    found = _page(wanted, offset, limit)
    if found or wanted.place or (offset and _page(wanted, 0, 1)):
        return found
    place, rest = split_place(wanted.text)
    if place is None:
        return []
    return _page(replace(wanted, text=rest, place=place), offset, limit)


def institution(code: str) -> Institution | None:
    """The institution with this code, services prefetched, or None."""
    rows = Institution.objects.select_related("division", "pooling_area")
    return rows.prefetch_related("services").filter(code=code).first()


def with_text(rows: QuerySet, text: str) -> QuerySet:
    """The rows whose name or initials hold a text, in force or not, at most MOST of each."""
    codes = codes_with(grams_of_query(search_form(text)), MOST)
    old = Institution.objects.filter(_holds(text), valid=False).order_by("code")
    found = [*codes, *old.values_list("code", flat=True)[:MOST]]
    return rows.filter(_holds(text), code__in=found)


def _page(wanted: Wanted, offset: int, limit: int) -> list[Institution]:
    """A page, from the first few codes where they suffice; grams that stand apart may fool them."""
    needed = offset + limit
    for most in (_FEW + needed, MOST) if in_order() else (MOST,):
        codes = codes_with(_terms(wanted), most)
        rows = Institution.objects.filter(_holds(wanted.text), valid=True, code__in=codes)
        rows = rows.order_by("level", "code").defer("terms").prefetch_related("services")
        found = list(rows[offset:needed])
        if len(found) == limit or len(codes) < most:
            break
    return found


def _terms(wanted: Wanted) -> list[str]:
    """The terms of everything that is looked for; without any, all that are in force."""
    found = grams_of_query(search_form(wanted.text))
    if wanted.place:
        found.append(facets.place(wanted.place))
    if wanted.grade in GRADES:
        found.append(facets.grade(wanted.grade))
    if wanted.service:
        found.append(facets.service(wanted.service, wanted.disease))
    return found or [facets.IN_FORCE]


def _holds(text: str) -> Q:
    """Names that hold the text, whole: grams may stand apart. Letters are initials."""
    form = search_form(text)
    field = "initials" if is_letters(form) else "search_name"
    how = "startswith" if is_short(form) else "contains"
    return Q(**{f"{field}__{how}": form}) if form else Q()
