"""A database as an agency has it after some years: what the measured pages read, and no more.

Cases with a usual spread over cities, counties, states, categories and days, each with its
filing; persons, accounts and holdings; daily figures. Those about to expire have a valid
chain of events; the others have none, since no measured list reads it. The cases that are
opened one by one are not written here but made by the application: bench/stage.py.
"""

import json
import random
import uuid
from bisect import bisect
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

from django.utils import timezone

from bench.bulk import Table, reserve, settle, without_checks
from bench.people import FIRST, People
from casework import stats
from casework.actors import Actor
from casework.clock import SHANGHAI
from casework.demo.people import HOHHOT, LINCANG
from casework.events import build_event
from casework.models import Case, CaseEvent, DailyStat
from facilities.areas import counties_of
from filings.models import Filing
from residents.models import Holding, Person, User

# (city, share of the cases): the measured city has a quarter of all of them.
CITIES = (
    (HOHHOT, 25),
    (LINCANG, 15),
    *((code, 6) for code in ("110000", "120000", "130100", "320100", "330100", "370100")),
    *((code, 6) for code in ("410100", "420100", "500000", "610100")),
)
STATES = (
    ("approved", 620),
    ("expired", 210),
    ("rejected", 40),
    ("withdrawn", 40),
    ("cancelled", 30),
    ("superseded", 25),
    ("lapsed", 5),
    ("in_review", 24),
    ("correction", 6),
)
TOPICS = (("TMP-OTH", 45), ("LT-RES", 25), ("LT-RET", 10), ("LT-WRK", 8), ("TMP-REF", 12))
DOUBTS = ("", "", "", " not_matched ", " identity_unproven ", " locked not_matched ")
DESTINATIONS = ("110000", "310000", "510100", "440100", "500000", "320100", "330100", "420100")
OPEN = {"in_review", "correction"}
WAITING_FIRST = 160  # the measured city has a full page of free cases at any size
MINE = 25  # one account has more than a page of cases
CHUNK = 10_000
ROUNDS = 3  # expiry is measured so many times, on cases of so many last days


def due_share(size: int) -> int:
    """How many approved filings are over and wait for the expiry job."""
    return min(max(size // 10, 120), 30_000)


def first_over(today: date) -> date:
    """The last day of those that expire in the first round."""
    return today - timedelta(days=ROUNDS + 2)


class Seeder:
    """Writes cases up to a size; called again with a larger one it goes on."""

    def __init__(self, clerks: list):
        self.random = random.Random(7)
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.people = People()
        self.written = 0
        self.due_written = 0
        self.tables = {model: Table(model) for model in (Case, Filing, CaseEvent)}
        reserve((User, Person, Holding, Case, CaseEvent))
        self.counties = {code: [c.code for c in counties_of(code)] or [code] for code, _ in CITIES}
        self.clerks = [user.pk for user in clerks if user.staff_profile.role == "first"]

    def grow(self, size: int) -> None:
        """Until there are `size` cases."""
        without_checks()
        self.people.grow(max(size // 4, 40))
        while self.written < size:
            self._write(range(self.written, min(size, self.written + CHUNK)), size)
        settle()

    def _write(self, numbers: range, size: int) -> None:
        cases, filings, events = [], [], []
        for n in numbers:
            values = self._draw(n, size)
            found = values.pop("chain", ())
            filings.append(self._filing(values))
            cases.append(self.tables[Case].row(**values))
            events += found
        self.tables[Case].write(cases)
        self.tables[Filing].write(filings)
        self.tables[CaseEvent].write(events)
        self.written = numbers.stop

    def _draw(self, n: int, size: int) -> dict:
        """The columns of one case, and the rows of its events where it has any."""
        pick = self.random
        if n < WAITING_FIRST:
            city, status = HOHHOT, "in_review"
        else:
            city, status = _weighted(pick, CITIES), _weighted(pick, STATES)
        due = n >= WAITING_FIRST and self.due_written < due_share(size)
        if due:
            status, self.due_written = "approved", self.due_written + 1
        person = self.people.all[0 if n < MINE else pick.randrange(len(self.people.all))]
        is_open = status in OPEN
        age = pick.random() * 3 if is_open else 4 + pick.random() * 700
        submitted = self.now - timedelta(days=age)
        taken = is_open and n >= WAITING_FIRST and pick.random() < 0.4
        values = {
            "id": FIRST + n,
            "public_id": uuid.UUID(int=pick.getrandbits(128), version=4),
            "kind": "filing",
            "number": f"{city}001{submitted:%Y%m%d}{n:09d}",
            "status": status,
            "is_open": is_open,
            "version": 3,
            "city": city,
            "county": pick.choice(self.counties[city]),
            "insurance": pick.choice(("310", "390")),
            "topic": _weighted(pick, TOPICS),
            "destination": pick.choice(DESTINATIONS),
            "doubts": pick.choice(DOUBTS) if is_open else "",
            "documents_count": pick.randrange(4),
            "queue_rank": 0 if pick.random() < 0.05 else 1,
            "allowed_days": 2,
            "received_at": submitted,
            "due_at": self._due_at(submitted) if status != "correction" else None,
            "assignee_id": pick.choice(self.clerks) if taken else None,
            # One in five was filed at the counter by somebody without an account.
            "account_id": person.pk if n < MINE or pick.random() < 0.8 else None,
            "created_by_id": person.pk,
            "person_id": person.pk,
            "draft_key": "TMP-OTH",
            "name": person.name,
            "phone": person.phone,
            "name_hash": person.name_hash,
            "id_hash": person.id_hash,
            "phone_hash": person.phone_hash,
            "created_at": submitted,
            "submitted_at": submitted,
            "reviewed_at": submitted,
            "decided_at": None if is_open else submitted + timedelta(hours=20),
            "touched_at": submitted,
        }
        if due:
            values["in_force_until"] = first_over(self.today) + timedelta(days=n % ROUNDS)
            values["chain"] = self._chain(values)
        return values

    def _due_at(self, submitted: datetime) -> datetime:
        return datetime.combine(submitted.date() + timedelta(days=2), time(23, 59, 59), SHANGHAI)

    def _chain(self, values: dict) -> list[list]:
        """Two sealed events, submitted and opened; the case gets its head."""
        case = Case(pk=values["id"])
        at, found = values["submitted_at"], []
        for code, before, after in (
            ("submitted", "draft", "submitted"),
            ("opened", "submitted", "approved"),
        ):
            event = build_event(
                case, at=at, code=code, from_status=before, to_status=after, actor=Actor.system()
            )
            found.append(
                self.tables[CaseEvent].row(
                    case_id=event.case_id,
                    seq=event.seq,
                    at=at,
                    code=code,
                    from_status=before,
                    to_status=after,
                    actor_role=event.actor_role,
                    data=json.dumps(event.data),
                    hash=event.hash,
                    id=2 * (event.case_id - FIRST) + event.seq + FIRST,
                )
            )
        values["event_count"], values["head_hash"] = case.event_count, case.head_hash
        return found

    def _filing(self, values: dict) -> list:
        start = values["submitted_at"].date()
        over = values.pop("in_force_until", None)
        granted = values["status"] not in (*OPEN, "rejected", "withdrawn", "lapsed")
        until = over or (start + timedelta(days=90))
        live = values["status"] == "approved"
        if live and over is None:
            # In force for long: a third without an end, the others ending in the next years.
            until = self.random.choice(
                (None, *(self.today + timedelta(days=days) for days in (200, 500)))
            )
        return self.tables[Filing].row(
            case_id=values["id"],
            person_id=values["person_id"],
            category=values["topic"],
            scope="inter_province",
            insurance=values["insurance"],
            insured_area=values["county"],
            destination_area=values["destination"],
            care="inpatient",
            start=min(start, until) if until else start,
            valid_to=until,
            long_term=until is None,
            outcome="instant",
            benefit_level="temporary",
            granted_on=start if granted else None,
            live=live,
            in_force_until=until,
            reminded=1,
        )


def daily_figures(clerks: list) -> None:
    """What the roll-up has written in five weeks, for every county of the two largest cities."""
    if DailyStat.objects.exists():
        return
    pick, today = random.Random(3), timezone.localdate()
    by_area: dict[str, list[int]] = {}
    for user in clerks:
        by_area.setdefault(user.staff_profile.area, []).append(user.pk)
    rows = []
    for city, _ in CITIES[:2]:
        for county in counties_of(city):
            some = by_area.get(county.code, [])
            for back in range(36):
                where = (today - timedelta(days=back), city, county.code)
                rows += _figures_of(where, some, pick)
    DailyStat.objects.bulk_create(rows, batch_size=2000)


def _figures_of(where: tuple, clerks: list[int], pick) -> list[DailyStat]:
    day, city, county = where
    alone = (stats.RECEIVED, stats.AT_ONCE, stats.LATE, stats.OPEN, stats.OVERDUE)
    each = (stats.CLOSED, stats.RETURNED, *(measure for measure, *_ in stats.TOOK))
    cells = [(measure, None) for measure in (*alone, stats.CLOSED)]
    cells += [(measure, clerk) for clerk in clerks for measure in each]
    return [
        DailyStat(
            day=day,
            city=city,
            county=county,
            kind="filing",
            measure=measure,
            clerk_id=clerk,
            count=pick.randrange(1, 40),
            total=pick.randrange(100_000, 3_000_000),
        )
        for measure, clerk in cells
    ]


def _weighted(pick: random.Random, choices) -> str:
    """One of (value, weight)."""
    values, bounds = _bounds(choices)
    return values[bisect(bounds, pick.random() * bounds[-1])]


@cache
def _bounds(choices) -> tuple[list, list]:
    values, weights = zip(*choices, strict=True)
    return values, list(accumulate(weights))
