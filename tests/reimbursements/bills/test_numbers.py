"""Bill numbers: one bill is one bill however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.bills.numbers import (
    KIND_LABELS,
    MAX_LENGTH,
    BillKind,
    bill_key,
    check_bill,
    normal,
    printed,
    tidy,
)
from tests.reimbursements.bills.tables import each_row

WRITINGS = [
    "0136427183",
    "０１３６４２７１８３",
    "0136 4271-83",
    "No.0136427183",
    "№136427183",
    "136427183",
]


def fields(problems) -> str:
    return " ".join(sorted({problem.field for problem in problems}))


@each_row("bill_numbers.csv", lambda row: row["说明"])
def test_every_row_of_the_table(row):
    typed = row["种类"], row["代码"], row["号码"]
    problems = check_bill(*typed, row["校验码"], paper=row["形式"] == "纸质")
    assert fields(p for p in problems if p.refused) == row["要改的"]
    assert fields(p for p in problems if not p.refused) == row["请核对的"]
    assert bill_key(*typed)[1:] == (row["比较用的代码"], row["比较用的号码"])
    assert all(problem.text.endswith("。") for problem in problems)


@pytest.mark.parametrize("writing", WRITINGS)
def test_one_number_typed_in_many_ways_is_one_number(writing):
    assert normal(writing) == "136427183"
    assert printed("fiscal", "37060124", writing) == ("37060124", "0136427183")


def test_lower_case_letters_are_the_same_bill():
    assert bill_key("other", "ab-1", "a00123") == bill_key("other", "AB1", "A00123")


def test_a_code_typed_beside_a_digital_invoice_does_not_part_it_from_itself():
    number = "23442000000014209621"
    assert bill_key("digital", "4200161350", number) == bill_key("digital", "", number)


def test_different_kinds_are_different_bills():
    assert bill_key("vat", "37060124", "136427183") != bill_key("fiscal", "37060124", "136427183")


def test_a_number_that_no_column_holds_is_refused():
    problems = check_bill("other", "", "1" * (MAX_LENGTH + 1), "")
    assert [p.field for p in problems if p.refused] == ["number"]


def test_every_kind_has_words():
    assert set(KIND_LABELS) == set(BillKind)


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text):
    assert normal(normal(text)) == normal(text)
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet="0123456789 -０１２９NOno.№ab"))
def test_the_normal_form_is_stable_where_it_matters_most(text):
    assert normal(normal(text)) == normal(text)
    assert normal(tidy(text)) == normal(text)


@given(st.sampled_from([*BillKind, "", "x"]), st.text(), st.text(), st.text(), st.booleans())
def test_checking_never_raises_and_refusals_come_first(kind, code, number, check_code, paper):
    problems = check_bill(kind, code, number, check_code, paper=paper)
    assert [p.refused for p in problems] == sorted((p.refused for p in problems), reverse=True)
