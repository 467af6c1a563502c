"""The pages of the finance desk: who sees them, what they hide, one whole way through."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reimbursements.models import PaymentBatch
from residents.models import AccessLog
from tests.casework.desk_helpers import english_words, staff_client, visible_text
from tests.factories import HOHHOT, LINCANG, clerk
from tests.reimbursements.claims.factories import bill, payable_claim
from tests.reimbursements.payments.desk import answer, as_csv, cashier, made, released

pytestmark = pytest.mark.django_db
URL = "/admin/reimbursements/paymentbatch/"
ACCOUNT = "6222020000000000000"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def upload(path):
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_from_claims_to_paid_by_two_people_in_the_browser(tmp_path):
    case = payable_claim()
    maker, second = staff_client(cashier()), staff_client(cashier())
    page = maker.get(f"{URL}make/").content.decode()
    assert case.number in page and ACCOUNT not in page
    batch_url = maker.post(f"{URL}make/", {"case": [case.pk]})["Location"]
    batch = PaymentBatch.objects.get()

    assert "须由另一名财务人员" in maker.get(batch_url).content.decode()
    refused = maker.post(f"{URL}{batch.pk}/release/")
    assert refused.status_code == 422 and "制单人以外" in refused.content.decode()
    second.post(f"{URL}{batch.pk}/release/")
    file = second.post(f"{URL}{batch.pk}/file/", {"format": "csv"})
    assert ACCOUNT in file.content.decode()
    assert "no-store" in file["Cache-Control"] and "private" in file["Cache-Control"]
    assert AccessLog.objects.filter(case_number=batch.number, action="exported").count() == 1

    path = as_csv(tmp_path, answer(case))
    answered = second.post(f"{URL}{batch.pk}/return/", {"file": upload(path)}, follow=True)
    text = visible_text(answered.content.decode())
    assert "已支付 1 笔" in text and "银行已全部回盘" in text
    case.refresh_from_db()
    assert case.status == "paid"


def test_a_bad_answer_shows_each_line_and_changes_nothing(tmp_path):
    case = payable_claim()
    batch = released([case])
    client = staff_client(cashier())
    path = as_csv(tmp_path, answer(case, amount="1.00"), ("1", "2.00", "成功", ""))
    page = client.post(f"{URL}{batch.pk}/return/", {"file": upload(path)})
    text = visible_text(page.content.decode())
    assert page.status_code == 422
    assert "第 2 行：金额 1.00 元" in text and "第 3 行：办件 1 不在这个批次中" in text
    assert "没有导入" in text
    case.refresh_from_db()
    assert case.status == "payable"
    empty = client.post(f"{URL}{batch.pk}/return/")
    assert empty.status_code == 422 and "请选择" in empty.content.decode()


def test_a_list_that_is_refused_keeps_what_was_ticked():
    first, second = payable_claim(), payable_claim()
    client = staff_client(cashier())
    made([first])
    page = client.post(f"{URL}make/", {"case": [first.pk, second.pk]})
    html = page.content.decode()
    assert page.status_code == 422 and "已在另一个支付批次中" in html
    assert f'value="{second.pk}" aria-label="选择 {second.number}" checked' in html


def test_claims_that_wait_for_paper_are_listed_with_the_reason():
    payable_claim(bills=[bill(form="paper")])
    text = visible_text(staff_client(cashier()).get(f"{URL}make/").content.decode())
    assert "没有可以支付的申请" in text and "纸质票据原件没有收到" in text


def test_no_page_shows_a_whole_account_or_name_nor_english():
    case = payable_claim()
    batch = released([case])
    client = staff_client(cashier())
    for path in (URL, f"{URL}make/", f"{URL}{batch.pk}/change/"):
        page = client.get(path).content.decode()
        assert ACCOUNT not in page and "王秀兰" not in page
        assert english_words(page) <= {"CSV", "XLSX", "Excel"} | _words_of(batch), path
    assert "**** 0000" in page and "王*兰" in page


def _words_of(batch) -> set[str]:
    """Letters of the hash that stands on the page."""
    return english_words(batch.file_sha256)


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        ("finance", 200, 302),
        ("supervisor", 200, 403),
        ("auditor", 200, 403),
        ("first", 403, 403),
        ("second", 403, 403),
        ("approval", 403, 403),
        ("sysadmin", 403, 403),
    ],
)
def test_who_sees_and_who_acts(role, sees, acts):
    batch = released()
    client = staff_client(clerk(role, LINCANG))
    assert client.get(URL).status_code == sees
    assert client.get(f"{URL}{batch.pk}/change/").status_code == sees
    for step in ("file", "return", "release", "cancel"):
        assert client.get(f"{URL}{batch.pk}/{step}/").status_code == acts, step
    if acts == 403:
        assert client.get(f"{URL}make/").status_code == 403
        assert client.post(f"{URL}{batch.pk}/cancel/").status_code == 403
    assert AccessLog.objects.filter(action="exported").count() == 0


def test_a_list_of_another_area_is_not_there():
    batch = released()
    client = staff_client(cashier(HOHHOT))
    assert batch.number not in client.get(URL).content.decode()
    for step in ("change", "file", "return", "release", "cancel"):
        assert client.post(f"{URL}{batch.pk}/{step}/").status_code == 404, step


def test_the_way_to_the_lists_is_on_the_queue_of_those_who_see_them():
    for role, there in (("finance", True), ("supervisor", True), ("first", False)):
        page = staff_client(clerk(role, LINCANG)).get("/admin/casework/case/").content.decode()
        assert (f'href="{URL}"' in page) is there, role


def test_the_pages_take_few_queries(django_assert_max_num_queries):
    batch = released([payable_claim() for _ in range(3)])
    client = staff_client(cashier())
    for path in (URL, f"{URL}make/", f"{URL}{batch.pk}/change/"):
        client.get(path)
        with django_assert_max_num_queries(12):
            client.get(path)
