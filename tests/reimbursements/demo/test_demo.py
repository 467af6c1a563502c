"""The demonstration claims: every state they are meant to show, and money that adds up."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from casework.demo.people import make_staff
from casework.events import verify_all
from casework.models import Case
from reimbursements.demo.story import scenes
from reimbursements.models import Claim, Settlement
from tests.reimbursements.claims.conftest import *  # noqa: F403 - the same world

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMONSTRATION = True
    for command in ("load_reference", "load_reasons"):
        call_command(command, verbosity=0)
    make_staff()
    call_command("create_demo_claims", verbosity=0)


def test_claims_stand_where_the_story_leaves_them_and_a_second_run_adds_none(demo):
    states = Counter(Case.objects.filter(kind="claim").values_list("status", flat=True))
    assert states == {
        "draft": 1,
        "intake": 4,
        "first_review": 3,
        "second_review": 2,
        "approval": 1,
        "payable": 5,
        "correction": 1,
        "withdrawn": 1,
        "rejected": 1,
        "not_accepted": 1,
    }
    assert sum(states.values()) == len(scenes())
    assert list(verify_all(Case.objects.filter(kind="claim"))) == []
    call_command("create_demo_claims", verbosity=0)
    assert Case.objects.filter(kind="claim").count() == len(scenes())
    for claim in Claim.objects.filter(case__status="payable"):
        paid = Settlement.objects.filter(claim=claim).latest("pk")
        assert claim.payable_fen > 0 and paid.pk
    doubts = " ".join(Case.objects.filter(kind="claim").values_list("doubts", flat=True))
    for code in ("qr_amount", "bill_outside_stay", "third_party"):
        assert code in doubts, code


def test_it_is_refused_where_nothing_is_demonstrated(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("create_demo_claims")
