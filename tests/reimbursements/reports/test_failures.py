"""The summary of what failed: who is told, of what, once a day; papers that do not come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework import tasks as house
from casework.actors import Actor
from casework.failures import SOURCES
from casework.models import Attachment, JobRun, Notice
from config.beat import SCHEDULE
from reimbursements import tasks
from reimbursements.failures import register_failures
from reimbursements.models import BillScan
from reimbursements.service import submit_claim
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.factories import HOHHOT, LINCANG, add_document, clerk
from tests.reimbursements.claims.factories import (
    accepted_claim,
    bill,
    draft_claim,
    failed_claim,
    queued_claim,
)
from tests.reimbursements.desk.helpers import desk_of
from tests.reimbursements.payments.desk import released

pytestmark = pytest.mark.django_db
MESSAGES = f"{QUEUE}messages/"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def summary_of(user) -> str:
    rows = Notice.objects.filter(recipient=user, template="staff_failures").order_by("pk")
    return rows.last().text if rows else ""


def test_a_job_of_claims_that_fails_is_read_next_morning(monkeypatch):
    def broken(*args):
        raise RuntimeError("the bank's list cannot be read")

    _, head = desk_of("supervisor")
    _, keeper = desk_of("sysadmin")
    released()
    monkeypatch.setattr("reimbursements.jobs.payments._tell", broken)
    with pytest.raises(RuntimeError):
        tasks.follow_payments()
    house.tell_failures()
    for client in (head, keeper):
        assert "“支付跟进”1 次没有完成" in client.get(MESSAGES).content.decode()


def test_nobody_is_told_where_nothing_failed():
    clerk("supervisor", LINCANG)
    queued_claim()
    house.tell_failures()
    assert not Notice.objects.filter(template="staff_failures").exists()


def test_what_failed_is_told_once_and_the_next_day_begins_where_the_last_ended(now):
    head = clerk("supervisor", LINCANG)
    at = timezone.now()
    JobRun.objects.create(
        name="reimbursements.reports", started_at=at, ended_at=at, state=JobRun.State.LOST
    )
    for _ in range(2):
        house.tell_failures()
    assert "“报销统计”1 次" in summary_of(head)
    now.shift(timedelta(days=1))
    house.tell_failures()
    assert Notice.objects.filter(recipient=head, template="staff_failures").count() == 1


def test_files_of_bills_that_were_never_read_are_told(now):
    head, far = clerk("supervisor", LINCANG), clerk("supervisor", HOHHOT)
    case = draft_claim()
    add_document(case, "bill")
    submit_claim(case, Actor.resident(case.account))
    house.tell_failures()
    assert summary_of(head) == ""
    now.shift(timedelta(days=1))
    house.tell_failures()
    assert "个票据文件没有识别完成" in summary_of(head) and summary_of(far) == ""
    for file in Attachment.objects.filter(document="bill"):
        BillScan.objects.create(attachment=file)
    now.shift(timedelta(days=1))
    house.tell_failures()
    assert head.notices.filter(template="staff_failures").count() == 1


def test_messages_that_could_not_be_delivered_are_told_in_their_area():
    head, far = clerk("supervisor", LINCANG), clerk("supervisor", HOHHOT)
    case = queued_claim()
    sms = Notice.objects.filter(case=case, channel="sms")
    sms.update(state="failed")
    house.tell_failures()
    assert f"{sms.count()} 条短信没有送达" in summary_of(head) and summary_of(far) == ""


def test_money_that_came_back_and_lists_without_an_answer_are_told(now):
    head = clerk("supervisor", LINCANG)
    failed_claim()
    released()
    now.shift(timedelta(hours=1))
    house.tell_failures()
    assert "银行退回 1 笔支付" in summary_of(head) and "回盘" not in summary_of(head)
    now.shift(timedelta(days=4))
    house.tell_failures()
    assert "1 个支付批次发出满三天" in summary_of(head) and "退回" not in summary_of(head)


def test_drafts_belong_to_no_area_and_are_told_to_who_keeps_the_system(now):
    head, keeper = clerk("supervisor", HOHHOT), clerk("sysadmin", HOHHOT)
    add_document(draft_claim(), "bill")
    now.shift(timedelta(days=1))
    house.tell_failures()
    assert summary_of(head) == "" and "没有识别完成" in summary_of(keeper)


def test_the_summary_is_wound_and_claims_are_in_it_once():
    assert SCHEDULE["failures"]["task"] == "casework.tasks.tell_failures"
    before = len(SOURCES)
    register_failures()
    assert len(SOURCES) == before >= 4


# --- papers that do not come, lists that are not answered -----------------------------------


def test_with_the_last_reminder_of_papers_the_supervisor_is_told_with_the_case(now):
    user = clerk("supervisor", LINCANG)
    case = accepted_claim(bills=[bill(form="paper")])
    now.shift(timedelta(days=8))
    tasks.remind_papers()
    assert not user.notices.exists()
    now.shift(timedelta(days=14))
    case.refresh_from_db()
    type(case).objects.filter(pk=case.pk).update(assignee=None)
    for _ in range(2):
        tasks.remind_papers()
    assert user.notices.filter(template="staff_papers_late").count() == 1
    page = staff_client(user).get(MESSAGES).content.decode()
    assert "原件没有收到" in page and f"{QUEUE}{case.pk}/change/" in page


def test_a_list_without_an_answer_leads_to_the_list(now):
    user = clerk("finance", LINCANG)
    batch = released()
    now.shift(timedelta(days=4))
    tasks.follow_payments()
    page = staff_client(user).get(MESSAGES).content.decode()
    assert f"/admin/reimbursements/paymentbatch/{batch.pk}/change/" in page
