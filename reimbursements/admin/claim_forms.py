"""What a clerk typed into a form of the claim's parts, turned into what the actions take.

Amounts are typed in yuan and become fen. Nothing is checked here but what cannot be read;
what the rules refuse, the actions refuse.
"""

from dataclasses import dataclass, field

from reimbursements.answers import PARTS
from reimbursements.models import Bill
from reimbursements.settlement.money import parse_share, parse_yuan

AMOUNT = "请写成元，例如 1234.50，最多两位小数。"


@dataclass
class Read:
    """The data of an action, its reason and note, and what could not be read, by field."""

    data: dict = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_form(name: str, posted, bill: Bill | None) -> Read:
    """Read the posted form of the action `name`; `bill` is the one it is about, if any."""
    found = Read(note=posted.get("note", "").strip(), reason=posted.get("reason", ""))
    if bill is not None:
        found.data["bill"] = bill.pk
    READERS[name](posted, bill, found)
    return found


def _accept(posted, bill: Bill | None, found: Read) -> None:
    found.note = ""
    _parts(posted, bill, found)
    if any(posted[key].strip() for key in posted if key == "amount" or key.startswith("line-")):
        found.errors["amount"] = "填写了核减金额：要核减请点“核减”，要全部认可请先清空。"


def _cut(posted, bill: Bill | None, found: Read) -> None:
    _parts(posted, bill, found)
    lines = {
        key.removeprefix("line-"): fen
        for key in posted
        if key.startswith("line-") and posted[key].strip()
        if (fen := _fen(posted[key], key, found)) is not None
    }
    found.data["lines"] = {int(nth): fen for nth, fen in lines.items() if nth.isdecimal() and fen}
    text = posted.get("amount", "").strip()
    if "whole" in posted:
        found.data |= {"lines": {}, "amount": bill.total_fen if bill else 0}
    elif text:
        found.data["amount"] = _fen(text, "amount", found)
        _agree(found)
    elif not found.data["lines"] and not found.errors:
        found.errors["amount"] = "请填写核减金额，或在明细里逐项填写。"
    if not found.reason:
        found.errors["reason"] = "请选择核减的理由。"


def _agree(found: Read) -> None:
    """An amount and the lines may both be given when they say the same."""
    lines = found.data["lines"]
    amount = found.data["amount"]
    if lines and amount is not None and sum(lines.values()) != amount:
        found.errors["amount"] = "核减金额与各项明细的核减之和不同，请改成一致，或只填一处。"


def _open(posted, bill: Bill | None, found: Read) -> None:
    found.note = ""


def _classify(posted, bill: Bill | None, found: Read) -> None:
    found.data |= {"line": posted.get("line", ""), "class": posted.get("class", "")}
    text = posted.get("share", "").strip().removesuffix("%").removesuffix("％")
    if not text:
        return
    try:
        found.data["self_first_bp"] = parse_share(f"{text}%")
    except ValueError:
        found.errors["share"] = "请写成百分数，例如 10 或 7.5。"


def _paper(posted, bill: Bill | None, found: Read) -> None:
    found.data["state"] = posted.get("state", "")


def _filing(posted, bill: Bill | None, found: Read) -> None:
    found.data["settled_as"] = posted.get("settled_as", "")


def _propose(posted, bill: Bill | None, found: Read) -> None:
    text = posted.get("amount", "").strip()
    sign = -1 if text.startswith(("-", "－", "−")) else 1
    fen = _fen(text.lstrip("-－−+＋"), "amount", found)
    found.data["amount"] = None if fen is None else sign * fen
    if fen == 0:
        found.errors["amount"] = "调整金额不能为 0；多付写正数，少付写负数。"
    if not found.note:
        found.errors["note"] = "请写明调整的理由。"


def _second(posted, bill: Bill | None, found: Read) -> None:
    found.data["adjustment"] = posted.get("adjustment", "")


def _parts(posted, bill: Bill | None, found: Read) -> None:
    """The parts that were typed; an empty one is unknown. With `rest`, what the other parts
    leave of the bill is in scope."""
    shown = [part for part in PARTS if part in posted]
    if not shown:
        return
    parts = {}
    for part in shown:
        text = posted[part].strip()
        parts[part] = _fen(text, part, found) if text else None
    if "rest" in posted and bill is not None and not found.errors:
        others = sum(fen or 0 for part, fen in parts.items() if part != "in_scope")
        parts["in_scope"] = bill.total_fen - others
        if others > bill.total_fen:
            found.errors["in_scope"] = "其他三类之和已经超过票据金额，请核对。"
    found.data["parts"] = parts


def _fen(text: str, name: str, found: Read) -> int | None:
    tidied = text.strip().replace(",", "").replace("，", "").removesuffix("元").strip()
    try:
        return parse_yuan(tidied)
    except ValueError:
        found.errors[name] = AMOUNT
        return None


READERS = {
    "accept_bill": _accept,
    "cut_bill": _cut,
    "open_bill": _open,
    "classify_line": _classify,
    "note_paper": _paper,
    "set_filing": _filing,
    "propose_adjustment": _propose,
    "confirm_adjustment": _second,
    "drop_adjustment": _second,
}
# The fields of each form besides the parts and lines of a bill.
FIELDS = {
    "cut_bill": ("amount", "reason", "note"),
    "classify_line": ("line", "class", "share"),
    "note_paper": ("note",),
    "set_filing": ("settled_as", "note"),
    "propose_adjustment": ("amount", "note"),
}
# Two buttons of one form.
SAME_FORM = {"accept_bill": "cut_bill"}
OF_A_BILL = frozenset({"accept_bill", "cut_bill", "open_bill", "classify_line", "note_paper"})


@dataclass(frozen=True)
class Field:
    """One field of a form as it was typed, and what is wrong with it."""

    value: str = ""
    error: str = ""


def fields_of(form: str, typed: dict, errors: dict) -> dict[str, dict[str, Field]]:
    """{form: {field: Field}}: what the refused `form` held; every other field is empty."""
    refused = SAME_FORM.get(form, form)
    return {
        name: {
            each: Field(typed.get(each, ""), errors.get(each, "")) if name == refused else Field()
            for each in fields
        }
        for name, fields in FIELDS.items()
    }
