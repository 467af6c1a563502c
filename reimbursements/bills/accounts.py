"""Bank cards and bank accounts: one normal form, checked before money is sent.

Cards of Chinese banks have 16 to 19 digits, the last of which is the Luhn check digit
(ISO/IEC 7812-1). Passbooks and older accounts have other lengths and no check digit; they
pass only when the person says that it is an account number (账号).
"""

import re
import unicodedata

CARD_LENGTHS = range(16, 20)
ACCOUNT_LENGTHS = range(8, 33)  # the account field of the interbank payment system holds 32
ACCOUNT_WARNING = (
    "这是账号，不是银行卡号，系统无法校验。请对照存折核对每一位；写错会使报销款退回，需要重新支付。"
)
_ACCOUNT_WORD = re.compile(r"^(?:银行)?(?:账号|帐号)[:：]?")
_SEPARATORS = re.compile(r"[\s\-‐-―−_.·]+")
_DIGITS = re.compile(r"[0-9]+")


class BadAccount(ValueError):
    """A number to which no money can be sent; the message is Chinese and says how to mend it."""


def check_account(text: str, *, not_card: bool = False) -> str:
    """The digits of a bank card, or of an account that is marked as one.

    Marked means `not_card`, or the word 账号 before the number. Raises BadAccount.
    """
    digits, marked = _digits(text)
    if not digits:
        raise BadAccount("请填写银行卡号。")
    if not _DIGITS.fullmatch(digits):
        raise BadAccount("银行卡号只能是数字，请检查是否多了文字、字母或符号。")
    if not_card or marked:
        return _account(digits)
    if len(digits) not in CARD_LENGTHS:
        raise BadAccount(
            f"银行卡号应为16至19位数字，现在是{len(digits)}位，请对照银行卡改正；"
            "如果是存折账号，请勾选“这是账号，不是银行卡号”。"
        )
    if len(set(digits)) == 1 or not passes_luhn(digits):
        raise BadAccount(
            "银行卡号校验不通过，可能有一位写错或两位写反，请对照银行卡逐位核对；"
            "如果是存折账号，请勾选“这是账号，不是银行卡号”。"
        )
    return digits


def account_warning(text: str, *, not_card: bool = False) -> str:
    """A word of caution about a number that passes `check_account`, or ""."""
    return ACCOUNT_WARNING if not_card or _digits(text)[1] else ""


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mask_account(text: str) -> str:
    """**** **** **** 1234: the last four digits in the groups of a card; its length is hidden."""
    digits = _digits(text)[0]
    return f"**** **** **** {digits[-4:]}" if len(digits) >= min(ACCOUNT_LENGTHS) else "****"


def _digits(text: str) -> tuple[str, bool]:
    """The number without separators, and whether 账号 stood before it."""
    joined = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(text or "")))
    bare = _ACCOUNT_WORD.sub("", joined)
    return bare, bare != joined


def _account(digits: str) -> str:
    if len(digits) not in ACCOUNT_LENGTHS or len(set(digits)) == 1:
        raise BadAccount("账号应为8至32位数字，请对照存折改正。")
    return digits
