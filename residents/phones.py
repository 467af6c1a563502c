"""Mobile numbers of mainland China, as people type them."""

import re

from residents.crypto import normalise

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE_LENGTHS = range(7, 13)


class InvalidPhone(ValueError):
    """The text is no mobile number; the message is Chinese and says how to mend it."""


def parse_mobile(text: str) -> str:
    """The eleven digits of a mobile number; accepts +86, spaces, hyphens, full width.

    Raises InvalidPhone.
    """
    number = normalise("phone", text or "")
    if not number:
        raise InvalidPhone("请填写手机号码。")
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidPhone("手机号码只能是数字，请检查有没有多余的字符。")
    if len(number) != 11:
        raise InvalidPhone(f"手机号码应为 11 位数字，现在是 {len(number)} 位。")
    if not _MOBILE.fullmatch(number):
        raise InvalidPhone("这不是有效的手机号码，请检查前几位。")
    return number


def is_landline(text: str) -> bool:
    """Whether this may be the number of a fixed line, with or without its area code."""
    digits = (text or "").replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and len(digits) in _LANDLINE_LENGTHS


def contact_phone(text: str, how: str) -> str:
    """The number under which somebody is told, by how they want to be: "sms" needs a mobile,
    "call" takes a landline too, "post" needs none.

    Raises InvalidPhone.
    """
    typed = (text or "").strip()
    if how == "post" and not typed:
        return ""
    if how in ("call", "post") and not _looks_mobile(typed) and is_landline(typed):
        return typed
    return parse_mobile(typed)


def _looks_mobile(text: str) -> bool:
    """Eleven digits from 1: meant as a mobile, and then checked as one."""
    number = normalise("phone", text)
    return len(number) == 11 and number.startswith("1")
