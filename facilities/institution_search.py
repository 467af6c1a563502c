"""Finding institutions by place, name, initials, grade and what they have opened.

Fast at a million rows by two ways (docs/decisions/facilities-search.md): a text
that few names hold is answered from the gram index; one that many hold, or none
at all, by walking an ordered index until the page is full.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from facilities import areas
from facilities.area_search import split_place
from facilities.areas import Division
from facilities.gram_index import codes_with
from facilities.models import Institution, InstitutionService
from facilities.searchtext import grams_of_query, is_letters, search_form

# More names than this hold the text: then walking finds a page of them soon.
FEW = 500
GRADES = {
    "3": ("三级", ("01", "02", "03", "04")),
    "2": ("二级", ("05", "06", "07")),
    "1": ("一级", ("08", "09", "10")),
    "0": ("未定级", ("11",)),
}


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
    if found or wanted.place or offset:
        return found
    place, rest = split_place(wanted.text)
    if place is None:
        return []
    return _page(_replaced(wanted, rest, place), offset, limit)


def institution(code: str) -> Institution | None:
    """The institution with this code, services prefetched, or None."""
    rows = Institution.objects.select_related("division", "pooling_area")
    return rows.prefetch_related("services").filter(code=code).first()


def _replaced(wanted: Wanted, text: str, place: Division) -> Wanted:
    return Wanted(text, place, wanted.grade, wanted.service, wanted.disease)


def _page(wanted: Wanted, offset: int, limit: int) -> list[Institution]:
    rows = _matching(wanted)
    if rows is None:
        return []
    rows = rows.order_by("level", "code").defer("grams", "pinyin")
    return list(rows.prefetch_related("services")[offset : offset + limit])


def _matching(wanted: Wanted) -> QuerySet | None:
    """The rows that fit, in no order; None where the gram index knows that none do."""
    rows = Institution.objects.filter(_place(wanted.place), valid=True)
    if wanted.grade in GRADES:
        rows = rows.filter(level__in=GRADES[wanted.grade][1])
    if wanted.service:
        rows = rows.filter(Exists(_services(wanted)))
    form = search_form(wanted.text)
    if not form:
        return rows
    rows = rows.filter(_text(form, whole_pinyin=wanted.place is not None))
    return _narrowed(rows, form, wanted.place)


def _narrowed(rows: QuerySet, form: str, place: Division | None) -> QuerySet | None:
    """The rows, by the gram index where it names few enough."""
    grams = grams_of_query(form)
    # Within a place full pinyin is compared too, and that is in no index.
    if not grams or (place is not None and is_letters(form)):
        return rows
    codes = codes_with(grams, FEW + 1)
    if not codes:
        return None
    return rows.filter(code__in=codes) if len(codes) <= FEW else rows


def _text(form: str, *, whole_pinyin: bool) -> Q:
    """Names that hold the text; letters are initials, in a place also full pinyin.

    Too few letters for a gram stand for the beginning of the initials only.
    """
    if not is_letters(form):
        return Q(search_name__contains=form)
    if not grams_of_query(form):
        return Q(initials__startswith=form)
    found = Q(initials__contains=form)
    return found | Q(pinyin__contains=form) if whole_pinyin else found


def _place(place: Division | None) -> Q:
    """Institutions of a place; those of a 本级 are all of its pooling area."""
    if place is None:
        return Q()
    if place.level == areas.PROVINCE:
        return Q(province=place.code)
    if place.level == areas.COUNTY and place.code != place.pooling_area:
        return Q(division=place.code)
    return Q(pooling_area=place.pooling_area)


def _services(wanted: Wanted) -> QuerySet:
    """Rows of the service that is looked for, of the institution outside."""
    rows = InstitutionService.objects.filter(institution=OuterRef("pk"), service=wanted.service)
    return rows.filter(disease=wanted.disease) if wanted.disease else rows
