"""The answers of one registration, as the steps save them and everybody else reads them.

A revision stores a JSON object of field -> value (casework.drafts). `Answers` is its typed
form; the keys are the contract between the pages, the desk, the checks and the letters.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import ClassVar

from facilities.areas import pooling_area_of

DATES = frozenset({"diagnosed_on"})


class InvalidAnswers(ValueError):
    """Stored answers hold a key or a value that the contract does not know."""


@dataclass(frozen=True)
class Answers:
    """What was answered so far. Empty strings and None mean not answered.

    `hospital` is the institution that diagnosed (12 characters), `hospital_name` its name,
    typed where it is not among those known. `treatment` and `treatment_name` are where the
    person wants to be treated, which may stay empty. Objects as stored: `notice` {key,
    version, sha256, read_at}; `proxy` {name, id_number, phone, relation}.
    """

    disease: str = ""
    insured_area: str = ""
    insurance: str = ""
    notice: dict | None = None
    hospital: str = ""
    hospital_name: str = ""
    treatment: str = ""
    treatment_name: str = ""
    treatment_asked: bool = False
    diagnosed_on: date | None = None
    name: str = ""
    phone: str = ""
    address: str = ""
    contact_how: str = "sms"
    proxy: dict | None = None

    # Registrations are not entered at the counter: what cases that are ask of it is None.
    counter: ClassVar[None] = None

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
        """The stored form: dates as ISO text, without what is None."""
        return {
            field.name: value.isoformat() if isinstance(value, date) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    def with_changes(self, **changes) -> "Answers":
        """The same answers with some replaced."""
        return replace(self, **changes)

    def columns(self) -> dict:
        """The columns of the draft `Case` that mirror answers, for `save_answers`."""
        own = self.insured_area
        return {
            "insurance": self.insurance,
            "topic": self.disease,
            **({"county": own, "city": pooling_area_of(own)} if own else {}),
        }


_NAMES = {field.name for field in fields(Answers)}


def _day(name: str, text) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidAnswers(f"{name} 不是 ISO 日期：{text!r}") from None
