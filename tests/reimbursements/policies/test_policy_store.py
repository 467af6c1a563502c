"""The policy of an area, an insurance and a day: where it comes from and when it holds."""

from datetime import date

import pytest

from reimbursements.policy_store import held_on, policy_for

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def test_an_empty_database_goes_by_the_files_that_ship():
    policy = policy_for("530900", "310", DAY)
    assert (policy.place, policy.insurance) == ("530900", "310")
    assert policy_for("530900", "310", date(1999, 1, 1)) is None
    assert policy_for("110000", "310", DAY) is None
    assert policy_for("不是代码", "310", DAY) is None


def test_a_county_has_the_policy_of_its_pooling_area_unless_it_has_its_own():
    assert policy_for("530902", "310", DAY).place == "530900"
    assert policy_for("530999", "390", DAY).place == "530900"
    assert policy_for("150826", "310", DAY).place == "150826"


def test_the_places_with_a_policy_are_named_with_what_is_not_yet_verified():
    held = {(one.area, one.insurance): one.version.rule.mark for one in held_on(DAY)}
    assert held["530900", "310"] == "示例"
    assert held["430100", "310"] == "待核"
    assert not any(area.startswith("example") for area, _ in held)
