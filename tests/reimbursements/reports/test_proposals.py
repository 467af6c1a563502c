"""A policy published after the settlement: what staff see of it, and what they may say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.models import Case
from reimbursements import tasks
from reimbursements.models import Claim, Proposal, Settlement
from reimbursements.proposals import CODE
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.factories import HOHHOT, clerk
from tests.reimbursements.claims.factories import WHY, act, paid_claim, payable_claim, staff
from tests.reimbursements.desk.helpers import desk_of, page_of
from tests.reimbursements.jobs.test_jobs import cheaper, publish

pytestmark = pytest.mark.django_db
LIST = f"{QUEUE}claim-proposals/"
MESSAGES = f"{QUEUE}messages/"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


@pytest.fixture
def paid(now) -> Case:
    """A paid claim for which 80 yuan more would be due under a policy published since."""
    case = paid_claim()
    now.shift(timedelta(days=1))
    publish(cheaper())
    tasks.propose_recomputed()
    return case


def proposal() -> Proposal:
    return Proposal.objects.get()


def test_the_case_page_shows_both_figures_by_fund_and_what_may_be_done(paid):
    _, head = desk_of("supervisor")
    page = page_of(head, paid)
    row = Settlement.objects.get()
    assert "政策变动，重算不同" in page and "+80.00" in page and "原结算少付" in page
    assert f"{row.funds['basic'] / 100:,.2f}" in page and "申请复核" in page
    assert page.count("系统没有改动结算") == 1
    assert f"{LIST}{proposal().pk}/" in page


def test_the_case_page_stays_within_its_queries(paid):
    _, head = desk_of("supervisor")
    page_of(head, paid)
    with CaptureQueriesContext(connection) as counted:
        page_of(head, paid)
    assert len(counted) <= 16


@pytest.mark.parametrize("role", ["supervisor", "auditor", "finance"])
def test_the_list_is_found_from_the_queue_and_leads_to_the_case(paid, role):
    _, client = desk_of(role)
    assert LIST in client.get(QUEUE).content.decode()
    page = client.get(LIST).content.decode()
    assert paid.number in page and f"{QUEUE}{paid.pk}/change/" in page and "+80.00" in page
    assert client.get(f"{LIST}{proposal().pk}/").status_code == 200


def test_the_list_costs_the_same_for_many_as_for_one(now):
    _, client = desk_of("supervisor")
    paid_claim()
    publish(cheaper())
    tasks.propose_recomputed()
    client.get(LIST)
    with CaptureQueriesContext(connection) as counted:
        client.get(LIST)
    assert len(counted) <= 8


@pytest.mark.parametrize("role", ["first", "second", "approval"])
def test_reviewers_do_not_see_the_list(role):
    _, client = desk_of(role)
    assert client.get(LIST).status_code == 403


def test_another_city_sees_none_and_opens_none(paid):
    other = staff_client(clerk("supervisor", HOHHOT))
    assert paid.number not in other.get(LIST).content.decode()
    address = f"{LIST}{proposal().pk}/"
    assert other.get(address).status_code == 404
    other.post(address, {"note": "不归我管的办件"})
    assert proposal().state == "open"


def test_a_supervisor_says_why_nothing_is_put_right(paid):
    user, head = desk_of("supervisor")
    address = f"{LIST}{proposal().pk}/"
    refused = head.post(address, {"note": "好"})
    assert refused.status_code == 422 and "请写明为什么不更正" in refused.content.decode()
    before = list(Settlement.objects.values())
    head.post(address, {"note": "新政策自发布起执行"})
    found = proposal()
    assert (found.state, found.decided_by, found.note) == ("kept", user, "新政策自发布起执行")
    assert CODE not in str(Claim.objects.get(pk=paid.pk).findings)
    assert list(Settlement.objects.values()) == before
    assert "新政策自发布起执行" in head.get(LIST).content.decode()
    again = head.post(address, {"note": "再说一次不更正"}, follow=True)
    assert "已经处理" in again.content.decode()


def test_finance_and_auditors_decide_nothing(paid):
    for role in ("finance", "auditor"):
        _, client = desk_of(role)
        answer = client.post(f"{LIST}{proposal().pk}/", {"note": "新政策自发布起执行"})
        assert answer.status_code == 422 and "由主管核实" in answer.content.decode()
    assert proposal().state == "open"


def test_what_was_decided_stays_decided_until_the_figure_changes(paid, now):
    _, head = desk_of("supervisor")
    head.post(f"{LIST}{proposal().pk}/", {"note": "新政策自发布起执行"})
    tasks.propose_recomputed()
    assert proposal().state == "kept"
    now.shift(timedelta(days=1))
    publish(cheaper().replace("amount: 500.00", "amount: 400.00").replace("示例二", "示例三"))
    tasks.propose_recomputed()
    assert proposal().state == "open" and proposal().difference_fen > 8_000


def test_a_settlement_that_was_replaced_is_nothing_to_look_into(paid):
    act(Case.objects.get(pk=paid.pk), "reverse", staff("supervisor"), **WHY)
    _, head = desk_of("supervisor")
    assert paid.number not in head.get(LIST).content.decode()
    assert "重算不同" not in page_of(head, paid)


def test_an_unpaid_claim_is_told_to_be_reversed_first(now):
    case = payable_claim()
    now.shift(timedelta(days=1))
    publish(cheaper())
    tasks.propose_recomputed()
    _, head = desk_of("supervisor")
    assert "还没有支付" in page_of(head, case)


def test_the_supervisor_is_told_and_the_message_leads_to_the_list(now):
    user, head = desk_of("supervisor")
    paid_claim()
    publish(cheaper())
    tasks.propose_recomputed()
    page = head.get(MESSAGES).content.decode()
    assert "金额会不同" in page and f'href="{LIST}"' in page and "1 条未读" in page
    head.post(MESSAGES)
    assert "未读" not in head.get(MESSAGES).content.decode()
    assert timezone.now() == user.notices.get().read_at
    assert MESSAGES in head.get(QUEUE).content.decode()


def test_messages_are_ones_own(paid):
    _, other = desk_of("first")
    assert "没有消息" in other.get(MESSAGES).content.decode()
