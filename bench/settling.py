"""One settlement: the pure engine, with totals and with a bill of thirty lines."""

import gc
import statistics
import time
from collections.abc import Iterator
from datetime import date

from bench.measuring import Cost
from bench.report import Row
from reimbursements.settlement import Account, Line, Stay, find_policy, settle

BUDGET_MS = 0.05
TIMES = 2000
KNOWN = {
    "kind": "inpatient",
    "place": "inter_province",
    "filing": "TMP-OTH",
    "level": "三级",
    "charging_level": "三级",
    "person_group": "退休",
    "nth_stay": 1,
    "discharged_on": date(2025, 3, 10),
}
CLASSES = ("甲类", "甲类", "乙类", "乙类", "丙类")


def rows() -> Iterator[Row]:
    """Medians of seven rounds; only the first line has a budget."""
    policy, year = find_policy("150100:310"), Account()
    totals = Stay(**KNOWN, own_expense=120_000, self_first=80_000, in_scope=2_300_000)
    bill = tuple(
        Line(f"项目{n}", CLASSES[n % len(CLASSES)], 12_345 + 997 * n, None) for n in range(30)
    )
    lines = Stay(**KNOWN, lines=bill)
    yield Row("一次结算，合计 settlement, totals", _cost(policy, totals, year), cpu=BUDGET_MS)
    yield Row("一次结算，30 行明细 settlement, 30 lines", _cost(policy, lines, year), cpu=BUDGET_MS)


def _cost(policy, stay, year) -> Cost:
    cpu, wall = [], []
    gc.disable()
    for _ in range(7):
        began, used = time.perf_counter_ns(), time.process_time_ns()
        for _ in range(TIMES):
            settle(policy, stay, year)
        cpu.append((time.process_time_ns() - used) / TIMES / 1e6)
        wall.append((time.perf_counter_ns() - began) / TIMES / 1e6)
    gc.enable()
    return Cost(0, statistics.median(cpu), 0.0, statistics.median(wall))
