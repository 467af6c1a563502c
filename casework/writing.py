"""The cases of a kind as those who write them reach them: a resident for those they act for, a
clerk for what is entered at the counter. What is not theirs is not found."""

from collections.abc import Callable
from functools import cached_property

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, UUIDField
from django.http import Http404

from casework.access import bound_person_ids
from casework.drafts import has_files, with_writing
from casework.entering import writes_entry
from casework.models import Case, CorrectionItem, Letter
from residents.holdings import LIVE
from residents.prepared import Prepared, Slot


class OwnCases:
    """The cases of one kind. `asked(case)` says whether anything is asked of the person after
    submitting; `to_read(cases)` adds what a record shows. Both queries are put together once:
    saying what is to be read costs more than reading it."""

    def __init__(self, kind: str, asked: Callable[[Case], bool], to_read: Callable):
        self.kind, self.asked, self.to_read = kind, asked, to_read

    def writable(self, user, public_id) -> Case:
        """The draft or correction this user writes, else 404. A draft is its beginner's alone,
        at the counter whoever has the entry."""
        case = _found(self._to_write, user, public_id)
        if case is None or not self._may_write(user, case):
            raise Http404
        return case

    def writable_draft(self, user, public_id) -> Case:
        """A draft this user writes, else 404: a correction has pages of its own."""
        case = self.writable(user, public_id)
        if not case.is_draft:
            raise Http404
        return case

    def readable(self, user, public_id) -> Case:
        """A case this resident may see (their own, or of a person bound to them), else 404."""
        case = _found(self._to_read, user, public_id)
        if case is None or user.is_staff:
            raise Http404
        if user.pk in (case.created_by_id, case.account_id):
            return case
        if not case.is_draft and _theirs(user, case):
            return case
        raise Http404

    def _may_write(self, user, case: Case) -> bool:
        if user.is_staff:
            return writes_entry(user, case)
        if case.is_draft:
            return case.created_by_id == user.pk
        return self.asked(case) and _theirs(user, case)

    @cached_property
    def _to_write(self) -> Prepared:
        return _of_address(with_writing(self._cases()))

    @cached_property
    def _to_read(self) -> Prepared:
        return _of_address(self.to_read(self._cases()))

    def _cases(self):
        """The cases with their person, and how the account that files holds that person."""
        standing = Q(person__holdings__standing__in=LIVE)
        held = FilteredRelation(
            "person__holdings", condition=Q(person__holdings__account=F("account")) & standing
        )
        cases = Case.objects.filter(kind=self.kind).annotate(held=held)
        return cases.select_related("person", "held")


def shown_where_any() -> dict:
    """What a record shows only where there is any, so that its absence costs no query."""
    asked = CorrectionItem.objects.filter(case=OuterRef("pk"), done_at=None)
    return {
        "has_files": has_files("pk"),
        "has_letters": Exists(Letter.objects.filter(case=OuterRef("pk"))),
        "has_items": Exists(asked),
    }


def _of_address(cases) -> Prepared:
    return Prepared(cases.filter(public_id=Slot("public_id", UUIDField())))


def _found(cases: Prepared, user, public_id) -> Case | None:
    """The one case of this address. Whoever asks is read already: mostly theirs is the
    account that files."""
    case = cases.first(public_id=public_id)
    if case is not None and case.account_id == user.pk:
        case.account = user
    return case


def _theirs(user, case: Case) -> bool:
    return case.account_id == user.pk or case.person_id in bound_person_ids(user)
