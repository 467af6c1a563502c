"""The fields of a registration as people read them: labels, groups, values in words."""

from casework.asking import CONTACT_WAYS, INSURANCES
from casework.days import chinese_day
from facilities.areas import area_name
from registrations.answers import Answers
from registrations.decision.codes import DISEASES
from residents.personal import mask_id, mask_name, mask_phone

FIELD_LABELS = {
    "disease": "病种",
    "insured_area": "参保地",
    "insurance": "险种",
    "diagnosed_on": "确诊日期",
    "hospital": "确诊医院",
    "treatment": "希望就诊的医院",
    "name": "参保人姓名",
    "phone": "联系电话",
    "address": "联系地址",
    "contact_how": "联系方式",
    "proxy": "代办人",
}
GROUPS = (
    ("病种与参保", ("disease", "insured_area", "insurance")),
    ("诊断", ("diagnosed_on", "hospital", "treatment")),
    ("联系", ("name", "phone", "address", "contact_how", "proxy")),
)
# Shown even when they were not answered.
ALWAYS = frozenset({"disease", "insured_area", "insurance", "diagnosed_on", "hospital", "name"})


def outline(answers: Answers, *, masked: bool = True) -> list[tuple]:
    """[(heading, [(field, label, value in words)])]; personal values masked unless asked."""
    words = in_words(answers, masked=masked)
    return [
        (heading, rows)
        for heading, names in GROUPS
        if (rows := [(n, FIELD_LABELS[n], words[n]) for n in names if n in ALWAYS or words[n]])
    ]


def in_words(answers: Answers, *, masked: bool) -> dict[str, str]:
    """Every field as it is read; "" for what was not answered."""
    hide = masked or None
    return {
        "disease": DISEASES.get(answers.disease, ""),
        "insured_area": area_name(answers.insured_area) if answers.insured_area else "",
        "insurance": INSURANCES.get(answers.insurance, ""),
        "diagnosed_on": chinese_day(answers.diagnosed_on) if answers.diagnosed_on else "",
        "hospital": answers.hospital_name,
        "treatment": answers.treatment_name,
        "name": mask_name(answers.name) if hide else answers.name,
        "phone": mask_phone(answers.phone) if hide else answers.phone,
        "address": _short(answers.address) if hide else answers.address,
        "contact_how": CONTACT_WAYS.get(answers.contact_how, ""),
        "proxy": _proxy(answers.proxy, masked),
    }


def _short(text: str) -> str:
    return f"{text[:6]}……" if len(text) > 6 else text


def _proxy(proxy: dict | None, masked: bool) -> str:
    if not proxy:
        return ""
    masks = {"name": mask_name, "id_number": mask_id, "phone": mask_phone}
    parts = []
    for key in ("name", "relation", "id_number", "phone"):
        text = str(proxy.get(key) or "")
        parts.append(masks[key](text) if masked and text and key in masks else text)
    return " ".join(part for part in parts if part)
