"""What the letters and promises print, as types: a wrong field cannot be passed."""

from dataclasses import dataclass, field
from datetime import date

from casework.printing.qr import qr_svg
from casework.signature import Signature

VERIFY_HINT = "扫码核验真伪"


def date_text(day: date | None) -> str:
    """A day as it is printed, such as 2026年11月02日; "" for none."""
    return f"{day:%Y}年{day:%m}月{day:%d}日" if day else ""


def qr_or_nothing(url: str) -> str:
    """The QR code of an address as SVG text; "" for no address."""
    return qr_svg(url) if url else ""


@dataclass(frozen=True)
class Signed:
    """A signature and when it was given (date, or date and time, as it is printed)."""

    signature: Signature | None = None
    when: str = ""

    def to_json(self) -> dict:
        """`png` is a list of byte values: typst reads pictures from bytes."""
        drawn = self.signature.png if self.signature else None
        return {
            "png": list(drawn) if drawn else None,
            "text": self.signature.text if self.signature and not drawn else "",
            "when": self.when,
        }


@dataclass(frozen=True)
class Letter:
    """An official letter: 受理通知书, 补正通知书, 不予备案通知书, 撤销, 变更…

    `items` is the numbered list of everything missing, `remedy` the paragraph on
    administrative review and action, `deadline` the last day in words. `verify_url`
    becomes the QR code. `watermark` is laid across every page.
    """

    title: str
    number: str
    case_number: str
    addressee: str
    paragraphs: tuple[str, ...]
    agency: str
    issued_on: date
    items_title: str = ""
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    legal_basis: str = ""
    remedy: str = ""
    deadline: str = ""
    contact: str = ""
    verify_url: str = ""
    verify_hint: str = VERIFY_HINT
    watermark: str = ""
    with_receipt: bool = True

    def to_json(self) -> dict:
        """What letter.typ reads."""
        return {
            "title": self.title,
            "dated": self.issued_on.isoformat(),
            "number": self.number,
            "case_number": self.case_number,
            "addressee": self.addressee,
            "paragraphs": list(self.paragraphs),
            "items_title": self.items_title,
            "items": list(self.items),
            "closing": list(self.closing),
            "legal_basis": self.legal_basis,
            "remedy": self.remedy,
            "deadline": self.deadline,
            "contact": self.contact,
            "agency": self.agency,
            "issued": date_text(self.issued_on),
            "qr": qr_or_nothing(self.verify_url),
            "verify_hint": self.verify_hint,
            "watermark": self.watermark,
            "with_receipt": self.with_receipt,
        }


@dataclass(frozen=True)
class Promise:
    """A 承诺书 as it was signed; `blank` leaves everything to be filled by hand.

    `text_sha256` is the hash of the text that was shown, as stored with the case.
    `facts` are the lines of the table under the text, such as 参保人 and 证件号码.
    """

    title: str
    paragraphs: tuple[str, ...]
    dated: date
    case_number: str = ""
    addressee: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    signed: Signed = field(default_factory=Signed)
    signer: str = ""
    text_version: str = ""
    text_sha256: str = ""
    verify_url: str = ""
    verify_hint: str = VERIFY_HINT
    watermark: str = ""
    blank: bool = False

    def to_json(self) -> dict:
        """What promise.typ reads."""
        blank = self.blank
        return {
            "title": self.title,
            "dated": self.dated.isoformat(),
            "case_number": "" if blank else self.case_number,
            "addressee": self.addressee,
            "paragraphs": list(self.paragraphs),
            "facts": [[label, "" if blank else value] for label, value in self.facts],
            "signed": (Signed() if blank else self.signed).to_json(),
            "signer": "" if blank else self.signer,
            "text_version": self.text_version,
            "text_sha256": "" if blank else self.text_sha256,
            "qr": "" if blank else qr_or_nothing(self.verify_url),
            "verify_hint": self.verify_hint,
            "watermark": self.watermark,
            "blank": blank,
        }
