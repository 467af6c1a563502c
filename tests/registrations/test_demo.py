"""The demonstration: made once, in many states, of people who do not exist."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from casework.demo.people import make_staff
from casework.events import verify_all
from casework.models import Case, Reason

pytestmark = pytest.mark.django_db


def test_it_shows_the_states_that_people_meet_and_is_made_once(monday, settings):
    settings.DEMONSTRATION = True
    with pytest.raises(CommandError, match="create_demo"):
        call_command("create_demo_registrations", verbosity=0)
    make_staff()
    call_command("create_demo_registrations", verbosity=0)
    cases = Case.objects.filter(kind="registration")
    states = set(cases.values_list("status", flat=True))
    assert states >= {"draft", "in_review", "correction", "approved", "rejected", "withdrawn"}
    assert cases.count() >= 8
    assert all("示例" in case.name for case in cases.exclude(number=None))
    assert list(verify_all(cases)) == []
    before = cases.count()
    call_command("create_demo_registrations", verbosity=0)
    assert cases.count() == before


def test_it_is_refused_outside_a_demonstration(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="不是演示环境"):
        call_command("create_demo_registrations")


def test_the_reasons_are_added_once_and_keep_what_staff_changed(db):
    call_command("load_registration_reasons", verbosity=0)
    many = Reason.objects.filter(kind="registration").count()
    Reason.objects.filter(kind="registration", code="blurred").update(text="改过的")
    call_command("load_registration_reasons", verbosity=0)
    assert Reason.objects.filter(kind="registration").count() == many > 15
    assert Reason.objects.get(kind="registration", code="blurred").text == "改过的"
