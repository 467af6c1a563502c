"""The queue with two kinds of case: what waits for whom, its counts, its filters."""

import re

import pytest

from casework import desk
from casework.models import Case
from filings.decision.rulebook import shipped
from filings.rules_store import forget_rulebook, load_rulebook
from tests.casework.desk_helpers import QUEUE, queued, staff_client
from tests.factories import HOHHOT, LINCANG, XINCHENG, clerk
from tests.reimbursements.claims.factories import (
    accepted_claim,
    approval_claim,
    corrected_claim,
    payable_claim,
    queued_claim,
    second_claim,
)
from tests.reimbursements.desk.helpers import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(db):
    load_rulebook(shipped())
    yield
    forget_rulebook()


@pytest.fixture
def one_of_each():
    """{stage: case} of 临沧."""
    return {
        "intake": queued_claim(),
        "first_review": accepted_claim(),
        "second_review": second_claim(),
        "approval": approval_claim(),
        "payable": payable_claim(),
        "correction": corrected_claim(),
    }


def counts(page: str) -> list[int]:
    """待我处理, 待领取, 补正中."""
    return [int(number) for number in re.findall(r'desk-count">(\d+)<', page)]


def listed(page: str) -> set[str]:
    """The numbers of the cases in the table."""
    return set(re.findall(r'desk-row-link"[^>]*>(\d+)<', page))


WAITS = {
    "first": {"intake", "first_review"},
    "second": {"second_review"},
    "approval": {"approval"},
    "finance": {"payable"},
    "supervisor": {"intake", "first_review", "second_review", "approval"},
    "auditor": {"intake", "first_review", "second_review", "approval", "payable"},
}


def test_each_role_sees_and_counts_what_waits_for_it(one_of_each):
    for role, stages in WAITS.items():
        page = desk_of(role)[1].get(QUEUE, {"tab": "waiting"}).content.decode()
        assert listed(page) == {one_of_each[stage].number for stage in stages}, role
        assert counts(page) == [0, len(stages), 1], role


def test_the_next_case_is_one_that_the_role_works_on(one_of_each):
    user, client = desk_of("finance")
    answer = client.post(f"{QUEUE}next/")
    assert answer.url == f"{QUEUE}{one_of_each['payable'].pk}/change/"
    page = client.get(QUEUE, {"tab": "mine"}).content.decode()
    assert listed(page) == {one_of_each["payable"].number} and counts(page) == [1, 0, 1]
    assert desk.take_next(user) is None


def test_many_cases_of_other_stages_do_not_hide_the_own_one():
    for _ in range(3):
        accepted_claim()
    Case.objects.update(due_at="2026-11-01T00:00:00+08:00")
    waiting = second_claim()
    assert desk.take_next(clerk("second", LINCANG)).pk == waiting.pk


def test_a_claim_shows_its_kind_its_topic_and_its_stage(one_of_each):
    page = desk_of("first")[1].get(QUEUE, {"tab": "waiting"}).content.decode()
    assert "手工报销 · 住院" in page and "初审中" in page and "待受理" in page


def test_the_queue_is_filtered_by_kind(rules):
    filing = queued()
    claim = queued_claim()
    Case.objects.filter(pk=claim.pk).update(city=HOHHOT, county=XINCHENG)
    client = staff_client(clerk("first", HOHHOT))
    both = client.get(QUEUE, {"tab": "waiting"}).content.decode()
    assert listed(both) == {filing.number, claim.number}
    for kind, case, states in (("filing", filing, "审核中"), ("claim", claim, "初审中")):
        page = client.get(QUEUE, {"tab": "waiting", "kind": kind}).content.decode()
        assert listed(page) == {case.number}
        choices = page.split('name="status"')[1].split("</select>")[0]
        assert states in choices and ("初审中" in choices) == (kind == "claim")


def test_a_word_that_two_kinds_use_differently_is_listed_with_both(rules):
    page = desk_of("first")[1].get(QUEUE).content.decode()
    choices = page.split('name="status"')[1].split("</select>")[0]
    assert choices.count('value="submitted"') == 1
    assert "已提交，自动审核中 / 已提交，自动核对中" in choices


def test_a_case_is_handed_only_to_those_who_work_on_its_stage(one_of_each):
    names = {role: clerk(role, LINCANG).pk for role in ("first", "second", "approval", "finance")}
    client = desk_of("supervisor")[1]
    for stage, role in (("second_review", "second"), ("payable", "finance")):
        page = client.get(f"{QUEUE}{one_of_each[stage].pk}/change/").content.decode()
        offered = page.split('name="data-assignee"')[1].split("</select>")[0]
        for other, pk in names.items():
            assert (f'value="{pk}"' in offered) == (other == role)


def test_claims_are_taken_and_released_in_bulk_with_a_result_each(one_of_each):
    client = desk_of("first")[1]
    cases = [one_of_each["intake"], one_of_each["second_review"]]
    ticked = [f"{case.pk}:{case.version}" for case in cases]
    page = client.post(f"{QUEUE}bulk/", {"bulk": "take", "pk": ticked}).content.decode()
    assert "完成 1 件" in page and "这个环节由" in page


def test_the_queue_costs_the_same_with_two_kinds(one_of_each, django_assert_max_num_queries):
    client = desk_of("supervisor")[1]
    client.get(QUEUE)
    with django_assert_max_num_queries(8):
        client.get(QUEUE, {"tab": "all"})
