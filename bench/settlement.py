"""What one settlement costs: totals, thirty lines, and the cost per line up to 3,000.

Run `python bench/settlement.py`. Rows with their sentences are made inside the measured
time; reading JSON and writing it are not. Plans are kept between settlements as in use;
what the first settlement of a kind costs is printed beside. Each figure is the best and
the median of many short runs on one core: other work on the machine only adds to it.
"""

import gc
import random
import statistics
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter_ns

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reimbursements.settlement import Account, Line, Stay, find_policy, settle

BUDGET_TOTALS, BUDGET_LINES = 50, 150
CLASSES = ("甲类", "乙类", "甲类", "丙类", "甲类")
RUNS, EACH = 300, 20


def stays() -> list[tuple[str, str, Stay, Account]]:
    """Name, policy, stay and year: from the plainest to one that meets every layer."""
    common = {"kind": "inpatient", "charging_level": "三级", "nth_stay": 1}
    common |= {"discharged_on": date(2025, 3, 10), "person_group": "在职"}
    home = Stay(place="same_area", own_expense=90_000, in_scope=1_110_000, **common)
    away = {**common, "place": "inter_province", "filing": "TMP-OTH", "person_group": "退休"}
    worst = Stay(
        own_expense=2_000_000, self_first=800_050, in_scope=27_199_950, hardship="低保", **away
    )
    used = Account(2025, 300_000, 1, {("funds", "basic"): 4_000_000})
    return [
        ("长沙职工，本地", "430100:310", home, Account()),
        ("呼和浩特职工（示例），跨省", "150100:310", Stay(in_scope=5_000_000, **away), Account()),
        ("临沧职工（示例），四个基金和个人账户", "530900:310", worst, used),
    ]


def lines(count: int) -> tuple[Line, ...]:
    """A bill of many lines; two in five are not wholly in scope."""
    return tuple(
        Line(f"项目{n}", CLASSES[n % 5], 1_000 + n * 7 % 5_000, None) for n in range(count)
    )


def measure(work: Callable[[], object], runs: int = RUNS, each: int = EACH) -> tuple[int, int]:
    """Best and median nanoseconds of one call."""
    seen = []
    for _ in range(runs):
        start = perf_counter_ns()
        for _ in range(each):
            work()
        seen.append((perf_counter_ns() - start) // each)
    return min(seen), int(statistics.median(seen))


def micro(nanoseconds: int) -> str:
    return f"{nanoseconds / 1000:7.1f}"


def show(name: str, best: int, median: int, budget: int | None = None) -> bool:
    """One line of the report; whether the best run is within its budget."""
    within = budget is None or best <= budget * 1000
    verdict = "" if budget is None else f"   budget {budget}  {'ok' if within else 'OVER'}"
    print(f"  {micro(best)} best  {micro(median)} median{verdict}   {name}")
    return within


def totals() -> bool:
    print("one settlement of totals, rows included, µs")
    good = True
    for name, policy_name, stay, account in stays():
        policy = find_policy(policy_name)
        rows = len(settle(policy, stay, account).rows)
        result = measure(lambda p=policy, s=stay, a=account: settle(p, s, a))
        good &= show(f"{name} ({rows} rows)", *result, BUDGET_TOTALS)

        def again(p=policy, s=stay, a=account):
            p.versions[0].plans.clear()
            settle(p, s, a)

        def first(p=policy, s=stay, a=account):
            p.versions[0].parts.clear()
            again(p, s, a)

        show("a combination of known parts", *measure(again))
        show("the first of all", *measure(first))
    return good


def different_stays(count: int, group: str) -> list[Stay]:
    """Stays that differ in level, place, filing, order, day and every amount."""
    chance = random.Random(count)
    made = []
    for _ in range(count):
        place = chance.choice(("same_area", "intra_province", "inter_province"))
        filing = chance.choice(("LT-RES", "TMP-REF", "TMP-EMG", "TMP-OTH", "unfiled"))
        made.append(
            Stay(
                kind="inpatient",
                charging_level=chance.choice(("一级", "二级", "三级")),
                nth_stay=chance.randint(1, 4),
                discharged_on=date(2026, chance.randint(1, 10), 3),
                person_group=group,
                place=place,
                filing=None if place == "same_area" else filing,
                own_expense=chance.randint(0, 1_000_000),
                in_scope=chance.randint(0, 10_000_000),
            )
        )
    return made


def mixed() -> bool:
    """A queue of claims as it comes: no two alike, one after the other."""
    print("5,000 stays, no two alike, rows included, µs each")
    good = True
    for name, group in (("150100:310", "退休"), ("530900:310", "在职"), ("530900:390", "居民成年")):
        policy, stays_ = find_policy(name), different_stays(5_000, group)

        def all_of_them(p=policy, many=stays_):
            for stay in many:
                settle(p, stay, Account())

        best, median = measure(all_of_them, 7, 1)
        good &= show(name, best // len(stays_), median // len(stays_), BUDGET_TOTALS)
    return good


def by_lines() -> bool:
    print("one settlement of a bill with lines, rows included, µs")
    _, policy_name, stay, account = stays()[2]
    policy = find_policy(policy_name)
    facts = {name: getattr(stay, name) for name in stay.__dataclass_fields__}
    good, per_line = True, {}
    for count in (1, 30, 300, 3_000):
        billed = Stay(**{**facts, "lines": lines(count)})
        best, median = measure(lambda b=billed: settle(policy, b, account), 100, 1)
        good &= show(f"{count} lines", best, median, BUDGET_LINES if count == 30 else None)
        per_line[count] = best
    base = per_line[1]
    for count in (30, 300, 3_000):
        cost = (per_line[count] - base) / (count - 1) / 1000
        print(f"  {cost:7.2f} a line, of {count}")
    return good


def main() -> int:
    """Print the report; 1 when a budget is not met."""
    gc.disable()
    try:
        good = [totals(), mixed(), by_lines()]
    finally:
        gc.enable()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
