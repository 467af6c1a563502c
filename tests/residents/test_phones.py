"""The number under which somebody is told."""

import pytest

from residents.phones import InvalidPhone, contact_phone


def test_by_message_only_a_mobile_will_do():
    assert contact_phone("139 0000 1111", "sms") == "13900001111"
    for text in ("", "0883-2123456", "1390000111"):
        with pytest.raises(InvalidPhone):
            contact_phone(text, "sms")


def test_a_call_reaches_a_landline_too():
    assert contact_phone("0883-2123456", "call") == "0883-2123456"
    with pytest.raises(InvalidPhone):
        contact_phone("", "call")


def test_a_letter_needs_no_number_but_a_typed_one_is_looked_at():
    assert contact_phone("", "post") == ""
    assert contact_phone("2123456", "post") == "2123456"
    for text in ("123", "12900001111", "没有"):
        with pytest.raises(InvalidPhone):
            contact_phone(text, "post")
