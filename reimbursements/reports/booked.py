"""What the settlements of a day have booked: each is counted as the difference it makes.

A late bill settles its stay anew and a reversal takes it back: both add rows, so that the
sums over all days agree with the settlements that stand, to the fen. What was claimed and
cut for a claim when it was approved is read from its events, since bills may be looked at
anew after an appeal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Sum
from django.db.models.fields.json import KeyTextTransform as Text

from casework.models import CaseEvent
from reimbursements.models import Adjustment, Bill, Settlement
from reimbursements.reports import measures
from reimbursements.reports.measures import Tally, Where
from reimbursements.settlement.money import parse_yuan

CHUNK = 500
APPROVED = "approved"
DECIDED = ("bill_accepted", "bill_cut", "bill_reopened", "bill_classified")
FIELDS = (
    "pk",
    "claim_id",
    "kind",
    "claim__case__city",
    "claim__case__county",
    "insurance",
    "claim__case__topic",
    "claim__case__destination",
    "said_total",
    "said_account",
    "funds",
    "total_fen",
    "in_scope_fen",
    "personal_fen",
    "old_total",
    "old_account",
    "replaces__funds",
    "replaces__total_fen",
    "replaces__in_scope_fen",
    "replaces__personal_fen",
)


@dataclass(frozen=True)
class Sums:
    """What stands of a stay after a settlement; nothing of it after a reversal."""

    stands: bool = False
    total: int = 0
    in_scope: int = 0
    personal: int = 0
    account: int = 0
    funds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Bills:
    """What a claim brought and what was cut of it: fen, and (bills, fen) by reason."""

    claimed: int = 0
    cuts: dict[str, tuple[int, int]] = field(default_factory=dict)


NOTHING = Bills()
# Amounts of the stored output as the text they are.
TEXTS = {
    "said_total": Text("total", "output"),
    "said_account": Text("account", "output"),
    "old_total": Text("total", "replaces__output"),
    "old_account": Text("account", "replaces__output"),
}


def book(tally: Tally, begin: datetime, end: datetime) -> int:
    """Count the settlements made from `begin` to before `end`; returns how many there were."""
    made = Settlement.objects.filter(at__gte=begin, at__lt=end).annotate(**TEXTS).order_by("pk")
    seen = last = 0
    while rows := list(made.filter(pk__gt=last).values_list(*FIELDS)[:CHUNK]):
        last = rows[-1][0]
        seen += len(rows)
        _book_chunk(tally, rows)
    return seen


def replay(events: list[tuple], totals: dict[int, int]) -> list[Bills]:
    """The bills of a claim at each of its approvals, from its events in their order.

    `events` are (code, reason, data); `totals` the fen of each bill that was not taken out.
    """
    cuts: dict[int, tuple[str, int]] = {}
    found = []
    for code, reason, data in events:
        if code == APPROVED:
            found.append(_bills(totals, cuts))
        elif code == "bill_cut":
            cuts[data["bill"]] = reason, data["cut"]
        else:
            cuts.pop(data.get("bill"), None)
    return found


def _bills(totals: dict[int, int], cuts: dict[int, tuple[str, int]]) -> Bills:
    by_reason: dict[str, tuple[int, int]] = {}
    for pk, (reason, fen) in cuts.items():
        if pk in totals:
            count, sum_fen = by_reason.get(reason, (0, 0))
            by_reason[reason] = count + 1, sum_fen + fen
    return Bills(sum(totals.values()), by_reason)


def _book_chunk(tally: Tally, rows: list[tuple]) -> None:
    claims = {row[1] for row in rows}
    before, after = _around(claims)
    adjusted = _adjusted(rows)
    for row in rows:
        pk, where = row[0], Where(*row[3:8])
        _book_sums(tally, where, _sums(row[8:14]), _sums(row[14:20]))
        _book_bills(tally, where, before[pk], after[pk])
        tally.add(where, measures.ADJUSTED, fen=adjusted.get(pk, 0))


def _sums(cells: tuple) -> Sums:
    total, account, funds, *fen = cells
    if total is None:
        return Sums()
    return Sums(True, *fen, parse_yuan(account or "0"), funds)


def _book_sums(tally: Tally, where: Where, now: Sums, old: Sums) -> None:
    tally.add(where, measures.STAYS, count=now.stands - old.stands)
    tally.add(where, measures.TOTAL, fen=now.total - old.total)
    tally.add(where, measures.IN_SCOPE, fen=now.in_scope - old.in_scope)
    tally.add(where, measures.PERSONAL, fen=now.personal - old.personal)
    tally.add(where, measures.ACCOUNT, fen=now.account - old.account)
    for fund in {*now.funds, *old.funds}:
        fen = now.funds.get(fund, 0) - old.funds.get(fund, 0)
        tally.add(where, measures.FUND, fund, fen=fen)


def _book_bills(tally: Tally, where: Where, old: Bills | None, now: Bills | None) -> None:
    tally.add(where, measures.CLAIMS, count=(now is not None) - (old is not None))
    was, stands = old or NOTHING, now or NOTHING
    tally.add(where, measures.CLAIMED, fen=stands.claimed - was.claimed)
    for reason in {*was.cuts, *stands.cuts}:
        (count, fen), (old_count, old_fen) = (
            each.cuts.get(reason, (0, 0)) for each in (stands, was)
        )
        tally.add(
            where, measures.CUT, reason or "other", count=count - old_count, fen=fen - old_fen
        )


def _around(claims: set[int]) -> tuple[dict, dict]:
    """{settlement: what of its claim stood before}, {settlement: what stands after}; None
    where the claim was, or is, not settled."""
    approvals, today = _approvals(claims), _bills_now(claims)
    before, after = {}, {}
    standing: dict[int, Bills | None] = {}
    nth: Counter = Counter()
    for pk, claim, kind in _history(claims):
        before[pk] = standing.get(claim)
        if kind == Settlement.Kind.SETTLED:
            known = approvals.get(claim, [])
            after[pk] = known[nth[claim]] if nth[claim] < len(known) else today[claim]
            nth[claim] += 1
        else:
            after[pk] = None
        standing[claim] = after[pk]
    return before, after


def _history(claims: set[int]) -> Iterator[tuple]:
    rows = Settlement.objects.filter(claim_id__in=claims).order_by("pk")
    return rows.values_list("pk", "claim_id", "kind").iterator(chunk_size=CHUNK)


def _approvals(claims: set[int]) -> dict[int, list[Bills]]:
    """The bills of each claim at each of its approvals."""
    totals: dict[int, dict[int, int]] = defaultdict(dict)
    kept = Bill.objects.filter(claim_id__in=claims, removed=False).order_by("pk")
    for pk, claim, fen in kept.values_list("pk", "claim_id", "total_fen"):
        totals[claim][pk] = fen
    told: dict[int, list[tuple]] = defaultdict(list)
    events = CaseEvent.objects.filter(case_id__in=claims, code__in=(APPROVED, *DECIDED))
    for case, *event in events.order_by("case_id", "seq").values_list(
        "case_id", "code", "reason_code", "data"
    ):
        told[case].append(tuple(event))
    return {claim: replay(events, totals[claim]) for claim, events in told.items()}


def _bills_now(claims: set[int]) -> dict[int, Bills]:
    """The bills of each claim as they stand, for a settlement without an event."""
    claimed: Counter = Counter()
    cuts: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = Bill.objects.filter(claim_id__in=claims, removed=False).order_by("pk")
    for claim, total, cut, reason in rows.values_list(
        "claim_id", "total_fen", "cut_fen", "cut_reason"
    ):
        claimed[claim] += total
        if cut:
            count, fen = cuts[claim].get(reason, (0, 0))
            cuts[claim][reason] = count + 1, fen + cut
    return {claim: Bills(claimed[claim], cuts.get(claim, {})) for claim in claims}


def _adjusted(rows: list[tuple]) -> dict[int, int]:
    """{settlement: fen of the adjustments it was paid with}; a reversal takes back those of
    its claim."""
    ids = [row[0] for row in rows]
    confirmed = Adjustment.objects.filter(
        state=Adjustment.State.CONFIRMED, settlement__isnull=False
    ).order_by()
    found = dict(
        confirmed.filter(settlement_id__in=ids)
        .values_list("settlement_id")
        .annotate(fen=Sum("amount_fen"))
    )
    reversed_ = {row[1]: row[0] for row in rows if row[2] == Settlement.Kind.REVERSED}
    taken = confirmed.filter(claim_id__in=reversed_).values_list("claim_id")
    for claim, fen in taken.annotate(fen=Sum("amount_fen")):
        found[reversed_[claim]] = found.get(reversed_[claim], 0) - fen
    return found
