"""Kinds of bill, and one normal form of their numbers.

Layouts (docs/sources.md): a fiscal e-bill (医疗收费电子票据) has a code of 8 digits, a number
of 10 digits and a check code of 6 letters or digits; its code is 2 digits province, 06 for
medical charges, 2 digits kind, 2 digits year (read off samples, not off a standard). A VAT
invoice has a code of 10 or 12 digits, a number of 8 and a check code of 20 digits. A digital
invoice (数电票) has one number of 20 digits and neither code nor check code. What these
layouts make doubtful is a warning; only what cannot be looked up at all is refused.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from facilities import areas


class BillKind(StrEnum):
    """Kinds of bill; the values are stored."""

    FISCAL = "fiscal"
    VAT = "vat"
    DIGITAL = "digital"
    OTHER = "other"


KIND_LABELS = {
    BillKind.FISCAL: "医疗收费票据（财政票据）",
    BillKind.VAT: "增值税发票",
    BillKind.DIGITAL: "数电发票",
    BillKind.OTHER: "其他票据",
}
MAX_LENGTH = 40  # no known bill number is longer; the column of the database is not either
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_NUMBER_SIGN = re.compile(r"\A(?:NO)+(?=[0-9]+\Z)")
_DIGITS = re.compile(r"[0-9]+")
_CHECK_CODE = re.compile(r"[0-9a-z]{6}")
_MEDICAL = "06"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field. `refused`: it must be mended; otherwise only looked at."""

    field: str
    text: str
    refused: bool = True


def tidy(text: str) -> str:
    """A code or number as it is printed: half-width, letters in upper case, no separators.

    Leading zeros stay. A number sign before digits (“No.”, “№”) goes.
    """
    folded = unicodedata.normalize("NFKC", str(text or ""))
    kept = "".join(char for char in folded if char.isalnum())
    kept = unicodedata.normalize("NFKC", kept).translate(_UPPER)
    return _NUMBER_SIGN.sub("", kept)


def normal(text: str) -> str:
    """The form by which bills are compared: `tidy`, and digits lose their leading zeros.

    So ０１３６ 4271-83, 01364271 83 and 136427183 are one number. Idempotent.
    """
    tidied = tidy(text)
    return (tidied.lstrip("0") or "0") if _DIGITS.fullmatch(tidied) else tidied


def tidy_check_code(text: str) -> str:
    """A check code as printed on fiscal e-bills: lower case, no separators."""
    folded = unicodedata.normalize("NFKC", str(text or ""))
    kept = "".join(char for char in folded if char.isalnum())
    return unicodedata.normalize("NFKC", kept).translate(_LOWER)


def printed(kind: str, code: str, number: str, *, paper: bool = False) -> tuple[str, str]:
    """(code, number) as the bill prints them: zeros lost by a spreadsheet are put back.

    Not on paper originals, whose numbers may be shorter.
    """
    code, number = tidy(code), tidy(number)
    if paper and kind != BillKind.DIGITAL:
        return code, number
    if kind == BillKind.FISCAL and _DIGITS.fullmatch(number):
        number = number.zfill(10)
    if kind == BillKind.VAT and _DIGITS.fullmatch(number):
        number = number.zfill(8)
    if kind == BillKind.VAT and _DIGITS.fullmatch(code) and len(code) == 11:
        code = code.zfill(12)
    if kind == BillKind.DIGITAL:
        code = ""
    return code, number


def bill_key(kind: str, code: str, number: str) -> tuple[str, str, str]:
    """(kind, code, number) under which one bill is always found again.

    A digital invoice has no code, so one that was typed does not part it from itself.
    """
    has_code = kind != BillKind.DIGITAL and tidy(code)
    return str(kind), normal(code) if has_code else "", normal(number)


def check_bill(
    kind: str, code: str, number: str, check_code: str, *, paper: bool = False
) -> list[Problem]:
    """What is wrong with what was typed: Chinese, each with its field, refusals first.

    `paper`: a paper original; older ones had other layouts, so a length is only a warning.
    """
    if kind not in set(BillKind):
        return [Problem("kind", "请选择票据种类；认不出的请选“其他票据”。")]
    typed = printed(kind, code, number, paper=paper)
    problems = _unusable(*typed) or _of_kind(BillKind(kind), typed, check_code, paper)
    problems += _filled(code, number, typed)
    if kind == BillKind.DIGITAL and tidy(code):
        text = "数电发票没有票据代码，这一栏会留空；票上确实印有代码的，请把种类改为“增值税发票”。"
        problems.append(Problem("code", text, refused=False))
    return sorted(problems, key=lambda problem: not problem.refused)


def _of_kind(kind: BillKind, typed: tuple[str, str], check_code: str, paper: bool) -> list[Problem]:
    """What the layout of the kind finds wrong; on paper it only makes one look again."""
    check_code = tidy_check_code(check_code)
    problems = _CHECKS[kind](*typed, check_code)
    if not paper or kind == BillKind.DIGITAL:
        return problems
    asked = [problem for problem in problems if check_code or problem.field != "check_code"]
    return [replace(problem, refused=False) for problem in asked]


def _unusable(code: str, number: str) -> list[Problem]:
    """What cannot be looked up whatever the kind."""
    if not number:
        return [Problem("number", "请填写票据号码，印在票据的右上角。")]
    names = (("code", "票据代码", code), ("number", "票据号码", number))
    return [
        Problem(field, f"{name}太长（{len(text)}位），请只填写票据上印的{name}。")
        for field, name, text in names
        if len(text) > MAX_LENGTH
    ]


def _filled(code: str, number: str, typed: tuple[str, str]) -> list[Problem]:
    """Zeros were put in front: right after a spreadsheet, wrong after a forgotten digit."""
    names = (("code", "票据代码", code, typed[0]), ("number", "票据号码", number, typed[1]))
    return [
        Problem(
            field,
            f"{name}只有{len(tidy(text))}位，前面补0后是{full}，请对照票据核对有没有漏写数字。",
            refused=False,
        )
        for field, name, text, full in names
        if 0 < len(tidy(text)) < len(full)
    ]


def _length(field: str, name: str, text: str, lengths: tuple[int, ...], hint: str) -> list[Problem]:
    """Whether the text is that many digits."""
    wanted = "或".join(str(length) for length in lengths)
    if not text:
        return [Problem(field, f"请填写{name}，是{wanted}位数字，{hint}。")]
    if not _DIGITS.fullmatch(text):
        return [Problem(field, f"{name}应为{wanted}位数字，请检查是否把数字0、1写成了字母。")]
    if len(text) not in lengths:
        return [Problem(field, f"{name}应为{wanted}位数字，现在是{len(text)}位，请对照票据改正。")]
    return []


def _check_fiscal(code: str, number: str, check_code: str) -> list[Problem]:
    problems = _length("code", "票据代码", code, (8,), "印在票据的左上角")
    problems += _length("number", "票据号码", number, (10,), "印在票据的右上角")
    if not check_code:
        problems.append(Problem("check_code", "请填写校验码，是6位字母或数字，印在票据号码下方。"))
    elif not _CHECK_CODE.fullmatch(check_code):
        problems.append(Problem("check_code", "校验码应为6位字母或数字，请对照票据改正。"))
    if len(code) == 8 and _DIGITS.fullmatch(code):
        problems += _doubtful_fiscal_code(code)
    return problems


def _doubtful_fiscal_code(code: str) -> list[Problem]:
    """Parts of a fiscal code that samples make us expect; never a refusal."""
    texts = []
    if areas.division(f"{code[:2]}0000") is None:
        texts.append(f"票据代码前2位“{code[:2]}”不是省份代码，请对照票据核对。")
    if code[2:4] != _MEDICAL:
        texts.append("票据代码第3、4位不是06，可能不是医疗收费票据，请核对票据名称。")
    return [Problem("code", text, refused=False) for text in texts]


def _check_vat(code: str, number: str, check_code: str) -> list[Problem]:
    problems = _length("code", "发票代码", code, (10, 12), "印在发票的左上角或右上角")
    problems += _length("number", "发票号码", number, (8,), "印在发票的右上角")
    if check_code and not (_DIGITS.fullmatch(check_code) and len(check_code) in (6, 20)):
        text = "增值税发票的校验码是20位数字（也可以只填后6位），请对照票据核对。"
        problems.append(Problem("check_code", text, refused=False))
    return problems


def _check_digital(_code: str, number: str, check_code: str) -> list[Problem]:
    problems = _length("number", "发票号码", number, (20,), "印在发票的右上角")
    if check_code:
        text = "数电发票没有校验码，可以不填；如果票上印有校验码，请检查种类是否选对。"
        problems.append(Problem("check_code", text, refused=False))
    return problems


def _check_other(_code: str, number: str, _check_code: str) -> list[Problem]:
    if len(number) >= 4:
        return []
    return [Problem("number", "票据号码不到4位，请核对是否填写完整。", refused=False)]


_CHECKS = {
    BillKind.FISCAL: _check_fiscal,
    BillKind.VAT: _check_vat,
    BillKind.DIGITAL: _check_digital,
    BillKind.OTHER: _check_other,
}
