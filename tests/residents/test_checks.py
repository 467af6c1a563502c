import base64
import os

import pytest
from django.test import override_settings

from residents.checks import check_for_deployment, check_production

GOOD = {
    "SHOW_DEVELOPMENT_PAGES": False,
    "SMS_GATEWAY": "residents.sms.HttpGateway",
    **{
        name: f"k:{base64.b64encode(os.urandom(32)).decode()}"
        for name in ("FIELD_KEYS", "HASH_KEYS", "EVENT_KEYS")
    },
}
DEVELOPMENT_KEY = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="


def found(**changes) -> list[str]:
    with override_settings(**{**GOOD, **changes}):
        return [error.id for error in check_for_deployment(None)]


def test_settings_fit_for_production_pass():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SHOW_DEVELOPMENT_PAGES": True}, "residents.E001"),
        ({"SMS_GATEWAY": "residents.sms.DevelopmentGateway"}, "residents.E002"),
        ({"SMS_GATEWAY": "residents.sms.ConsoleGateway"}, "residents.E002"),
        ({"FIELD_KEYS": DEVELOPMENT_KEY}, "residents.E004"),
        ({"HASH_KEYS": f"{GOOD['HASH_KEYS']},{DEVELOPMENT_KEY}"}, "residents.E004"),
        ({"EVENT_KEYS": ""}, "residents.E003"),
        ({"FIELD_CIPHER": "DES"}, "residents.E005"),
    ],
)
def test_each_thing_of_development_is_refused(changes, code):
    assert found(**changes) == [code]


def test_settings_that_say_production_are_asked_at_every_start():
    with override_settings(**GOOD, PRODUCTION=False):
        assert check_production(None) == []
    with override_settings(**{**GOOD, "SHOW_DEVELOPMENT_PAGES": True}, PRODUCTION=True):
        assert [error.id for error in check_production(None)] == ["residents.E001"]
