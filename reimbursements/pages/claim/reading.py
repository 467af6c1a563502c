"""Reading a bill as it is uploaded: at once where that is cheap, else by the worker.

What is read is a hint. It fills the fields of a bill that nobody has confirmed yet; the
bill counts as confirmed once its `form`, which no machine can tell, was chosen.
"""

from dataclasses import dataclass

from casework.models import Attachment
from casework.storage import read_stored
from reimbursements.answers import BillAnswer
from reimbursements.bills.found import Found
from reimbursements.bills.originals import read_original
from reimbursements.bills.qr import bills_in, texts_in_image
from reimbursements.bills.qrtext import why_nothing
from reimbursements.scanning import found_on, scan_later
from reimbursements.settlement.money import yuan

SECONDS = 1.5  # as long as somebody waits for a page
READ = "已从票据上识别出内容，请对照票据逐项核对，再选电子票据还是纸质原件。"
NOTHING = "没有在照片上找到二维码，请照着票据填写；也可以对准二维码重拍一张。"
LATER = "PDF 上的二维码在后台识别，几秒后刷新这一页会自动填好；也可以直接照着票据填写。"
NO_ORIGINAL = "没有认出这个电子票据文件里的内容，请照着票据填写。"
SEVERAL = "这里不止一张票据的二维码，只填了第一张；其他的请一张一张添加。"
TAX = "二维码里的金额不含税，请照票面填写合计金额。"


@dataclass(frozen=True)
class Reading:
    """What was read at once: a bill or None, and a word to the resident."""

    found: Found | None
    word: str


def read_at_once(attachment: Attachment) -> Reading:
    """Read one uploaded file within SECONDS; the worker reads it again at leisure, so that
    what is typed can be held against it."""
    scan_later(attachment)
    if attachment.content_type.startswith("image/"):
        return _of_picture(read_stored(attachment.stored_name))
    if attachment.content_type == "application/pdf":
        return Reading(None, LATER)
    found = read_original(read_stored(attachment.stored_name))
    return Reading(found, READ if found else NO_ORIGINAL)


def _of_picture(data: bytes) -> Reading:
    texts = texts_in_image(data, SECONDS)
    found = bills_in(texts)
    if not found:
        return Reading(None, why_nothing(texts[0]) if texts else NOTHING)
    words = [READ, SEVERAL if len(found) > 1 else "", TAX if found[0].tax_exclusive else ""]
    return Reading(found[0], "".join(words))


def values_of(found: Found) -> dict[str, str]:
    """What was read as the fields of a bill; an amount without its tax is not the total."""
    amount = None if found.tax_exclusive else found.amount
    values = {
        "kind": found.kind.value,
        "code": found.code,
        "number": found.number,
        "check_code": found.check_code,
        "date": found.issued_on.isoformat() if found.issued_on else "",
        "payer": found.payer,
        "total": yuan(amount) if amount is not None else "",
    }
    return {name: text for name, text in values.items() if text}


def read_since(bill: BillAnswer) -> dict[str, str]:
    """What the worker has read meanwhile of the files of a bill without a number."""
    if bill.form or bill.number or not bill.files:
        return {}
    scans = found_on(bill.files)
    found = [each for file_id in bill.files for each in scans.get(file_id, ())]
    return values_of(found[0]) if found else {}
