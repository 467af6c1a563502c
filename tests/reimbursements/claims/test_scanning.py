"""The machine reads the code of an uploaded bill once, and a clerk sees what is unlike."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from casework.actors import Actor
from casework.files import attach_bytes
from casework.reviewing import review
from reimbursements.answers import BillAnswer
from reimbursements.models import BillScan
from reimbursements.scanning import NO_CODE, found_for, found_of, found_on, scan
from reimbursements.service import save, submit_claim
from reimbursements.tasks import scan_bill
from tests.reimbursements.claims.factories import bill, draft_claim

pytestmark = pytest.mark.django_db
CODE = "01,32,,23442000000014209621,112,20261010,,74AE"


def picture(text: str) -> bytes:
    """A photograph-like PNG with one QR code."""
    out = BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=8, border=6)
    return out.getvalue()


def uploaded(case, text: str = CODE):
    return attach_bytes(case, "bill", picture(text), "票据.png", case.account)


def test_a_digital_invoice_is_read_once_and_kept():
    case = draft_claim()
    file = uploaded(case)
    scan_bill(file.pk)
    [found] = found_of(BillScan.objects.get())
    assert (found.number, found.amount, str(found.issued_on)) == (
        "23442000000014209621",
        11200,
        "2026-10-10",
    )
    assert scan(file).read_at == BillScan.objects.get().read_at
    scan_bill(file.pk)
    assert BillScan.objects.count() == 1


def test_a_picture_without_a_code_and_one_with_nonsense_say_so():
    case = draft_claim()
    blank = attach_bytes(case, "bill", picture("https://example.org/"), "a.png", case.account)
    assert "票据" in scan(blank).problem
    assert found_on([blank.pk]) == {blank.pk: []}
    empty = BytesIO()
    Image.new("RGB", (600, 400), "white").save(empty, "PNG")
    white = attach_bytes(case, "bill", empty.getvalue(), "b.png", case.account)
    assert scan(white).problem == NO_CODE


def test_a_file_that_is_gone_is_no_error():
    scan_bill(10**9)
    assert not BillScan.objects.exists()


def test_of_several_bills_on_a_file_the_one_of_the_same_number_counts():
    case = draft_claim()
    one, other = uploaded(case), uploaded(case, CODE.replace("23442", "23443"))
    scans = found_on([scan(one).pk, scan(other).pk])
    answer = BillAnswer(
        key="b", kind="digital", number="23443000000014209621", files=[one.pk, other.pk]
    )
    assert found_for(answer, scans).number == "23443000000014209621"
    unlike = BillAnswer(key="b", kind="digital", number="1", files=[one.pk, other.pk])
    assert found_for(unlike, scans) is None, "two certain ones: neither is meant for sure"


def test_an_amount_unlike_the_code_is_shown_to_the_clerk_with_both_numbers():
    typed = bill("1112.00", kind="digital", code="", number="23442000000014209621", check_code="")
    case = draft_claim(bills=[typed])
    file = uploaded(case)
    scan_bill(file.pk)
    save(case, {"bills": [{**typed, "files": [file.pk]}]})
    case = review(submit_claim(case, Actor.resident(case.account)))
    assert "qr_amount" in case.doubt_codes
    [text] = [f["text"] for f in case.claim.findings if f["code"] == "qr_amount"]
    assert "112.00" in text and "1112.00" in text
