"""What of a stay's settlement falls on each bill: every fund adds up to the fen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.bills.shares import share_funds


@st.composite
def stays(draw):
    """What of each bill counts, and what the funds pay of it: never more than counts."""
    counts = draw(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=8))
    left, funds = sum(counts), {}
    for name in ("basic", "major", "assistance"):
        paid = draw(st.integers(0, left))
        funds[name], left = paid, left - paid
    return funds, counts


@given(stays())
def test_each_fund_adds_up_to_the_fen(stay):
    funds, counts = stay
    found = share_funds(funds, counts)
    assert len(found) == len(counts)
    for name, fen in funds.items():
        assert sum(shares[name] for shares in found) == fen
        assert all(shares[name] >= 0 for shares in found)


@given(stays())
def test_no_bill_is_paid_more_than_counts_of_it(stay):
    funds, counts = stay
    for shares, count in zip(share_funds(funds, counts), counts, strict=True):
        assert sum(shares.values()) <= count


@given(stays())
def test_a_share_is_never_a_fen_below_its_exact_part(stay):
    funds, counts = stay
    whole = sum(counts)
    for shares, count in zip(share_funds(funds, counts), counts, strict=True):
        for name, fen in funds.items():
            exact = Fraction(fen * count, whole) if whole else Fraction(0)
            assert shares[name] > exact - 1


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_one_fund_is_shared_by_largest_remainder(fen, counts):
    whole = sum(counts)
    fen = min(fen, whole)
    shares = [one["basic"] for one in share_funds({"basic": fen}, counts)]
    exact = [Fraction(fen * count, whole) for count in counts]
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))
    up = [part % 1 for share, part in zip(shares, exact, strict=True) if share > part]
    down = [part % 1 for share, part in zip(shares, exact, strict=True) if share < part]
    assert not up or not down or min(up) >= max(down)


def test_the_odd_fen_goes_to_the_largest_remainder_then_to_the_first():
    assert share_funds({"basic": 100}, [100, 100, 100]) == [
        {"basic": 34},
        {"basic": 33},
        {"basic": 33},
    ]
    assert [one["basic"] for one in share_funds({"basic": 10}, [10, 25])] == [3, 7]


def test_funds_that_pay_all_leave_no_bill_below_nothing():
    """Each fund alone would give its odd fen to the first bill."""
    assert share_funds({"basic": 1, "major": 1}, [1, 1]) == [
        {"basic": 1, "major": 0},
        {"basic": 0, "major": 1},
    ]


def test_nothing_paid_is_nothing_for_each():
    assert share_funds({"basic": 0}, [0, 5]) == [{"basic": 0}, {"basic": 0}]


@pytest.mark.parametrize(
    ("funds", "counts"),
    [({"basic": 6}, [5]), ({"basic": -1}, [5]), ({"basic": 1}, [5, -1]), ({"basic": 1}, [])],
)
def test_what_cannot_be_shared_is_refused(funds, counts):
    with pytest.raises(ValueError, match="fen"):
        share_funds(funds, counts)
