"""What the 认定表 prints, as a type: a wrong field cannot be passed.

No official form was found (docs/sources.md): its lines are those of the answers, in the layout
of the filing's form.
"""

from dataclasses import dataclass, field
from datetime import date

from casework.printing.data import VERIFY_HINT, date_text, qr_or_nothing

TITLE = "门诊慢特病待遇认定表"
COPIES = (("第一联", "经办机构留存"), ("第二联", "本人留存"))
DECLARATION = "本人已阅读并知晓认定告知书的内容，保证以上填写的信息和提交的材料真实、有效。"
PERSON = ("name", "sex", "id_kind", "id_number", "insured_area", "insurance", "phone", "address")
PROXY = ("name", "relation", "id_number", "phone")


@dataclass(frozen=True)
class RegistrationForm:
    """认定表, printed in two copies on two pages; `last_day` None means 长期有效.

    `person` and `proxy` map the names of PERSON and PROXY to what is printed, "" for none.
    """

    dated: date
    case_number: str
    person: dict[str, str]
    disease: str
    disease_code: str
    diagnosed_on: date
    hospital: str
    first_day: date
    last_day: date | None
    agency: str
    clerk: str
    decided_on: date
    proxy: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PROXY, ""))
    treatment: str = ""
    documents: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()
    verify_url: str = ""
    watermark: str = ""

    def __post_init__(self):
        if tuple(self.person) != PERSON or tuple(self.proxy) != PROXY:
            raise ValueError(f"a form names {PERSON} of the person and {PROXY} of the proxy")

    def to_json(self) -> dict:
        """What registration_form.typ reads."""
        return {
            "title": TITLE,
            "dated": self.dated.isoformat(),
            "case_number": self.case_number,
            "copies": [list(copy) for copy in COPIES],
            "person": self.person,
            "proxy": self.proxy,
            "disease": f"{self.disease}（{self.disease_code}）",
            "diagnosed_on": date_text(self.diagnosed_on),
            "hospital": self.hospital,
            "treatment": self.treatment,
            "documents": list(self.documents),
            "declaration": DECLARATION,
            "first_day": date_text(self.first_day),
            "last_day": date_text(self.last_day) if self.last_day else "长期有效",
            "agency": self.agency,
            "opinion": "经审核，符合认定条件，同意认定。",
            "clerk": self.clerk,
            "decided": date_text(self.decided_on),
            "tips": list(self.tips),
            "qr": qr_or_nothing(self.verify_url),
            "verify_hint": VERIFY_HINT,
            "watermark": self.watermark,
        }
