"""The whole table: every (state, action, role) either works or is refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.errors import CaseworkError, NotAllowed
from casework.events import verify_all
from casework.models import Case, CaseEvent
from casework.perform import perform
from casework.workflow import COUNTER, RESIDENT, SYSTEM
from reimbursements.models import Bill, Claim
from reimbursements.notice_texts import NOTICES
from reimbursements.service import save
from reimbursements.states import ALIVE, EVENT_LABELS, STATES
from reimbursements.workflow import WORKFLOW
from tests.factories import LINCANG, add_document, clerk
from tests.filings.table import ROLES, as_csv
from tests.reimbursements.claims import factories
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    bill,
    bills_of,
    corrected_claim,
    decided_claim,
    draft_claim,
    failed_claim,
    listed,
    paid_claim,
    payable_claim,
    queued_claim,
    second_claim,
    staff,
    submitted_claim,
)

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[2] / "cases" / "claim_workflow.csv"
ITEMS = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明"}]
ACCOUNT = {
    "bank_holder": "王秀兰",
    "bank_number": "6222020000000000000",
    "bank_name": "示例银行",
    "bank_relation": "self",
}


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def test_the_table_is_the_one_that_officials_read():
    assert as_csv(WORKFLOW) == GOLDEN.read_text(encoding="utf-8")


def test_every_event_has_words_and_every_action_explains_itself():
    for action in WORKFLOW.transitions:
        assert action.event in EVENT_LABELS
        assert action.help
        assert action.notice is None or action.notice in NOTICES


def test_those_who_only_read_never_act():
    for action in WORKFLOW.transitions:
        assert not {"auditor", "sysadmin"} & action.actors


def test_finance_pays_and_decides_nothing():
    decisions = {"accept", "not_accept", "pass_first", "pass_second", "approve", "reject"}
    for name in decisions:
        assert "finance" not in WORKFLOW.by_name[name].actors
    assert WORKFLOW.by_name["pay"].actors == {"finance"}


def test_an_open_state_is_left_by_somebody():
    for state in WORKFLOW.open_states:
        assert any(state in action.sources for action in WORKFLOW.transitions)


def test_bills_are_taken_in_every_open_state_and_when_paid():
    assert WORKFLOW.open_states | {"paid"} == ALIVE


def actor_for(role: str, case: Case) -> Actor:
    """An actor of this role with everything else in order: the area, the account."""
    if role == RESIDENT:
        return Actor.resident(case.account)
    if role == SYSTEM:
        return Actor.system()
    if role == COUNTER:
        return factories.counter()
    return Actor.staff(clerk(role, LINCANG))


@pytest.mark.parametrize("state", list(STATES))
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(state):
    case = queued_claim()
    Case.objects.filter(pk=case.pk).update(status=state)
    before = Case.objects.values().get(pk=case.pk)
    claim = Claim.objects.values().get(pk=case.pk)
    actors = {role: actor_for(role, case) for role in ROLES}

    for action in WORKFLOW.transitions:
        for role, actor in actors.items():
            if state in action.sources and role in action.actors:
                continue
            with pytest.raises(NotAllowed):
                perform(case, action.name, actor, **WHY)

    assert Case.objects.values().get(pk=case.pk) == before
    assert Claim.objects.values().get(pk=case.pk) == claim


def with_bill(case: Case, **data):
    return case, {"data": {"bill": bills_of(case)[0].pk, **data}}


def reviewing(**data):
    return lambda: with_bill(accepted_claim(), **data)


def resubmitting(after: bool):
    def situation():
        case = corrected_claim(after=after)
        save(case, {"diagnosis": "社区获得性肺炎"})
        return case, {}

    return situation


def lapsing():
    case = corrected_claim()
    Case.objects.filter(pk=case.pk).update(correction_due=timezone.localdate() - timedelta(1))
    return case, {}


def assigning():
    return queued_claim(), {"data": {"assignee": clerk("first", LINCANG).pk}}


def late():
    case = queued_claim()
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    return case, {}


def taken():
    case = queued_claim()
    return act(case, "take", staff()), {}


def paper():
    case = accepted_claim(bills=[bill(form="paper")])
    return with_bill(case, state="received")


def line():
    lines = [{"name": "药品", "class": "甲类", "amount": "20000.00"}]
    case = accepted_claim(bills=[bill(in_scope="", lines=lines)])
    return with_bill(case, line=1, **{"class": "乙类"})


def adjusting():
    return accepted_claim(), {"data": {"amount": 500}, "note": "补差"}


def adjusted():
    case = accepted_claim()
    supervisor = staff("supervisor")
    case = act(case, "propose_adjustment", supervisor, data={"amount": 500}, note="补差")
    return case, {"data": {"adjustment": case.claim.adjustments.get().pk}}


def nothing_due():
    case = payable_claim()
    Claim.objects.filter(pk=case.pk).update(payable_fen=0)
    return case, {}


def sent_to_the_bank():
    case = payable_claim()
    listed(case)
    return case


def recovering():
    case = act(paid_claim(), "reverse", staff("supervisor"), **WHY)
    due = case.claim.payments.get(state="due")
    data = {"recovery": due.pk, "amount": 100, "day": timezone.localdate().isoformat()}
    return case, {"data": {**data, "how": "cash", "receipt": "R1"}}


def striking():
    case, given = recovering()
    case = act(case, "recover", staff("finance"), **given)
    row = case.claim.payments.get(state="recovered")
    return case, {"data": {"receipt": row.pk}, "note": "记错了"}


def entered():
    """A correction of somebody without an account."""
    case = corrected_claim()
    Case.objects.filter(pk=case.pk).update(account=None, created_by=clerk("first", LINCANG))
    return case, {}


SITUATIONS = {
    "take_over_entry": entered,
    "submit": lambda: (draft_claim(), {}),
    "queue": lambda: (submitted_claim(), {}),
    "request_correction": lambda: (queued_claim(), {"data": {"items": ITEMS}}),
    "resubmit": resubmitting(after=False),
    "resubmit_in_review": resubmitting(after=True),
    "lapse": lapsing,
    "withdraw": lambda: (queued_claim(), {}),
    "take": lambda: (queued_claim(), {}),
    "release": taken,
    "assign": assigning,
    "escalate": late,
    "accept_bill": reviewing(),
    "cut_bill": lambda: (lambda case, given: (case, {**given, **WHY}))(
        *with_bill(accepted_claim(), amount=100)
    ),
    "open_bill": reviewing(),
    "classify_line": line,
    "set_filing": lambda: (
        accepted_claim(),
        {"data": {"settled_as": "TMP-EMG"}, "note": "急诊抢救"},
    ),
    "note_paper": paper,
    "propose_adjustment": adjusting,
    "confirm_adjustment": adjusted,
    "drop_adjustment": adjusted,
    "accept": lambda: (queued_claim(), {}),
    "accept_again": lambda: (act(accepted_claim(), "return_to_intake", staff(), **WHY), {}),
    "not_accept": lambda: (queued_claim(), WHY),
    "pass_first": lambda: (decided_claim(), {}),
    "return_to_intake": lambda: (accepted_claim(), WHY),
    "pass_second": lambda: (second_claim(), {}),
    "return_to_first": lambda: (second_claim(), WHY),
    "approve": lambda: (approval_claim(), {}),
    "return_to_second": lambda: (approval_claim(), WHY),
    "reject": lambda: (approval_claim(), WHY),
    "pay": lambda: (sent_to_the_bank(), {}),
    "close": nothing_due,
    "fail": lambda: (sent_to_the_bank(), WHY),
    "retry": lambda: (failed_claim(), {}),
    "give_account": lambda: (failed_claim(), {"data": ACCOUNT}),
    "reverse": lambda: (payable_claim(), WHY),
    "recover": recovering,
    "strike_recovery": striking,
    "appeal": lambda: (
        act(approval_claim(), "reject", staff("approval"), **WHY),
        {"note": "材料已补齐"},
    ),
}
# Roles that the table names for other stages than the one the situation stands in.
OTHER_STAGE = {
    "take": {"second", "approval", "finance"},
    "note_paper": set(),
    "propose_adjustment": {"second", "approval"},
    "confirm_adjustment": {"second", "approval"},
    "drop_adjustment": {"second", "approval"},
    "reject": {"second"},
    "release": {"first", "second", "approval", "finance"},  # another clerk's case
}


def test_every_action_has_a_situation_in_which_it_works():
    assert set(SITUATIONS) == set(WORKFLOW.by_name)


@pytest.mark.parametrize("name", list(WORKFLOW.by_name))
def test_what_the_table_allows_works_for_every_role_it_names(name):
    action = WORKFLOW.by_name[name]
    case, given = SITUATIONS[name]()
    case.refresh_from_db()
    for role in sorted(action.actors):
        actor = actor_for(role, case)
        if role in OTHER_STAGE.get(name, ()):
            with pytest.raises(CaseworkError):
                perform(case, name, actor, version=case.version, **given)
            continue
        with transaction.atomic():
            moved = perform(case, name, actor, version=case.version, **given)
            event = CaseEvent.objects.get(case=case, seq=moved.event_count)
            assert moved.status == action.reaches(case.status), role
            assert (event.code, event.actor_role) == (action.event, actor.role)
            assert (event.from_status, event.to_status) == (case.status, moved.status)
            alive = Bill.objects.filter(claim_id=case.pk, removed=False, alive=True).count()
            every = Bill.objects.filter(claim_id=case.pk, removed=False).count()
            assert alive == (every if moved.status in ALIVE else 0), role
            transaction.set_rollback(True)


def test_a_claim_goes_its_whole_way_and_its_chain_holds():
    case = paid_claim()
    codes = list(case.events.values_list("code", flat=True))
    assert codes == [
        "submitted",
        "queued",
        "accepted",
        "bill_accepted",
        "first_passed",
        "second_passed",
        "approved",
        "paid",
    ]
    assert list(verify_all(Case.objects.all())) == []


def test_events_hold_no_personal_data():
    case = act(failed_claim(), "retry", staff("finance"))
    holding = case.account.holdings.get()
    text = str(list(case.events.values_list("data", flat=True)))
    for personal in (holding.name, case.person.id_number, ACCOUNT["bank_number"], "肺炎"):
        assert personal not in text


def test_a_correction_stops_the_clock_and_a_document_must_come_anew():
    case = corrected_claim("document:expense_list", after=True)
    assert case.due_at is None and case.clock_left is not None
    with pytest.raises(NotAllowed, match="重新上传"):
        perform(case, "resubmit_in_review", Actor.resident(case.account), version=case.version)
    add_document(case, "expense_list")
    case = perform(case, "resubmit_in_review", Actor.resident(case.account), version=case.version)
    assert case.status == "first_review" and case.due_at is not None
