"""Counting queries and the CPU of both sides: this process and its PostgreSQL backend."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Cost:
    """What one act cost: statements sent, CPU ms of app and of database, wall ms; `best` is
    the least CPU ms of both sides in any run, which other work on the machine disturbs least.
    """

    queries: float
    app: float
    database: float
    wall: float
    best: float = 0.0

    @property
    def cpu(self) -> float:
        """CPU ms of both sides."""
        return self.app + self.database

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.queries + other.queries,
            self.app + other.app,
            self.database + other.database,
            self.wall + other.wall,
            self.best + other.best,
        )


NOTHING = Cost(0, 0.0, 0.0, 0.0)


# What frames a transaction asks nothing of the database; its CPU is counted all the same.
FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class _Counter:
    """Counts every statement that asks something of the database."""

    def __init__(self):
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += not str(sql).startswith(FRAMES)
        return execute(sql, params, many, context)


def backend_pid() -> int | None:
    """The process that serves this connection; None on SQLite, whose work is our own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def cpu_of(pid: int | None) -> int:
    """CPU nanoseconds that a process of this machine has used (Linux); 0 for None.

    The clock of another process has the number (~pid << 3) | 2: clock_getcpuclockid(3).
    """
    return time.clock_gettime_ns((~pid << 3) | 2) if pid else 0


@contextmanager
def costing(found: list) -> Iterator[None]:
    """Append to `found` the Cost of what runs inside."""
    counter, pid = _Counter(), backend_pid()
    database, app, wall = cpu_of(pid), time.process_time_ns(), time.perf_counter_ns()
    with connection.execute_wrapper(counter):
        yield
    now = time.perf_counter_ns()
    used = (time.process_time_ns() - app) / 1e6
    served = (cpu_of(pid) - database) / 1e6
    found.append(Cost(counter.queries, used, served, (now - wall) / 1e6, used + served))


def median(costs: list[Cost]) -> Cost:
    """The median of each figure on its own, and the best run."""
    return Cost(
        statistics.median(cost.queries for cost in costs),
        statistics.median(cost.app for cost in costs),
        statistics.median(cost.database for cost in costs),
        statistics.median(cost.wall for cost in costs),
        min(cost.best for cost in costs),
    )


def measure(act: Callable[[int], object], times: int, warm: int = 2) -> Cost:
    """Run `act(0)`, `act(1)`… and take medians; the first `warm` runs are not counted."""
    found: list[Cost] = []
    for number in range(times + warm):
        with costing(found):
            act(number)
    return median(found[warm:])
