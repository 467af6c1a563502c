"""Short ways to write a policy and a stay in tests of the settlement engine."""

from datetime import date
from textwrap import dedent, indent

from reimbursements.settlement import Account, Policy, Settlement, Stay, read_policy, settle
from reimbursements.settlement.money import parse_yuan, yuan

HEAD = """\
place: example-test
place_name: 测试市
insurance: "310"
decided_by: discharge
levels: [一级, 二级, 三级]
person_groups: [在职, 退休]
hardship: [低保, 特困]
tags: [精神病专科, 连续参保满两年]
versions:
  - version: 第一版
    valid_from: 2024-01-01
    source: {title: 测试通知, doc_no: 测医保〔2024〕1号}
"""

COVERS = "covers: {kind: [inpatient, outpatient]}"


def policy(body: str, covers: str = COVERS, head: str = HEAD) -> Policy:
    """A policy from the part of a version below its source (benefits, layers, caps)."""
    return read_policy(text_of(body, covers, head), "测试.yaml")


def text_of(body: str, covers: str = COVERS, head: str = HEAD) -> str:
    return head + indent(f"{covers}\n{dedent(body).strip()}\n", "    ")


def benefit(body: str) -> Policy:
    """A policy with one benefit for every stay."""
    return policy("benefits:\n  - name: main\n" + indent(dedent(body).strip(), "    "))


def stay(in_scope: str = "0", **facts) -> Stay:
    """A stay at a 三级 hospital at home, discharged on 2025-03-10, amounts in yuan."""
    for part in ("own_expense", "over_limit", "self_first"):
        if part in facts:
            facts[part] = parse_yuan(facts[part])
    known = {
        "kind": "inpatient",
        "place": "same_area",
        "level": "三级",
        "person_group": "在职",
        "discharged_on": date(2025, 3, 10),
        "nth_stay": 1,
    }
    return Stay(**{**known, "in_scope": parse_yuan(in_scope), **facts})


def year(**sections) -> Account:
    """A year so far: ``year(funds={"basic": "100"})``, amounts in yuan."""
    balance = parse_yuan(sections.pop("balance", "0"))
    stays = sections.pop("stays", 0)
    counters = {
        (section, name): parse_yuan(amount)
        for section, names in sections.items()
        for name, amount in names.items()
    }
    return Account(2025, balance, stays, counters)


def paid(found: Policy, of: Stay, account: Account | None = None, fund: str = "basic") -> str:
    """What a fund pays, in yuan."""
    return yuan(settle(found, of, account or Account()).funds[fund])


def taken(found: Policy, of: Stay, account: Account | None = None) -> str:
    """The deductible taken, in yuan."""
    return yuan(settle(found, of, account or Account()).deductible)


def assert_adds_up(settled: Settlement) -> None:
    """The rows add up to the totals and the totals to the bill."""
    parts = {
        "own_expense": settled.own_expense,
        "over_limit": settled.over_limit,
        "self_first": settled.self_first,
        "in_scope": settled.in_scope,
        "deductible": settled.deductible,
        "account": settled.account,
        "cash": settled.cash,
        "personal": settled.personal,
        **{f"funds.{name}": fen for name, fen in settled.funds.items()},
    }
    for part, fen in parts.items():
        rows = [row for row in settled.rows if row.part == part]
        assert sum(row.amount or 0 for row in rows) == fen, part
    assert settled.total == sum(parts[p] for p in list(parts)[:4])
    assert settled.total == sum(settled.funds.values()) + settled.personal
    assert settled.personal == settled.account + settled.cash
