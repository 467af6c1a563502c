"""A row of an institution table: its columns, and how its words are understood."""

import re
from dataclasses import dataclass

from facilities import areas
from facilities.diseases import BY_CODE, DISEASES
from facilities.importing import RowRefused
from facilities.models import CODE_PATTERN, Institution, InstitutionService
from facilities.searchtext import clean_name, search_form
from facilities.tabular import Column

Service = InstitutionService.Service
_YES_OR_NO = "是或否，空白为否"
COLUMNS = [
    Column("code", "机构编码", True, "12位：H 或 P 加 11 位数字，第2至7位是区划", "H53090290001"),
    Column("name", "机构名称", True, "不超过100字", "示例第一人民医院（临沧）"),
    Column("division", "区划代码", False, "6位；空白时取机构编码的第2至7位", "530902"),
    Column("level", "医院等级", False, "如三级甲等、三甲或02；医院必填，药店可空", "三级甲等"),
    Column("charging_level", "起付线等级", False, "空白时与医院等级同级", "三级"),
    Column("kind", "机构类型", False, "如综合医院；空白时药店为药店，其余为其他", "综合医院"),
    Column("address", "地址", False, "不超过200字", "示例路1号"),
    Column("phone", "电话", False, "不超过50字", "0883-0000000"),
    Column("inpatient", "住院", False, _YES_OR_NO, "是"),
    Column("outpatient", "普通门诊", False, _YES_OR_NO, "是"),
    Column(
        "chronic", "门诊慢特病", False, "病种名称或编码，用顿号分开；或全部、否", "高血压、糖尿病"
    ),
    Column("pharmacy", "药店购药", False, _YES_OR_NO, "否"),
    Column("valid", "有效", False, "是或否，空白为是", "是"),
    Column("demonstration", "示例", False, "演示用的机构填是，空白为否", "是"),
]
_TITLES = {column.key: column.title for column in COLUMNS}
_LIMITS = {"name": 100, "address": 200, "phone": 50}

_YES = {"是", "1", "y", "yes", "true", "√", "✓", "已开通", "有效"}
_NO = {"否", "0", "n", "no", "false", "×", "✗", "未开通", "无效", "无"}
_LEVELS = {
    key: level.value
    for level in Institution.Level
    for key in (
        level.value,
        level.label,
        level.label.replace("级", "", 1),  # 三甲
        level.label.replace("级", "", 1).removesuffix("等"),
    )
}
_LEVEL_NAMES = dict(Institution.Level.choices)
_CHARGING_LEVELS = tuple(Institution.ChargingLevel.values)
_PLAIN = tuple(s.value for s in (Service.INPATIENT, Service.OUTPATIENT, Service.PHARMACY))
_KINDS = {key: kind.value for kind in Institution.Kind for key in (kind.value, kind.label)}
_DISEASES = {
    key: disease.code
    for disease in DISEASES
    for key in (disease.code, disease.name, disease.short_name)
}
_ALL = {"全部", "全部开通"}


@dataclass(frozen=True, slots=True)
class Record:
    """An institution not yet saved, and (service, disease code) of what it opened.

    What is derived from name and division is left to who writes it: most rows of a
    table that is loaded again have not changed.
    """

    institution: Institution
    services: frozenset[tuple[str, str]]

    @property
    def code(self) -> str:
        return self.institution.code


def parse(values: dict[str, str]) -> Record:
    """The record of a row. Raises RowRefused with every reason in one message."""
    reasons: list[str] = []
    record = _Reader(values, reasons).record()
    if reasons or record is None:
        raise RowRefused("；".join(reasons))
    return record


class _Reader:
    """Reads one row, collecting what is wrong instead of stopping at the first."""

    def __init__(self, values: dict[str, str], reasons: list[str]):
        self._values, self._reasons = values, reasons

    def record(self) -> Record | None:
        """The record, or None where the reasons say why there is none."""
        code = self._values["code"].upper()
        if not re.fullmatch(CODE_PATTERN, code):
            self._refuse("code", "应为12位，H 或 P 加 11 位数字")
        pharmacy = code.startswith("P")
        level = self._level(pharmacy)
        row = Institution(
            code=code,
            name=self._short("name", clean_name(self._values["name"])),
            level=level,
            charging_level=self._charging_level(level),
            kind=self._kind(pharmacy),
            division_id=self._division(code),
            address=self._short("address", self._values["address"]),
            phone=self._short("phone", self._values["phone"]),
            valid=self._flag("valid", default=True),
            demonstration=self._flag("demonstration"),
        )
        services = self._services()
        return None if self._reasons else Record(row, services)

    def _refuse(self, key: str, text: str) -> None:
        value = self._values[key]
        self._reasons.append(
            f"{_TITLES[key]}“{value[:30]}”{text}" if value else f"{_TITLES[key]}{text}"
        )

    def _short(self, key: str, text: str) -> str:
        if len(text) > _LIMITS[key]:
            self._refuse(key, f"超过{_LIMITS[key]}字")
        if key == "name" and not search_form(text):
            self._refuse(key, "没有文字")
        return text

    def _division(self, code: str) -> str:
        """The division, which must lie in the pooling area that the code names."""
        given = self._values["division"] or code[1:7]
        try:
            place = areas.division(given)
            area = areas.pooling_area_of(given)
            if area != areas.destination_area(code):
                self._refuse("division", f"与机构编码不在同一统筹区（{code[1:7]}）")
            return place.code
        except areas.UnknownArea as error:
            self._reasons.append(str(error).rstrip("。"))
            return ""

    def _level(self, pharmacy: bool) -> str:
        text = self._values["level"]
        if not text and pharmacy:
            return Institution.Level.NONE
        if text not in _LEVELS:
            self._refuse("level", "无法识别，请填写如三级甲等、二级乙等、未定级")
        return _LEVELS.get(text, "")

    def _charging_level(self, level: str) -> str:
        text = self._values["charging_level"]
        if text and text not in _CHARGING_LEVELS:
            self._refuse("charging_level", f"无法识别，请填写{'、'.join(_CHARGING_LEVELS)}之一")
        return text or _charging_level_of(level)

    def _kind(self, pharmacy: bool) -> str:
        text = self._values["kind"]
        if not text:
            return Institution.Kind.PHARMACY if pharmacy else Institution.Kind.OTHER
        if text not in _KINDS:
            self._refuse("kind", f"无法识别，请填写{'、'.join(Institution.Kind.labels)}之一")
        elif pharmacy != (_KINDS[text] == Institution.Kind.PHARMACY):
            self._refuse("kind", "与机构编码不符：P 开头是药店，H 开头是医疗机构")
        return _KINDS.get(text, "")

    def _flag(self, key: str, *, default: bool = False) -> bool:
        text = self._values[key].lower()
        if text and text not in _YES and text not in _NO:
            self._refuse(key, "请填写是或否")
        return text in _YES if text else default

    def _services(self) -> frozenset[tuple[str, str]]:
        held = {(service, "") for service in _PLAIN if self._flag(service)}
        return frozenset(held | {(Service.CHRONIC.value, code) for code in self._diseases()})

    def _diseases(self) -> list[str]:
        text = self._values["chronic"]
        if not text or text.lower() in _NO:
            return []
        if text in _ALL:
            return list(BY_CODE)
        names = [name for name in re.split(r"[、,，;；|/\s]+", text) if name]
        unknown = [name for name in names if name.upper() not in _DISEASES]
        if unknown:
            self._refuse("chronic", f"有不认识的病种：{'、'.join(unknown)}")
        return [_DISEASES[name.upper()] for name in names if name.upper() in _DISEASES]


def _charging_level_of(level: str) -> str:
    """The charging level of a grade where the table gives none: 三级甲等 is 三级."""
    label = _LEVEL_NAMES.get(level, Institution.ChargingLevel.NONE.value)
    return label[:2] if label[:2] in _CHARGING_LEVELS else label
