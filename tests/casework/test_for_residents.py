"""What the house adds to residents' accounts."""

import json

import pytest

from casework.actors import Actor
from casework.models import Notice
from casework.perform import perform
from residents.export import own_data
from residents.holdings import ClaimResult
from residents.models import Holding, User
from residents.tell import contested

pytestmark = pytest.mark.django_db


def test_the_copy_of_ones_own_data_holds_the_cases_and_the_messages(draft, resident):
    perform(draft, "submit", Actor.resident(resident), version=0)
    data = own_data(resident)
    assert data["办件"][0]["填写的内容"] == {"name": "张示例"}
    assert data["办件"][0]["经过"][0]["事件"]
    assert len(data["消息"]) == 2
    json.dumps(data, ensure_ascii=False)


def test_the_copy_holds_nothing_of_others(draft):
    stranger = User.objects.create_resident("13800000999")
    assert own_data(stranger)["办件"] == [] and own_data(stranger)["消息"] == []


def test_the_first_holder_is_told_when_somebody_else_claims_the_person(resident, person):
    first = Holding.objects.create(
        account=resident, person=person, name="张示例", relation="self", standing="bound"
    )
    claimer = User.objects.create_resident("13800000888")
    second = Holding.objects.create(
        account=claimer, person=person, name="张示例", relation="self", standing="contested"
    )
    for _ in range(2):
        contested(ClaimResult(holding=second, created=True, others=(first,)))
    rows = Notice.objects.filter(recipient=resident)
    assert sorted(rows.values_list("channel", flat=True)) == ["in_site", "sms"]
    assert "张示例" not in rows.first().text
