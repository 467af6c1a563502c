"""Random policies, stays and histories for the properties of the settlement engine.

Policies are drawn as data, written as YAML (JSON is YAML) and read back by the real
reader, so that every drawn policy has passed every check.
"""

import json
from datetime import date

from hypothesis import strategies as st

from reimbursements.settlement import Account, Policy, Stay, read_policy, settle
from reimbursements.settlement.money import yuan

LEVELS = ["一级", "二级", "三级"]
AWAY = ["TMP-REF", "TMP-EMG", "TMP-OTH", "unfiled"]
FUNDS = ["large_amount", "major_illness", "assistance", "extra_assistance"]
FILINGS = ["LT-RES", "TMP-REF", "TMP-OTH", "unfiled"]  # from the best to the worst


def amounts(most: int = 3_000_000):
    """Amounts as text, small ones and whole ones often, edges included."""
    fen = st.one_of(
        st.integers(0, 300), st.integers(0, most), st.integers(0, most // 10_000).map(_whole)
    )
    return fen.map(yuan)


def _whole(hundreds: int) -> int:
    return hundreds * 10_000


def shares(low: int = 0, high: int = 10_000):
    """Percentages as text, with up to two decimals."""
    fine = st.integers(low, high).map(lambda bp: f"{bp // 100}.{bp % 100:02d}%")
    return st.one_of(fine, st.integers(low // 100, high // 100).map(lambda n: f"{n}%"))


@st.composite
def deductibles(draw, simple: bool = False):
    kind = draw(st.sampled_from(["flat", "levels", "share"]))
    if kind == "flat":
        block = {"amount": draw(amounts(300_000))}
    elif kind == "levels":
        block = {"rows": [{"when": {"level": n}, "amount": draw(amounts(300_000))} for n in LEVELS]}
    else:
        block = {"percent": draw(shares()), "of": draw(st.sampled_from(["total", "in_scope"]))}
        if draw(st.booleans()):
            block["at_least"] = draw(amounts(100_000))
            block["at_most"] = yuan(_fen(block["at_least"]) + draw(st.integers(0, 500_000)))
    if simple:
        return block
    block["period"] = draw(st.sampled_from(["stay", "stay", "year", "year_top_up", "month"]))
    falling = draw(st.sampled_from([None, "by", "percents"]))
    if falling == "by":
        block["repeat"] = {"falls_by": draw(amounts(50_000)), "down_to": draw(amounts(50_000))}
    elif falling == "percents":
        block["repeat"] = {"percents": draw(st.lists(shares(), min_size=1, max_size=3))}
    if draw(st.booleans()):
        block["yearly_ceiling"] = draw(amounts(500_000))
    return block


def _fen(text: str) -> int:
    return int(text.replace(".", ""))


@st.composite
def ratios(draw, in_layer: bool = False):
    starts = sorted(draw(st.sets(st.integers(1, 20_000_000), max_size=3)))
    if starts:
        bands = [{"from": yuan(start), "pays": draw(shares())} for start in (0, *starts)]
        measured = draw(st.sampled_from(["before_deductible", "after_deductible"]))
        block = {"bands": bands, "measured": measured}
        if not in_layer:
            block["bands_on"] = draw(st.sampled_from(["stay", "year"]))
    elif draw(st.booleans()):
        block = {"rows": [{"when": {"level": n}, "pays": draw(shares())} for n in LEVELS]}
    else:
        block = {"pays": draw(shares())}
    add = [{"when": {"person_group": "退休"}, "points": str(draw(st.integers(-5, 10)))}]
    add.append({"when": {"hardship": "低保"}, "own_share_times": draw(shares())})
    add.append({"points_per_year": "0.1", "above_age": "50"})
    block["add"] = draw(st.lists(st.sampled_from(add), unique_by=str, max_size=3))
    block["at_most"] = draw(shares(9_000))
    return block


@st.composite
def changes(draw, in_layer: bool = False):
    """Changes that add up along the filings: each worse category has one more."""
    forms = ["points", "factor"] if in_layer else ["points", "factor", "self", "times"]
    found = []
    for n in range(draw(st.integers(0, 3))):
        form = draw(st.sampled_from(forms))
        entry = {"when": {"filing": AWAY[n + 1 :] if n else AWAY}}
        if form == "points":
            entry["points"] = f"-{draw(st.integers(1, 30))}"
        elif form == "factor":
            entry["factor"] = draw(shares())
        elif form == "self":
            entry["self_pay_first"] = draw(shares(0, 4_000))
        else:
            entry["deductible_times"] = draw(st.sampled_from(["1", "1.5", "2"]))
        found.append(entry)
    return found


@st.composite
def layers(draw, fund: str):
    base = draw(st.sampled_from(["in_scope_left", "in_scope_left", "over_cap", "total_left"]))
    block = {"fund": fund, "base": base, "period": draw(st.sampled_from(["stay", "year"]))}
    if base == "in_scope_left":
        block["plus"] = draw(st.sampled_from([[], ["self_first"], ["self_first", "over_limit"]]))
        block["less"] = draw(
            st.sampled_from([[], ["deductible"], ["area_cut"], ["deductible", "area_cut"]])
        )
        block = {key: value for key, value in block.items() if value != []}
    if draw(st.booleans()):
        block["deductible"] = draw(deductibles(simple=True))
    if draw(st.booleans()):
        block["when"] = {"hardship": "低保"}
    block["ratio"] = draw(ratios(in_layer=True))
    block["out_of_area"] = draw(changes(in_layer=True))
    per = draw(st.sampled_from(["stay", "month", "year"]))
    block["caps"] = draw(st.sampled_from([[], [{"per": per, "amount": draw(amounts(5_000_000))}]]))
    return block


@st.composite
def policies(draw) -> Policy:
    """A random valid policy for inpatients and outpatients, with up to three layers."""
    main = {"name": "main", "ratio": draw(ratios()), "out_of_area": draw(changes())}
    if draw(st.booleans()):
        main["deductible"] = draw(deductibles())
    if draw(st.integers(0, 3)) == 0:
        on = ["in_scope", "in_scope_less_deductible", "total", "total_less_deductible"]
        main["floor"] = {"on": draw(st.sampled_from(on)), "pays": draw(shares())}
    if draw(st.booleans()):
        per = draw(st.sampled_from(["stay", "month", "quarter", "year"]))
        main["caps"] = [{"per": per, "amount": draw(amounts(8_000_000))}]
    version = {
        "version": "一",
        "valid_from": "2024-01-01",
        "source": {"title": "随机"},
        "covers": {"kind": ["inpatient", "outpatient"]},
        "benefits": [main],
        "caps": [{"funds": ["basic"], "per": "year", "amount": draw(amounts(10_000_000))}],
        "layers": [draw(layers(fund)) for fund in FUNDS[: draw(st.integers(0, 3))]],
    }
    if draw(st.booleans()):
        parts = ["in_scope", "self_first", "over_limit", "own_expense"]
        version["account"] = {"pays": parts[: draw(st.integers(1, 4))]}
    data = {
        "place": "random",
        "place_name": "随机市",
        "insurance": "310",
        "decided_by": "discharge",
        "levels": LEVELS,
        "person_groups": ["在职", "退休"],
        "hardship": ["低保"],
        "versions": [version],
    }
    return read_policy(json.dumps(data, ensure_ascii=False), "随机.yaml")


@st.composite
def stays(draw) -> Stay:
    """A random stay, amounts from nothing to half a million yuan."""
    fen = st.one_of(st.integers(0, 200_000), st.integers(0, 50_000_000))
    small = st.one_of(st.just(0), st.integers(0, 3_000_000))
    return Stay(
        kind=draw(st.sampled_from(["inpatient", "inpatient", "outpatient"])),
        place=draw(st.sampled_from(["same_area", "intra_province", "inter_province"])),
        filing=draw(st.sampled_from(FILINGS)),
        level=draw(st.sampled_from(LEVELS)),
        person_group=draw(st.sampled_from(["在职", "退休"])),
        hardship=draw(st.sampled_from([None, "低保"])),
        age=draw(st.integers(0, 100)),
        nth_stay=draw(st.sampled_from([None, 1, 2, 3, 5])),
        discharged_on=date(2025, draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        own_expense=draw(small),
        over_limit=draw(small),
        self_first=draw(small),
        in_scope=draw(fen),
    )


@st.composite
def cases(draw):
    """A policy, a stay, and the year that up to three earlier stays have made."""
    policy = draw(policies())
    account = Account(None, draw(st.sampled_from([0, 12_345, 100_000_000])))
    for _ in range(draw(st.integers(0, 3))):
        account = settle(policy, draw(stays()), account).after
    return policy, draw(stays()), account
