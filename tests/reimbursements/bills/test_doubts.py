"""Sums and warnings: both numbers are in the sentence, nobody is named, nothing is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.bills import warnings
from reimbursements.bills.deadlines import deadline
from reimbursements.bills.facts import BillFacts, LineFacts, StayFacts
from reimbursements.bills.numbers import BillKind
from reimbursements.bills.originals import Found
from reimbursements.bills.sums import check_bill_sums, check_sums

BILL = BillFacts(
    key="a", kind="fiscal", number="0136427183", total=1526314, issued_on=date(2026, 5, 9)
)
STAY = StayFacts(
    institution="H51010000001",
    admitted_on=date(2026, 5, 3),
    discharged_on=date(2026, 5, 9),
    case_number="1",
    bills=(BILL,),
)
FOUND = Found(BillKind.FISCAL, "37060124", "0136427183", amount=1526314)
fen = st.integers(0, 10**9)


def codes(doubts) -> list[str]:
    assert all(doubt.text.endswith("。") for doubt in doubts)
    return [doubt.code for doubt in doubts]


def with_bill(**changes) -> StayFacts:
    return replace(STAY, bills=(replace(BILL, **changes),))


def other(**changes) -> StayFacts:
    return replace(STAY, **{"case_number": "530900-2", **changes})


def test_a_sound_stay_is_not_doubted():
    parts = {"own_expense": 26314, "over_limit": 0, "self_first": 500000, "in_scope": 1000000}
    lines = (LineFacts(amount=1500000), LineFacts(amount=26314))
    sound = with_bill(**parts, lines=lines, payer="张桂兰", found=FOUND)
    before = other(admitted_on=date(2026, 1, 1), discharged_on=date(2026, 1, 9))
    assert warnings.doubts_of(replace(sound, total=1526314), [before], "张桂兰") == []


# sums


def test_lines_that_do_not_make_the_bill_are_told_with_both_sums():
    (doubt,) = check_sums(with_bill(lines=(LineFacts(amount=1526313),)))
    assert (doubt.code, doubt.target) == ("lines_unlike_bill", "bill:a")
    for number in ("15263.13", "15263.14", "0.01"):
        assert number in doubt.text


def test_classes_that_do_not_make_the_bill_are_told():
    parts = {"own_expense": 1, "over_limit": 0, "self_first": 0, "in_scope": 1526314}
    (doubt,) = check_bill_sums(replace(BILL, **parts))
    assert doubt.code == "parts_unlike_bill" and "15263.15" in doubt.text


def test_while_a_class_is_unknown_only_too_much_is_told():
    assert check_bill_sums(replace(BILL, own_expense=5)) == []
    assert codes(check_bill_sums(replace(BILL, own_expense=1526315))) == ["parts_unlike_bill"]


def test_four_known_classes_below_the_bill_are_told():
    parts = {"own_expense": 1, "over_limit": 0, "self_first": 0, "in_scope": 1526312}
    assert codes(check_bill_sums(replace(BILL, **parts))) == ["parts_unlike_bill"]


def test_bills_that_do_not_make_the_stay_are_told():
    (doubt,) = check_sums(replace(STAY, total=1526300))
    assert doubt.code == "bills_unlike_stay" and "0.14" in doubt.text
    assert check_sums(replace(with_bill(total=None), total=1526300)) == []


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "doubted"),
    [
        ("3", "0.3333", 100, False),
        ("3", "0.335", 100, False),  # 1.005 is 1.01 half up; a fen either way is rounding
        ("2", "6.25", 1250, False),
        ("2", "6.25", 1252, True),
        ("1", "452", 545200, True),  # the published case: 452 became 5452
    ],
)
def test_a_line_is_quantity_times_price_to_the_fen(quantity, price, amount, doubted):
    line = LineFacts(amount=amount, quantity=Decimal(quantity), unit_price=Decimal(price))
    doubts = check_bill_sums(replace(BILL, total=amount, lines=(line,)))
    assert codes(doubts) == ["line_product"] * doubted
    assert all(doubt.target == "line:a:1" for doubt in doubts)


@given(st.lists(fen, min_size=1, max_size=20))
def test_lines_that_make_the_bill_are_never_doubted_and_one_fen_more_always_is(amounts):
    lines = tuple(LineFacts(amount=amount) for amount in amounts)
    assert check_bill_sums(replace(BILL, total=sum(amounts), lines=lines)) == []
    wrong = check_bill_sums(replace(BILL, total=sum(amounts) + 1, lines=lines))
    assert codes(wrong) == ["lines_unlike_bill"]


@given(fen, fen, fen, fen)
def test_four_classes_that_make_the_bill_are_never_doubted(own, over, first, scope):
    parts = {"own_expense": own, "over_limit": over, "self_first": first, "in_scope": scope}
    assert check_bill_sums(replace(BILL, total=own + over + first + scope, **parts)) == []


# warnings of a bill


@pytest.mark.parametrize(
    ("typed", "read", "exclusive", "doubted"),
    [
        (6490, 6490, False, False),
        (6491, 6490, False, True),
        (7334, 6490, True, False),  # 13 % tax
        (7593, 6490, True, False),  # 17 % tax
        (7596, 6490, True, True),
        (6489, 6490, True, True),
        (None, 6490, False, False),
        (6490, None, False, False),
    ],
)
def test_an_amount_unlike_the_code(typed, read, exclusive, doubted):
    found = replace(FOUND, amount=read, tax_exclusive=exclusive)
    doubts = warnings.qr_unlike_typed(replace(BILL, total=typed, found=found))
    assert codes(doubts) == ["qr_amount"] * doubted


def test_a_number_or_a_day_unlike_the_code():
    found = replace(FOUND, number="136427184", issued_on=date(2026, 5, 8))
    assert codes(warnings.qr_unlike_typed(replace(BILL, found=found))) == ["qr_number", "qr_day"]
    assert warnings.qr_unlike_typed(replace(BILL, found=replace(FOUND, number="136427183"))) == []


@pytest.mark.parametrize(("day", "word"), [(2, "早于"), (3, ""), (9, ""), (10, "晚于")])
def test_a_bill_outside_the_stay(day, word):
    bill = replace(BILL, issued_on=date(2026, 5, day))
    doubts = warnings.bill_outside_stay(bill, STAY)
    assert codes(doubts) == ["bill_outside_stay"] * bool(word)
    assert all(word in doubt.text for doubt in doubts)


def test_another_payer_is_doubted_and_not_named():
    (doubt,) = warnings.payer_not_patient(replace(BILL, payer="李建国"), "张桂兰")
    assert "李建国" not in doubt.text and "张桂兰" not in doubt.text


@pytest.mark.parametrize("payer", ["张桂兰", " 张 桂兰", ""])
def test_the_patient_as_payer_is_not_doubted(payer):
    assert warnings.payer_not_patient(replace(BILL, payer=payer), "张桂兰") == []


def test_dots_and_width_make_no_other_name():
    bill = replace(BILL, payer="阿卜杜拉•买买提")
    assert warnings.payer_not_patient(bill, "阿卜杜拉·买买提") == []


def test_the_published_added_digit_is_found():
    bill = replace(BILL, total=10526314, lines=(LineFacts(amount=1526314),))
    (doubt,) = warnings.inflated_digit(bill)
    assert "105263.14" in doubt.text and "15263.14" in doubt.text
    by_code = replace(BILL, total=10526314, found=FOUND)
    assert codes(warnings.inflated_digit(by_code)) == ["inflated_digit"]


def test_another_difference_is_no_added_digit():
    for total in (1526314, 1526315, 2526314, 20000000):
        bill = replace(BILL, total=total, lines=(LineFacts(amount=1526314),))
        assert warnings.inflated_digit(bill) == []


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(0, 10))
def test_any_added_digit_is_found(true, digit, place):
    text = str(true)
    stated = int(text[:place] + str(digit) + text[place:])
    if stated >= 10 ** len(text):
        bill = replace(BILL, total=stated, lines=(LineFacts(amount=true),))
        assert codes(warnings.inflated_digit(bill)) == ["inflated_digit"]


# warnings of stays


@pytest.mark.parametrize(
    ("first", "last", "doubted"),
    [
        (date(2026, 5, 1), date(2026, 5, 3), False),  # moved to this hospital the same day
        (date(2026, 5, 9), date(2026, 5, 20), False),
        (date(2026, 5, 1), date(2026, 5, 4), True),
        (date(2026, 5, 5), date(2026, 5, 6), True),
        (date(2026, 4, 1), date(2026, 6, 1), True),
    ],
)
def test_stays_on_the_same_days_overlap(first, last, doubted):
    before = other(institution="H2", admitted_on=first, discharged_on=last)
    assert codes(warnings.overlapping_stays(STAY, [before])) == ["overlapping_stays"] * doubted


def test_a_late_bill_of_the_same_stay_overlaps_with_nothing():
    assert warnings.overlapping_stays(STAY, [other()]) == []


def test_a_visit_on_a_day_of_the_stay_overlaps_with_nothing():
    visit = other(institution="H2", is_stay=False, discharged_on=date(2026, 5, 3))
    assert warnings.overlapping_stays(STAY, [visit]) == []


def test_the_same_stay_with_the_same_amount_points_to_the_other_case():
    (doubt,) = warnings.same_in_other_claim(STAY, [other()])
    assert "530900-2" in doubt.text and "15263.14" in doubt.text
    cheaper = other(bills=(replace(BILL, total=1),))
    elsewhere = other(institution="H2")
    assert warnings.same_in_other_claim(STAY, [cheaper, elsewhere]) == []


@pytest.mark.parametrize(
    ("total", "gap", "doubted"),
    [(152631, 5, True), (152632, 5, False), (100, 31, False), (100, -1, False), (100, 0, True)],
)
def test_a_tiny_stay_shortly_before_is_doubted(total, gap, doubted):
    last = STAY.admitted_on - timedelta(days=gap)
    tiny = other(
        admitted_on=last - timedelta(days=1),
        discharged_on=last,
        bills=(replace(BILL, total=total),),
    )
    assert codes(warnings.tiny_first_stay(STAY, [tiny])) == ["tiny_first_stay"] * doubted


def test_a_late_claim_is_put_to_a_clerk():
    until = deadline("530902", STAY.discharged_on)
    (doubt,) = warnings.late_claim(until, date(2027, 7, 1))
    assert "1天" in doubt.text and "示例" in doubt.text
    assert warnings.late_claim(until, date(2027, 6, 30)) == []
    assert warnings.late_claim(None, date(2030, 1, 1)) == []


def test_the_same_bill_points_to_every_other_case():
    (doubt,) = warnings.same_bill(BILL, ["530900-1", "530900-2"])
    assert "530900-1、530900-2" in doubt.text
    assert warnings.same_bill(BILL, []) == []


def test_one_proxy_of_many_and_an_accident_are_told():
    assert codes(warnings.proxy_of_many(5)) == ["proxy_of_many"]
    assert warnings.proxy_of_many(4) == []
    assert codes(warnings.third_party(True)) == ["third_party"]
    assert warnings.third_party(False) == []


def test_unknown_days_and_amounts_are_no_reason_to_doubt():
    empty = StayFacts(
        institution="", admitted_on=None, discharged_on=None, bills=(BillFacts(key="a"),)
    )
    assert warnings.doubts_of(empty, [empty, STAY], "张桂兰") == []
    assert warnings.doubts_of(replace(STAY, total=None), [empty], "") == []
