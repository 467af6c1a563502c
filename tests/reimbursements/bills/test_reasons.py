"""Why not settled directly, and what to do before claiming."""

from itertools import product

import pytest

from reimbursements.bills.reasons import HINTS, REASONS, Next, advice


def test_every_reason_has_a_hint():
    assert list(HINTS) == list(REASONS)
    assert all(hint.endswith("。") for hint in HINTS.values())


@pytest.mark.parametrize(
    ("reason", "in_hospital", "can_rebook", "step"),
    [
        ("not_filed", True, False, Next.FILE_NOW),
        ("not_filed", True, True, Next.FILE_NOW),
        ("not_filed", False, True, Next.REBOOK_FIRST),
        ("not_filed", False, False, Next.CLAIM),
        ("emergency_no_card", True, False, Next.SETTLE_AT_DESK),
        ("system_failure", True, False, Next.SETTLE_AT_DESK),
        ("system_failure", False, True, Next.REBOOK_FIRST),
        ("not_opened", True, False, Next.CLAIM_AFTER_DISCHARGE),
        ("psychiatric", True, False, Next.CLAIM_AFTER_DISCHARGE),
        ("not_opened", False, False, Next.CLAIM),
        ("external_drug", False, False, Next.CLAIM),
    ],
)
def test_what_comes_next(reason, in_hospital, can_rebook, step):
    given = advice(reason, in_hospital, can_rebook)
    assert given.next == step
    assert given.claim_goes_on == (step == Next.CLAIM)


def test_whoever_paid_and_cannot_have_it_rebooked_may_always_claim():
    assert all(advice(reason, False, False).claim_goes_on for reason in REASONS)


def test_nobody_in_hospital_is_sent_on_to_claim():
    for reason, can_rebook in product(REASONS, (True, False)):
        assert not advice(reason, True, can_rebook).claim_goes_on


def test_every_advice_has_a_sentence_and_a_source():
    for reason, inside, rebook in product(REASONS, (True, False), (True, False)):
        given = advice(reason, inside, rebook)
        assert given.text.endswith("。") and given.source


def test_an_unknown_reason_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="不认识"):
        advice("bored", False, False)
