"""What the registration form prints, as types: a wrong field cannot be passed.

The fields are those of the 2022 form (医保发〔2022〕22号, 经办规程 annex) with the boxes
for 盖章 and 签收 of the form in two copies; see docs/decisions/printing-forms.md.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Literal

from casework.printing.data import VERIFY_HINT, Signed, date_text, qr_or_nothing

Scope = Literal["inter_province", "intra_province"]
TITLES = {
    "inter_province": "基本医疗保险跨省异地就医登记备案表",
    "intra_province": "基本医疗保险省内异地就医登记备案表",
}
LONG_TERM = (
    ("LT-RET", "异地安置退休人员"),
    ("LT-RES", "异地长期居住人员"),
    ("LT-WRK", "常驻异地工作人员"),
)
TEMPORARY = (
    ("TMP-REF", "异地转诊人员"),
    ("TMP-EMG", "异地急诊抢救人员"),
)
# Code → (group, label) in the order of the form, per scope.
CATEGORIES: dict[Scope, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = {
    "inter_province": (
        ("跨省异地长期居住人员", LONG_TERM),
        ("跨省临时外出就医人员", (*TEMPORARY, ("TMP-OTH", "其他跨省临时外出就医人员"))),
    ),
    "intra_province": (
        ("省内异地长期居住人员", LONG_TERM),
        ("省内临时外出就医人员", (*TEMPORARY, ("TMP-OTH", "其他临时外出就医人员"))),
        ("其他", (("INTRA-BIRTH", "异地生育人员"),)),
    ),
}
NOT_PUBLISHED = "当地没有公布"
COPIES = (("第一联", "经办机构留存"), ("第二联", "本人留存"))
DECLARATION = "本人已阅读并知晓备案告知书的内容，保证以上填写的信息和提交的材料真实、有效。"


@dataclass(frozen=True)
class InsuredPerson:
    """参保人; every value as it is to be printed, "" for none."""

    name: str = ""
    sex: str = ""
    id_kind: str = ""
    id_number: str = ""
    social_security_number: str = ""
    insured_area: str = ""
    insurance: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Proxy:
    """代办人; every value as it is to be printed."""

    name: str = ""
    relation: str = ""
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True)
class RegistrationForm:
    """登记备案表, printed in two copies on two pages.

    `category` is a code of CATEGORIES[scope]. `valid_to` None means 长期有效
    (unless `end_published` is false).
    `documents` are the names of what was handed in; `promise` says that a 承诺书
    stands in. `watermark` is "未生效", "已失效", "示例数据" or "". `blank` prints the
    form to be filled by hand and leaves out every other value but scope, tips and
    agency.
    """

    dated: date
    scope: Scope = "inter_province"
    case_number: str = ""
    person: InsuredPerson = field(default_factory=InsuredPerson)
    proxy: Proxy | None = None
    category: str = ""
    destination_province: str = ""
    destination_city: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    locked_until: date | None = None
    # False: the place has published no end (or no lock), which is not the same as none.
    end_published: bool = True
    lock_published: bool = True
    documents: tuple[str, ...] = ()
    promise: bool = False
    declaration: str = DECLARATION
    signed: Signed = field(default_factory=Signed)
    agency: str = ""
    opinion: str = ""
    clerk: str = ""
    decided_on: date | None = None
    tips: tuple[str, ...] = ()
    verify_url: str = ""
    verify_hint: str = VERIFY_HINT
    watermark: str = ""
    blank: bool = False

    def __post_init__(self):
        codes = {code for _, items in CATEGORIES[self.scope] for code, _ in items}
        if self.category and self.category not in codes:
            raise ValueError(f"{self.category} is not on the {self.scope} form")

    def to_json(self) -> dict:
        """What registration_form.typ reads."""
        if self.blank:
            return self._blank()._json()
        return self._json()

    def _blank(self) -> "RegistrationForm":
        return RegistrationForm(
            dated=self.dated,
            scope=self.scope,
            agency=self.agency,
            declaration=self.declaration,
            tips=self.tips,
            watermark=self.watermark,
            blank=True,
        )

    def _json(self) -> dict:
        return {
            "title": TITLES[self.scope],
            "dated": self.dated.isoformat(),
            "case_number": self.case_number,
            "copies": [list(copy) for copy in COPIES],
            "person": asdict(self.person),
            "proxy": asdict(self.proxy or Proxy()),
            "categories": self._ticks(),
            "province": self.destination_province,
            "city": self.destination_city,
            "valid_from": date_text(self.valid_from),
            "valid_to": self._valid_to(),
            "locked_until": self._locked_until(),
            "documents": list(self.documents),
            "promise": self.promise,
            "declaration": self.declaration,
            "signed": self.signed.to_json(),
            "agency": self.agency,
            "opinion": self.opinion,
            "clerk": self.clerk,
            "decided": date_text(self.decided_on),
            "tips": list(self.tips),
            "qr": qr_or_nothing(self.verify_url),
            "verify_hint": self.verify_hint,
            "watermark": self.watermark,
            "blank": self.blank,
        }

    def _ticks(self) -> list[dict]:
        return [
            {
                "group": group,
                "items": [[label, code == self.category] for code, label in items],
            }
            for group, items in CATEGORIES[self.scope]
        ]

    def _locked_until(self) -> str:
        if self.locked_until or self.lock_published:
            return date_text(self.locked_until)
        return NOT_PUBLISHED

    def _valid_to(self) -> str:
        if self.valid_to:
            return date_text(self.valid_to)
        if not self.valid_from:
            return ""
        return "长期有效" if self.end_published else NOT_PUBLISHED
