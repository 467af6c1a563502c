"""The bench itself: seed, measure, print, for one size after another."""

import os
import platform
import sys
import time
from collections.abc import Iterator
from io import StringIO

import django
from django.core.management import call_command
from django.db import connection

from bench import claim_rows, expiry, over_http, pages, paper, settling
from bench.claim_seed import ClaimSeeder
from bench.people import staff
from bench.report import Row, head, line
from bench.seed import Seeder, daily_figures
from config.memory import settle_in

SIZES = (1_000, 100_000)
RUNS = 15


class BadSize(ValueError):
    """SIZE is no number of cases."""


def sizes(asked: str) -> list[int]:
    """The sizes to measure at, in order: the usual ones, and up to what was asked."""
    if not asked:
        return list(SIZES)
    if not (asked.isascii() and asked.isdigit() and 200 <= int(asked) <= 5_000_000):
        raise BadSize("SIZE 应为 200 到 5000000 之间的整数,例如 SIZE=1000000 make bench")
    return [*(size for size in SIZES if size < int(asked)), int(asked)]


def prepare() -> Seeder:
    """Tables, reference data, rules, staff."""
    for name in ("migrate", "load_reference", "load_rules", "load_reasons", "load_claim_reasons"):
        call_command(name, verbosity=0, stdout=StringIO())
    clerks = staff()
    daily_figures(clerks)
    return Seeder(clerks)


def rows(runs: int, http: bool) -> Iterator[Row]:
    """Every row of the table at the present size; the first one is the bare view."""
    yield Row("空页面 bare view (/healthz)", pages.bare(runs * 2))
    clerks = {user.username: user for user in staff()}
    yield from pages.staff_rows(clerks, runs)
    yield from pages.resident_rows(runs)
    yield pages.ready(runs)
    yield paper.row(runs)
    yield from settling.rows()
    if http:
        yield over_http.row()
    yield from expiry.rows()


def rows_of_claims(runs: int) -> Iterator[Row]:
    """Every row of claims at the present size, and the bare view before them."""
    yield Row("空页面 bare view (/healthz)", pages.bare(runs * 2))
    yield from claim_rows.rows({user.username: user for user in staff()}, runs)


def show(size: int, found: Iterator[Row], what: str = "cases") -> list[str]:
    """Print the table of one size; returns the names of the rows that are over."""
    print(f"\n## {size:,} {what}\n", *head(), sep="\n", flush=True)
    bare, over = None, []
    for row in found:
        bare = bare or row.cost
        print(line(row.cells(bare)), flush=True)
        over += [f"{size:,} {what}: {row.name}"] if row.over else []
    return over


def machine() -> str:
    """What it runs on, in a line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} CPUs, load {load}; Python {platform.python_version()}, "
        f"Django {django.get_version()}, PostgreSQL {version}"
    )


def _grow(seeder, size: int, what: str) -> None:
    """Seed up to a size and say how long it took."""
    began = time.monotonic()
    seeder.grow(size)
    print(f"\nseeded {size:,} {what} in {time.monotonic() - began:.0f} s", flush=True)


def main() -> int:
    """0, also where a budget is exceeded; 2 for a SIZE that is none."""
    try:
        wanted = sizes(os.environ.get("SIZE", ""))
    except BadSize as error:
        print(error, file=sys.stderr)
        return 2
    seeder, claims, over = prepare(), ClaimSeeder(), []
    settle_in()  # as a server does once it has loaded all
    print(machine(), flush=True)
    for size in wanted:
        _grow(seeder, size, "cases")
        over += show(size, rows(RUNS, http=True))
        # Claims come after the filings were measured, so that those are what they were.
        _grow(claims, size, "claims")
        over += show(size, rows_of_claims(RUNS), "claims")
    print("\n" + ("\n".join(["OVER budget:", *over]) if over else "every budget is kept"))
    return 0
