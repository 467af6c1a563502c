"""When the money moved, month by month, and what stood at the end of each. Amounts in fen."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from reimbursements.reports import measures

MEASURES = (
    measures.PAID,
    measures.SENT_BACK,
    measures.WAITING,
    measures.DUE,
    measures.GOT_BACK,
)


@dataclass
class Moved:
    """One month. `paid`, `sent_back`, `due` and `got_back` moved in it; `waiting`, `failed` and
    `left` (to be got back and not come) stood at its end."""

    label: str
    paid: int = 0  # how many
    paid_fen: int = 0
    sent_back: int = 0  # how many
    sent_back_fen: int = 0
    due_fen: int = 0
    got_back_fen: int = 0
    waiting: int = 0  # how many
    waiting_fen: int = 0
    failed: int = 0  # how many
    failed_fen: int = 0
    left_fen: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing moved and nothing stands."""
        return not any(value for name, value in vars(self).items() if name != "label")


@dataclass(frozen=True)
class Money:
    """The months of a period, and the period as a whole: what moved in it, what stands at its
    end."""

    months: list[Moved] = field(default_factory=list)
    total: Moved = field(default_factory=lambda: Moved("合计"))


def money(rows, months: list[date], words) -> Money:
    """The money of these months. `rows` are figures of months up to the last of them, those
    before the first too, since what stands is the sum of all that moved. One query.
    """
    found = rows.filter(measure__in=MEASURES, day__lte=months[-1])
    figures: dict[date, dict[tuple, tuple[int, int]]] = defaultdict(dict)
    sums = found.values_list("day", "measure", "part").annotate(n=Sum("count"), f=Sum("fen"))
    for day, measure, part, count, fen in sums.order_by("day", "measure", "part"):
        figures[day][measure, part] = count, fen
    stood: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for day in sorted(set(figures) - set(months)):
        _add(stood, figures[day])
    lines = []
    for month in months:
        _add(stood, figures.get(month, {}))
        lines.append(_line(words(month), figures.get(month, {}), stood))
    return Money([line for line in lines if not line.is_nothing], _total(lines))


def _add(stood: dict[tuple, list[int]], moved: dict[tuple, tuple[int, int]]) -> None:
    for key, (count, fen) in moved.items():
        stood[key][0] += count
        stood[key][1] += fen


def _line(label: str, moved: dict, stood: dict) -> Moved:
    nothing = (0, 0)
    paid = moved.get((measures.PAID, ""), nothing)
    sent_back = moved.get((measures.SENT_BACK, ""), nothing)
    waiting = stood.get((measures.WAITING, measures.TO_PAY), nothing)
    failed = stood.get((measures.WAITING, measures.SENT_BACK_OPEN), nothing)
    due = stood.get((measures.DUE, ""), nothing)[1]
    got_back = stood.get((measures.GOT_BACK, ""), nothing)[1]
    # Less than nothing is to be paid: it is asked back as soon as the claim is closed.
    to_close = stood.get((measures.WAITING, measures.TO_CLOSE), nothing)[1]
    return Moved(
        label,
        paid=paid[0],
        paid_fen=paid[1],
        sent_back=sent_back[0],
        sent_back_fen=sent_back[1],
        due_fen=moved.get((measures.DUE, ""), nothing)[1],
        got_back_fen=moved.get((measures.GOT_BACK, ""), nothing)[1],
        waiting=waiting[0],
        waiting_fen=waiting[1],
        failed=failed[0],
        failed_fen=failed[1],
        left_fen=due - got_back - to_close,
    )


def _total(lines: list[Moved]) -> Moved:
    last = lines[-1]
    moved = ("paid", "paid_fen", "sent_back", "sent_back_fen", "due_fen", "got_back_fen")
    sums = {name: sum(getattr(line, name) for line in lines) for name in moved}
    stands = ("waiting", "waiting_fen", "failed", "failed_fen", "left_fen")
    return Moved("合计", **sums, **{name: getattr(last, name) for name in stands})
