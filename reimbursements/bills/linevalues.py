"""Single cells of a list of lines: from text to fen, basis points and plain words."""

import re
import unicodedata
from decimal import Decimal

from reimbursements.bills.found import read_amount
from reimbursements.settlement import money

# "" first: the list does not say. The others are the national classes of the engine.
CLASSES = ("", "甲类", "乙类", "丙类", "自费", "超限价")
# What a line is called whose list names no class: a clerk has to say which.
UNCLASSIFIED = "未归类"
MAX_NAME = 200
MAX_CLASS = 20
_CLASS_WORDS = {
    "甲": "甲类",
    "乙": "乙类",
    "丙": "丙类",
    "全自费": "自费",
    "自费药": "自费",
    "目录外": "自费",
    "超限价自费": "超限价",
    "-": "",
    "—": "",
    "/": "",
    "无": "",
}
# Signs with which a spreadsheet would take a text for a formula when it is opened again.
FORMULA_SIGNS = ("=", "+", "-", "@")
_PLAIN = re.compile(r"\d{1,10}(?:\.\d{1,18})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,18})?", re.ASCII)
_CENT = Decimal("0.01")
_NOISE = Decimal("0.000001")  # what a spreadsheet adds when it stores 30.30 in binary


def needs_class(cls: str, ratio: int | None) -> bool:
    """Whether a clerk has to classify a line: no class, and no share of its own (basis points)."""
    return cls == UNCLASSIFIED and ratio is None


class BadValue(ValueError):
    """A cell that cannot be used; the message is Chinese, ends with 。 and says how to mend it."""


def read_name(text: str) -> str:
    """The name of an item. Raises BadValue."""
    if text.startswith(FORMULA_SIGNS):
        raise BadValue(f"“项目名称”以“{text[0]}”开头，像是公式，请改成文字名称。")
    if len(text) > MAX_NAME:
        raise BadValue(f"“项目名称”超过{MAX_NAME}字，请缩短。")
    return text


def read_class(text: str) -> str:
    """One of CLASSES, or the words as written (a class of the place's own)."""
    word = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))[:MAX_CLASS]
    return _CLASS_WORDS.get(word, _CLASS_WORDS.get(word.removesuffix("类"), word))


def read_fen(text: str) -> int:
    """Fen of an amount in yuan. Raises BadValue."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.startswith(("-", "−", "(")):
        raise BadValue(f"“金额”是负数（{text[:20]}），请把退费与原来的收费合并成一行。")
    fen = read_amount(plain.removesuffix("元"))
    if fen is None:
        fen = _without_noise(plain)
    if fen is None:
        raise BadValue(f"“金额”写的是“{text[:20]}”，应为最多两位小数的数字，例如 1234.50。")
    return fen


def _without_noise(text: str) -> int | None:
    """Fen of 30.299999999999997, which a spreadsheet shows as 30.30."""
    if not _PLAIN.fullmatch(text):
        return None
    exact = Decimal(text)
    rounded = exact.quantize(_CENT)
    return int(rounded * 100) if abs(exact - rounded) < _NOISE else None


def read_quantity(text: str) -> Decimal | None:
    """A quantity, None where absent. Raises BadValue."""
    return _number(text, "数量", "2")


def read_unit_price(text: str) -> Decimal | None:
    """A price for one in yuan, None where absent; may have more than two decimals."""
    return _number(text.lstrip("¥￥"), "单价", "12.5000")


def _number(text: str, title: str, example: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in ("", "-", "—", "/"):
        return None
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise BadValue(f"“{title}”写的是“{text[:20]}”，应为不小于0的数字，例如 {example}。")
    return Decimal(plain)


def read_ratio(text: str) -> int | None:
    """Basis points of a share written as 10% or 0.1; None where absent. Raises BadValue."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain in ("", "-", "—", "/", "无"):
        return None
    try:
        return money.parse_share(plain)
    except ValueError:
        raise BadValue(
            f"“自付比例”写的是“{text[:20]}”，应在0到100%之间，请写成 10% 或 0.1。"
        ) from None
