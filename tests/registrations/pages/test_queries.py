"""How many queries each page asks: budgets of the design, pinned so that they stay."""

import pytest

from casework.models import Case
from residents.staff import mark_second_factor
from tests.factories import HOHHOT, clerk
from tests.filings.pages.test_queries import Meter
from tests.registrations.factories import (
    HYPERTENSION,
    draft_registration,
    queued_registration,
    submitted_registration,
)
from tests.registrations.pages.conftest import BACKEND
from tests.registrations.pages.test_walk import DETAILS, PLACE, begin

pytestmark = pytest.mark.django_db

STEP, LIST, RECORD, CASE_PAGE = 8, 4, 9, 12


def test_every_step_keeps_its_budget(web, holding):
    draft_registration()  # rules and calendars, read once a process, have been read
    meter = Meter(web)
    meter.get("/registrations/")
    meter.post("/registrations/", PLACE)
    meter.get("/registrations/diseases/?area=530902&insurance=310")
    base = begin(web)
    for slug, data in (
        ("notice", {"read": "on"}),
        ("hospital", {"hospital_name": "县医院"}),
        ("treatment", {"treatment": "none"}),
        ("details", DETAILS),
    ):
        meter.get(f"{base}{slug}/")
        assert meter.post(f"{base}{slug}/", data).status_code == 302, slug
    for slug in ("proof", "check"):
        meter.get(f"{base}{slug}/")
    meter.keeps(STEP)


def test_the_list_costs_the_same_for_one_as_for_many(web, holding):
    meter = Meter(web)
    for disease in ("M01600", "M00200", HYPERTENSION):
        submitted_registration(holding, disease)
        meter.get("/registrations/records/")
    meter.keeps(LIST)


def test_a_record_keeps_its_budget(client, monday):
    case = queued_registration()
    client.force_login(case.account, BACKEND)
    meter = Meter(client)
    meter.get(f"/registrations/{case.public_id}/")
    meter.keeps(RECORD)


def test_the_case_page_of_the_desk_keeps_its_budget(client, monday):
    case = queued_registration()
    user = clerk(area=HOHHOT)
    client.force_login(user, BACKEND)
    mark_second_factor(client.session, user)
    url = f"/admin/casework/case/{case.pk}/change/"
    client.get(url)  # reasons and contacts are kept from here on
    meter = Meter(client)
    assert meter.get(url).status_code == 200
    meter.keeps(CASE_PAGE)
    assert Case.objects.count() == 1
