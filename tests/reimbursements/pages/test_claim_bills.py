"""Bills of a claim: photographed, read, typed, checked, and never counted twice."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.models import Attachment
from casework.storage import read_stored
from reimbursements import scanning
from reimbursements.bills import pictures, qr
from reimbursements.pages.claim import bill_lines, reading
from reimbursements.tasks import scan_bill
from tests.casework.uploads.files import ofd
from tests.reimbursements.claims import factories
from tests.reimbursements.pages.test_claim_steps import error_at
from tests.reimbursements.pages.walking import (
    BILL,
    PLACE,
    STAY,
    add_bill,
    begin,
    draft,
    photo,
    photo_of_code,
    step,
    stored,
    text_of,
)

pytestmark = pytest.mark.django_db
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<EInvoice><EInvoiceCode>51060126</EInvoiceCode><EInvoiceNumber>0136427183</EInvoiceNumber>"
    "<RandomNumber>0bf601</RandomNumber><IssueDate>20261010</IssueDate>"
    "<TotalAmount>20000.00</TotalAmount><PayerPartyName>王秀兰</PayerPartyName></EInvoice>"
)
LINES = "项目名称,金额,类别\n西药费,12000.00,甲类\n检查费,8000.00,乙类\n"


@pytest.fixture
def base(web):
    base = begin(web)
    step(web, base, "place", PLACE)
    step(web, base, "stay", STAY)
    return base


@pytest.fixture
def key(web, base):
    """The key of a bill that was typed and saved."""
    add_bill(web, base)
    return stored().all_bills[0].key


def table(text: str, name: str = "清单.csv", encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding), content_type="text/csv")


def worker() -> None:
    """What the worker does after an upload."""
    for pk in Attachment.objects.values_list("pk", flat=True):
        scan_bill(pk)


def send(web, base, *files, to: str = "bills/upload/"):
    return web.post(f"{base}{to}", {"files": list(files)})


def test_a_bill_is_typed_and_stands_in_the_list_with_its_sum(web, base):
    page = text_of(web.get(f"{base}steps/bills/"))
    assert "添加票据" in page and "合计" not in page
    add_bill(web, base, total="12,345.60", own_expense="", in_scope="")
    add_bill(web, base, number="0000000002", total="654.4", own_expense="", in_scope="")
    page = text_of(web.get(f"{base}steps/bills/"))
    assert "第3步共6步" in page
    assert "2张票据合计13,000.00元" in page and "号码0000000002" in page
    assert [bill.total for bill in stored().all_bills] == ["12345.60", "654.40"]


def test_every_mistake_in_a_bill_is_said_beside_its_field(web, base):
    response = web.post(f"{base}bills/new/", {"kind": "fiscal", "code": "5106", "total": "很多"})
    page = response.content.decode()
    assert response.status_code == 422 and not stored().bills
    assert "请选择电子票据还是纸质原件" in error_at(page, "form")
    assert "请填写票据号码" in error_at(page, "number")
    assert "请填写开票日期" in error_at(page, "date")
    assert "应为" in error_at(page, "total") or "请填数字" in error_at(page, "total")
    assert 'value="5106"' in page and 'value="很多"' in page


def test_a_number_that_does_not_fit_its_kind_is_refused_for_an_e_bill(web, base):
    page = web.post(f"{base}bills/new/", {**BILL, "number": "12345678901"}).content.decode()
    assert "票据号码应为10位数字，现在是11位" in error_at(page, "number")


def test_a_doubtful_number_is_warned_of_once_and_then_saved(web, base):
    typed = {**BILL, "code": "51990126"}
    response = web.post(f"{base}bills/new/", typed)
    page = response.content.decode()
    assert response.status_code == 200 and not stored().bills
    assert "请再看一眼" in page and "第3、4位不是06" in page and "核对过了，保存" in page
    seal = re.search(r'name="seen" value="(\w+)"', page)[1]
    other = web.post(f"{base}bills/new/", {**typed, "number": "123", "form": "paper", "seen": seal})
    assert other.status_code == 200 and not stored().bills, "other doubts are new doubts"
    assert web.post(f"{base}bills/new/", {**typed, "seen": seal}).status_code == 302
    assert len(stored().bills) == 1


def test_the_same_bill_twice_in_one_claim_is_refused_beside_its_number(web, base, key):
    twice = {
        **BILL,
        "number": "1",
        "form": "paper",
        "total": "5",
        "own_expense": "",
        "in_scope": "",
    }
    response = web.post(f"{base}bills/new/", twice)
    assert response.status_code == 422
    assert "和第1张是同一张" in error_at(response.content.decode(), "number")
    assert len(stored().bills) == 1
    assert web.post(f"{base}bills/{key}/", BILL).status_code == 302, "itself is no other bill"


def test_parts_beyond_the_total_are_refused_and_parts_below_it_warned_of(web, base):
    page = web.post(f"{base}bills/new/", {**BILL, "own_expense": "5000"}).content.decode()
    assert "相差3000.00元" in error_at(page, "total")
    parts = {"own_expense": "1000", "over_limit": "0", "self_first": "0", "in_scope": "18000"}
    response = web.post(f"{base}bills/new/", {**BILL, **parts})
    assert response.status_code == 200 and "相差1000.00元" in text_of(response)


def test_sums_are_checked_while_typing_and_nothing_is_saved(web, base):
    typed = {**BILL, "own_expense": "5000", "preview": "1"}
    page = text_of(web.post(f"{base}bills/new/", typed))
    assert "相差3000.00元" in page and "<html" not in page and not stored().bills
    assert text_of(web.post(f"{base}bills/new/", {**BILL, "preview": "1"})) == ""


def test_a_bill_of_other_days_or_another_payer_is_pointed_out(web, base):
    add_bill(web, base, date="2026-11-01", payer="别人")
    page = text_of(web.get(f"{base}steps/bills/"))
    assert "晚于出院（就诊）日期" in page and "交款人不是参保人本人" in page


def test_a_bill_is_changed_and_taken_out(web, base, key):
    page = web.get(f"{base}bills/{key}/").content.decode()
    assert 'value="20000.00"' in page and 'value="0bf601"' in page
    web.post(f"{base}bills/{key}/", {**BILL, "total": "18000", "own_expense": ""})
    assert stored().all_bills[0].total == "18000.00"
    assert web.post(f"{base}bills/{key}/remove/").status_code == 302
    assert not stored().bills
    assert web.get(f"{base}bills/{key}/").status_code == 404


def test_the_code_on_a_photograph_fills_the_bill_and_waits_for_the_resident(web, base):
    response = send(web, base, photo_of_code())
    bill = stored().all_bills[0]
    assert response.url == f"{base}bills/{bill.key}/" and not bill.number
    worker()
    shown = web.get(response.url)
    page = text_of(shown)
    assert "已识别，请核对" in page and "核对票据" in page and "已从票据上识别出内容" in page
    for value in ("51060126", "0136427183", "0bf601", "20000.00"):
        assert f'value="{value}"' in shown.content.decode()
    assert not stored().all_bills[0].number, "looking saves nothing"
    assert "还没有核对" in text_of(web.get(f"{base}steps/bills/"))
    refused = web.post(f"{base}steps/bills/", {})
    assert refused.status_code == 422 and "请选择电子票据还是纸质原件" in text_of(refused)
    web.post(response.url, {**BILL, "number": "0136427183"})
    assert "已识别" not in text_of(web.get(response.url))
    step(web, base, "bills", {}, "documents")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (photo_of_code("https://example.com/pay"), "二维码是一个查验网址"),
        (photo_of_code("我不是票据"), "二维码里不是票据信息"),
        (photo(), "没有在这个文件上找到二维码"),
    ],
)
def test_a_code_that_says_nonsense_is_ignored_with_a_word(web, base, picture, words):
    picture.seek(0)
    response = send(web, base, picture)
    worker()
    assert words in text_of(web.get(response.url))
    bill = stored().all_bills[0]
    assert not bill.number and len(bill.files) == 1


def test_an_invoice_whose_code_leaves_out_the_tax_gives_no_total(web, base):
    vat = "01,10,051001605111,80100798,64.9,20261010,85342965681116380258,"
    response = send(web, base, photo_of_code(vat))
    worker()
    page = web.get(response.url)
    assert "金额不含税" in text_of(page)
    assert 'value="80100798"' in page.content.decode()
    assert 'value="64.9' not in page.content.decode()


def test_an_original_is_kept_byte_for_byte_read_and_only_downloaded(web, base):
    data = XML.encode()
    response = send(web, base, SimpleUploadedFile("票据.xml", data, content_type="text/xml"))
    bill = stored().all_bills[0]
    assert (bill.number, bill.payer, bill.total) == ("0136427183", "王秀兰", "20000.00")
    file = Attachment.objects.get()
    assert read_stored(file.original_name) == data
    page = web.get(response.url).content.decode()
    assert f"/cases/files/{file.pk}/small/" not in page and f"/cases/files/{file.pk}/" in page
    shown = web.get(f"/cases/files/{file.pk}/")
    assert shown["Content-Disposition"].startswith("attachment")
    assert web.get(f"/cases/files/{file.pk}/small/").status_code == 404


def test_an_ofd_that_is_not_understood_is_kept_and_typed(web, base):
    response = send(web, base, SimpleUploadedFile("票据.ofd", ofd()))
    assert "没有认出这个电子票据文件里的内容" in text_of(web.get(response.url))
    assert Attachment.objects.get().content_type == "application/ofd"


def test_until_the_worker_has_read_it_the_page_says_so_and_looks_again(web, base):
    response = send(web, base, photo_of_code())
    waiting = web.get(response.url).content.decode()
    assert reading.LATER in waiting and 'hx-trigger="load delay:2s"' in waiting
    worker()
    found = web.get(response.url, headers={"HX-Request": "true"}).content.decode()
    assert reading.LATER not in found and "load delay:2s" not in found
    assert "填入识别的内容" in found, "what was typed meanwhile stays until one asks for it"


def test_a_page_does_not_look_for_ever_whether_the_worker_is_done(web, base):
    response = send(web, base, photo_of_code())
    Attachment.objects.update(created_at=timezone.now() - 2 * reading.LOOKS)
    page = web.get(response.url).content.decode()
    assert reading.LATER in page and "load delay:2s" not in page


def test_no_page_reads_a_code_the_worker_does(web, base, monkeypatch):
    """A picture takes seconds to search: no request may wait for it (issue 4, Speed)."""

    def never(*args, **kwargs):
        raise AssertionError("a request looked for a code in a picture")

    for module, name in ((pictures, "texts_in_image"), (qr, "texts_in_image")):
        monkeypatch.setattr(module, name, never)
    for name in ("texts_in_image", "texts_in_pdf", "read_original"):
        monkeypatch.setattr(scanning, name, never)
    response = send(web, base, photo_of_code())
    key = stored().all_bills[0].key
    assert response.status_code == 302 and web.get(response.url).status_code == 200
    added = send(web, base, photo_of_code(), to=f"bills/{key}/upload/")
    assert added.status_code == 302 and web.get(f"{base}steps/bills/").status_code == 200
    with pytest.raises(AssertionError, match="a request looked"):
        worker()


def test_several_pages_are_one_bill_and_each_can_be_turned_and_removed(web, base):
    send(web, base, photo("一.jpg"), photo("二.jpg"))
    bill = stored().all_bills[0]
    first, second = bill.files
    assert web.post(f"{base}bills/{bill.key}/files/{first}/turn/").status_code == 302
    assert Attachment.objects.get(pk=first).width == 1200
    web.post(f"{base}bills/{bill.key}/files/{second}/remove/")
    assert stored().all_bills[0].files == [first]
    send(web, base, photo("三.jpg"), to=f"bills/{bill.key}/upload/")
    assert len(stored().all_bills[0].files) == 2
    assert web.post(f"{base}bills/{bill.key}/files/999999/remove/").status_code == 404
    web.post(f"{base}bills/{bill.key}/remove/")
    assert not Attachment.objects.exists()


def test_a_photograph_added_to_a_confirmed_bill_changes_nothing_of_it(web, base, key):
    before = stored().all_bills[0]
    send(web, base, photo_of_code(), to=f"bills/{key}/upload/")
    after = stored().all_bills[0]
    assert (after.number, after.total) == (before.number, before.total) and after.files


def test_a_file_that_is_no_bill_is_refused_beside_its_field(web, base, key):
    bad = SimpleUploadedFile("坏.jpg", b"not a picture at all", content_type="image/jpeg")
    response = send(web, base, bad)
    assert response.status_code == 422
    assert "坏.jpg" in error_at(response.content.decode(), "files")
    bad.seek(0)
    response = send(web, base, bad, to=f"bills/{key}/upload/")
    assert response.status_code == 422 and "坏.jpg" in text_of(response)
    response = web.post(f"{base}bills/upload/", {})
    assert response.status_code == 422
    assert "请先拍照或选择文件" in error_at(response.content.decode(), "files")
    assert not Attachment.objects.exists() and len(stored().bills) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_lines_are_imported_and_counted(web, base, key, encoding):
    url = f"{base}bills/{key}/lines/"
    page = web.post(url, {"table": table(LINES, encoding=encoding)}, follow=True)
    assert "已导入2行明细，合计20,000.00元" in text_of(page) and "西药费" in text_of(page)
    assert [line["class"] for line in stored().all_bills[0].lines] == ["甲类", "乙类"]
    web.post(url, {"drop": "1"})
    assert stored().all_bills[0].lines == []


def test_lines_come_from_a_spreadsheet_too(web, base, key):
    book = openpyxl.Workbook()
    for row in (["项目名称", "金额", "类别"], ["西药费", 20000, "甲类"]):
        book.active.append(row)
    data = BytesIO()
    book.save(data)
    file = SimpleUploadedFile("清单.xlsx", data.getvalue())
    assert web.post(f"{base}bills/{key}/lines/", {"table": file}).status_code == 302
    assert len(stored().all_bills[0].lines) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("项目名称,金额,类别\n西药费,一万,甲类\n检查费,-5,乙类\n", "第2行"),
        ("项目名称,金额,类别\n西药费,一万,甲类\n检查费,-5,乙类\n", "第3行"),
        ("项目名称,金额\n" + "西药费,1\n" * 2001, "明细超过2000行"),
        ("名字,多少\n西药费,100\n", "项目名称"),
        ("", "空"),
    ],
)
def test_a_list_with_a_mistake_is_reported_by_line_and_nothing_is_taken(
    web, base, key, text, words
):
    response = web.post(f"{base}bills/{key}/lines/", {"table": table(text, encoding="utf-8")})
    assert response.status_code == 422 and words in text_of(response)
    assert stored().all_bills[0].lines == []


def test_lines_without_a_class_are_taken_for_a_clerk_to_classify(web, base, key):
    text = "项目名称,金额,类别\n西药费,12000.00,甲类\n检查费,8000.00,\n"
    response = web.post(f"{base}bills/{key}/lines/", {"table": table(text)}, follow=True)
    assert "其中1行没有写类别，由经办人员归类" in text_of(response)
    assert [line["class"] for line in stored().all_bills[0].lines] == ["甲类", "未归类"]
    step(web, base, "stay", STAY)
    assert "还不能估算" not in text_of(web.get(f"{base}steps/check/"))


def test_all_bills_of_a_stay_have_no_more_lines_than_can_be_settled(web, base, key, monkeypatch):
    monkeypatch.setattr(bill_lines, "MAX_OF_STAY", 3)
    assert web.post(f"{base}bills/{key}/lines/", {"table": table(LINES)}).status_code == 302
    add_bill(web, base, number="0000000002")
    other = next(row.key for row in stored().all_bills if row.key != key)
    response = web.post(f"{base}bills/{other}/lines/", {"table": table(LINES)})
    assert response.status_code == 422 and "明细超过1行" in text_of(response)


def test_lines_that_do_not_make_the_total_are_pointed_out(web, base, key):
    short = "项目名称,金额,类别\n西药费,100.00,甲类\n"
    web.post(f"{base}bills/{key}/lines/", {"table": table(short)})
    assert "相差19900.00元" in text_of(web.get(f"{base}steps/bills/"))


def test_going_on_needs_a_bill_and_saving_for_later_does_not(web, base):
    response = web.post(f"{base}steps/bills/", {})
    assert response.status_code == 422 and "请至少添加一张票据" in text_of(response)
    assert web.post(f"{base}steps/bills/", {"leave": "1"}).url == "/claims/"


def test_two_windows_do_not_lose_each_others_bills(web, base, client):
    """The second page was opened before the first bill was saved."""
    web.get(f"{base}bills/new/")
    add_bill(web, base)
    add_bill(web, base, number="0000000002")
    assert len(stored().bills) == 2


def test_a_bill_of_somebody_elses_draft_cannot_be_touched(web, base, key, client):
    file = draft().attachments.first()
    assert file is None
    web.logout()
    for url in ("", "upload/", "lines/", "remove/"):
        assert web.post(f"{base}bills/{key}/{url}").url.startswith("/account/login/")


def test_a_bill_that_another_claim_has_is_told_as_soon_as_it_is_there(web, base, key):
    page = text_of(web.get(f"{base}steps/bills/"))
    assert "已在其他申请中报销" not in page
    factories.submitted_claim(bills=[factories.bill(**BILL)])
    page = text_of(web.get(f"{base}steps/bills/"))
    assert "这张票据已在其他申请中报销" in page  # and not whose it is


def test_of_ones_own_claim_the_number_is_told(web, base, key, holding):
    mine = factories.submitted_claim(holding, bills=[factories.bill(**BILL)])
    assert f"已在办件{mine.number}中申请" in text_of(web.get(f"{base}steps/bills/"))
