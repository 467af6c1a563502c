"""A rule as a form: Chinese labels, one box a field, and back to plain values. Pure.

The check itself is the loader's (`filings.decision.rules.Rule.from_dict`): what is refused
there is refused here, at the same field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from facilities.areas import UnknownArea, area_name
from filings.decision import codes
from filings.decision.sources import SOURCES

FLAG, DATE, NUMBER, TEXT, LONG, CODE, CODES, GROUPS = (
    "flag",
    "date",
    "number",
    "text",
    "long",
    "code",
    "codes",
    "groups",
)
NOT_PUBLISHED = "没有公布"
YES_NO = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class Box:
    """One field of a rule: its label, how it is written, and the words of its codes."""

    label: str
    kind: str
    words: Mapping[str, str] | None = None
    optional: bool = False  # may be left empty: not published
    help: str = ""


_LISTED = "用空格隔开"
_OR = " 或 "
REASON_WORDS = {
    "province_exempt": "省内免备案",
    "region_deemed_filed": "区域视同已备案",
    "emergency_deemed_filed": "急诊抢救视同已备案",
    "keep_ratio_by_referral": "转诊保住报销比例",
    "keep_ratio_by_filing": "备案保住报销比例",
}
BOXES: dict[str, Box] = {
    "place": Box("适用地", TEXT, help="6 位区划代码，全国为 000000"),
    "category": Box("备案类型", CODE, codes.CATEGORIES),
    "scope": Box("范围", CODE, {k: codes.SCOPES[k] for k in ("inter_province", "intra_province")}),
    "insurance": Box("险种", CODE, codes.INSURANCES),
    "variant": Box("细分名称", TEXT, help="限定了就医地或就医方式时填写"),
    "destinations": Box("限定就医地", CODES, help=f"省级区划代码，{_LISTED}；不限的空着"),
    "cares": Box("限定就医方式", CODES, codes.CARES, help="不限的都不勾"),
    "valid_from": Box("自", DATE),
    "valid_to": Box("至", DATE, optional=True, help="不填就是一直有效"),
    "need": Box("要不要备案", CODE, codes.NEEDS),
    "mode": Box("由谁决定", CODE, codes.MODES),
    "reasons": Box("理由代码", CODES, REASON_WORDS),
    "documents": Box("材料", GROUPS, codes.DOCUMENTS, help="一行一组，任一种即可，用「或」隔开"),
    "promise": Box("能不能用承诺书", CODE, codes.PROMISES),
    "supply_owed": Box("承诺后要不要补材料", FLAG, YES_NO, optional=True),
    "supply_days": Box("几天内补交", NUMBER, optional=True),
    "supply_months": Box("几个月内补交", NUMBER, optional=True),
    "unsupplied": Box("逾期不补的后果", CODE, codes.UNSUPPLIED),
    "ban_months": Box("几个月不能再用承诺书", NUMBER, optional=True),
    "effective": Box("何时生效", CODE, codes.EFFECTIVES),
    "backdate_days": Box("可补登几天以前", NUMBER, optional=True),
    "validity": Box("有效期", CODE, codes.VALIDITIES),
    "validity_months": Box("有效几个月", NUMBER, optional=True),
    "floor_months": Box("国家规定最少几个月", NUMBER, optional=True),
    "end_chosen": Box("结束日期自己定", FLAG, YES_NO),
    "change_lock_months": Box("几个月内不能变更", NUMBER, optional=True),
    "cancel_lock_months": Box("几个月内不能取消", NUMBER, optional=True),
    "lock_ceiling_months": Box("国家规定锁定最多几个月", NUMBER, optional=True),
    "max_in_force": Box("同时有效几件", NUMBER, optional=True),
    "late_filing": Box("出院自费后补办", CODE, codes.LATE_FILINGS),
    "benefit_level": Box("待遇", CODE, codes.BENEFIT_LEVELS),
    "benefit_level_unproven": Box(
        "材料没补齐以前的待遇", CODE, codes.BENEFIT_LEVELS, optional=True
    ),
    "benefit_points_max": Box("最多降低几个百分点", NUMBER, optional=True),
    "benefit_text": Box("待遇说明", LONG),
    "two_way": Box("回参保地的待遇", CODE, codes.TWO_WAYS),
    "statutory_days_window": Box("法定时限（窗口，工作日）", NUMBER, optional=True),
    "statutory_days_online": Box("法定时限（网上，工作日）", NUMBER, optional=True),
    "promised_days": Box("承诺时限（工作日）", NUMBER, optional=True),
    "legal_basis": Box("文号", TEXT),
    "sources": Box("来源", CODES, SOURCES),
    "mark": Box("标记", CODE, {**codes.MARKS, "none": "无"}),
    "note": Box("说明", LONG),
}
_NAME = re.compile(r" ?([A-Za-z_]+(?:-[A-Za-z]+)*) ?")
_WORDS = {
    **{code: word for box in BOXES.values() for code, word in (box.words or {}).items()},
    **{name: f"「{box.label}」" for name, box in BOXES.items()},
    "null": "空着",
    "true": "是",
    "false": "否",
}
# Which rule it is: alike in all its versions, therefore not to be edited.
IDENTITY = ("place", "category", "scope", "insurance", "variant")
EDITABLE = tuple(name for name in BOXES if name not in IDENTITY)


def shown(name: str, value: Any) -> str:
    """A value as an official reads it."""
    box = BOXES[name]
    words = box.words or {}
    if value is None or value == "" or value == []:
        return _nothing(name, box, value)
    if name == "place":
        return _place(value)
    if box.kind == FLAG:
        return YES_NO[str(value).lower()]
    if box.kind == GROUPS:
        return ";".join("或".join(words.get(code, code) for code in group) for group in value)
    if box.kind == CODES:
        if name == "destinations":
            return "、".join(_place(code) for code in value)
        return "、".join(words.get(code, code) for code in value)
    return words.get(value, str(value)) if box.kind == CODE else str(value)


def written(name: str, value: Any) -> str:
    """A value as it stands in its box."""
    kind = BOXES[name].kind
    if value is None:
        return ""
    if kind == FLAG:
        return str(value).lower()
    if kind == GROUPS:
        words = BOXES[name].words
        return "\n".join(_OR.join(words.get(code, code) for code in group) for group in value)
    return " ".join(value) if kind == CODES else str(value)


def read(name: str, text: str) -> Any:
    """What a box says, as the loader takes it; the loader refuses what does not fit."""
    box, text = BOXES[name], text.strip()
    if not text and (box.optional or box.kind in (DATE, NUMBER, FLAG)):
        return None
    if box.kind == NUMBER:
        return int(text) if text.isascii() and text.isdigit() else text
    if box.kind == FLAG:
        return {"true": True, "false": False}.get(text, text)
    if box.kind == GROUPS:
        codes_of = {word: code for code, word in box.words.items()}
        return [
            [codes_of.get(part.strip(), part.strip()) for part in line.split(_OR.strip())]
            for line in text.splitlines()
            if line.strip()
        ]
    return text.split() if box.kind == CODES else text


def in_words(message: str) -> str:
    """A refusal of the loader with the names of fields and codes in Chinese."""
    return _NAME.sub(lambda found: _WORDS.get(found[1], found[0]), message)


def _nothing(name: str, box: Box, value: Any) -> str:
    if name == "valid_to":
        return "一直有效"
    return NOT_PUBLISHED if box.optional and value is None else "无"


def _place(code: str) -> str:
    if code == codes.NATION:
        return "全国"
    try:
        return area_name(code)
    except UnknownArea:
        return code
