"""Mobile numbers of mainland China, as people type them."""

import re

from residents.crypto import normalise

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


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
