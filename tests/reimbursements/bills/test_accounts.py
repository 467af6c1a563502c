"""Bank cards and accounts: what no money can be sent to is said beside the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reimbursements.bills.accounts import (
    BadAccount,
    account_warning,
    check_account,
    mask_account,
    passes_luhn,
)

CARD = "6222021234567890128"


def with_check_digit(digits: str) -> str:
    """The digits with the Luhn digit after them, worked out the long way."""
    return next(digits + last for last in "0123456789" if _luhn(digits + last))


def _luhn(digits: str) -> bool:
    doubled = "0246813579"
    from_right = digits[::-1]
    odd = sum(int(char) for char in from_right[::2])
    return (odd + sum(int(doubled[int(char)]) for char in from_right[1::2])) % 10 == 0


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "6222 0212 3456 7890 128",
        "６２２２０２１２３４５６７８９０１２８",
        "6222-0212-3456-7890-128",
    ],
)
def test_a_card_is_kept_as_digits(text):
    assert check_account(text) == CARD


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "请填写"),
        (None, "请填写"),
        ("6222021234567890129", "校验不通过"),
        ("6222021234576890128", "校验不通过"),  # two digits the wrong way round
        ("622202123456789", "16至19位"),
        ("62220212345678901281", "16至19位"),
        ("6222O21234567890128", "只能是数字"),
        ("0000000000000000", "校验不通过"),
        ("账号 1234567", "8至32位"),
        ("账号 11111111", "8至32位"),
        ("账号", "请填写"),
    ],
)
def test_a_bad_number_is_refused_with_what_to_do(text, word):
    with pytest.raises(BadAccount, match=word):
        check_account(text)


def test_an_account_that_is_no_card_passes_only_when_marked_and_with_a_warning():
    with pytest.raises(BadAccount, match="存折"):
        check_account("020012345678")
    assert account_warning(CARD) == ""
    assert check_account("020012345678", not_card=True) == "020012345678"
    assert "核对" in account_warning("020012345678", not_card=True)
    assert check_account("账号：0200 1234 5678") == "020012345678"
    assert "核对" in account_warning("账号：0200 1234 5678")


def test_a_mask_shows_four_digits_and_not_the_length():
    assert mask_account(CARD) == "**** **** **** 0128"
    assert mask_account("020012345678") == "**** **** **** 5678"
    assert mask_account("1234567") == mask_account("") == "****"


@given(st.text(alphabet="0123456789", min_size=15, max_size=18).filter(lambda t: len(set(t)) > 1))
def test_every_card_with_its_check_digit_passes_and_with_another_fails(digits):
    card = with_check_digit(digits)
    assert passes_luhn(card)
    assert check_account(card) == card == check_account(check_account(card))
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert not passes_luhn(wrong)


@given(st.text(), st.booleans())
def test_any_text_is_taken_as_digits_or_refused(text, not_card):
    try:
        found = check_account(text, not_card=not_card)
    except BadAccount as error:
        assert str(error).endswith("。")
    else:
        assert found.isascii() and found.isdigit()
    mask_account(text)
