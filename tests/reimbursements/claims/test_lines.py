"""The lines of a bill: told to the engine as they are, stored as JSON, the same read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.settlement.errors import StayError
from reimbursements.settlement.read_bill import amounts
from reimbursements.settlement.stay import Line
from reimbursements.settling.inputs import BillParts, LineParts, as_json, lines_of

NAMES = st.text("药床材料费 ，（）ab1", min_size=1, max_size=12).filter(str.strip)
LINES = st.builds(
    lambda name, cls, amount, cut, bp: LineParts(name, cls, amount, bp, min(cut, amount)),
    NAMES,
    st.sampled_from(["甲类", "乙类", " 丙类 ", "自费"]),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 10_000),
)


def bill_of(lines: list[LineParts]) -> BillParts:
    total = sum(line.amount for line in lines)
    return BillParts(total, None, None, None, None, sum(line.cut for line in lines), tuple(lines))


@given(st.lists(LINES, min_size=1, max_size=8))
def test_what_is_stored_is_read_as_what_the_engine_was_told(lines):
    told = {"lines": lines_of(bill_of(lines))}
    stored = json.loads(json.dumps(as_json(told)))
    assert amounts(stored) == amounts(told)
    assert sum(line.amount for line in amounts(told)["lines"]) == sum(x.amount for x in lines)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_what_is_cut_of_a_line_is_the_persons_own(lines):
    found = amounts({"lines": lines_of(bill_of(lines))})["lines"]
    cut = sum(line.amount for line in found if line.name.endswith("（核减）"))
    assert cut == sum(line.cut for line in lines)


@pytest.mark.parametrize("line", [Line("", "甲类", 1), Line("药", " ", 1), Line("药", "甲类", -1)])
def test_a_line_without_a_name_a_class_or_an_amount_is_refused(line):
    with pytest.raises(StayError):
        amounts({"lines": [line]})


def test_a_bill_by_parts_is_stored_as_it_is():
    assert as_json({"own_expense": "1.00"}) == {"own_expense": "1.00"}
