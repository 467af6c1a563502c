"""What waits for a resident: shown on the start page."""

from django.db.models import Q

from casework.kinds import kind_of
from casework.models import Case


def open_items(user) -> list[dict]:
    """Drafts and corrections of this account, newest first: {text, url, state, due}."""
    waiting = (
        Case.objects.filter(Q(created_by=user) | Q(account=user))
        .filter(status__in=[Case.DRAFT, "correction"])
        .for_lists()
        .order_by("-id")[:10]
    )
    return [_item(case) for case in waiting]


def _item(case: Case) -> dict:
    kind = kind_of(case)
    texts = {
        Case.DRAFT: f"您有一件未提交的{kind.label}",
        "correction": f"您的{kind.label}需要补正",
    }
    return {
        "text": texts[case.status],
        "url": kind.record_url(case),
        "state": case.status,
        "due": case.correction_due,
        "number": case.number or "",
    }
