"""The whole table: every (state, action, role) either works or is refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case, CaseEvent
from casework.perform import perform
from casework.workflow import COUNTER, RESIDENT, SYSTEM
from registrations.models import DiseaseRegistration
from registrations.service import save
from registrations.states import EVENT_LABELS
from registrations.workflow import WORKFLOW
from tests.factories import HOHHOT, XINCHENG, clerk
from tests.filings.table import ROLES, as_csv
from tests.registrations.factories import (
    WHY,
    approved_registration,
    corrected_registration,
    draft_registration,
    queued_registration,
    rejected_registration,
    submitted_registration,
    to_be_revoked,
)

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "cases" / "registration_workflow.csv"
ITEMS = [{"target": "field:address", "reason_code": "other", "text": "请写明街道"}]


def test_the_table_is_the_one_that_officials_read():
    assert as_csv(WORKFLOW) == GOLDEN.read_text(encoding="utf-8")


def test_every_event_has_words_and_every_action_explains_itself():
    for action in WORKFLOW.transitions:
        assert action.event in EVENT_LABELS
        assert action.help


def test_those_who_only_read_and_the_machine_never_decide():
    for action in WORKFLOW.transitions:
        assert not {"auditor", "finance", "sysadmin"} & action.actors
    assert SYSTEM not in WORKFLOW.by_name["approve"].actors


def test_an_open_state_is_left_by_somebody():
    for state in WORKFLOW.open_states:
        assert any(state in action.sources for action in WORKFLOW.transitions)


def actor_for(role: str, case: Case) -> Actor:
    """An actor of this role with everything else in order: the area, the account."""
    if role == RESIDENT:
        return Actor.resident(case.account)
    if role == SYSTEM:
        return Actor.system()
    if role == COUNTER:
        user = clerk(area=case.city)
        return Actor(COUNTER, user, user.staff_profile)
    return Actor.staff(clerk(role, case.city))


@pytest.mark.parametrize("state", list(WORKFLOW.states))
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(monday, state):
    case = queued_registration()
    Case.objects.filter(pk=case.pk).update(status=state)
    before = Case.objects.values().get(pk=case.pk)
    actors = {role: actor_for(role, case) for role in ROLES}

    for action in WORKFLOW.transitions:
        for role, actor in actors.items():
            if state in action.sources and role in action.actors:
                continue
            with pytest.raises(NotAllowed):
                perform(case, action.name, actor, **WHY)

    assert Case.objects.values().get(pk=case.pk) == before


def resubmitting():
    case = corrected_registration()
    save(case, {"address": "示例路 1 号"})
    return case, {}


def lapsing():
    case = corrected_registration()
    Case.objects.filter(pk=case.pk).update(correction_due=timezone.localdate() - timedelta(1))
    return case, {}


def taken():
    case = queued_registration()
    return perform(case, "take", Actor.staff(clerk("supervisor", HOHHOT))), {}


def late():
    case = queued_registration()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    return case, {}


def over():
    case = approved_registration()
    DiseaseRegistration.objects.filter(pk=case.pk).update(
        first_day="2026-01-01", last_day="2026-11-22"
    )
    return case, {}


SITUATIONS = {
    "submit": lambda: (draft_registration(insured_area=XINCHENG), {}),
    "queue": lambda: (submitted_registration(insured_area=XINCHENG), {}),
    "request_correction": lambda: (queued_registration(), {"data": {"items": ITEMS}}),
    "resubmit": resubmitting,
    "lapse": lapsing,
    "withdraw": lambda: (queued_registration(), {}),
    "take": lambda: (queued_registration(), {}),
    "release": taken,
    "assign": lambda: (queued_registration(), {"data": {"assignee": clerk(area=HOHHOT).pk}}),
    "escalate": late,
    "approve": lambda: (queued_registration(), {}),
    "reject": lambda: (queued_registration(), WHY),
    "appeal": lambda: (rejected_registration(), {"note": "材料已补齐"}),
    "expire": over,
    "announce_revocation": lambda: (
        approved_registration(),
        {"data": {"answer_by": "2026-12-10"}, **WHY},
    ),
    "revoke": lambda: (to_be_revoked(), WHY),
}


def test_every_action_has_a_situation_in_which_it_works():
    assert set(SITUATIONS) == set(WORKFLOW.by_name)


@pytest.mark.parametrize("name", list(WORKFLOW.by_name))
def test_what_the_table_allows_works_for_every_role_it_names(monday, name):
    action = WORKFLOW.by_name[name]
    case, given = SITUATIONS[name]()
    case.refresh_from_db()
    for role in sorted(action.actors):
        if name == "release" and role not in ("supervisor", "system"):
            continue  # another clerk's case: only its taker, a supervisor or the sweep
        actor = actor_for(role, case)
        with transaction.atomic():
            moved = perform(case, name, actor, **given)
            event = CaseEvent.objects.get(case=case, seq=moved.event_count)
            assert moved.status == action.reaches(case.status), role
            assert (event.code, event.actor_role) == (action.event, actor.role)
            assert (event.from_status, event.to_status) == (case.status, moved.status)
            transaction.set_rollback(True)


def test_a_revocation_is_announced_first_and_the_time_for_answering_kept(monday):
    case = approved_registration()
    head = Actor.staff(clerk("supervisor", HOHHOT))
    with pytest.raises(NotAllowed, match="请先发出拟撤销告知"):
        perform(case, "revoke", head, **WHY)
    with pytest.raises(NotAllowed, match="至少在 3 天以后"):
        perform(case, "announce_revocation", head, data={"answer_by": "2026-11-24"}, **WHY)
    perform(case, "announce_revocation", head, data={"answer_by": "2026-11-30"}, **WHY)
    with pytest.raises(NotAllowed, match="可以在2026年11月30日"):
        perform(Case.objects.get(pk=case.pk), "revoke", head, **WHY)
