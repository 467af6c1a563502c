"""One settlement: the pure engine, with totals, with a bill of thirty lines, and by the line.

The stays and the budgets are those of bench/settlement.py, which shows more.
"""

import gc
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from bench.measuring import Cost
from bench.report import Row
from bench.settlement import BUDGET_LINES, BUDGET_TOTALS, lines, stays
from reimbursements.settlement import find_policy, settle

TIMES = 1000
ROUNDS = 9
# The cost of a line must not grow with the bill.
MANY_LINES = (30, 300, 3_000)


def rows() -> Iterator[Row]:
    """The plainest stay, the one that meets every layer, and that with thirty lines."""
    found = stays()
    for name, policy, stay, year in (found[0], found[-1]):
        cost = _cost(find_policy(policy), stay, year)
        yield Row(f"一次结算，{name} settlement, totals", cost, cpu=BUDGET_TOTALS / 1000)
    name, policy, stay, year = found[-1]
    cost = _cost(find_policy(policy), replace(stay, lines=lines(30)), year)
    yield Row("一次结算，30 行明细 settlement, 30 lines", cost, cpu=BUDGET_LINES / 1000)
    for count in MANY_LINES:
        bill = replace(stay, lines=lines(count))
        cost = _cost(find_policy(policy), bill, year, TIMES // count or 1)
        each = Cost(0, cost.app / count, 0.0, cost.wall / count, cost.best / count)
        yield Row(f"每行明细，共 {count:,} 行 a line, of {count:,} lines", each)


def _cost(policy, stay, year, times: int = TIMES) -> Cost:
    cpu, wall = [], []
    gc.disable()
    for _ in range(ROUNDS):
        began, used = time.perf_counter_ns(), time.process_time_ns()
        for _ in range(times):
            settle(policy, stay, year)
        cpu.append((time.process_time_ns() - used) / times / 1e6)
        wall.append((time.perf_counter_ns() - began) / times / 1e6)
    gc.enable()
    return Cost(0, statistics.median(cpu), 0.0, statistics.median(wall), min(cpu))
