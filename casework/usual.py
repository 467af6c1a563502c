"""How long the cases of a place usually take: read from the daily figures, never a promise.

Cases that the machine closed at once are left out, since somebody who reads this waits for
a clerk.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from casework.models import DailyStat
from casework.stats import AT_ONCE, TOOK
from config.near import near

WINDOW_DAYS = 30
# Below this many cases a share says nothing about the next one.
ENOUGH = 20
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Usual:
    """Within what time half and nine tenths of the cases were closed, in words; "" where
    that is more than the longest time counted."""

    half: str
    most: str

    @property
    def sentence(self) -> str:
        """One sentence for the applicant; empty when nothing can be said."""
        if not self.half:
            return ""
        words = f"最近{WINDOW_DAYS}天，本地人工审核的同类申请，一半在{self.half}办结"
        return f"{words}，九成在{self.most}办结。" if self.most else f"{words}。"


def usual_time(kind: str, county: str, city: str, today: date) -> Usual | None:
    """Of the county, else of the city, over the last 30 days; None with fewer than 20 cases.

    Asked at most once an hour for a place (cached).
    """

    def load() -> tuple:
        found = _of(kind, today, city=city, county=county) or _of(kind, today, city=city)
        return (found.half, found.most) if found else ()

    kept = near(f"usual:{kind}:{county}:{today:%Y%m%d}", load, KEPT_SECONDS)
    return Usual(*kept) if kept else None


def _of(kind: str, today: date, **place: str) -> Usual | None:
    measures = [measure for measure, _, _ in TOOK]
    rows = (
        DailyStat.objects.filter(
            kind=kind,
            day__gt=today - timedelta(days=WINDOW_DAYS),
            day__lte=today,
            measure__in=[*measures, AT_ONCE],
            **place,
        )
        .values_list("measure")
        .annotate(cases=Sum("count"))
    )
    return usual_of(Counter(dict(rows)))


def usual_of(counts: Counter) -> Usual | None:
    """From how many cases took how long (measures of casework.stats); None when too few."""
    shortest = TOOK[0][0]
    by_hand = {measure: counts[measure] for measure, _, _ in TOOK}
    # What was opened at once took less than an hour, and was nobody's work.
    by_hand[shortest] = max(by_hand[shortest] - counts[AT_ONCE], 0)
    total = sum(by_hand.values())
    if total < ENOUGH:
        return None
    return Usual(_within(by_hand, total * 5), _within(by_hand, total * 9))


def _within(by_hand: dict[str, int], tenths: int) -> str:
    """The shortest time that covers `tenths` / 10 cases, in words."""
    covered = 0
    for measure, words, limit in TOOK:
        covered += by_hand[measure]
        if covered * 10 >= tenths:
            return words if limit else ""
    return ""
