"""What the case page reads: the case whoever asks, what a correction changed, other cases."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.admin.case_reading import case_for, others_of
from casework.drafts import close_revision, reopen_revision
from casework.models import Case
from filings.decision.rulebook import shipped
from filings.rules_store import forget_rulebook, load_rulebook
from tests import factories as f
from tests.casework.desk_helpers import QUEUE, queued, staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db, settings, tmp_path):
    """The shipped rules, and files in a folder of their own."""
    settings.FILES_DIR = tmp_path / "files"
    load_rulebook(shipped())
    yield
    forget_rulebook()


@pytest.fixture
def clerk():
    return f.clerk(area=f.HOHHOT)


def corrected(case, **changes) -> Case:
    """The case with a second revision, submitted with these changes."""
    revision = reopen_revision(case)
    revision.answers_json = json.dumps({**json.loads(revision.answers_json), **changes})
    revision.save()
    close_revision(case, timezone.now())
    case.save(update_fields=["revision"])
    return case


def test_a_case_is_found_in_the_area_and_not_elsewhere_or_as_a_draft(clerk):
    case, draft = queued(), f.draft_filing()
    assert case_for(clerk, str(case.pk)) == case
    assert case_for(f.clerk(area="530900"), case.pk) is None
    assert case_for(f.clerk("sysadmin", area=f.HOHHOT), case.pk) is None
    assert case_for(f.resident(), case.pk) is None
    assert case_for(clerk, draft.pk) is None


@pytest.mark.parametrize("key", ["²", "9" * 25, "-1", "x"])
def test_what_is_no_key_is_nobodys_case(clerk, key):
    queued()
    assert case_for(clerk, key) is None
    assert staff_client(clerk).get(f"{QUEUE}{key}/change/").status_code == 404


def test_only_what_the_last_correction_changed_is_marked(clerk):
    client, case = staff_client(clerk), queued()
    address = f"{QUEUE}{case.pk}/change/"
    assert "补正后有改动" not in client.get(address).content.decode()
    corrected(case, address="示例路一号")
    assert client.get(address).content.decode().count("补正后有改动") == 1
    corrected(case)
    page = client.get(address).content.decode()
    assert "补正后有改动" not in page and "示例路一号" in page


def test_other_cases_of_the_person_are_looked_for_only_where_there_are_some(clerk):
    holding = f.HoldingFactory()
    first = case_for(clerk, queued(holding).pk)
    with CaptureQueriesContext(connection) as counted:
        assert others_of(clerk, first, 10) == []
    assert len(counted) == 0
    second = queued(holding, destination="310000", destination_pick="310000")
    assert others_of(clerk, case_for(clerk, first.pk), 10) == [second]
    page = staff_client(clerk).get(f"{QUEUE}{first.pk}/change/").content.decode()
    assert second.number in page
    Case.objects.filter(pk=second.pk).update(city="530900", county="530902")
    assert others_of(clerk, case_for(clerk, first.pk), 10) == []
