"""支付未成功: what the bank sent back is found by the finance desk, with what to do about it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from casework.actors import Actor
from casework.models import Case
from reimbursements.payments import failed_claims, waiting
from tests.casework.desk_helpers import english_words, staff_client, visible_text
from tests.factories import HOHHOT, LINCANG, clerk
from tests.reimbursements.claims.factories import act, failed_claim, paid_claim, payable_claim
from tests.reimbursements.payments.desk import cashier, released

pytestmark = pytest.mark.django_db
URL = "/admin/reimbursements/paymentbatch/failed/"
ACCOUNT = "6222020000000000000"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def page_of(client) -> str:
    return " ".join(visible_text(client.get(URL).content.decode()).split())


def test_the_desk_finds_what_the_bank_sent_back_and_why():
    case = failed_claim(why="户名与账号不符")
    paid_claim()
    client = staff_client(cashier())
    html = client.get(URL).content.decode()
    page = page_of(client)
    assert case.number in page and "户名与账号不符" in page and "今天退回" in page
    assert "**** 0000" in page and ACCOUNT not in html and "王秀兰" not in html
    assert english_words(html) <= set()


def test_after_some_days_the_desk_is_to_call_the_resident():
    failed_claim()
    client, later = cashier(), timezone.now() + timedelta(days=3)
    assert not failed_claims(client)[0].is_to_be_called
    with time_machine.travel(later, tick=False):
        assert failed_claims(client)[0].days == 3
        assert "已等 3 天，请电话联系" in page_of(staff_client(client))


def test_an_account_that_is_right_is_paid_again_from_the_page():
    case = failed_claim()
    client = staff_client(cashier())
    client.post(f"{URL}{case.pk}/retry/", {"version": case.version})
    case.refresh_from_db()
    assert case.status == "payable" and "没有支付未成功的申请" in page_of(client)
    assert released([case]).count == 1


@pytest.mark.parametrize("version", ["0", "", "x"])
def test_a_page_that_has_grown_old_changes_nothing(version):
    case = failed_claim()
    client = staff_client(cashier())
    page = client.post(f"{URL}{case.pk}/retry/", {"version": version}, follow=True)
    assert "不是最新内容" in page.content.decode()
    assert Case.objects.get(pk=case.pk).status == "payment_failed"


def test_one_whose_account_was_corrected_is_there_no_more():
    case = failed_claim()
    account = {
        "bank_holder": "王秀兰",
        "bank_number": "6222020000000000018",
        "bank_name": "示例银行",
        "bank_relation": "self",
    }
    act(case, "give_account", Actor.resident(case.account), data=account)
    assert failed_claims(cashier()) == []


def test_another_area_sees_and_changes_nothing():
    case = failed_claim()
    client = staff_client(cashier(HOHHOT))
    assert case.number not in page_of(client)
    page = client.post(f"{URL}{case.pk}/retry/", {"version": case.version}, follow=True)
    assert "不在您的经办范围内" in page.content.decode()
    assert Case.objects.get(pk=case.pk).status == "payment_failed"


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [("finance", 200, 302), ("supervisor", 200, 403), ("auditor", 200, 403), ("first", 403, 403)],
)
def test_who_sees_and_who_acts(role, sees, acts):
    case = failed_claim()
    client = staff_client(clerk(role, LINCANG))
    assert client.get(URL).status_code == sees
    assert client.post(f"{URL}{case.pk}/retry/").status_code == acts


def test_the_tabs_count_what_waits_for_the_desk():
    failed_claim(), payable_claim()
    released([payable_claim()])
    assert waiting(cashier()) == waiting(clerk("supervisor", LINCANG))
    counts = waiting(cashier())
    assert (counts.payable, counts.failed, counts.due) == (1, 1, 0)


def test_the_page_costs_the_same_for_many_as_for_one(django_assert_max_num_queries):
    for _ in range(3):
        failed_claim()
    client = staff_client(cashier())
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)
