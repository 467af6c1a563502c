"""Two cities that exist nowhere, written in YAML alone from a notice of one page.

Each expected amount was worked out by hand; the working stands beside it.
"""

import json
from pathlib import Path

import pytest

from reimbursements.settlement import load_policy, settle_line
from tests.reimbursements.settling import assert_adds_up

FOLDER = Path(__file__).parent.parent / "cases" / "settlement"


def settled(file: str, **facts) -> dict:
    policy = load_policy(FOLDER / file)
    line, settlement = settle_line(policy, json.dumps(facts))
    assert settlement is not None, line
    assert_adds_up(settlement)
    return json.loads(line)


def qinghe(**facts) -> dict:
    known = {"kind": "inpatient", "discharged_on": "2025-05-01", "place": "same_area"}
    return settled("qinghe-310.yaml", **{**known, **facts})


def test_qinghe_a_working_person_at_home():
    result = qinghe(
        level="二级",
        person_group="在职",
        total="15200",
        own_expense="1000",
        self_first="600.00",
        account_balance="2000",
    )
    # in scope 13600; (13600 − 600) × 86 % = 11180
    assert result["in_scope"] == "13600.00"
    assert result["funds"]["basic"] == "11180.00"
    assert result["personal"] == "4020.00"
    # the account may pay 2420 in scope and 600 first: 2000 is all there is
    assert (result["account"], result["cash"]) == ("2000.00", "2020.00")


def test_qinghe_the_second_stay_and_the_ceiling_of_the_year():
    second = qinghe(
        level="三级",
        person_group="退休",
        in_scope="20450",
        nth_stay=2,
        year={"deductibles": {"inpatient": "900"}},
    )
    # 900 × 50 % = 450; 20000 × 86 % = 17200
    assert (second["deductible"], second["funds"]["basic"]) == ("450.00", "17200.00")
    third = qinghe(level="三级", person_group="退休", in_scope="20150", year=second["year"])
    # 1500 − 1350 = 150 is left of the ceiling; the third stay is counted by itself
    assert (third["deductible"], third["funds"]["basic"]) == ("150.00", "17200.00")
    assert third["year"]["deductibles"] == {"inpatient": "1500.00"}


def test_qinghe_no_deductible_in_a_psychiatric_hospital():
    result = qinghe(level="三级", person_group="在职", in_scope="1000", tags=["精神病专科"])
    assert (result["deductible"], result["funds"]["basic"]) == ("0.00", "820.00")


@pytest.mark.parametrize(
    ("filing", "basic"),
    [
        ("LT-RES", "8200.00"),  # 10000 × 82 %
        ("TMP-EMG", "7700.00"),  # 10000 × 77 %
        ("TMP-OTH", "6415.20"),  # (10900 − 1090 − 900) × 72 %
        (None, "5132.16"),  # 8910 × 57.6 %
    ],
)
def test_qinghe_care_in_another_province(filing, basic):
    result = qinghe(
        level="三级", person_group="在职", in_scope="10900", place="inter_province", filing=filing
    )
    assert result["funds"]["basic"] == basic


def test_qinghe_every_layer_one_after_the_other():
    result = qinghe(
        level="三级",
        person_group=["在职", "低保"],
        total="200900",
        in_scope="200900",
        year={"funds": {"basic": "18000"}},
    )
    # 200000 × 82 % = 164000, the cap leaves 82000; 82000 ÷ 82 % = 100000 of the 200000 are
    # used; 100000 × 90 % = 90000; left 200900 − 82000 − 90000 = 28900;
    # (28900 − 12000) × 60 % = 10140; left 18760; × 70 % = 13132; left 5628
    assert result["funds"] == {
        "basic": "82000.00",
        "large_amount": "90000.00",
        "major_illness": "10140.00",
        "assistance": "13132.00",
    }
    assert result["personal"] == "5628.00"


def test_qinghe_major_illness_over_the_year():
    result = qinghe(
        level="一级",
        person_group="在职",
        in_scope="30300",
        year={"bases": {"major_illness": "60000"}},
    )
    # basic 27000; left 3300, from 60000 to 63300: 48000 to 51300 above the deductible:
    # 2000 × 60 % + 1300 × 70 % = 2110
    assert result["funds"]["major_illness"] == "2110.00"


def baiyang(**facts) -> dict:
    known = {"kind": "inpatient", "admitted_on": "2025-05-01", "place": "same_area"}
    return settled("baiyang-390.yaml", **{**known, **facts})


def test_baiyang_bands_measured_with_the_deductible_in_them():
    result = baiyang(level="三级", in_scope="30000", nth_stay=2)
    # 900 to 20000 at 65 % = 12415; 10000 at 70 % = 7000
    assert result["deductible"] == "900.00"
    assert result["funds"]["basic"] == "19415.00"
    legs = [row["amount"] for row in result["rows"] if row["code"] == "fund_band"]
    assert legs == ["12415.00", "7000.00"]


def test_baiyang_elsewhere_in_the_province():
    filed = baiyang(level="二级", in_scope="11000", place="intra_province", filing="TMP-OTH")
    # 500 × 2; 10000 × 80 % × 90 %
    assert (filed["deductible"], filed["funds"]["basic"]) == ("1000.00", "7200.00")
    unfiled = baiyang(level="二级", in_scope="11000", place="intra_province")
    assert unfiled["funds"]["basic"] == "6000.00"


@pytest.mark.parametrize(
    ("total", "in_scope", "filing", "deductible", "basic"),
    [
        ("8000", "7000", "TMP-REF", "2000.00", "2750.00"),  # 5000 × 55 %, floor 6000 × 40 %
        ("40000", "18000", "TMP-REF", "8000.00", "12800.00"),  # 5500 < 32000 × 40 %
        ("90000", "80000", "TMP-REF", "10000.00", "38500.00"),  # 70000 × 55 %
        ("40000", "18000", None, "8000.00", "3500.00"),  # 10000 × 35 %, no floor
    ],
)
def test_baiyang_in_another_province(total, in_scope, filing, deductible, basic):
    result = baiyang(total=total, in_scope=in_scope, place="inter_province", filing=filing)
    assert (result["deductible"], result["funds"]["basic"]) == (deductible, basic)


def test_baiyang_visits_through_the_year():
    year, paid = {}, []
    for amount in ("80", "60", "200", "500", "120", "120", "120", "120"):
        result = baiyang(kind="outpatient", in_scope=amount, year=year)
        year = result["year"]
        paid.append(result["funds"]["basic"])
    # 100 is used up by 80 and 20 of 60; 40 × 50 %; then 60 a visit until 300 a year
    assert paid == ["0.00", "20.00", "60.00", "60.00", "60.00", "60.00", "40.00", "0.00"]
    assert year["stays"] == 0


def test_baiyang_layers_for_people_in_hardship():
    result = baiyang(
        level="三级", person_group="困难", in_scope="151000", self_first="5000", nth_stay=1
    )
    # basic: 19000 × 65 % + 131000 × 70 % = 104050; left 46950 + 5000 first = 51950;
    # deductible 32001.01 × 25 % = 8000.2525 → 8000.25; 43949.75 × 65 % = 28567.3375 → 28567.34
    # left in scope 46950 − 28567.34 = 18382.66; × 75 % = 13786.995 → 13787.00 (half up)
    # left 4595.66, under 10000
    assert result["funds"] == {
        "basic": "104050.00",
        "major_illness": "28567.34",
        "assistance": "13787.00",
        "extra_assistance": "0.00",
    }
    assert result["personal"] == "9595.66"


def test_baiyang_the_cap_of_assistance_and_the_tilt_beyond_it():
    result = baiyang(
        person_group="困难",
        place="inter_province",
        total="110000",
        in_scope="110000",
        year={"funds": {"assistance": "45000"}, "bases": {"major_illness": "8000.25"}},
    )
    # 20 % of the bill is above the most: 10000; unfiled 35 %: 35000; left 75000
    # 大病 from 8000.25 on, × 65 % = 48750; left 26250; × 50 % = 13125, the cap leaves 5000
    # left 21250; (21250 − 10000) × 60 % = 6750
    assert result["funds"] == {
        "basic": "35000.00",
        "major_illness": "48750.00",
        "assistance": "5000.00",
        "extra_assistance": "6750.00",
    }
    assert result["personal"] == "14500.00"
