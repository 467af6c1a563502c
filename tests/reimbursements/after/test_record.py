"""The record of a claim: who sees it, what it says in each state, the bills and the money."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import DailyStat
from reimbursements.models import Settlement
from reimbursements.pages.after_words import HEADS
from reimbursements.service import decide_bill
from reimbursements.states import STATES as WORDS
from tests.caches import forget_all
from tests.facilities.factories import AgencyFactory
from tests.factories import LINCANG, LINXIANG
from tests.reimbursements.after.looking import (
    STATES,
    enter,
    lapsed_claim,
    own,
    proxy_of,
    resident_of,
    stranger,
    text_of,
    url,
)
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    bill,
    bills_of,
    claim_of,
    corrected_claim,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
)

pytestmark = pytest.mark.django_db
FRAMES = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture(autouse=True)
def now(monday):
    return monday


@pytest.mark.parametrize("status", STATES)
def test_each_state_is_said_in_words_to_the_owner_and_to_nobody_else(client, status):
    case = STATES[status]()
    assert case.status == status
    page = text_of(own(client, case).get(url(case)))
    title = {"paid": "已支付"}.get(status, HEADS[status][0])
    assert WORDS[status] in page and title in page and case.number in page
    assert "参保地" in page and "办理经过" in page and "提交申请" in page
    assert stranger(client).get(url(case)).status_code == 404


@pytest.mark.parametrize("status", ["intake", "correction", "paid", "payment_failed"])
def test_another_account_that_is_proven_for_the_person_sees_the_claim(client, status):
    case = STATES[status]()
    web = enter(client, proxy_of(case))
    page = web.get(url(case))
    assert page.status_code == 200 and "王*兰" in text_of(page)
    assert "6222020000000000000" not in page.content.decode()


def test_an_account_that_has_proven_nothing_sees_no_claim_of_the_person(client):
    case = queued_claim()
    holding = proxy_of(case)
    holding.standing = "pending"
    holding.save()
    assert enter(client, holding).get(url(case)).status_code == 404


def test_staff_read_claims_at_their_desk_and_not_here(client):
    case = queued_claim()
    client.force_login(staff().user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(url(case)).status_code in (302, 403, 404)


def test_a_claim_that_was_not_corrected_in_time_says_that_it_is_no_refusal(client, now):
    case = lapsed_claim(now)
    page = text_of(own(client, case).get(url(case)))
    assert "这不是不予报销" in page and "按这次的内容重新申请" in page


def test_who_acts_next_and_by_when_stands_on_top(client):
    page = text_of(own(client, case := queued_claim()).get(url(case)))
    assert "经办人员（受理）" in page and "最晚2026年11月" in page
    page = text_of(own(client, case := accepted_claim()).get(url(case)))
    assert "经办人员（初审）" in page and "最晚2026年12月" in page
    page = text_of(own(client, case := corrected_claim()).get(url(case)))
    assert "谁来办您：" in page and "最晚2026年12月3日" in page and "去补正" in page


def test_how_long_it_usually_takes_is_said_once_there_are_enough_cases(client):
    case = queued_claim()
    assert "一半在" not in text_of(own(client, case).get(url(case)))
    case = accepted_claim()
    DailyStat.objects.create(
        day="2026-11-20", kind="claim", city=LINCANG, county=LINXIANG, measure="took_1d", count=40
    )
    forget_all()
    assert "一半在" in text_of(own(client, case).get(url(case)))


def test_what_was_cut_and_why_is_told_with_the_decision_and_not_before(client):
    clerk = staff()
    case = accepted_claim(bills=[bill("20000.00"), bill("3000.00")], actor=clerk)
    first, second = bills_of(case)
    case = decide_bill(case, first, clerk, "accepted")
    case = decide_bill(
        case, second, clerk, "cut", 100_000, "other", note="第二页的护工费不在范围内"
    )
    page = text_of(own(client, case).get(url(case)))
    assert "核减" not in page.replace("核减的写明理由", "") and "护工费" not in page
    case = act(case, "pass_first", clerk)
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    page = text_of(own(client, case).get(url(case)))
    assert "全部认可" in page and "认可2,000.00元，核减1,000.00元" in page
    assert "核减理由：第二页的护工费不在范围内" in page


def test_the_settlement_is_shown_as_a_bar_with_every_row_and_its_rule(client):
    case = payable_claim()
    response = own(client, case).get(url(case))
    page, row = text_of(response), Settlement.objects.get()
    assert "基本医保统筹基金7,600.00元" in page and "大病保险2,640.00元" in page
    assert row.paid_fen == 1_024_000 and "个人负担9,760.00元" in page
    assert "本申请报销10,240.00元" in page and "应支付10,240.00元" in page
    assert 'class="stacked"' in response.content.decode()
    for step in row.output["rows"]:
        if step["code"] != "policy_mark":
            assert "".join(step["text"].split()) in page
    assert "演示用的示例政策" in page and "示例数字" in page
    assert "参保地的药品、诊疗项目和医疗服务设施目录" in page
    assert "手工报销结算单" in page


def test_what_was_paid_and_what_is_to_be_given_back_is_listed(client):
    case = paid_claim()
    page = text_of(own(client, case).get(url(case)))
    assert "已支付，账号尾号0000" in page and "10,240.00元" in page and "申请复核" in page
    case = act(case, "reverse", staff("supervisor"), **WHY)
    page = text_of(client.get(url(case)))
    assert "待追回" in page and "-10,240.00元" in page and "怎样算出来的" not in page


def test_a_late_bill_shows_what_was_settled_before(client):
    holding = insured()
    first = paid_claim(holding, [bill("20000.00")])
    late = payable_claim(holding, [bill("5000.00")])
    page = text_of(own(client, late).get(url(late)))
    assert "减：这次就医此前已结算-10,240.00" in page
    assert claim_of(late).payable_fen > 0
    page = text_of(client.get(url(first)))
    assert late.number in page and "已重新结算" in page


def test_where_the_paper_goes_and_whether_it_came(client):
    AgencyFactory(place=LINXIANG, address="临翔区示例路 1 号")
    case = accepted_claim(bills=[bill(form="paper", check_code="")])
    page = text_of(own(client, case).get(url(case)))
    assert "还有1张没有收到" in page and "临翔区示例路1号" in page and "待收原件" in page
    row = bills_of(case)[0]
    case = act(case, "note_paper", staff(), data={"bill": row.pk, "state": "received"})
    page = text_of(client.get(url(case)))
    assert "1张原件都已收到" in page and "已收原件" in page and "示例路" in page


def test_while_an_appeal_runs_the_old_settlement_stays_and_says_so(client):
    case = paid_claim()
    case = act(case, "appeal", resident_of(case), note="核减有误")
    page = text_of(own(client, case).get(url(case)))
    assert "复核中" in page and "下面是原来的结算" in page and "核减有误" in page
    assert "复核中的办件不能撤回" in page


# What the record asks of the database the second time it is looked at.
QUERIES = {"intake": 7, "payable": 10, "correction": 11}


@pytest.mark.parametrize("status", QUERIES)
def test_the_record_asks_the_database_so_often(client, status):
    case = STATES[status]()
    web = own(client, case)
    web.get(url(case))
    with CaptureQueriesContext(connection) as caught:
        web.get(url(case))
    asked = [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(FRAMES)]
    assert len(asked) == QUERIES[status], "\n".join(asked)
