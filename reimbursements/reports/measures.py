"""What is counted of claims, and the tally in which it is counted. Amounts in fen.

Booked on the day of a settlement, as the difference to what was booked before: `claims`,
`stays`, `claimed` (bills as handed in), `cut` (by reason; its count is bills), `total` and
`in_scope` (as settled), `fund` (by fund), `account` and `personal` (account and cash
together), `adjusted`. Bills that were cut whole are no part of `total`.

Counted on the day of an event: `received`, `not_accepted`, `rejected`, `withdrawn`, `lapsed`,
and `stage`: how many working days a stage took that was left on that day, corrections not
counted; it has no destination.

Counted on the day on which money moved (`arrived`): `paid` and `sent_back` by the bank's
answer, `due` when a sum is to be got back (and a minus where it is given up for another),
`got_back` by the day it arrived, and `waiting`, what was decided and not paid, as what the day
has changed of it: `to_pay`, `sent_back_open` (the bank could not pay) and `to_close` (less
than nothing is to be paid, and will be asked back).
"""

from collections import defaultdict
from typing import NamedTuple

CLAIMS, STAYS = "claims", "stays"
CLAIMED, CUT, TOTAL, IN_SCOPE = "claimed", "cut", "total", "in_scope"
FUND, ACCOUNT, PERSONAL, ADJUSTED = "fund", "account", "personal", "adjusted"
RECEIVED, NOT_ACCEPTED, REJECTED = "received", "not_accepted", "rejected"
WITHDRAWN, LAPSED = "withdrawn", "lapsed"
STAGE = "stage"
PAID, SENT_BACK, WAITING = "paid", "sent_back", "waiting"
DUE, GOT_BACK = "due", "got_back"
TO_PAY, SENT_BACK_OPEN, TO_CLOSE = "to_pay", "sent_back_open", "to_close"

# Codes of events that are counted as they are.
COUNTED = {
    "submitted": RECEIVED,
    "not_accepted": NOT_ACCEPTED,
    "rejected": REJECTED,
    "withdrawn": WITHDRAWN,
    "lapsed": LAPSED,
}
# State -> (part, words) of the stages whose time is taken, in their order.
STAGES = {
    "intake": ("intake", "受理"),
    "first_review": ("first", "初审"),
    "second_review": ("second", "复审"),
    "approval": ("approval", "审批"),
    "payable": ("payment", "支付"),
}


class Where(NamedTuple):
    """Whose figure it is: codes of areas, insurance and kind of care."""

    city: str
    county: str
    insurance: str
    kind: str
    destination: str


class Key(NamedTuple):
    """One figure of a span."""

    where: Where
    measure: str
    part: str = ""
    working_days: int = 0


class Tally:
    """Counts and fen by key."""

    def __init__(self):
        self.figures: dict[Key, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, where: Where, measure: str, part: str = "", *, count=0, fen=0, days=0) -> None:
        """Add to one figure; nothing is noted where there is nothing to add."""
        if count or fen:
            figure = self.figures[Key(where, measure, part, days)]
            figure[0] += count
            figure[1] += fen

    def rows(self) -> list[tuple[Key, int, int]]:
        """(key, count, fen) of every figure that is not nothing."""
        return [(key, count, fen) for key, (count, fen) in self.figures.items() if count or fen]
