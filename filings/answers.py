"""The answers of one filing, as the steps save them and everybody else reads them.

A revision stores a JSON object of field -> value (casework.drafts). `Answers` is its
typed form: dates are dates, what was not answered yet has its empty value. The keys are
the contract between the pages, the desk, the checks and the letters.
"""

from dataclasses import dataclass, fields, replace
from datetime import date

from facilities.areas import UnknownArea, destination_area, pooling_area_of
from filings.decision.codes import ANSWERS
from filings.decision.facts import Facts

LONG_TERM = frozenset({"LT-RET", "LT-RES", "LT-WRK"})

PROOFS = {"documents": "上传材料", "promise": "签署承诺书", "none": "不需要材料"}
QUESTIONS = tuple(ANSWERS)

DATES = frozenset({"start", "end", "admitted_on", "expected_discharge", "discharged_on"})


class InvalidAnswers(ValueError):
    """Stored answers hold a key or a value that the contract does not know."""


@dataclass(frozen=True)
class Answers:
    """What was answered so far. Empty strings, None and False mean not answered.

    `destination` is the pooling area (6 digits), `destination_pick` what was picked (an
    area or an institution). `questions` is None when the type was picked directly.
    `voluntary`: wants to file although care is settled without it.
    Objects as stored: `notice` {key, version, sha256, read_at}; `proxy` {name, id_number,
    phone, relation}; `promise` {key, version, sha256, kind, signer, signed_at, letter_id};
    `counter` {caller: present | phone, note, paper_signed}, for 代录 only.
    """

    category: str | None = None
    questions: dict | None = None
    insured_area: str = ""
    insurance: str = ""
    destination: str = ""
    destination_pick: str = ""
    institution: str = ""
    care: str = "inpatient"
    notice: dict | None = None
    name: str = ""
    phone: str = ""
    address: str = ""
    contact_how: str = "sms"
    start: date | None = None
    end: date | None = None
    in_hospital: bool = False
    admitted_on: date | None = None
    expected_discharge: date | None = None
    discharged_on: date | None = None
    self_paid: bool = False
    proxy: dict | None = None
    proof: str = ""
    promise: dict | None = None
    counter: dict | None = None
    voluntary: bool = False

    @classmethod
    def from_dict(cls, stored: dict) -> "Answers":
        """The typed form of stored answers; raises InvalidAnswers (unknown key, bad date)."""
        unknown = set(stored) - _NAMES
        if unknown:
            raise InvalidAnswers(f"不认识的字段：{'、'.join(sorted(unknown))}")
        values = {name: value for name, value in stored.items() if value not in (None, "")}
        for name in DATES & set(values):
            values[name] = _day(name, values[name])
        return cls(**values)

    def to_dict(self) -> dict:
        """The stored form: dates as ISO text, what was not answered as None."""
        return {
            field.name: value.isoformat() if isinstance(value, date) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    @property
    def is_long_term(self) -> bool:
        """Whether the category is one of the three long-term ones."""
        return self.category in LONG_TERM

    @property
    def pick(self) -> str:
        """What the person picked as destination: an institution, else an area; "" for nothing."""
        return self.destination_pick or self.institution or self.destination

    def with_changes(self, **changes) -> "Answers":
        """The same answers with some replaced."""
        return replace(self, **changes)

    def facts(self, today: date, certificate: bool | None = None) -> Facts:
        """The question these answers put to `filings.decision.decide`.

        `certificate`: whether a referral certificate is among the documents. Raises
        FactsError (Chinese, with the field) while a needed answer is missing or two
        answers contradict each other.
        """
        return Facts(
            insured_area=self.insured_area,
            insurance=self.insurance,
            destination=self.pick,
            today=today,
            category=self.category,
            care=self.care or None,
            start=self.start,
            end=self.end,
            admitted_on=self.admitted_on,
            discharged_on=self.discharged_on,
            self_paid=self.self_paid,
            certificate=certificate,
            promise=self.proof == "promise",
            answers=self.questions or {},
            voluntary=self.voluntary,
        )

    def columns(self) -> dict:
        """The columns of the draft `Case` that mirror answers, for `save_answers`.

        Name and phone are not among them: they go to the case when it is submitted.
        """
        own = self.insured_area
        return {
            "insurance": self.insurance,
            "topic": self.category or "",
            "destination": _area_or_blank(self.pick),
            "stay_until": self.expected_discharge,
            "queue_rank": 0 if self.in_hospital else 1,
            **({"county": own, "city": pooling_area_of(own)} if own else {}),
        }


_NAMES = {field.name for field in fields(Answers)}


def _day(name: str, text) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidAnswers(f"{name} 不是 ISO 日期：{text!r}") from None


def _area_or_blank(pick: str) -> str:
    try:
        return destination_area(pick) if pick else ""
    except UnknownArea:
        return ""
