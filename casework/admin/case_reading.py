"""What the case page reads of a case: each part by one query that is put together once.

The wide query of the case alone was a tenth of the page, most of it spent on writing SQL.
"""

from functools import cache

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Subquery

from casework.models import Case, CorrectionItem, Letter, Revision
from casework.models.case import read_by
from residents.models import User
from residents.prepared import Prepared, Slot

_KEY = Slot("key", BigIntegerField())
# Of whoever has the case the page says the name.
_UNSAID_OF_CLERKS = [
    f"assignee__{field.name}"
    for field in User._meta.concrete_fields
    if field.name not in ("id", "name", "username")
]
# The longest key that a column of keys can hold has 19 digits.
MOST_DIGITS = 18


def case_for(user, pk) -> Case | None:
    """The case of this key, None where there is none that this clerk may see. It comes with its
    person, its clerk and its kind's own row; with `answers_before`, the answers of the
    revision before the present one as they are stored, None where there is none; and with
    `has_others`, whether the person has other cases that this clerk may see."""
    text, limits = str(pk), read_by(user)
    if limits is None or not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    [(column, area)] = limits.items()
    return _cases(column).first(key=int(text), area=area)


@cache
def _cases(column: str) -> Prepared:
    before = Revision.objects.filter(
        case_id=OuterRef("pk"), number=OuterRef("revision__number") - 1
    )
    others = _within(column).filter(person_id=OuterRef("person_id")).exclude(pk=OuterRef("pk"))
    return Prepared(
        _within(column)
        .filter(pk=_KEY)
        .select_related("person", "revision", "assignee", *_detail_rows())
        .defer(*_UNSAID_OF_CLERKS)
        .annotate(answers_before=Subquery(before.values("answers_json")), has_others=Exists(others))
    )


def _detail_rows() -> list[str]:
    """The one-to-one rows of all kinds, so that the page asks once for whichever it is."""
    return [found.name for found in Case._meta.related_objects if found.one_to_one]


def _within(column: str):
    """The cases of staff whose area is in this column; see `read_by`."""
    return Case.objects.submitted().filter(**{column: Slot("area", CharField())})


def others_of(user, case: Case, most: int) -> list[Case]:
    """The newest other cases of the person of a case that `case_for` gave. Sorted here: asked
    for the newest ten, PostgreSQL walks all cases of the city by day until it has met ten."""
    limits = read_by(user)
    if limits is None or not case.has_others:
        return []
    [(column, area)] = limits.items()
    found = _others(column).all(key=case.pk, area=area, person=case.person_id)
    found.sort(key=lambda other: (other.submitted_at, other.pk), reverse=True)
    return found[:most]


@cache
def _others(column: str) -> Prepared:
    of_person = _within(column).filter(person_id=Slot("person", BigIntegerField()))
    return Prepared(of_person.exclude(pk=_KEY).for_lists())


_LETTERS = Prepared(Letter.objects.filter(case_id=_KEY))
_ITEMS = Prepared(CorrectionItem.objects.filter(case_id=_KEY).order_by("pk"))


def letters_of(case: Case) -> list[Letter]:
    """The papers that were issued, oldest first."""
    return _LETTERS.all(key=case.pk)


def items_of(case: Case) -> list[CorrectionItem]:
    """What was ever asked to be corrected."""
    return _ITEMS.all(key=case.pk)
