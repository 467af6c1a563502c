"""Money and ratios without floating point.

Money is an ``int`` of fen. A ratio is read as basis points (1 % = 100) and, once
several changes meet, carried as an exact ``Fraction``. Rounding happens in one
function, half up, and each caller says where.
"""

import re
from fractions import Fraction

MAX_FEN = 10**15  # decimal(16,2) of the national settlement record, one digit spare

_YUAN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
_DECIMAL = re.compile(r"(-?)(\d{1,6})(?:\.(\d{1,2}))?", re.ASCII)
_UNIT = re.compile(r"(0|1)(?:\.(\d{1,4}))?", re.ASCII)

_CENTS = tuple(f".{cents:02d}" for cents in range(100))

WHOLE = 10_000  # basis points of 100 %


def parse_yuan(text: str) -> int:
    """Fen of an amount written in yuan with at most two decimals, never negative.

    Raises ValueError for anything else (signs, separators, a third decimal).
    """
    match = _YUAN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    yuan, cents = match.groups(default="")
    return int(yuan) * 100 + int(cents.ljust(2, "0"))


def parse_hundredths(text: str) -> int:
    """Hundredths of a decimal number with at most two decimals (``-2.5`` is -250)."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, whole, cents = match.groups(default="")
    value = int(whole) * 100 + int(cents.ljust(2, "0"))
    return -value if sign else value


def parse_percent(text: str) -> int:
    """Basis points of a percentage written with its sign, ``62.5%`` is 6250."""
    if not text.endswith("%"):
        raise ValueError(text)
    value = parse_hundredths(text[:-1])
    if value < 0:
        raise ValueError(text)
    return value


def parse_share(text: str) -> int:
    """Basis points of a share of a line: ``5%`` or ``0.05``; never above one."""
    if text.endswith("%"):
        value = parse_percent(text)
    else:
        match = _UNIT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        whole, parts = match.groups(default="")
        value = int(whole) * WHOLE + int(parts.ljust(4, "0"))
    if value > WHOLE:
        raise ValueError(text)
    return value


def yuan(fen: int) -> str:
    """``1234.50`` for 123450 fen; a negative amount keeps its sign."""
    if fen >= 0:
        return f"{fen // 100}{_CENTS[fen % 100]}"
    return "-" + yuan(-fen)


def half_up(numerator: int, denominator: int) -> int:
    """Nearest integer of a non-negative quotient, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def percent(ratio: Fraction) -> str:
    """A ratio as people write it: ``76.5%``; exact, since every ratio here terminates."""
    scaled = ratio * 100
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    digits = ""
    while rest and len(digits) < 12:
        digit, rest = divmod(rest * 10, scaled.denominator)
        digits += str(digit)
    return f"{whole}.{digits}%" if digits else f"{whole}%"


def percent_of_points(basis_points: int) -> str:
    """``5%`` for 500 basis points."""
    return f"{points(basis_points)}%"


def points(hundredths: int) -> str:
    """Percentage points without trailing zeros: ``2`` for 200, ``0.2`` for 20."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"
