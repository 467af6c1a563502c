"""Reading a bill that was uploaded: pictures and PDFs by the worker, never in a page's request;
an original (XML, OFD) at once, since it is text.

What is read is a hint. It fills the fields of a bill that nobody has confirmed yet; the
bill counts as confirmed once its `form`, which no machine can tell, was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from casework.models import Attachment
from casework.storage import read_stored
from reimbursements.answers import BillAnswer
from reimbursements.bills.found import Found
from reimbursements.bills.originals import read_original
from reimbursements.models import BillScan
from reimbursements.scanning import found_of, scan_later
from reimbursements.settlement.money import yuan

# How long the page looks by itself whether the worker is done; a number of ours.
LOOKS = timedelta(minutes=1)
READ = "已从票据上识别出内容，请对照票据逐项核对，再选电子票据还是纸质原件。"
LATER = "二维码在后台识别，几秒后刷新这一页会自动填好；也可以直接照着票据填写。"
NO_ORIGINAL = "没有认出这个电子票据文件里的内容，请照着票据填写。"
SEVERAL = "这里不止一张票据的二维码，只填了第一张；其他的请一张一张添加。"
TAX = "二维码里的金额不含税，请照票面填写合计金额。"
PDF = "application/pdf"


@dataclass(frozen=True)
class Reading:
    """What was read at once: a bill or None, and a word to the resident."""

    found: Found | None
    word: str


@dataclass(frozen=True)
class Since:
    """What the worker has read of a bill meanwhile: its fields, a word to the resident, whether
    a file still waits, and whether it came so lately that the page looks again by itself."""

    values: Mapping[str, str] = field(default_factory=dict)
    word: str = ""
    waits: bool = False
    looks: bool = False


NOTHING_READ = Since()


def begin_reading(attachment: Attachment) -> Reading:
    """Have the worker read one uploaded file, against which what is typed can be held; an
    original that is text is read here and now as well."""
    scan_later(attachment)
    if attachment.content_type.startswith("image/") or attachment.content_type == PDF:
        return Reading(None, "")
    found = read_original(read_stored(attachment.stored_name))
    return Reading(found, READ if found else NO_ORIGINAL)


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


def read_since(bill: BillAnswer, files: list[Attachment]) -> Since:
    """What the worker has read meanwhile of the files of a bill without a number; `files` are
    those of the bill."""
    if bill.form or bill.number or not bill.files:
        return NOTHING_READ
    done = {row.pk: row for row in BillScan.objects.filter(pk__in=bill.files)}
    found = [each for pk in bill.files if pk in done for each in found_of(done[pk])]
    if found:
        words = [READ, SEVERAL if len(found) > 1 else "", TAX if found[0].tax_exclusive else ""]
        return Since(values_of(found[0]), "".join(words))
    waiting = [file for file in files if file.pk not in done]
    if waiting:
        since = timezone.now() - LOOKS
        return Since(word=LATER, waits=True, looks=any(f.created_at > since for f in waiting))
    problems = [done[pk].problem for pk in bill.files if pk in done]
    return Since(word=next(filter(None, problems), ""))
