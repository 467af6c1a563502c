"""Where: divisions of the country and the pooling areas derived from them.

Pure (no Django, no database). The divisions come from `data/divisions.json`
(source, date and what is added to it: `data/README.md`). Codes are six digits.

Pooling areas (统筹区): one per prefecture; one each for 北京, 天津, 上海, 重庆,
海南, 西藏 and 新疆生产建设兵团, which are filed to at province level; directly
governed counties (济源, 仙桃 …) are their own; each other 省本级 (XX9900) is its
own area within its province. 市本级 (XXYY99) belongs to its prefecture's area.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from facilities.shortnames import short_name

PROVINCE, PREFECTURE, COUNTY, OWN_LEVEL = "province", "prefecture", "county", "own_level"
SAME_AREA, INTRA_PROVINCE, INTER_PROVINCE = "same_area", "intra_province", "inter_province"

CORPS = "660000"  # 新疆生产建设兵团
# Filed to at province level, so the whole province is one pooling area.
WHOLE_PROVINCES = frozenset({"11", "12", "31", "46", "50", "54", "66"})
# Headings of the source that are no places ("市辖区", "省直辖县级行政区划"), and
# the place that somebody who writes one means; None where a county must be named.
_HEADINGS = {
    "1101": "110000",
    "1201": "120000",
    "3101": "310000",
    "5001": "500000",
    "5002": "500000",
    "4690": "460000",
    "6590": CORPS,
    "4190": None,
    "4290": None,
}
_DATA = Path(__file__).parent / "data" / "divisions.json"
_INSTITUTION = re.compile(r"[HP]\d{11}")
_AREA = re.compile(r"\d{6}")


class UnknownArea(ValueError):
    """A code that names no pooling area; the message is Chinese and says what to do."""


@dataclass(frozen=True, slots=True)
class Division:
    """A place. `level` is province, prefecture, county, or own_level (省本级, 市本级).

    `pooling_area` is None for a province that holds several pooling areas.
    `to_verify` marks what the source does not say and the project assumed (待核).
    """

    code: str
    name: str
    short_name: str
    level: str
    parent: str | None
    province: str
    pooling_area: str | None
    to_verify: bool = False


def division(code: str) -> Division | None:
    """The division with this six-digit code, or None.

    Two spellings found in the field are understood: 110100 for 北京市 (and so on),
    and XX0099 for 省本级, whose national code is XX9900.
    """
    text = _clean(code)
    return _tree().get(text) or _tree().get(_meant_by(text))


def divisions() -> tuple[Division, ...]:
    """Every division, each after the one it belongs to."""
    return tuple(_tree().values())


def area_name(code: str) -> str:
    """The full name, from the province down: 云南省临沧市, 云南省临沧市本级, 北京市朝阳区.

    Never fails, since it stands in lists and letters: a code that is not in the
    table gives 未收录的区划(code).
    """
    place = division(code)
    if place is None:
        return f"未收录的区划（{code}）"
    if place.parent is None:
        return place.name
    if place.level == OWN_LEVEL:
        above = _tree()[place.parent]
        return place.name if above.parent is None else area_name(above.parent) + place.name
    return area_name(place.parent) + place.name


def pooling_area_of(code: str) -> str:
    """The pooling area (统筹区) of a division, six digits.

    Raises UnknownArea for a code that is not in the table, and for a province
    that holds several pooling areas.
    """
    place = division(code)
    if place is None and _clean(code)[:4] in _HEADINGS:
        raise UnknownArea(f"{code}不是一个具体的地方，请填写其中的县（市），例如仙桃市429004。")
    if place is None:
        raise UnknownArea(f"没有区划代码“{code}”。请填写6位区划代码，例如临沧市530900。")
    if place.pooling_area is None:
        raise UnknownArea(f"{place.name}({place.code})包含多个统筹区，请填写到市、州一级。")
    return place.pooling_area


def province_of(code: str) -> str:
    """The province, as six digits; raises UnknownArea for a code not in the table.

    The cities of the 兵团 answer 660000: for insurance the 兵团 stands beside the
    provinces.
    """
    place = division(code)
    if place is None:
        raise UnknownArea(f"没有区划代码“{code}”。请填写6位区划代码，例如云南省530000。")
    return place.province


def destination_area(code: str) -> str:
    """The pooling area that care at this place is filed to.

    `code` is a six-digit area or a 12-character institution code (H or P, six
    digits of division, five of sequence). Raises UnknownArea.
    """
    text = _clean(code)
    if _INSTITUTION.fullmatch(text):
        return pooling_area_of(text[1:7])
    if not _AREA.fullmatch(text):
        raise UnknownArea(
            f"就医地“{code}”无法识别。请填写6位区划代码，或12位定点医药机构编码（H或P开头）。"
        )
    return pooling_area_of(text)


def scope_between(insured_area: str, destination: str) -> str:
    """same_area, intra_province or inter_province, from the insured area to the destination.

    Both may be any division of their pooling area; the destination also an
    institution. Raises UnknownArea.
    """
    home, away = pooling_area_of(insured_area), destination_area(destination)
    if home == away:
        return SAME_AREA
    return INTRA_PROVINCE if province_of(home) == province_of(away) else INTER_PROVINCE


def counties_of(area: str) -> tuple[Division, ...]:
    """The counties of a pooling area and its 本级, by code. Raises UnknownArea."""
    wanted = pooling_area_of(area)
    found = _by_pooling_area()[wanted]
    return tuple(place for place in found if place.level in (COUNTY, OWN_LEVEL))


def provinces() -> tuple[Division, ...]:
    """The provinces and the 兵团, by code."""
    return tuple(place for place in _tree().values() if place.level == PROVINCE)


def pooling_areas(province: str | None = None) -> tuple[Division, ...]:
    """The divisions that are pooling areas, by code; of one province when given."""
    wanted = province_of(province) if province else None
    areas = (_tree()[code] for code in sorted(_by_pooling_area()))
    return tuple(area for area in areas if wanted in (None, area.province))


def _clean(code: str) -> str:
    """Full-width digits, spaces and lower-case letters are forgiven."""
    return unicodedata.normalize("NFKC", str(code)).strip().upper()


def _meant_by(code: str) -> str | None:
    """The code in the table that another spelling stands for."""
    if code.endswith("0099"):
        return code[:2] + "9900"
    return _HEADINGS.get(code[:4]) if code.endswith("00") else None


@cache
def _by_pooling_area() -> dict[str, list[Division]]:
    """Divisions of each pooling area, by code."""
    groups: dict[str, list[Division]] = {}
    for place in sorted(_tree().values(), key=lambda place: place.code):
        if place.pooling_area:
            groups.setdefault(place.pooling_area, []).append(place)
    return groups


@cache
def _tree() -> dict[str, Division]:
    """All divisions by code, read once."""
    source = json.loads(_DATA.read_text(encoding="utf-8"))
    tree: dict[str, Division] = {}
    for entry in source:
        _add_province(tree, entry["code"], entry["name"])
        for child in entry["children"]:
            _add_prefecture(tree, child)
    return tree


def _add(tree, code, name, level, parent, pooling_area, *, short=None, to_verify=False):
    province = parent[:2] + "0000" if parent else code
    tree[code] = Division(
        code, name, short or short_name(name), level, parent, province, pooling_area, to_verify
    )


def _add_province(tree: dict, prefix: str, name: str) -> None:
    """A province and its 本级; the 兵团 follows 新疆, since the source has it not."""
    code, own = prefix + "0000", prefix + "9900"
    whole = code if prefix in WHOLE_PROVINCES else None
    unsure = code == CORPS
    short = "兵团" if code == CORPS else None
    _add(tree, code, name, PROVINCE, None, whole, short=short, to_verify=unsure)
    _add(tree, own, f"{name}本级", OWN_LEVEL, code, whole or own, to_verify=unsure)
    if prefix == "65":
        _add_province(tree, CORPS[:2], "新疆生产建设兵团")


def _add_prefecture(tree: dict, entry: dict) -> None:
    """A prefecture with its 本级 and counties, or the counties under a heading."""
    prefix, counties = entry["code"], [c for c in entry["children"] if len(c["code"]) == 6]
    province = prefix[:2] + "0000"
    if prefix in _HEADINGS:
        parent = CORPS if prefix == "6590" else province
        for county in counties:
            _add_county(tree, county, parent, tree[parent].pooling_area or county["code"])
        return
    code = prefix + "00"
    area = tree[province].pooling_area or code
    _add(tree, code, entry["name"], PREFECTURE, province, area)
    _add(tree, prefix + "99", f"{entry['name']}本级", OWN_LEVEL, code, area)
    for county in counties:
        _add_county(tree, county, code, area)


def _add_county(tree: dict, entry: dict, parent: str, area: str) -> None:
    """A county. Codes ending in 71 to 79 are statistical zones, known by their whole name."""
    code, name = entry["code"], entry["name"]
    short = name if "71" <= code[4:] <= "79" else None
    _add(tree, code, name, COUNTY, parent, area, short=short, to_verify=area == CORPS)
