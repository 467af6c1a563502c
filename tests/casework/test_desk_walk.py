"""A walk over every page of the admin: nothing of a case outside the own area, no English,
nothing that the content security policy drops (tests/strict/pages.py raises), few queries.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from casework.models import Case, JobRun, Notice, Reason, SavedFilter, StaffProfile, Workday
from filings.decision.rulebook import shipped
from filings.models import FilingRule, NoticeText
from filings.rules_store import forget_rulebook, load_rulebook
from residents.models import AccessLog
from residents.personal import log_access
from tests import factories as f
from tests.casework.desk_helpers import QUEUE, english_words, queued, staff_client, visible_text
from tests.facilities.factories import InstitutionFactory

pytestmark = pytest.mark.django_db
ROLES = list(StaffProfile.Role.values)
# Names and marks that people here read in Latin letters.
# True and False: what Django's picture of a yes or a no is called, which it does not translate.
LATIN = {
    "True",
    "False",
    "CSV",
    "XLSX",
    "xlsx",
    "csv",
    "Excel",
    "SHA",
    "PDF",
    "YAML",
    "clerk",
    "enter",
    "http",
    "https",
}


@pytest.fixture(autouse=True)
def rules(db, settings, tmp_path):
    """The shipped rules, and files in a folder of their own."""
    settings.FILES_DIR = tmp_path / "files"
    load_rulebook(shipped())
    yield
    forget_rulebook()


@pytest.fixture
def case():
    """A case of 呼和浩特 with documents, a letter, notices and looks at it."""
    made = queued()
    log_access(f.clerk(area=f.HOHHOT), "opened", made.number)
    Notice.objects.create(
        case=made, channel="call", template="x", text=f"办件{made.number}", dedupe_key="walk"
    )
    return made


def addresses(case) -> list[str]:
    """Every address of every registered model, and of the desk's own pages."""
    found = ["/admin/", "/admin/?tables", "/admin/autocomplete/", "/admin/jsi18n/"]
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")]
        found.append(reverse("admin:app_list", args=[model._meta.app_label]))
        for pk in _keys(model, case):
            for page in ("change", "history", "delete"):
                found.append(reverse(f"admin:{name}_{page}", args=[pk]))
    own = [f"{QUEUE}{tail}" for tail in ("next/", "search/", "filters/", "bulk/", "export/")]
    own += [
        f"{QUEUE}supervise/",
        f"{QUEUE}export/?tab=all",
        f"{QUEUE}?tab=all&number={case.number}",
    ]
    own += [f"{QUEUE}{case.pk}/{tail}" for tail in ("do/approve/", "reveal/name/", "step/next/")]
    papers = [f"/cases/files/{pk}/" for pk in case.attachments.values_list("pk", flat=True)]
    papers += [f"{address}large/0/" for address in papers]
    papers += [f"/cases/letters/{pk}.pdf" for pk in case.letters.values_list("pk", flat=True)]
    return found + own + papers


def _keys(model, case) -> list:
    if model is Case:
        return [case.pk]
    if model is Notice:
        return list(Notice.objects.filter(case=case).values_list("pk", flat=True))
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[:1])


def body_of(answer) -> str:
    data = b"".join(answer) if answer.streaming else answer.content
    return data.decode("utf-8", "replace")


def test_no_role_of_another_area_sees_anything_of_a_case_anywhere(case):
    pages = addresses(case)
    secret = (case.number, case.name, case.phone, case.person.id_number, case.id_hash)
    for role in ROLES:
        if role == StaffProfile.Role.AUDITOR:
            continue  # reads the log of who looked, which names cases by number
        client = staff_client(f.clerk(role, area=f.LINCANG))
        for address in pages:
            answer = client.get(address)
            if case.number in address:  # what was asked for stands in the page's own links
                answer_text = body_of(answer).replace(f"number={case.number}", "")
            else:
                answer_text = body_of(answer)
            assert answer.status_code < 500, address
            assert not [word for word in secret if word in answer_text], (role, address)


def test_a_post_from_another_area_changes_and_reveals_nothing(case):
    before = Case.objects.get(pk=case.pk)
    client = staff_client(f.clerk("supervisor", area=f.LINCANG))
    tick = {"pk": [f"{case.pk}:{case.version}"], "version": case.version, "confirm": "1"}
    for action in ("approve", "take", "assign", "release"):
        page = client.post(f"{QUEUE}bulk/", {**tick, "bulk": action}).content.decode()
        assert case.number not in page
        assert client.post(f"{QUEUE}{case.pk}/do/{action}/", tick).status_code == 404
    export = client.post(f"{QUEUE}export/?tab=all", {"format": "csv", "personal": "none"})
    assert case.number not in body_of(export)
    assert client.post(f"{QUEUE}{case.pk}/reveal/name/", {"why": "核实姓名"}).status_code == 404
    after = Case.objects.get(pk=case.pk)
    assert (after.version, after.status, after.assignee_id) == (before.version, "in_review", None)


def test_recent_actions_and_the_index_name_no_case_and_no_person(case):
    clerk = f.clerk(area=f.HOHHOT)
    client = staff_client(clerk)
    task = Notice.objects.get(dedupe_key="walk")
    client.post(f"/admin/casework/notice/{task.pk}/done/", {"note": "已接通"})
    page = client.get("/admin/?tables").content.decode()
    assert case.number not in page and case.name not in page


# Which role gets what from which page of the desk.
READS = {"first", "second", "approval", "finance", "supervisor", "auditor"}
DECIDES = {"first", "second", "approval", "supervisor"}
TABLE = {
    QUEUE: READS,
    f"{QUEUE}export/": READS,
    f"{QUEUE}supervise/": {"supervisor"},
    "/admin/casework/notice/": DECIDES,
    "/admin/casework/reason/": {"supervisor"},
    "/admin/casework/jobrun/": {"supervisor", "auditor", "sysadmin"},
    "/admin/casework/staffprofile/": {"sysadmin"},
    "/admin/casework/workday/": {"sysadmin"},
    "/admin/residents/user/": {"sysadmin"},
    "/admin/residents/accesslog/": {"auditor"},
    "/admin/filings/filingrule/": {"supervisor", "auditor"},
    "/admin/filings/noticetext/": {"supervisor", "auditor"},
    "/admin/filings/promisetext/": {"supervisor", "auditor"},
    "/admin/facilities/agency/": {"sysadmin"},
    "/admin/facilities/institution/": {"sysadmin"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_pages_and_no_other(role):
    client = staff_client(f.clerk(role, area=f.HOHHOT))
    got = {address: client.get(address).status_code for address in TABLE}
    assert got == {address: 200 if role in who else 403 for address, who in TABLE.items()}


def test_nobody_without_a_log_in_and_no_resident_gets_any_page(client):
    for address in TABLE:
        assert client.get(address).status_code == 302, address
    client.force_login(f.resident(), "django.contrib.auth.backends.ModelBackend")
    for address in TABLE:
        assert client.get(address).status_code in (302, 403), address


@pytest.fixture
def something_everywhere(case):
    """A row in every table that the admin lists."""
    now = timezone.now()
    Reason.objects.create(kind="filing", action="reject", code="walk", text="不符合条件")
    JobRun.objects.create(name="到期", started_at=now, state=JobRun.State.FAILED)
    Workday.objects.create(day=now.date(), working=True)
    InstitutionFactory()
    SavedFilter.objects.create(user=f.clerk(area=f.HOHHOT), name="常用", query="tab=all")
    return case


def pages_of(role: str, case) -> list[str]:
    """The pages of the admin that this role may open, one of each sort."""
    found = [address for address, who in TABLE.items() if role in who] + ["/admin/?tables"]
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for pk in _keys(model, case):
            found += [reverse(f"admin:{name}_{page}", args=[pk]) for page in ("change", "history")]
        found.append(reverse(f"admin:{name}_add"))
    return found


@pytest.mark.parametrize("role", ["supervisor", "sysadmin", "auditor"])
def test_no_page_of_the_admin_speaks_english(something_everywhere, role):
    client = staff_client(f.clerk(role, area=f.HOHHOT))
    found = {}
    for address in pages_of(role, something_everywhere):
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            words = english_words(answer.content.decode()) - LATIN
            if words:
                found[address] = words
    assert found == {}


@pytest.mark.parametrize("role", ["supervisor", "sysadmin", "auditor"])
def test_every_list_of_the_admin_costs_few_queries(something_everywhere, role):
    client = staff_client(f.clerk(role, area=f.HOHHOT))
    costs = {}
    for address, who in TABLE.items():
        if role in who:
            client.get(address)
            with CaptureQueriesContext(connection) as counted:
                client.get(address)
            costs[address] = len(counted)
    assert {address: cost for address, cost in costs.items() if cost > 14} == {}
    assert costs.get(QUEUE, 0) <= 8


def test_a_profile_never_shows_the_numbers_it_was_given():
    client = staff_client(f.clerk("sysadmin", area=f.HOHHOT))
    profile = f.clerk(area=f.HOHHOT).staff_profile
    number = f.id_number(sequence=7)
    url = reverse("admin:casework_staffprofile_change", args=[profile.pk])
    data = {"user": profile.user_id, "role": "second", "scope": "city", "area": f.HOHHOT}
    answer = client.post(url, {**data, "own_id_number": number, "own_phone": "13912345678"})
    assert answer.status_code == 302, visible_text(answer.content.decode())
    profile = StaffProfile.objects.get(pk=profile.pk)
    assert (profile.id_number, profile.phone, profile.role) == (number, "13912345678", "second")
    assert list(profile.user.groups.all()) == [Group.objects.get(name="复审")]
    page = client.get(url).content.decode()
    listed = client.get(reverse("admin:casework_staffprofile_changelist")).content.decode()
    assert number not in page + listed and "13912345678" not in page + listed
    client.post(url, data)
    assert StaffProfile.objects.get(pk=profile.pk).id_number == number


@pytest.mark.parametrize(
    ("scope", "area", "said"),
    [
        ("city", "999999", "没有这个区划"),
        ("city", "150102", "统筹区"),
        ("county", "150100", "区县"),
    ],
)
def test_a_profile_with_an_impossible_area_is_refused(scope, area, said):
    client = staff_client(f.clerk("sysadmin", area=f.HOHHOT))
    profile = f.clerk(area=f.HOHHOT).staff_profile
    url = reverse("admin:casework_staffprofile_change", args=[profile.pk])
    data = {"user": profile.user_id, "role": "first", "scope": scope, "area": area}
    assert said in client.post(url, data).content.decode()


def test_the_log_of_who_looked_is_read_only_for_the_auditor(case):
    client = staff_client(f.clerk("auditor", area=f.HOHHOT))
    entry = AccessLog.objects.filter(case_number=case.number).first()
    url = reverse("admin:residents_accesslog_change", args=[entry.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "x"}).status_code == 403
    assert client.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_texts_and_job_runs_are_read_only(case):
    client = staff_client(f.clerk("supervisor", area=f.HOHHOT))
    run = JobRun.objects.create(name="到期", started_at=timezone.now())
    text = NoticeText.objects.first()
    for address in (
        reverse("admin:casework_jobrun_change", args=[run.pk]),
        reverse("admin:filings_noticetext_change", args=[text.pk]),
    ):
        assert client.get(address).status_code == 200
        assert client.post(address, {"name": "x", "title": "x"}).status_code == 403
    assert FilingRule.objects.exists()


def test_every_registered_model_has_its_addresses():
    for model in admin.site._registry:
        try:
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            pytest.fail(f"{model} has no list")
