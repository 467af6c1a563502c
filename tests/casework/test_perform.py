"""`perform` and `perform_many`: the only ways a status changes."""

import pytest

from casework.actors import Actor
from casework.desk import take_next
from casework.drafts import closed_answers, open_revision, save_answers, start_draft
from casework.errors import InvalidReason, NotAllowed, StaleCase
from casework.events import verify_case
from casework.models import Case, CaseEvent, Notice, Reason
from casework.perform import available, perform, perform_many
from residents.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(draft, resident):
    return perform(draft, "submit", Actor.resident(resident), version=0)


def test_submitting_numbers_the_case_closes_the_answers_and_starts_the_clock(submitted):
    assert submitted.number.startswith("530902001")
    assert submitted.is_open and submitted.due_at and submitted.allowed_days == 2
    assert open_revision(submitted) is None
    assert closed_answers(submitted) == {"name": "张示例"}
    saved = Case.objects.get(pk=submitted.pk)
    assert (saved.status, saved.version, saved.event_count) == ("submitted", 1, 1)


def test_submitting_twice_makes_one_case_and_one_event(submitted, draft, resident):
    with pytest.raises(StaleCase):
        perform(draft, "submit", Actor.resident(resident), version=0)
    with pytest.raises(NotAllowed, match="已提交"):
        perform(draft, "submit", Actor.resident(resident))
    assert CaseEvent.objects.count() == 1


def test_beginning_the_same_draft_again_finds_it(draft, resident, person):
    again = start_draft(resident, person, "toy", "a", {}, city="530900", county="530902")
    assert again == draft
    assert start_draft(resident, person, "toy", "b", {}, city="1", county="1") != draft


def test_nothing_is_saved_into_a_case_that_was_submitted(submitted):
    with pytest.raises(NotAllowed, match="已经提交"):
        save_answers(submitted, {"name": "别人"})


def test_a_submit_leaves_one_message_in_the_box_and_one_for_the_phone(submitted, resident):
    rows = Notice.objects.order_by("channel").values_list("channel", "state", "recipient")
    assert list(rows) == [("in_site", "sent", resident.pk), ("sms", "waiting", resident.pk)]


def test_a_page_that_is_out_of_date_changes_nothing(submitted, clerk_of):
    clerk = clerk_of()
    perform(submitted, "take", clerk, version=1)
    with pytest.raises(StaleCase):
        perform(submitted, "approve", clerk, version=1)
    assert Case.objects.get(pk=submitted.pk).status == "submitted"


@pytest.mark.parametrize(
    ("staff", "refusal"),
    [
        ({"area": "530921"}, "不在经办范围"),
        ({"role": "auditor"}, "这个角色不能"),
        ({"id_number": "530902195001010015"}, "本人的办件"),
        ({"phone": "138 0000 0001"}, "本人的办件"),
    ],
)
def test_who_may_not_decide_is_told_why(submitted, clerk_of, staff, refusal):
    with pytest.raises(NotAllowed, match=refusal):
        perform(submitted, "approve", clerk_of(**staff), version=1)


def test_a_clerk_of_the_city_decides_for_its_counties(submitted, clerk_of):
    clerk = clerk_of(area="530900", scope="city")
    assert perform(submitted, "approve", clerk, version=1).status == "approved"


def test_an_action_that_needs_a_reason_is_refused_without_one_of_the_list(submitted, clerk_of):
    clerk = clerk_of()
    for reason, note in [("", ""), ("other", " "), ("invented", "")]:
        with pytest.raises(InvalidReason):
            perform(submitted, "ask", clerk, reason=reason, note=note, version=1)
    Reason.objects.create(kind="toy", action="ask", code="blurred", text="照片模糊")
    assert perform(submitted, "ask", clerk, reason="blurred", version=1).status == "correction"


def test_the_clock_stops_during_a_correction_and_goes_on_after_it(submitted, clerk_of, resident):
    asked = perform(submitted, "ask", clerk_of(), reason="other", note="请重拍", version=1)
    assert asked.due_at is None and asked.clock_left is not None
    save_answers(asked, {"name": "张示例二"})
    assert closed_answers(asked) == {"name": "张示例"}  # staff still see what was submitted
    back = perform(asked, "resubmit", Actor.resident(resident), version=2)
    assert back.due_at and back.clock_left is None
    assert closed_answers(back) == {"name": "张示例二"}
    assert back.number == submitted.number


def test_every_event_is_chained_and_a_changed_one_is_found(submitted, clerk_of):
    case = perform(submitted, "approve", clerk_of(), version=1)
    events = list(case.events.all())
    assert verify_case(Case.objects.get(pk=case.pk), events) is None
    CaseEvent.objects.filter(pk=events[0].pk).update(actor_role="system")
    assert "第 1 条事件被改动" in verify_case(case, list(case.events.all()))


def test_a_cut_off_tail_and_a_status_set_by_hand_are_found(submitted, clerk_of):
    case = perform(submitted, "approve", clerk_of(), version=1)
    assert "应有 2 条" in verify_case(case, list(case.events.all())[:1])
    case.status = "rejected"
    assert "不符" in verify_case(case, list(case.events.all()))


def test_many_cases_move_together_and_those_that_moved_meanwhile_are_named(
    submitted, resident, clerk_of
):
    clerk = clerk_of()
    person = Person.objects.create(id_number="11010519491231002X", id_kind="resident")
    other = start_draft(
        resident, person, "toy", "a", {}, account=resident, city="530900", county="530902"
    )
    result = perform_many([submitted.pk, other.pk, 999_999], "approve", clerk, kind_code="toy")
    assert result.done == [submitted.pk]
    assert "草稿" in result.skipped[other.pk] and 999_999 in result.skipped
    done = perform_many([submitted.pk], "expire", Actor.system(), kind_code="toy")
    assert done.done == [submitted.pk]
    saved = Case.objects.get(pk=submitted.pk)
    assert saved.status == "expired"
    assert verify_case(saved, list(saved.events.all())) is None


def test_many_cost_no_more_queries_than_few(resident, django_assert_max_num_queries):
    def approve(count, start):
        ids = []
        for number in range(start, start + count):
            person = Person.objects.create(id_number=f"X{number}", id_kind="resident")
            case = start_draft(
                resident, person, "toy", "a", {}, account=resident, city="530900", county="530902"
            )
            perform(case, "submit", Actor.resident(resident))
            Case.objects.filter(pk=case.pk).update(status="approved")
            ids.append(case.pk)
        with django_assert_max_num_queries(14 + 5):  # executemany on SQLite counts once
            return perform_many(ids, "expire", Actor.system(), kind_code="toy")

    assert len(approve(3, 0).done) == 3
    assert len(approve(30, 100).done) == 30


def test_the_page_offers_what_may_be_done_and_says_why_not(submitted, clerk_of):
    names = {row.name: refusal for row, refusal in available(submitted, clerk_of())}
    assert names == {"take": None, "ask": None, "approve": None}
    other = {row.name: refusal for row, refusal in available(submitted, clerk_of("530921"))}
    assert all("经办范围" in refusal for refusal in other.values())


def test_the_next_case_is_the_one_due_first_and_never_the_clerks_own(submitted, resident, clerk_of):
    own = clerk_of(id_number="530902195001010015")
    assert take_next(own.user) is None
    clerk = clerk_of()
    assert take_next(clerk.user) == submitted
    assert take_next(clerk.user) is None
    assert Case.objects.get(pk=submitted.pk).assignee == clerk.user
