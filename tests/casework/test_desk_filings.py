"""The desk with real filings: what actions ask, what is kept, who the person is."""

import pytest
from django.core.management import call_command

from casework.models import Case, CorrectionItem, Notice, Reason
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


@pytest.fixture
def client(clerk):
    return staff_client(clerk)


def unproven():
    return f.HoldingFactory(standing="pending", bound_by="")


def page_of(client, case) -> str:
    return client.get(f"{QUEUE}{case.pk}/change/").content.decode()


def items_of(case, **more) -> dict:
    return {
        "version": case.version,
        "target": ["field:start", "document:residence_permit"],
        "reason-field:start": "other",
        "text-field:start": "请改为入院那天",
        "reason-document:residence_permit": "blurred",
        "text-document:residence_permit": "",
        **more,
    }


def test_a_correction_lists_fields_and_documents_with_the_reasons_that_fit(client):
    call_command("load_reasons", verbosity=0)
    page = page_of(client, queued())
    start = page.split('name="reason-field:start"')[1].split("</select>")[0]
    permit = page.split('name="reason-document:residence_permit"')[1].split("</select>")[0]
    assert "开始日期晚于入院日期" in start and "照片模糊" not in start
    assert "照片模糊" in permit and "开始日期晚于入院日期" not in permit


def test_a_correction_is_previewed_then_sent_with_its_days(client):
    call_command("load_reasons", verbosity=0)
    case = queued()
    typed = items_of(case, **{"data-due_days": "10"})
    preview = client.post(f"{QUEUE}{case.pk}/do/request_correction/", typed).content.decode()
    assert "请改为入院那天" in preview and "照片模糊" in preview and "补正天数" in preview
    assert not CorrectionItem.objects.exists()
    client.post(f"{QUEUE}{case.pk}/do/request_correction/", {**typed, "confirm": "1"})
    assert Case.objects.get(pk=case.pk).status == "correction"
    assert CorrectionItem.objects.count() == 2


def test_going_back_from_the_preview_keeps_everything_that_was_typed(client):
    case = queued()
    typed = items_of(case, edit="1", **{"data-due_days": "17", "note": "请尽快"})
    page = client.post(f"{QUEUE}{case.pk}/do/request_correction/", typed).content.decode()
    assert 'value="请改为入院那天"' in page and 'value="17"' in page and "请尽快" in page
    assert page.count('name="target" value="field:start" checked') == 1
    assert 'name="target" value="field:name" checked' not in page


def test_a_stale_page_keeps_the_items_that_were_ticked(client):
    case = queued()
    typed = items_of(case, confirm="1") | {"version": case.version - 1}
    answer = client.post(f"{QUEUE}{case.pk}/do/request_correction/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="请改为入院那天"' in page and 'value="field:start" checked' in page
    assert Case.objects.get(pk=case.pk).status == "in_review"


def test_a_bad_number_of_days_is_refused_at_the_action_and_kept(client):
    case = queued()
    typed = items_of(case, confirm="1", **{"data-due_days": "999"})
    answer = client.post(f"{QUEUE}{case.pk}/do/request_correction/", typed)
    assert answer.status_code == 422
    assert "1 到 366" in answer.content.decode() and 'value="999"' in answer.content.decode()


def test_an_item_without_a_sentence_is_refused_and_the_others_are_kept(client):
    case = queued()
    typed = items_of(case) | {"text-field:start": ""}
    answer = client.post(f"{QUEUE}{case.pk}/do/request_correction/", typed)
    assert answer.status_code == 422
    assert 'value="document:residence_permit" checked' in answer.content.decode()


def test_a_person_not_proven_is_compared_and_approved_only_with_the_tick(client):
    case = queued(unproven())
    page = page_of(client, case)
    assert "核对身份" in page and "参保登记中没有" in page and 'name="data-identity"' in page
    refused = client.post(f"{QUEUE}{case.pk}/do/approve/", {"version": case.version})
    assert refused.status_code == 422
    client.post(f"{QUEUE}{case.pk}/do/approve/", {"version": case.version, "data-identity": "1"})
    assert Case.objects.get(pk=case.pk).status == "approved"


def test_a_proven_person_needs_no_comparison_and_no_tick(client):
    page = page_of(client, queued())
    assert "核对身份</h3>" not in page and 'name="data-identity"' not in page


def test_a_comparison_shows_no_whole_number_and_no_whole_name(client):
    holding = unproven()
    f.EnrolmentFactory.for_holding(holding, insured_area=f.XINCHENG, phone="13911112222")
    page = page_of(client, queued(holding))
    assert "不一致" in page and "139****2222" in page
    assert "13911112222" not in page and holding.name not in page
    assert holding.person.id_number not in page


def test_after_a_decision_the_next_case_is_one_key_away(client):
    case, other = queued(), queued()
    answer = client.post(
        f"{QUEUE}{case.pk}/do/approve/?tab=waiting", {"version": case.version}, follow=True
    )
    page = answer.content.decode()
    link = page.split('data-key="n"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert link == f"{QUEUE}{case.pk}/step/next/?tab=waiting"
    assert client.get(link).url.startswith(f"{QUEUE}{other.pk}/change/")


def test_the_own_case_says_so_and_offers_nothing(clerk, client):
    case = queued()
    clerk.staff_profile.id_number = case.person.id_number
    clerk.staff_profile.save()
    page = page_of(client, case)
    assert "这是您本人的办件" in page and "/do/" not in page


def test_somebody_in_hospital_is_shown_first_and_said_so(client):
    queued()
    urgent = queued(in_hospital=True, admitted_on="2026-11-01")
    page = client.get(QUEUE).content.decode()
    rows = page.split("<tbody>")[1]
    assert rows.index(urgent.number) < rows.index(f"{QUEUE}{urgent.pk - 1}/")
    assert "正在住院" in page_of(client, urgent)


def test_a_provisional_due_date_is_called_so(client):
    case = queued()
    Case.objects.filter(pk=case.pk).update(due_provisional=True)
    assert "应办结日期为暂定" in page_of(client, case)


@pytest.mark.parametrize(("typed", "found"), [("北京", True), ("bj", True), ("110000", True)])
def test_any_place_may_be_typed_as_destination(client, typed, found):
    case = queued()
    page = client.get(QUEUE, {"tab": "waiting", "destination": typed}).content.decode()
    assert (case.number in page) is found


def test_an_unknown_place_says_how_to_write_it(client):
    case = queued()
    page = client.get(QUEUE, {"tab": "waiting", "destination": "天边"}).content.decode()
    assert case.number not in page and "没有找到就医地" in page


def test_a_supervisor_filters_by_a_colleague_and_hands_over_in_bulk(clerk):
    boss = staff_client(f.clerk("supervisor", area=f.HOHHOT))
    case, other = queued(), queued()
    data = {"bulk": "assign", "assignee": clerk.pk, "pk": [f"{case.pk}:{case.version}"]}
    result = boss.post(f"{QUEUE}bulk/", data).content.decode()
    assert "完成 1 件" in result
    page = boss.get(QUEUE, {"tab": "waiting", "assignee": clerk.pk}).content.decode()
    assert case.number in page and other.number not in page


def test_a_bulk_approval_gives_each_case_its_own_result_and_message(client):
    cases = [queued(), queued(destination="310000", destination_pick="310000")]
    stale = queued()
    ticked = [f"{case.pk}:{case.version}" for case in cases] + [f"{stale.pk}:{stale.version - 1}"]
    page = client.post(f"{QUEUE}bulk/", {"bulk": "approve", "pk": ticked}).content.decode()
    assert "完成 2 件" in page and "不是最新内容" in page
    assert Case.objects.get(pk=stale.pk).status == "in_review"
    told = {
        case.number: Notice.objects.filter(case=case, template="filing_approved").first().text
        for case in cases
    }
    assert "北京" in told[cases[0].number] and "上海" in told[cases[1].number]


def test_the_case_page_of_a_doubtful_filing_stays_within_its_budget(
    client, django_assert_max_num_queries
):
    case = queued(unproven())
    page_of(client, case)
    with django_assert_max_num_queries(10):
        page_of(client, case)


def test_reasons_are_loaded_once_and_what_staff_wrote_stays():
    call_command("load_reasons", verbosity=0)
    count = Reason.objects.count()
    Reason.objects.filter(code="blurred").update(text="请重拍", active=False)
    call_command("load_reasons", verbosity=0)
    assert Reason.objects.count() == count > 30
    assert Reason.objects.get(code="blurred").text == "请重拍"


def test_a_call_for_somebody_without_a_phone_is_done_by_a_clerk_of_the_area(client):
    case = queued()
    task = Notice.objects.create(
        case=case, channel="call", template="x", text="请电话告知", dedupe_key="call-1"
    )
    assert "请电话告知" in client.get("/admin/casework/notice/").content.decode()
    elsewhere = staff_client(f.clerk(area=f.LINCANG))
    assert "请电话告知" not in elsewhere.get("/admin/casework/notice/").content.decode()
    elsewhere.post(f"/admin/casework/notice/{task.pk}/done/", {"note": "已告知"})
    assert Notice.objects.get(pk=task.pk).state == "waiting"
    client.get(f"/admin/casework/notice/{task.pk}/done/")
    client.post(f"/admin/casework/notice/{task.pk}/done/", {"note": ""})
    assert Notice.objects.get(pk=task.pk).state == "waiting"
    client.post(f"/admin/casework/notice/{task.pk}/done/", {"note": "已接通"})
    assert Notice.objects.get(pk=task.pk).state == "sent"
