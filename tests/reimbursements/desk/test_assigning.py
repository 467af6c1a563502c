"""Handing a claim on: only to somebody who may act on it now, and why not to somebody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework import desk
from casework.actors import Actor
from casework.errors import NotAllowed
from casework.having import refusals
from casework.models import Case
from reimbursements.delegating import delegate
from tests.casework.desk_helpers import QUEUE, staff_client, visible_text
from tests.factories import HOHHOT, LINCANG, LINXIANG, StaffProfileFactory, clerk
from tests.reimbursements.claims.factories import (
    act,
    decided_claim,
    insured,
    queued_claim,
    second_claim,
    staff,
)

pytestmark = pytest.mark.django_db
PAPER = "临翔医保〔2026〕示例号"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


@pytest.fixture
def head():
    """The supervisor of 临翔, by whom the county has a desk of its own."""
    return clerk("supervisor", LINXIANG, user__name="临翔主管")


def give_to_the_city(head, stage: str):
    return delegate(head, stage, timezone.localdate(), None, PAPER, timezone.now())


def assign(case, by, to):
    return act(case, "assign", Actor.staff(by), data={"assignee": to.pk})


def test_a_delegated_stage_is_not_assigned_to_the_county(head):
    case = queued_claim()
    own = clerk("first", LINXIANG, user__name="王县办")
    give_to_the_city(head, "intake")
    with pytest.raises(NotAllowed, match=f"不能分派给王县办：受理环节已委托市级办理（{PAPER}）"):
        assign(case, head, own)
    city = clerk("first", LINCANG)
    case = assign(case, clerk("supervisor", LINCANG), city)
    assert act(case, "accept", Actor.staff(city)).status == "first_review"


def test_a_stage_of_a_county_with_its_own_desk_is_not_assigned_to_the_city(head):
    case, city = queued_claim(), clerk("first", LINCANG)
    with pytest.raises(NotAllowed, match="自行办理"):
        assign(case, clerk("supervisor", LINCANG), city)
    assert assign(case, head, clerk("first", LINXIANG)).assignee_id


def test_a_stage_is_not_assigned_to_who_did_another(head):
    two = clerk("supervisor", LINXIANG, user__name="李二")
    case = act(decided_claim(actor=Actor.staff(two)), "pass_first", Actor.staff(two))
    with pytest.raises(NotAllowed, match=r"李二.*不同的人员办理，办理过其他环节的"):
        assign(case, head, two)


def test_what_keeps_somebody_from_a_case_is_not_said_as_if_to_the_reader():
    case, holder = queued_claim(), clerk("first", LINCANG)
    case = assign(case, clerk("supervisor", LINCANG), holder)
    others = [clerk("finance", LINCANG), clerk("first", HOHHOT), holder]
    people = [user.staff_profile for user in others]
    said = [why for _, why in refusals(case, people, timezone.now())]
    assert all(said) and not any("您" in why for why in said), said


def test_who_entered_a_claim_at_the_counter_is_not_assigned_to_it():
    case, writer = queued_claim(), clerk("first", LINCANG)
    Case.objects.filter(pk=case.pk).update(created_by=writer)
    with pytest.raises(NotAllowed, match="代录这件申请的人员"):
        assign(case, clerk("supervisor", LINCANG), writer)


def test_a_claim_is_not_assigned_to_the_person_it_is_about():
    holding = insured()
    own = StaffProfileFactory(role="first", id_number=holding.person.id_number).user
    with pytest.raises(NotAllowed, match="本人"):
        assign(queued_claim(holding), clerk("supervisor", LINCANG), own)


def test_a_claim_that_somebody_has_is_handed_on_and_not_twice_to_the_same():
    boss, one, two = clerk("supervisor", LINCANG), clerk(area=LINCANG), clerk(area=LINCANG)
    case = assign(assign(queued_claim(), boss, one), boss, two)
    assert case.assignee_id == two.pk
    with pytest.raises(NotAllowed, match="已经领取了这件办件"):
        assign(case, boss, two)


def test_whoever_is_offered_may_take_and_whoever_may_not_is_named_with_the_reason(head):
    case = second_claim(actor=staff("first", LINXIANG))
    may = clerk("second", LINXIANG, user__name="可办人")
    clerk("first", LINXIANG, user__name="初审人")
    page = staff_client(head).get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert f'<option value="{may.pk}">可办人' in page
    assert ">初审人</option>" not in page
    assert "这个环节由" in visible_text(page) and "初审人" in visible_text(page)
    give_to_the_city(head, "second_review")
    page = staff_client(head).get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert f'<option value="{may.pk}">' not in page
    assert "复审环节已委托市级办理" in visible_text(page)


def test_many_at_once_are_each_told_why_not(head):
    own = clerk("first", LINXIANG, user__name="王县办")
    case = queued_claim()
    give_to_the_city(head, "intake")
    data = {"bulk": "assign", "assignee": own.pk, "pk": [f"{case.pk}:{case.version}"]}
    page = visible_text(staff_client(head).post(f"{QUEUE}bulk/", data).content.decode())
    assert "不能分派给王县办" in page and "已委托市级办理" in page
    case.refresh_from_db()
    assert case.assignee_id is None


def test_the_next_one_is_found_behind_any_number_that_the_clerk_may_not_take(head):
    """A supervisor who entered many claims at the counter still gets the first they may take."""
    entered = [queued_claim() for _ in range(desk.AT_ONCE + 1)]
    last = queued_claim()
    ids = [case.pk for case in entered]
    Case.objects.filter(pk__in=ids).update(created_by=head)
    Case.objects.filter(pk=last.pk).update(due_at=timezone.now() + timedelta(days=90))
    assert desk.take_next(head).pk == last.pk
    assert desk.take_next(head) is None
