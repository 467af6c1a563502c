"""The fields of a filing as people read them: labels, groups, values in words."""

from datetime import date

from casework.asking import CONTACT_WAYS, INSURANCES
from casework.days import chinese_day
from facilities.areas import area_name
from filings.answers import PROOFS, Answers
from filings.decision.codes import CARES, CATEGORIES
from residents.personal import mask_id, mask_name, mask_phone

FIELD_LABELS = {
    "category": "备案类型",
    "insured_area": "参保地",
    "insurance": "险种",
    "destination": "就医地",
    "institution": "所选医院",
    "care": "就医方式",
    "name": "参保人姓名",
    "phone": "联系电话",
    "address": "联系地址",
    "contact_how": "联系方式",
    "start": "备案开始日期",
    "end": "备案结束日期",
    "in_hospital": "是否正在住院",
    "admitted_on": "入院日期",
    "expected_discharge": "预计出院日期",
    "discharged_on": "出院日期",
    "self_paid": "是否已自费结清",
    "proxy": "代办人",
    "proof": "证明方式",
}

GROUPS = (
    ("类型与地点", ("category", "insured_area", "insurance", "destination", "institution", "care")),
    (
        "时间",
        (
            "start",
            "end",
            "in_hospital",
            "admitted_on",
            "expected_discharge",
            "discharged_on",
            "self_paid",
        ),
    ),
    ("联系", ("name", "phone", "address", "contact_how", "proxy")),
    ("材料", ("proof",)),
)
# Shown even when they were not answered.
ALWAYS = frozenset({"category", "insured_area", "insurance", "destination", "start", "name"})


def outline(answers: Answers, *, masked: bool = True) -> list[tuple]:
    """[(heading, [(field, label, value in words)])]; personal values masked unless asked."""
    words = in_words(answers, masked=masked)
    groups = []
    for heading, names in GROUPS:
        rows = [(name, FIELD_LABELS[name], words[name]) for name in names if _shown(name, words)]
        if rows:
            groups.append((heading, rows))
    return groups


def _shown(name: str, words: dict[str, str]) -> bool:
    return name in ALWAYS or words[name] != ""


def in_words(answers: Answers, *, masked: bool) -> dict[str, str]:
    """Every field as it is read; "" for what was not answered."""
    hide = _Mask() if masked else _Plain()
    return {
        "category": CATEGORIES.get(answers.category or "", ""),
        "insured_area": _area(answers.insured_area),
        "insurance": INSURANCES.get(answers.insurance, ""),
        "destination": _area(answers.columns()["destination"]),
        "institution": answers.institution,
        "care": CARES.get(answers.care, ""),
        "name": hide.name(answers.name),
        "phone": hide.phone(answers.phone),
        "address": hide.address(answers.address),
        "contact_how": CONTACT_WAYS.get(answers.contact_how, ""),
        "start": _day(answers.start),
        "end": _day(answers.end),
        "in_hospital": "是" if answers.in_hospital else "",
        "admitted_on": _day(answers.admitted_on),
        "expected_discharge": _day(answers.expected_discharge),
        "discharged_on": _day(answers.discharged_on),
        "self_paid": "是" if answers.self_paid else "",
        "proxy": _proxy(answers.proxy, hide),
        "proof": PROOFS.get(answers.proof, ""),
    }


class _Plain:
    """Values as they are."""

    name = phone = id_number = address = staticmethod(lambda text: text or "")


class _Mask:
    """Values as a list may show them."""

    name = staticmethod(mask_name)
    phone = staticmethod(mask_phone)
    id_number = staticmethod(mask_id)

    @staticmethod
    def address(text: str) -> str:
        return f"{text[:6]}……" if len(text or "") > 6 else text or ""


def _area(code: str) -> str:
    return area_name(code) if code else ""


def _day(day: date | None) -> str:
    return chinese_day(day) if day else ""


def _proxy(proxy: dict | None, hide) -> str:
    if not proxy:
        return ""
    parts = (
        hide.name(proxy.get("name") or ""),
        proxy.get("relation") or "",
        hide.id_number(proxy.get("id_number") or ""),
        hide.phone(proxy.get("phone") or ""),
    )
    return " ".join(part for part in parts if part)
