"""Who may see a case and its papers, decided in one place."""

from django.http import Http404

from casework.entering import writes_entry
from casework.models import Attachment, Case, Letter
from residents.models import Holding


def bound_person_ids(account) -> list[int]:
    """The persons this account has proven it may act for."""
    return list(
        Holding.objects.filter(account=account, standing=Holding.Standing.BOUND).values_list(
            "person_id", flat=True
        )
    )


def cases_of(user):
    """Every case this user may see: staff by area and role, residents their own."""
    if not user.is_authenticated:
        return Case.objects.none()
    if user.is_staff:
        return Case.objects.visible_to(user)
    return Case.objects.of_account(user, bound_person_ids(user))


def case_or_404(user, **lookup) -> Case:
    """The case, or 404 both when it does not exist and when it is not theirs."""
    case = cases_of(user).select_related("person", "revision", "account").filter(**lookup).first()
    if case is None:
        raise Http404
    return case


def attachment_or_404(user, pk: int) -> Attachment:
    """A file of a case the user may see. Staff see the files of closed revisions only."""
    attachment = Attachment.objects.select_related("case", "added_in").filter(pk=pk).first()
    if attachment is None:
        raise Http404
    if user.is_authenticated and user.is_staff and _entered_by(attachment, user):
        return attachment
    if not cases_of(user).filter(pk=attachment.case_id).exists():
        raise Http404
    if user.is_staff and attachment.added_in.closed_at is None:
        raise Http404
    return attachment


def _entered_by(attachment: Attachment, user) -> bool:
    """What this clerk is entering at the counter, a draft or the files of a correction: theirs
    to see while they write; and what they uploaded themselves, as long as the case is seen."""
    case = attachment.case
    if writes_entry(user, case):
        return True
    return attachment.uploaded_by_id == user.pk and cases_of(user).filter(pk=case.pk).exists()


def letter_or_404(user, pk: int) -> Letter:
    """A letter of a case the user may see."""
    letter = Letter.objects.select_related("case").filter(pk=pk).first()
    if letter is None or not cases_of(user).filter(pk=letter.case_id).exists():
        raise Http404
    return letter
