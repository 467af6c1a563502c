"""What is printed when the paper original of a bill comes in or is given back."""

from dataclasses import dataclass
from datetime import date

from casework.printing.data import VERIFY_HINT, date_text, qr_or_nothing
from reimbursements.codes import BILL_KINDS
from reimbursements.models import Bill
from reimbursements.pages.explained import grouped


@dataclass(frozen=True)
class PaperTable:
    """A further table: the first column are words, the others amounts as they are printed; the
    last `sums` rows stand out."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: int = 0


@dataclass(frozen=True)
class OriginalsPaper:
    """收据 or 分割单. `heads` and `rows` are the table of bills, its last row the sums; `tables`
    say more of them; `funds_title` and `funds` (label, fen) say who paid for the stay where
    it cannot be said of its bills.
    """

    title: str
    number: str
    case_number: str
    agency: str
    issued_on: date
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]
    signs: str
    tables: tuple[PaperTable, ...] = ()
    funds_title: str = ""
    funds: tuple[tuple[str, int], ...] = ()
    closing: tuple[str, ...] = ()
    contact: str = ""
    verify_url: str = ""

    def to_json(self) -> dict:
        """What originals.typ reads; money as it is printed, yuan."""
        return {
            "title": self.title,
            "dated": self.issued_on.isoformat(),
            "issued": date_text(self.issued_on),
            "number": self.number,
            "case_number": self.case_number,
            "agency": self.agency,
            "facts": [list(row) for row in self.facts],
            "paragraphs": list(self.paragraphs),
            "heads": list(self.heads),
            "rows": [list(row) for row in self.rows],
            "sums": list(self.sums),
            "signs": self.signs,
            "tables": [
                {
                    "title": table.title,
                    "heads": list(table.heads),
                    "rows": [list(row) for row in table.rows],
                    "sums": table.sums,
                }
                for table in self.tables
            ],
            "funds_title": self.funds_title,
            "funds": [[label, grouped(fen)] for label, fen in self.funds],
            "closing": list(self.closing),
            "contact": self.contact,
            "qr": qr_or_nothing(self.verify_url),
            "verify_hint": VERIFY_HINT,
        }


RECEIPT_HEADS = ("序号", "票据种类", "票据代码", "票据号码", "开票日期", "金额（元）")
SPLIT_HEADS = (*RECEIPT_HEADS, "认可金额（元）")


def receipt_row(nth: int, bill: Bill) -> tuple[str, ...]:
    """One bill as RECEIPT_HEADS has it."""
    return (
        str(nth),
        BILL_KINDS.get(bill.kind, "票据").partition("（")[0],
        bill.code,
        bill.number or "没有号码",
        date_text(bill.date),
        grouped(bill.total_fen),
    )


def split_row(nth: int, bill: Bill) -> tuple[str, ...]:
    """One bill as SPLIT_HEADS has it; a bill that nobody has decided has no accepted amount."""
    decided = bill.decision != Bill.Decision.OPEN
    return (*receipt_row(nth, bill), grouped(bill.accepted_fen) if decided else "未审核")
