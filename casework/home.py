"""What waits for a resident: shown on the start page."""

from django.db.models import Q

from casework.kinds import kind_of
from casework.models import Case

# The states of any kind in which a case waits for its resident.
TEXTS = {
    Case.DRAFT: "您有一件未提交的{}",
    "correction": "您的{}需要补正",
    "payment_failed": "您的{}支付没有成功，请更正收款账户",
}


def open_items(user) -> list[dict]:
    """What this account has to go on with, newest first: {text, url, state, due}."""
    waiting = (
        Case.objects.filter(Q(created_by=user) | Q(account=user))
        .filter(status__in=TEXTS)
        .for_lists()
        .order_by("-id")[:10]
    )
    return [_item(case) for case in waiting]


def _item(case: Case) -> dict:
    kind = kind_of(case)
    return {
        "text": TEXTS[case.status].format(kind.label),
        "url": kind.record_url(case),
        "state": case.status,
        "due": case.correction_due,
        "number": case.number or "",
    }
