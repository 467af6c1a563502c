"""The whole table: every (state, action, role) either works or is refused."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case, CaseEvent
from casework.perform import perform
from casework.workflow import COUNTER, RESIDENT, SYSTEM
from filings.models import Filing
from filings.service import begin_supply, counter_actor, save
from filings.states import EVENT_LABELS
from filings.workflow import WORKFLOW
from tests import factories
from tests.factories import (
    HOHHOT,
    add_document,
    approved_filing,
    clerk,
    corrected_filing,
    decided_filing,
    opened_filing,
    owing_filing,
    queued_filing,
    revoked_filing,
    submitted_filing,
)
from tests.filings.table import GOLDEN, ROLES, as_csv

pytestmark = pytest.mark.django_db

WHY = {"reason": "other", "note": "见附件"}
ITEMS = [{"target": "field:address", "reason_code": "other", "text": "请写明街道"}]


def test_the_table_is_the_one_that_officials_read():
    assert as_csv(WORKFLOW) == GOLDEN.read_text(encoding="utf-8")


def test_every_event_has_words_and_every_action_explains_itself():
    for action in WORKFLOW.transitions:
        assert action.event in EVENT_LABELS
        assert action.help


def test_those_who_only_read_never_act():
    for action in WORKFLOW.transitions:
        assert not {"auditor", "finance", "sysadmin"} & action.actors


def test_an_open_state_is_left_by_somebody():
    for state in WORKFLOW.open_states:
        assert any(state in action.sources for action in WORKFLOW.transitions)


def actor_for(role: str, case: Case) -> Actor:
    """An actor of this role with everything else in order: the area, the account."""
    area = case.city
    if role == RESIDENT:
        return Actor.resident(case.account)
    if role == SYSTEM:
        return Actor.system()
    if role == COUNTER:
        return counter_actor(clerk(area=area))
    return Actor.staff(clerk(role, area))


@pytest.mark.parametrize("state", list(WORKFLOW.states))
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(monday, state):
    case = queued_filing()
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


def submitting():
    case = factories.draft_filing(insured_area=factories.XINCHENG)
    add_document(case, "residence_permit")
    return case, {}


def opening():
    return submitted_filing(), {}


def queueing():
    return submitted_filing(insured_area=factories.XINCHENG), {}


def asking():
    return queued_filing(), {"data": {"items": ITEMS}}


def resubmitting():
    case = corrected_filing()
    save(case, {"address": "北京市海淀区示例路1号"})
    return case, {}


def lapsing():
    case = corrected_filing()
    Case.objects.filter(pk=case.pk).update(correction_due=timezone.localdate() - timedelta(1))
    return case, {}


def in_review():
    return queued_filing(), WHY


def taken():
    case = queued_filing()
    user = clerk("supervisor", HOHHOT)
    return perform(case, "take", Actor.staff(user)), {}


def assigning():
    return queued_filing(), {"data": {"assignee": clerk(area=HOHHOT).pk}}


def late():
    case = queued_filing()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    return case, {}


def appealing():
    return decided_filing("reject"), {"note": "材料已补齐"}


def restoring():
    case = revoked_filing()
    return perform(case, "appeal", Actor.resident(case.account), note="可以证明"), WHY


def in_force():
    return opened_filing(), {}


def replaced():
    case, other = opened_filing(), opened_filing()
    return case, {"data": {"by": other.pk, "ended_on": "2026-11-23"}}


def locked():
    return approved_filing(), WHY


def over():
    case = opened_filing()
    Filing.objects.filter(pk=case.pk).update(start="2026-01-01", valid_to="2026-11-22")
    return case, {}


def ending():
    return opened_filing(), {"data": {"end_reason": "death", "ended_on": "2026-11-20"}, **WHY}


def announcing():
    return approved_filing(), {"data": {"answer_by": "2026-12-10"}, **WHY}


def revoking():
    case = approved_filing()
    Filing.objects.filter(pk=case.pk).update(revoke_answer_by="2026-11-20")
    return case, WHY


def handing_in():
    case = owing_filing()
    begin_supply(case)
    add_document(case, "residence_permit")
    return case, {}


def handed_in():
    case, _ = handing_in()
    return perform(case, "hand_in", Actor.resident(case.account)), {"data": {"items": ITEMS}}


def owing():
    return owing_filing(), {"data": {"supply_by": "2027-02-01"}}


def past_supply():
    case = owing_filing()
    Filing.objects.filter(pk=case.pk).update(supply_by="2026-11-20")
    return case, {}


def overdue():
    case, _ = past_supply()
    return perform(case, "announce_overdue", Actor.system()), {}


def overdue_without_consequence():
    case, _ = overdue()
    rule = case.filing.rule
    body = {**rule.body, "unsupplied": "unpublished", "valid_from": "2024-11-02"}
    rule.pk, rule.body, rule.state = None, body, "draft"
    rule.save()
    Filing.objects.filter(pk=case.pk).update(rule=rule)
    return case, {}


def entered():
    """A correction of somebody without an account."""
    case = factories.corrected_filing()
    Case.objects.filter(pk=case.pk).update(account=None, created_by=clerk(area=case.city))
    return case, {}


SITUATIONS = {
    "take_over_entry": entered,
    "submit": submitting,
    "open": opening,
    "queue": queueing,
    "request_correction": asking,
    "resubmit": resubmitting,
    "lapse": lapsing,
    "withdraw": asking,
    "take": asking,
    "release": taken,
    "assign": assigning,
    "escalate": late,
    "approve": in_review,
    "reject": in_review,
    "restore": restoring,
    "uphold": restoring,
    "appeal": appealing,
    "cancel": in_force,
    "supersede": replaced,
    "extend": in_force,
    "release_lock": locked,
    "expire": over,
    "end": ending,
    "announce_revocation": announcing,
    "revoke": revoking,
    "hand_in": handing_in,
    "confirm_promise": handed_in,
    "return_promise": handed_in,
    "ask_supply": owing,
    "announce_overdue": past_supply,
    "downgrade": overdue,
    "settle_overdue": overdue_without_consequence,
}


def test_every_action_has_a_situation_in_which_it_works():
    assert set(SITUATIONS) == set(WORKFLOW.by_name)


@pytest.mark.parametrize("name", list(WORKFLOW.by_name))
def test_what_the_table_allows_works_for_every_role_it_names(monday, name):
    action = WORKFLOW.by_name[name]
    case, given = SITUATIONS[name]()
    case.refresh_from_db()
    for role in sorted(action.actors):
        actor = _releaser(case) if name == "release" else actor_for(role, case)
        if name == "release" and role not in ("supervisor", "system"):
            continue  # another clerk's case: only its taker, a supervisor or the sweep
        with transaction.atomic():
            moved = perform(case, name, actor, **given)
            event = CaseEvent.objects.get(case=case, seq=moved.event_count)
            assert moved.status == action.reaches(case.status), role
            assert (event.code, event.actor_role) == (action.event, actor.role)
            assert (event.from_status, event.to_status) == (case.status, moved.status)
            transaction.set_rollback(True)


def _releaser(case: Case) -> Actor:
    return Actor.staff(clerk("supervisor", case.city))


def test_only_the_taker_a_supervisor_or_the_sweep_releases(monday):
    case = queued_filing()
    taker, other = clerk(area=HOHHOT), clerk(area=HOHHOT)
    case = perform(case, "take", Actor.staff(taker))
    with pytest.raises(NotAllowed, match="由本人或主管退回"):
        perform(case, "release", Actor.staff(other))
    assert perform(case, "release", Actor.staff(taker)).assignee_id is None
