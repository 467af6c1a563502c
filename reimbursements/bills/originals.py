"""The original of an e-bill as XML or OFD: number, code, day, amount and payer.

An OFD (GB/T 33190-2016) is a ZIP of XML. Element names were read in published programs, not
in a standard (docs/sources.md): fiscal e-bills `EInvoiceCode EInvoiceNumber RandomNumber
IssueDate TotalAmount PayerPartyName`; digital invoices `InvoiceNumber IssueTime BuyerName
TotalTax-includedAmount`; VAT invoices `InvoiceCode InvoiceNo InvoiceCheckCode IssueDate
TaxInclusiveTotalAmount`, and the Chinese names under `CustomData` of OFD.xml. So what is
read is a hint to confirm. The signature is not verified here.
"""

import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from reimbursements.bills.found import Found, read_amount, read_day
from reimbursements.bills.numbers import BillKind, check_bill, tidy, tidy_check_code

MAX_BYTES = 20 * 1024 * 1024  # as for uploads
MAX_XML = 5 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_READ = 24  # entries of one OFD that are looked into
MAX_ELEMENTS = 200_000
MAX_DEPTH = 100
MAX_TEXT = 200
_ZIP = b"PK\x03\x04"

# Local element name or Chinese CustomData name, in lower case → field.
_FISCAL = {
    "einvoicecode": "code",
    "einvoicenumber": "number",
    "randomnumber": "check_code",
    "issuedate": "day",
    "totalamount": "amount",
    "payerpartyname": "payer",
    "票据代码": "code",
    "票据号码": "number",
    "交款人": "payer",
}
_DIGITAL = {
    "invoicenumber": "number",
    "eiid": "number",
    "issuetime": "day",
    "buyername": "payer",
    "totaltax-includedamount": "amount",
    "发票号码": "number",
    "价税合计": "amount",
}
_VAT = {
    "invoicecode": "code",
    "invoiceno": "number",
    "invoicecheckcode": "check_code",
    "issuedate": "day",
    "taxinclusivetotalamount": "amount",
    "buyername": "payer",
    "发票代码": "code",
    "发票号码": "number",
    "价税合计": "amount",
}
_COMMON = {"开票日期": "day", "校验码": "check_code", "购买方名称": "payer"}
_LAYOUTS = (
    (BillKind.FISCAL, _FISCAL | _COMMON),
    (BillKind.VAT, _VAT | _COMMON),
    (BillKind.DIGITAL, _DIGITAL | _COMMON),
)
_NAMES = frozenset(name for _, layout in _LAYOUTS for name in layout)
_UNREADABLE = (
    expat.ExpatError,
    zipfile.BadZipFile,
    ValueError,
    LookupError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    MemoryError,
    zlib.error,
)
_WORTH = ("ofd.xml", "attach", "invoice", "bill", "custom")


def read_original(data: bytes) -> Found | None:
    """The bill of an XML or OFD original, None where it is not recognised; never raises.

    `certain` when code, number and check code are as their kind has them.
    """
    if len(data) > MAX_BYTES:
        return None
    try:
        values = _of_ofd(data) if data.startswith(_ZIP) else _of_xml(data)
    except _UNREADABLE:
        return None
    return _bill(values)


def _of_ofd(data: bytes) -> dict[str, str]:
    """The values of the entries that may hold them; sizes are measured, not believed."""
    values: dict[str, str] = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ValueError("too many entries")
        worth = [entry for entry in entries if _is_worth(entry.filename.lower())][:MAX_READ]
        left = MAX_XML
        for entry in sorted(worth, key=lambda entry: entry.filename.lower() == "ofd.xml"):
            with package.open(entry) as file:
                text = file.read(left + 1)
            left -= len(text)
            if left < 0:
                raise ValueError("too large")
            for name, value in _of_xml(text).items():
                values.setdefault(name, value)
    return values


def _is_worth(name: str) -> bool:
    return name.endswith(".xml") and any(word in name for word in _WORTH)


class _Leaves:
    """The first text of each wanted element; refuses document types, so nothing expands."""

    def __init__(self):
        self.values: dict[str, str] = {}
        self.depth = self.count = 0
        self.name, self.text = "", ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise ValueError("too deep or too many elements")
        local = name.rpartition(":")[2].lower()
        self.name = attributes.get("Name", "").strip() if local == "customdata" else local
        self.text = ""

    def read(self, text: str) -> None:
        if self.name in _NAMES and len(self.text) < MAX_TEXT:
            self.text += text[:MAX_TEXT]

    def end(self, _name: str) -> None:
        if self.name in _NAMES and self.text.strip():
            self.values.setdefault(self.name, self.text.strip()[:MAX_TEXT])
        self.depth -= 1
        self.name = ""

    def refuse(self, *_details) -> None:
        raise ValueError("document type")


def _of_xml(data: bytes) -> dict[str, str]:
    """Name → first text of the wanted elements. Raises ExpatError and ValueError."""
    if len(data) > MAX_XML:
        raise ValueError("too large")
    leaves, parser = _Leaves(), expat.ParserCreate()
    parser.StartElementHandler = leaves.start
    parser.EndElementHandler = leaves.end
    parser.CharacterDataHandler = leaves.read
    parser.StartDoctypeDeclHandler = leaves.refuse
    parser.Parse(data, True)
    return leaves.values


def _bill(values: dict[str, str]) -> Found | None:
    """The kind whose layout fits the code and number best."""
    bills = [_as(kind, layout, values) for kind, layout in _LAYOUTS]
    known = [bill for bill in bills if bill is not None]
    return next((bill for bill in known if bill.certain), known[0] if known else None)


def _as(kind: BillKind, layout: dict[str, str], values: dict[str, str]) -> Found | None:
    fields: dict[str, str] = {}
    for name, field in layout.items():
        if name in values:
            fields.setdefault(field, values[name])
    number, code = tidy(fields.get("number", "")), tidy(fields.get("code", ""))
    if not number or (kind != BillKind.DIGITAL and not code):
        return None
    check_code = tidy_check_code(fields.get("check_code", ""))
    return Found(
        kind=kind,
        code=code,
        number=number,
        check_code=check_code,
        issued_on=read_day(fields.get("day", "")),
        amount=read_amount(fields.get("amount", "")),
        certain=not check_bill(kind, code, number, check_code),
        payer=fields.get("payer", ""),
    )
