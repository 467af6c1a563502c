"""Registrations at the desk: the queue's filters, the case page, each looked at by itself."""

import pytest
from django.core.management import call_command

from casework.models import Case
from residents.staff import mark_second_factor
from tests.factories import HOHHOT, LINCANG, clerk
from tests.registrations.factories import approved_registration, queued_registration

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk(client, monday):
    """A clerk of 呼和浩特 at the desk, with the reasons that ship."""
    call_command("load_registration_reasons", verbosity=0)
    return enter(client, clerk(area=HOHHOT))


def enter(client, user):
    client.force_login(user, BACKEND)
    session = client.session
    mark_second_factor(session, user)
    return client


def test_the_queue_is_narrowed_by_kind_and_disease(desk):
    one, other = queued_registration(), queued_registration(disease="M01600")
    queue = "/admin/casework/case/?kind=registration"
    page = desk.get(queue).content.decode()
    assert one.number in page and other.number in page and "门诊慢特病认定 · 高血压" in page
    page = desk.get(f"{queue}&topic=M01600").content.decode()
    assert one.number not in page and other.number in page


def test_the_case_page_shows_what_the_rules_propose_and_decides(desk):
    case = queued_registration()
    url = f"/admin/casework/case/{case.pk}/"
    page = desk.get(f"{url}change/").content.decode()
    for words in ("拟定截止", "2028年11月23日", "有效期为示例", "同意认定", "认定截止日期"):
        assert words in page
    data = {"version": str(case.version), "data-last_day": "2029-01-01"}
    refused = desk.post(f"{url}do/approve/", data, follow=True)
    assert "不能晚于2028年11月23日" in refused.content.decode()
    assert "2029-01-01" in refused.content.decode()  # what was typed is kept
    desk.post(f"{url}do/approve/", {**data, "data-last_day": "2027-12-31"})
    case = Case.objects.get(pk=case.pk)
    assert case.status == "approved" and case.registration.last_day.isoformat() == "2027-12-31"


def test_many_are_not_approved_at_once(desk):
    case = queued_registration()
    data = {"bulk": "approve", "pk": [f"{case.pk}:{case.version}"]}
    page = desk.post("/admin/casework/case/bulk/", data).content.decode()
    assert "逐件打开" in page
    assert Case.objects.get(pk=case.pk).status == "in_review"


def test_a_clerk_of_another_area_sees_none_of_it(client, monday):
    case = approved_registration()
    enter(client, clerk(area=LINCANG))
    assert client.get(f"/admin/casework/case/{case.pk}/change/").status_code == 404
    letter = case.letters.get(kind="form")
    assert client.get(f"/cases/letters/{letter.pk}.pdf").status_code == 404
