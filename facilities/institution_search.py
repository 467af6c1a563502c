"""Finding institutions by place, name, initials, grade and what they have opened.

Fast at a million rows by two ways (docs/decisions/facilities-search.md): a text
that few names hold is answered from the gram index; one that many hold, or none
at all, by walking an ordered index until the page is full.
"""

from dataclasses import dataclass, replace

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


def with_text(rows: QuerySet, text: str, *, in_place: bool = False) -> QuerySet:
    """The rows whose name or initials hold a text, by the gram index where that is faster.

    `in_place` says that the rows are those of one place: then full pinyin counts too,
    and letters are not looked up in the index, which holds no pinyin.
    """
    form = search_form(text)
    rows = rows.filter(_holds(form, whole_pinyin=in_place))
    grams = grams_of_query(form)
    if not grams or (in_place and is_letters(form)):
        return rows
    codes = codes_with(grams, FEW + 1)
    if not codes:
        return rows.none()
    return rows.filter(code__in=codes) if len(codes) <= FEW else rows


def _page(wanted: Wanted, offset: int, limit: int) -> list[Institution]:
    rows = _matching(wanted).order_by("level", "code").defer("grams", "pinyin")
    return list(rows.prefetch_related("services")[offset : offset + limit])


def _matching(wanted: Wanted) -> QuerySet:
    """The rows that fit, in no order."""
    rows = Institution.objects.filter(_place(wanted.place), valid=True)
    if wanted.grade in GRADES:
        rows = rows.filter(level__in=GRADES[wanted.grade][1])
    if wanted.service:
        rows = rows.filter(Exists(_services(wanted)))
    if not search_form(wanted.text):
        return rows
    return with_text(rows, wanted.text, in_place=wanted.place is not None)


def _holds(form: str, *, whole_pinyin: bool) -> Q:
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
    if place.code == place.pooling_area or place.level == areas.OWN_LEVEL:
        return Q(pooling_area=place.pooling_area)
    if place.level == areas.COUNTY:
        return Q(division=place.code)
    # A city of a province that is one pooling area (海口, 拉萨): the counties within it.
    return Q(division__gte=place.code, division__lt=f"{place.code[:4]}99")


def _services(wanted: Wanted) -> QuerySet:
    """Rows of the service that is looked for, of the institution outside."""
    rows = InstitutionService.objects.filter(institution=OuterRef("pk"), service=wanted.service)
    return rows.filter(disease=wanted.disease) if wanted.disease else rows
