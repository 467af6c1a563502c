"""The answers of one claim, as the steps save them and everybody else reads them.

A revision stores a JSON object of field -> value (casework.drafts). `Answers` is its typed
form; `BillAnswer` that of one entry of "bills". Amounts are yuan as typed in the stored
form, fen once read.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import date

from facilities.areas import UnknownArea, destination_area, pooling_area_of
from reimbursements.bills.numbers import bill_key
from reimbursements.codes import KINDS, STAYS
from reimbursements.settlement.money import parse_share, parse_yuan

CONTACT_WAYS = {"sms": "短信", "call": "电话", "post": "邮寄"}
YES, NO = "yes", "no"
DATES = frozenset({"admitted_on", "discharged_on"})
PARTS = ("own_expense", "over_limit", "self_first", "in_scope")
MAX_KEY = 40
Day = date  # in a class that has a field `date`
MAX_BILLS = 200


class InvalidAnswers(ValueError):
    """Stored answers hold a key or a value that the contract does not know."""


@dataclass(frozen=True)
class BillLineAnswer:
    """One line of a bill: fen, and basis points of its own share (None: by its class)."""

    name: str
    cls: str
    amount_fen: int
    self_first_bp: int | None


@dataclass(frozen=True)
class BillAnswer:
    """One bill as typed. A property raises nothing: what cannot be read is None."""

    key: str
    form: str = ""
    kind: str = ""
    code: str = ""
    number: str = ""
    check_code: str = ""
    date: str = ""
    payer: str = ""
    total: str = ""
    own_expense: str = ""
    over_limit: str = ""
    self_first: str = ""
    in_scope: str = ""
    lines: list = field(default_factory=list)
    files: list = field(default_factory=list)

    @classmethod
    def from_dict(cls, stored: dict) -> "BillAnswer":
        """The typed form; raises InvalidAnswers for an unknown field or a bad key."""
        if not isinstance(stored, dict):
            raise InvalidAnswers("票据应为一组字段")
        unknown = set(stored) - _BILL_NAMES
        if unknown:
            raise InvalidAnswers(f"不认识的票据字段：{'、'.join(sorted(unknown))}")
        key = stored.get("key")
        if not isinstance(key, str) or not 0 < len(key) <= MAX_KEY:
            raise InvalidAnswers("票据缺少标识")
        return cls(**{name: value for name, value in stored.items() if value is not None})

    @property
    def day(self) -> "Day | None":
        """The day on the bill; None when there is none that can be read."""
        return read_day(self.date)

    @property
    def total_fen(self) -> int | None:
        """The total in fen."""
        return read_fen(self.total)

    def part_fen(self, part: str) -> int | None:
        """One of PARTS in fen; None when unknown."""
        return read_fen(getattr(self, part))

    @property
    def same_bill(self) -> tuple[str, str, str]:
        """(kind, code, number) in the normal form by which a bill is found in any claim."""
        return bill_key(self.kind, self.code, self.number)

    @property
    def read_lines(self) -> list[BillLineAnswer] | None:
        """The lines with amounts in fen; None when one of them cannot be read."""
        found = [_line(line) for line in self.lines]
        return None if None in found else found


@dataclass(frozen=True)
class Answers:
    """What was answered so far. Empty strings and None mean not answered.

    `reason` why it was not settled directly; `in_hospital` still there; `can_rebook` the
    hospital can settle it after all (补记账). `institution` is a code of 12 characters or "",
    then `institution_name` is free text. A visit has one day: both dates are the same.
    `note` is what the resident wants to explain: another reason, a late claim.
    `bank_not_card`: the number is that of a passbook, which has no check digit.
    `counter` {caller: present | phone, note, proxy}, for 代录 only; `proxy` is {name, id_number,
    phone, relation} of whoever came for the person, or None.
    """

    reason: str = ""
    in_hospital: bool = False
    can_rebook: bool = False
    kind: str = ""
    institution: str = ""
    institution_name: str = ""
    institution_area: str = ""
    level: str = ""
    charging_level: str = ""
    admitted_on: date | None = None
    discharged_on: date | None = None
    diagnosis: str = ""
    nth_stay: str = ""
    third_party: str = ""
    other_insurer: str = ""
    note: str = ""
    insured_area: str = ""
    insurance: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    contact_how: str = "sms"
    bills: list = field(default_factory=list)
    bank_holder: str = ""
    bank_number: str = ""
    bank_name: str = ""
    bank_relation: str = ""
    bank_not_card: bool = False
    counter: dict | None = None

    @classmethod
    def from_dict(cls, stored: dict) -> "Answers":
        """The typed form of stored answers; raises InvalidAnswers (unknown key, bad date)."""
        unknown = set(stored) - _NAMES
        if unknown:
            raise InvalidAnswers(f"不认识的字段：{'、'.join(sorted(unknown))}")
        values = {name: value for name, value in stored.items() if value not in (None, "")}
        for name in DATES & set(values):
            values[name] = _day(name, values[name])
        answers = cls(**values)
        keys = [bill.key for bill in answers.all_bills]
        if len(keys) != len(set(keys)) or len(keys) > MAX_BILLS:
            raise InvalidAnswers(f"票据的标识重复，或票据多于 {MAX_BILLS} 张")
        return answers

    def to_dict(self) -> dict:
        """The stored form: dates as ISO text, what was not answered left out."""
        return {
            each.name: value.isoformat() if isinstance(value, date) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) is not None
        }

    @property
    def all_bills(self) -> list[BillAnswer]:
        """The bills in their order."""
        return [BillAnswer.from_dict(bill) for bill in self.bills]

    @property
    def is_stay(self) -> bool:
        """Whether this kind of care has a day of admission and one of discharge."""
        return self.kind in STAYS

    @property
    def last_day(self) -> date | None:
        """The day of discharge; for a visit the day of the visit."""
        return self.discharged_on or (None if self.is_stay else self.admitted_on)

    @property
    def nth(self) -> int | None:
        """Which stay of the year this is, when the resident knows."""
        text = str(self.nth_stay)
        return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 100 else None

    def with_changes(self, **changes) -> "Answers":
        """The same answers with some replaced."""
        return replace(self, **changes)

    def columns(self) -> dict:
        """The columns of the draft `Case` that mirror answers, for `save_answers`."""
        own = self.insured_area
        return {
            "insurance": self.insurance,
            "topic": self.kind if self.kind in KINDS else "",
            "destination": area_or_blank(self.institution or self.institution_area),
            **({"county": own, "city": pooling_area_of(own)} if own else {}),
        }


_NAMES = {each.name for each in fields(Answers)}
_BILL_NAMES = {each.name for each in fields(BillAnswer)}


def read_fen(text) -> int | None:
    """Fen of an amount in yuan as typed; None for nothing and for what is no amount."""
    try:
        return parse_yuan(str(text).strip()) if text not in (None, "") else None
    except ValueError:
        return None


def read_day(text) -> date | None:
    """A day from ISO text; None for nothing and for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        return None


def area_or_blank(code: str) -> str:
    """The pooling area of a place or an institution; "" when it has none."""
    try:
        return destination_area(code) if code else ""
    except UnknownArea:
        return ""


def _line(line) -> BillLineAnswer | None:
    if not isinstance(line, dict):
        return None
    amount = read_fen(line.get("amount"))
    name, cls = str(line.get("name") or "").strip(), str(line.get("class") or "").strip()
    ratio = line.get("self_first_ratio")
    try:
        bp = parse_share(str(ratio)) if ratio not in (None, "") else None
    except ValueError:
        return None
    if amount is None or not name or not cls:
        return None
    return BillLineAnswer(name[:200], cls[:40], amount, bp)


def _day(name: str, text) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidAnswers(f"{name} 不是 ISO 日期：{text!r}") from None
