"""A county delegates a stage to its city: dated, logged, and three different people it stays."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import desk
from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case, CaseEvent
from casework.perform import available
from reimbursements import kind
from reimbursements.delegating import delegate, delegations_visible_to, end_delegation
from reimbursements.models import StageDelegation
from residents.models import User
from tests.casework.desk_helpers import QUEUE, english_words, staff_client, visible_text
from tests.factories import HOHHOT, LINCANG, LINXIANG, clerk
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    approval_claim,
    decided_claim,
    queued_claim,
    second_claim,
    staff,
)

pytestmark = pytest.mark.django_db
URL = "/admin/reimbursements/stagedelegation/"
TODAY = date(2026, 11, 23)
PAPER = "临翔医保〔2026〕示例号"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


@pytest.fixture
def head():
    """The supervisor of 临翔, by whom the county has a desk of its own."""
    return clerk("supervisor", LINXIANG)


def given(head, stage: str, from_day: date = TODAY, to_day: date | None = None):
    return delegate(head, stage, from_day, to_day, PAPER, timezone.now())


def anew(user) -> User:
    """The user as the next request loads them."""
    return User.objects.get(pk=user.pk)


def waiting(user) -> set[int]:
    return set(desk.waiting_cases(anew(user)).values_list("pk", flat=True))


# --- who does a stage ----------------------------------------------------------------------


def test_a_county_without_a_desk_of_its_own_is_worked_by_its_city():
    case = queued_claim()
    city, county = clerk("first", LINCANG), clerk("first", LINXIANG)
    assert waiting(city) == waiting(county) == {case.pk}
    assert act(case, "take", Actor.staff(city)).assignee_id == city.pk


def test_a_county_with_a_desk_of_its_own_is_left_to_it(head):
    case = queued_claim()
    city, county = clerk("first", LINCANG), clerk("first", LINXIANG)
    assert (waiting(city), waiting(county)) == (set(), {case.pk})
    for name in ("take", "accept"):
        with pytest.raises(NotAllowed, match="自行办理"):
            act(case, name, Actor.staff(city))
    assert desk.take_next(anew(city)) is None
    assert Case.objects.visible_to(city).filter(pk=case.pk).exists()
    assert act(case, "accept", Actor.staff(county)).status == "first_review"


def test_a_supervisor_who_left_is_no_desk(head):
    case = queued_claim()
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert waiting(clerk("first", LINCANG)) == {case.pk}


def test_a_delegated_stage_is_the_citys_and_no_longer_the_countys(head):
    case = queued_claim()
    city, county = clerk("first", LINCANG), clerk("first", LINXIANG)
    row = given(head, "intake")
    assert (waiting(city), waiting(county)) == ({case.pk}, set())
    for user in (county, head):
        with pytest.raises(NotAllowed, match=f"受理环节已委托市级办理（{PAPER}）"):
            act(case, "accept", Actor.staff(user))
    assert desk.take_next(anew(county)) is None
    case = desk.take_next(anew(city))
    case = act(case, "accept", Actor.staff(city))
    events = CaseEvent.objects.filter(case=case, data__delegation=row.pk)
    assert list(events.values_list("code", flat=True)) == ["taken", "accepted"]
    with pytest.raises(NotAllowed, match=r"初审环节由.*自行办理"):
        act(case, "return_to_intake", Actor.staff(city), **WHY)


def test_the_deciding_act_says_by_which_delegation_beside_what_it_says_else():
    case = approval_claim()
    row = given(clerk("supervisor", LINXIANG), "approval")
    case = act(case, "approve", staff("supervisor", LINCANG))
    data = CaseEvent.objects.get(case=case, code="approved").data
    assert data["delegation"] == row.pk and data["payable"] == case.claim.payable_fen


def test_who_acts_without_a_delegation_leaves_none_in_the_event(head):
    case = act(queued_claim(), "accept", staff("first", LINXIANG), data={"delegation": 7})
    assert CaseEvent.objects.get(case=case, code="accepted").data.get("delegation") is None


def test_the_separation_is_never_waived(head):
    """The city's clerk who did the first review does not do the second, delegated as it is."""
    given(head, "first_review"), given(head, "second_review")
    city = staff("supervisor", LINCANG)
    case = act(queued_claim(), "accept", staff("first", LINXIANG))
    bill = case.claim.bills.get()
    case = act(case, "accept_bill", city, data={"bill": bill.pk})
    case = act(case, "pass_first", city)
    with pytest.raises(NotAllowed, match="不同的人员"):
        act(case, "pass_second", city)
    assert act(case, "pass_second", staff("second", LINCANG)).status == "approval"


def test_the_role_of_the_stage_is_still_asked_for():
    case = second_claim()
    given(clerk("supervisor", LINXIANG), "second_review")
    with pytest.raises(NotAllowed, match="角色"):
        act(case, "pass_second", staff("first", LINCANG))


def test_the_page_of_the_case_offers_the_stage_to_the_city_and_says_why():
    case = decided_claim()
    head = clerk("supervisor", LINXIANG)
    city, county = staff("first", LINCANG), staff("first", LINXIANG)

    def offered(actor) -> set[str]:
        now = Case.objects.select_related("claim", "person", "revision").get(pk=case.pk)
        return {row.name for row, refused in available(now, actor) if not refused}

    assert "pass_first" in offered(county) and "pass_first" not in offered(city)
    given(head, "first_review")
    assert "pass_first" in offered(city) and "pass_first" not in offered(county)
    facts = {label: hint for label, _, hint in kind.facts(Case.objects.get(pk=case.pk))}
    assert facts["环节委托"] == PAPER


# --- from when to when ---------------------------------------------------------------------


def test_a_delegation_holds_from_its_first_day_to_its_last(head):
    case = queued_claim()
    city = clerk("first", LINCANG)
    given(head, "intake", TODAY + timedelta(1), TODAY + timedelta(2))
    held = []
    for days in range(4):
        with time_machine.travel(timezone.now() + timedelta(days), tick=False):
            held.append(case.pk in waiting(city))
    assert held == [False, True, True, False]


@pytest.mark.parametrize("area", [LINXIANG, LINCANG])
def test_a_supervisor_of_the_county_or_the_city_ends_it_at_once(head, area):
    case = queued_claim()
    row = given(head, "intake")
    user = clerk("supervisor", area)
    row = end_delegation(user, row.pk, timezone.now())
    assert row.ended_by == user and row.ended_at
    assert waiting(clerk("first", LINXIANG)) == {case.pk}
    with pytest.raises(NotAllowed, match="已经结束"):
        end_delegation(user, row.pk, timezone.now())
    given(head, "intake")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((TODAY, None), (TODAY, None)),
        ((TODAY, None), (TODAY + timedelta(9), TODAY + timedelta(9))),
        ((TODAY + timedelta(5), TODAY + timedelta(9)), (TODAY, None)),
        ((TODAY, TODAY + timedelta(3)), (TODAY + timedelta(3), None)),
    ],
)
def test_a_stage_is_delegated_once_at_a_time(head, first, second):
    given(head, "intake", *first)
    with pytest.raises(NotAllowed, match="已经委托"):
        given(head, "intake", *second)
    given(head, "approval", *second)


def test_one_term_may_follow_another(head):
    given(head, "intake", TODAY, TODAY + timedelta(3))
    given(head, "intake", TODAY + timedelta(4))
    assert StageDelegation.objects.count() == 2


def test_the_database_keeps_to_one_open_term(head):
    row = given(head, "intake")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("role", "area"), [("supervisor", LINCANG), ("first", LINXIANG)])
def test_only_a_supervisor_of_the_county_delegates(role, area):
    with pytest.raises(NotAllowed, match="区县主管"):
        given(clerk(role, area), "intake")


# --- the page ------------------------------------------------------------------------------


def words_of(response) -> str:
    return " ".join(visible_text(response.content.decode()).split())


def typed(**changes) -> dict:
    return {"stage": "intake", "from_day": "2026-11-23", "document": PAPER, **changes}


def test_a_supervisor_delegates_and_takes_back_on_the_page(head):
    client = staff_client(head)
    assert "没有环节委托" in words_of(client.get(URL))
    page = client.post(f"{URL}add/", typed(), follow=True)
    said = words_of(page)
    assert "已把受理环节委托市级办理" in said and PAPER in said and "收回为止" in said
    assert head.get_full_name() in said and english_words(page.content.decode()) <= set()
    row = StageDelegation.objects.get()
    assert (row.county, row.made_by) == (LINXIANG, head)
    said = words_of(client.post(f"{URL}{row.pk}/end/", follow=True))
    assert "委托已收回" in said and "已收回" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stage": ""}, "请选择要委托的环节"),
        ({"stage": "payable"}, "请选择列出的环节"),
        ({"from_day": ""}, "请填写起始日"),
        ({"from_day": "明天"}, "请写成 2026-11-22 这样的日期"),
        ({"from_day": "2026-11-22"}, "不能早于今天"),
        ({"to_day": "2026-11-22"}, "截止日不能早于起始日"),
        ({"document": " "}, "请填写文号或事由"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(head, change, words):
    page = staff_client(head).post(f"{URL}add/", typed(**change))
    assert page.status_code == 422 and words in words_of(page)
    if "document" not in change:
        assert f'value="{PAPER}"' in page.content.decode()
    assert not StageDelegation.objects.exists()


def test_another_city_sees_none_of_it(head):
    row = given(head, "intake")
    other = clerk("supervisor", HOHHOT)
    assert list(delegations_visible_to(other)) == []
    page = staff_client(other).post(f"{URL}{row.pk}/end/", follow=True)
    assert "不在您的经办范围内" in words_of(page)
    row.refresh_from_db()
    assert row.ended_at is None


@pytest.mark.parametrize(
    ("role", "area", "sees", "adds"),
    [
        ("supervisor", LINXIANG, 200, 422),
        ("supervisor", LINCANG, 200, 403),
        ("auditor", LINCANG, 200, 403),
        ("first", LINXIANG, 403, 403),
        ("finance", LINCANG, 403, 403),
    ],
)
def test_who_sees_and_who_delegates(role, area, sees, adds):
    client = staff_client(clerk(role, area))
    assert client.get(URL).status_code == sees
    assert client.post(f"{URL}add/").status_code == adds


def test_the_queue_counts_only_what_is_for_this_desk(head):
    queued_claim()
    city, county = staff_client(clerk("first", LINCANG)), staff_client(clerk("first", LINXIANG))
    count = '待领取 <span class="desk-count">%s</span>'
    assert count % 0 in city.get(QUEUE).content.decode()
    assert count % 1 in county.get(QUEUE).content.decode()
    given(head, "intake")
    assert count % 1 in city.get(QUEUE).content.decode()
    assert count % 0 in county.get(QUEUE).content.decode()
