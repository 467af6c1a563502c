"""Reading the QR codes and originals of uploaded bills, in the worker; read once a file.

What is read is a hint: it fills the form, where the resident confirms it, and is held
against what was typed when a clerk looks.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

import structlog

from casework.models import Attachment
from casework.publish import publish_later
from casework.storage import read_stored
from reimbursements.answers import BillAnswer
from reimbursements.bills.found import Found
from reimbursements.bills.numbers import BillKind
from reimbursements.bills.originals import read_original
from reimbursements.bills.qr import bills_in, texts_in_image, texts_in_pdf
from reimbursements.bills.qrtext import why_nothing
from reimbursements.models import BillScan

log = structlog.get_logger(__name__)

NO_CODE = "没有在这个文件上找到二维码，请照着票据填写。"


def scan_later(attachment: Attachment) -> None:
    """Have a worker read this file after the commit."""
    publish_later("reimbursements.tasks.scan_bill", attachment.pk)


def scan(attachment: Attachment) -> BillScan:
    """Read one file and keep what was found; a file that was read is not read again.

    Never raises on what is in the file: what cannot be read is kept with a sentence.
    """
    done = BillScan.objects.filter(pk=attachment.pk).first()
    if done is not None:
        return done
    found, problem = _read(attachment)
    row, _ = BillScan.objects.get_or_create(
        attachment=attachment,
        defaults={"found_json": json.dumps([_plain(each) for each in found]), "problem": problem},
    )
    return row


def found_of(row: BillScan) -> list[Found]:
    """The bills that were read on a file."""
    return [_from_plain(each) for each in json.loads(row.found_json)]


def found_on(file_ids: Iterable[int]) -> dict[int, list[Found]]:
    """{attachment id: the bills read on it}, in one query; files not read yet are absent."""
    rows = BillScan.objects.filter(pk__in=list(file_ids))
    return {row.pk: found_of(row) for row in rows}


def found_among(files: Iterable[Attachment], file_ids: Iterable[int]) -> dict[int, list[Found]]:
    """The same where these files were read with what is kept of them; one of the others is
    asked for."""
    known = {file.pk: getattr(file, "bill_scan", None) for file in files}
    wanted = list(file_ids)
    found = {pk: found_of(scan) for pk in wanted if (scan := known.get(pk))}
    unknown = [pk for pk in wanted if pk not in known]
    return found | (found_on(unknown) if unknown else {})


def found_for(bill: BillAnswer, scans: dict[int, list[Found]]) -> Found | None:
    """What the machine read that this bill is to be held against.

    Of several bills on its files the one of the same number; else the only certain one.
    """
    seen = [found for file_id in bill.files for found in scans.get(file_id, ())]
    number = bill.same_bill[2]
    for found in seen:
        if number and found.number == number:
            return found
    certain = [found for found in seen if found.certain]
    return certain[0] if len(certain) == 1 else None


def _read(attachment: Attachment) -> tuple[list[Found], str]:
    found, texts = [], []
    if attachment.original_name:
        original = read_original(read_stored(attachment.original_name))
        found = [original] if original else []
    data = read_stored(attachment.stored_name)
    if attachment.content_type.startswith("image/"):
        texts = texts_in_image(data)
    elif attachment.content_type == "application/pdf":
        texts = texts_in_pdf(data)
    found += [each for each in bills_in(texts) if each not in found]
    if found:
        return found, ""
    log.info("bill_scan_empty", attachment=attachment.pk, codes=len(texts))
    return [], why_nothing(texts[0]) if texts else NO_CODE


def _plain(found: Found) -> dict:
    values = asdict(found)
    values["kind"] = str(found.kind.value)
    values["issued_on"] = found.issued_on.isoformat() if found.issued_on else None
    return values


def _from_plain(values: dict) -> Found:
    day = values["issued_on"]
    return Found(
        **{
            **values,
            "kind": BillKind(values["kind"]),
            "issued_on": date.fromisoformat(day) if day else None,
        }
    )
