"""Every change of a claim that a resident is told of is told, can be read, and leads to it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.actors import Actor
from casework.models import Notice
from reimbursements.notice_texts import NOTICES
from reimbursements.workflow import WORKFLOW
from tests.reimbursements.after.looking import (
    STATES,
    lapsed_claim,
    own,
    proxy_of,
    resident_of,
    text_of,
    url,
)
from tests.reimbursements.after.test_acts import PAYEE
from tests.reimbursements.claims.factories import (
    act,
    bill,
    corrected_claim,
    failed_claim,
    paid_claim,
    queued_claim,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def recovered():
    case = STATES["reversed"]()
    due = case.claim.payments.get(state="due")
    data = {"recovery": due.pk, "amount": -due.amount_fen, "day": timezone.localdate().isoformat()}
    return act(case, "recover", staff("finance"), data={**data, "how": "cash", "receipt": "R1"})


def resubmitted():
    case = corrected_claim("field:diagnosis")
    return act(case, "resubmit", resident_of(case))


def appealed():
    case = paid_claim()
    return act(case, "appeal", resident_of(case), note="请再看")


def account_given():
    case = failed_claim()
    return act(case, "give_account", resident_of(case), data=PAYEE)


# The notice of each change -> a claim to which it has just happened.
AFTER = {
    "claim_received": queued_claim,
    "claim_accepted": STATES["first_review"],
    "claim_not_accepted": STATES["not_accepted"],
    "claim_correction": corrected_claim,
    "claim_resubmitted": resubmitted,
    "claim_withdrawn": STATES["withdrawn"],
    "claim_approved": STATES["payable"],
    "claim_rejected": STATES["rejected"],
    "claim_appealed": appealed,
    "claim_paid": paid_claim,
    "claim_payment_failed": failed_claim,
    "claim_account_given": account_given,
    "claim_reversed": STATES["reversed"],
    "claim_recovered": recovered,
}
# Told elsewhere in this file, or not by the table: to staff.
BESIDES = {"claim_lapsed", "claim_closed"}


def test_every_notice_of_the_table_is_looked_at_here():
    told = {row.notice for row in WORKFLOW.transitions if row.notice}
    assert told == {*AFTER, *BESIDES}
    assert told <= set(NOTICES)


def is_told(client, case, template):
    notices = Notice.objects.filter(case=case, template=template, recipient=case.account)
    assert set(notices.values_list("channel", flat=True)) >= {"in_site", "sms"}
    text = notices.filter(channel="in_site").get().text
    assert case.number in text and url(case) in text and "咨询：" in text
    assert not re.search(r"[{}]|None|王秀兰|6222020000000000000|[a-z]{3,}_", text), text
    assert "（）" not in text and "，，" not in text and "。。" not in text
    response = own(client, case).get(reverse("casework:messages"))
    words = text_of(response)
    assert case.number in words and url(case) in response.content.decode()
    assert client.get(url(case)).status_code == 200


@pytest.mark.parametrize("template", AFTER)
def test_a_change_is_told_to_the_resident_with_the_way_to_the_claim(client, template):
    is_told(client, AFTER[template](), template)


def test_that_a_correction_came_too_late_is_told(client, now):
    is_told(client, lapsed_claim(now), "claim_lapsed")


def test_that_nothing_is_to_be_paid_is_told(client):
    """500 yuan are below the deductible of 1,000."""
    case = STATES["payable"](None, [bill("500.00")])
    case = act(case, "close", staff("finance"))
    is_told(client, case, "claim_closed")
    assert "没有需要支付的金额" in text_of(client.get(url(case)))


def test_the_person_is_told_when_a_proxy_acts(client):
    """Both the account that claims and the person's own."""
    case = queued_claim()
    other = proxy_of(case)
    act(case, "withdraw", Actor.resident(other.account))
    told = Notice.objects.filter(case=case, template="claim_withdrawn", channel="in_site")
    assert case.account_id in set(told.values_list("recipient_id", flat=True))


def test_a_failed_payment_says_on_the_record_why(client):
    case = failed_claim(why="账户已销户")
    assert "账户已销户" in text_of(own(client, case).get(url(case)))
