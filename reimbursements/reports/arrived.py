"""Money on its way, by day: what the bank has paid or sent back, what waits, what is to be got
back and what came back. Amounts in fen.

Each figure is what a day has changed, so that a sum of days is what stands at their end:
`waiting` in all is what waits now. Whatever the history, what was decided to be paid is what
was paid less what came back, with what waits, less what is still to be got back.
"""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q, Sum

from casework.clock import local_day
from casework.models import CaseEvent
from reimbursements.models import Payment
from reimbursements.reports import measures
from reimbursements.reports.measures import Tally, Where

CHUNK = 2000
APPROVED = "approved"
# Status of a claim whose money is decided and not paid -> part of what waits.
WAITS = {"payable": measures.TO_PAY, "payment_failed": measures.SENT_BACK_OPEN}
State, Kind = Payment.State, Payment.Kind
PLACE = tuple(
    f"claim__case__{column}" for column in ("city", "county", "insurance", "topic", "destination")
)
OF_CASE = tuple(name.removeprefix("claim__") for name in PLACE)


def count_money(tally: Tally, begin: datetime, end: datetime) -> int:
    """Count what moved from `begin` to before `end`; returns how many payments and events."""
    return (
        _answers(tally, begin, end)
        + _asked_back(tally, begin, end)
        + _given_up(tally, begin, end)
        + _came_back(tally, local_day(begin))
        + _waiting(tally, begin, end)
    )


def days_of_receipts(since: datetime) -> set[date]:
    """The days on which money came back that was written down, or struck out, since then."""
    rows = Payment.objects.filter(kind=Kind.RECOVERY, recovers__isnull=False, done_at__gte=since)
    return set(rows.order_by().values_list("received_on", flat=True))


def _answers(tally: Tally, begin: datetime, end: datetime) -> int:
    """What the bank has paid, and what it could not pay, by the day of its answer."""
    rows = Payment.objects.filter(
        kind=Kind.PAYMENT, state__in=(State.PAID, State.FAILED), done_at__gte=begin, done_at__lt=end
    )
    return _count(tally, rows, {State.PAID: measures.PAID, State.FAILED: measures.SENT_BACK}, 1)


def _asked_back(tally: Tally, begin: datetime, end: datetime) -> int:
    """What became due from persons."""
    rows = Payment.objects.filter(
        kind=Kind.RECOVERY, recovers=None, made_at__gte=begin, made_at__lt=end
    )
    return _count(tally, rows, dict.fromkeys(State.values, measures.DUE), -1)


def _given_up(tally: Tally, begin: datetime, end: datetime) -> int:
    """What is not due any more without having come back: a later settlement took its place."""
    rows = Payment.objects.filter(
        kind=Kind.RECOVERY,
        recovers=None,
        state=State.CANCELLED,
        done_at__gte=begin,
        done_at__lt=end,
    )
    came = Sum("receipts__amount_fen", filter=Q(receipts__state=State.RECOVERED), default=0)
    seen = 0
    for *place, fen, back in rows.annotate(back=came).values_list(*PLACE, "amount_fen", "back"):
        tally.add(Where(*place), measures.DUE, count=-1, fen=fen - back)
        seen += 1
    return seen


def _came_back(tally: Tally, day: date) -> int:
    """What came back, by the day on which it arrived."""
    rows = Payment.objects.filter(kind=Kind.RECOVERY, state=State.RECOVERED, received_on=day)
    return _count(tally, rows, {State.RECOVERED: measures.GOT_BACK}, -1)


def _count(tally: Tally, rows, names: dict[str, str], sign: int) -> int:
    seen = 0
    found = rows.order_by("pk").values_list(*PLACE, "state", "amount_fen")
    for *place, state, fen in found.iterator(chunk_size=CHUNK):
        tally.add(Where(*place), names[state], count=1, fen=sign * fen)
        seen += 1
    return seen


def _waiting(tally: Tally, begin: datetime, end: datetime) -> int:
    """What came to wait for the bank or stopped waiting, by the events of claims."""
    moved = Q(from_status__in=WAITS) | Q(to_status__in=WAITS)
    found = CaseEvent.objects.filter(moved, at__gte=begin, at__lt=end, case__kind="claim")
    found = found.order_by("pk").values_list(
        "pk", "case_id", "seq", "from_status", "to_status", *OF_CASE
    )
    seen = last = 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        seen += len(chunk)
        decided = _decided({event[1] for event in chunk})
        for _, case, seq, before, after, *place in chunk:
            if before != after:
                fen = _decided_before(decided[case], seq)
                _move(tally, Where(*place), WAITS.get(before), fen, -1)
                _move(tally, Where(*place), WAITS.get(after), fen, 1)
    return seen


def _move(tally: Tally, where: Where, part: str | None, fen: int, sign: int) -> None:
    """One claim begins or ends to wait. A figure below zero waits to be closed, by which it is
    asked back: until then it stands by itself."""
    if part is None or not fen:
        return
    part = part if fen > 0 else measures.TO_CLOSE
    tally.add(where, measures.WAITING, part, count=sign, fen=sign * fen)


def _decided(cases: set[int]) -> dict[int, list[tuple[int, int]]]:
    """{case: (seq, fen) of each approval in order}: what was decided to be paid."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = CaseEvent.objects.filter(case_id__in=cases, code=APPROVED).order_by("case_id", "seq")
    for case, seq, data in rows.values_list("case_id", "seq", "data"):
        found[case].append((seq, data.get("payable") or 0))
    return found


def _decided_before(approvals: list[tuple[int, int]], seq: int) -> int:
    """What the last approval up to this event has decided; 0 before the first."""
    return next((fen for number, fen in reversed(approvals) if number <= seq), 0)
