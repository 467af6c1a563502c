"""ID numbers of insured persons: read, check, and say plainly what is wrong.

Pure: no Django, no database. Layout and check digit of the 18-digit resident number
follow GB 11643-1999 (ISO 7064 MOD 11-2). The permits of residents of Hong Kong, Macao
and Taiwan use the same layout under the prefixes 810000, 820000 and 830000. The
permanent-resident card for foreigners has 15 characters in its form of 2017 and 18
digits beginning with 9 in its form of 2023. Division codes are retired over time while
ID numbers keep theirs, so only the province is checked.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

RESIDENT = "resident"
PERMIT = "permit"
FOREIGN = "foreign"

MALE = "male"
FEMALE = "female"

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

# Province-level codes of GB/T 2260.
PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        [71],
    )
    for code in codes
)
PERMIT_PREFIXES = frozenset({"810000", "820000", "830000"})
# Nobody living, and no record of a case, is older; catches a mistyped century.
EARLIEST_YEAR = 1850

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_SEPARATORS = re.compile(r"[\s\-\u200b\ufeff]+")


class InvalidIdNumber(ValueError):
    """The text is no ID number; the message is Chinese and says how to mend it."""


@dataclass(frozen=True)
class IdNumber:
    """A checked number. `birth_date` and `sex` are None where the number holds neither."""

    number: str
    kind: str
    birth_date: date | None
    sex: str | None


def normalise(text: str) -> str:
    """Half-width, upper case, without spaces and hyphens: a typed "x" is an "X"."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits (MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def parse(text: str, today: date | None = None) -> IdNumber:
    """Check and take apart an ID number.

    `today` is the day against which the birth date may not lie in the future (default:
    the day in Shanghai). Raises InvalidIdNumber with a message for the person who typed.
    """
    number = normalise(text)
    if not number:
        raise InvalidIdNumber("请填写证件号码。")
    if _FOREIGN_2017.fullmatch(number):
        return IdNumber(number, FOREIGN, None, None)
    _require_shape(number)
    kind = _kind(number)
    birth_date = _birth_date(number[6:14], today or _today())
    if check_digit(number[:17]) != number[17]:
        raise InvalidIdNumber("证件号码的校验位不对，可能有一位输错了。请对照证件逐位核对。")
    return IdNumber(number, kind, birth_date, MALE if int(number[16]) % 2 else FEMALE)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _require_shape(number: str) -> None:
    if _EIGHTEEN.fullmatch(number):
        return
    if re.fullmatch(r"[0-9]{15}", number):
        raise InvalidIdNumber("15 位的旧身份证号码已经停用，请填写 18 位证件号码。")
    if len(number) != 18:
        raise InvalidIdNumber(
            f"证件号码应为 18 位，现在是 {len(number)} 位。请对照证件检查有没有漏填或多填。"
        )
    raise InvalidIdNumber("证件号码只能是数字，最后一位可以是字母 X。请检查有没有输错的字符。")


def _kind(number: str) -> str:
    if number[0] == "9":
        return FOREIGN
    if number[:6] in PERMIT_PREFIXES:
        return PERMIT
    if number[:2] in PROVINCES:
        return RESIDENT
    raise InvalidIdNumber("证件号码的前 6 位不是有效的地区代码，请对照证件核对前几位。")


def _birth_date(digits: str, today: date) -> date:
    try:
        birth_date = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdNumber(
            f"证件号码里的出生日期 {digits} 不存在，请核对第 7 至 14 位。"
        ) from None
    if birth_date > today or birth_date.year < EARLIEST_YEAR:
        raise InvalidIdNumber(f"证件号码里的出生日期 {digits} 不对，请核对第 7 至 14 位。")
    return birth_date
