"""The desk: what a clerk sees of the queue and of a case, and what it costs."""

import pytest
from django.urls import reverse

from casework.actors import Actor
from casework.admin.paging import CappedPaginator
from casework.drafts import start_draft
from casework.models import Case, Notice, Reason, SavedFilter
from casework.perform import perform
from residents.models import AccessLog, Person
from residents.staff import mark_second_factor

pytestmark = pytest.mark.django_db

QUEUE = "/admin/casework/case/"


@pytest.fixture
def cases(resident):
    """Makes submitted cases: cases(3) -> list, oldest first."""

    def make(count=1, county="530902", **columns):
        made = []
        for _ in range(count):
            number = Person.objects.count()
            person = Person.objects.create(id_number=f"53090219500101{number:04d}", id_kind="x")
            draft = start_draft(
                resident,
                person,
                "toy",
                "a",
                {"name": "张示例"},
                account=resident,
                city=county[:4] + "00",
                county=county,
                name="张示例",
                phone=f"1390000{number:04d}",
                **columns,
            )
            made.append(perform(draft, "submit", Actor.resident(resident)))
        return made

    return make


@pytest.fixture
def log_in(client):
    """Logs a clerk in with the second factor shown."""

    def enter(actor):
        client.force_login(actor.user, "django.contrib.auth.backends.ModelBackend")
        mark_second_factor(client.session, actor.user)
        session = client.session
        session.save()
        return client

    return enter


def test_a_clerk_sees_the_cases_of_the_own_county_and_no_others(cases, clerk_of, log_in):
    own, other = cases(1)[0], cases(1, county="530921")[0]
    page = log_in(clerk_of()).get(QUEUE).content.decode()
    assert own.number in page and other.number not in page
    assert "张" not in page  # no list shows a name


def test_drafts_are_in_no_tab(draft, clerk_of, log_in):
    client = log_in(clerk_of())
    for tab in ("mine", "waiting", "correction", "closed", "all"):
        assert "这里没有办件" in client.get(QUEUE, {"tab": tab}).content.decode()


def test_the_queue_costs_the_same_for_many_as_for_few(
    cases, clerk_of, log_in, django_assert_max_num_queries
):
    client = log_in(clerk_of())
    cases(2)
    client.get(QUEUE)
    with django_assert_max_num_queries(8):
        client.get(QUEUE)
    cases(30)
    with django_assert_max_num_queries(8):
        page = client.get(QUEUE)
    assert "共 32 件" in page.content.decode()


def test_the_case_page_costs_at_most_twelve_queries(
    cases, clerk_of, log_in, django_assert_max_num_queries
):
    client, case = log_in(clerk_of()), cases(1)[0]
    client.get(f"{QUEUE}{case.pk}/change/")
    with django_assert_max_num_queries(12):
        client.get(f"{QUEUE}{case.pk}/change/")


def test_opening_a_case_is_logged_and_shows_no_whole_number(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    page = client.get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert case.id_number not in page and case.phone not in page and "张示例" not in page
    assert AccessLog.objects.filter(action="opened", case_number=case.number).exists()


def test_a_value_is_shown_whole_only_by_a_post_with_a_reason(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    url = f"{QUEUE}{case.pk}/reveal/phone/"
    assert client.get(url).status_code == 404
    assert case.phone not in client.post(url, {"why": "x"}, follow=True).content.decode()
    assert case.phone in client.post(url, {"why": "电话核实住址"}).content.decode()
    assert AccessLog.objects.filter(action="revealed", reason="电话核实住址").count() == 1


def test_a_case_of_another_area_is_not_found(cases, clerk_of, log_in):
    client, case = log_in(clerk_of("530921")), cases(1)[0]
    for url in (f"{QUEUE}{case.pk}/change/", f"{QUEUE}{case.pk}/step/next/"):
        assert client.get(url).status_code == 404
    assert client.post(f"{QUEUE}{case.pk}/do/approve/", {"version": 1}).status_code == 404
    assert client.post(f"{QUEUE}{case.pk}/reveal/phone/", {"why": "电话核实"}).status_code == 404


def test_a_clean_case_is_decided_with_two_clicks(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    page = client.get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert f"{QUEUE}{case.pk}/do/approve/" in page
    client.post(f"{QUEUE}{case.pk}/do/approve/", {"version": case.version})
    assert Case.objects.get(pk=case.pk).status == "approved"


def test_a_correction_is_shown_before_it_is_sent(cases, clerk_of, log_in):
    Reason.objects.create(kind="toy", action="ask", code="blurred", text="照片模糊，看不清")
    client, case = log_in(clerk_of()), cases(1)[0]
    typed = {"version": case.version, "reason": "blurred", "note": "请重拍第二页"}
    page = client.post(f"{QUEUE}{case.pk}/do/ask/", typed).content.decode()
    assert "照片模糊，看不清" in page and "请重拍第二页" in page
    assert Case.objects.get(pk=case.pk).status == "submitted"
    client.post(f"{QUEUE}{case.pk}/do/ask/", {**typed, "confirm": "1"})
    assert Case.objects.get(pk=case.pk).status == "correction"


def test_a_stale_page_changes_nothing_and_keeps_what_was_typed(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    perform(case, "take", clerk_of())
    typed = {"version": case.version, "reason": "other", "note": "我写了很久的说明", "confirm": "1"}
    response = client.post(f"{QUEUE}{case.pk}/do/ask/", typed)
    assert response.status_code == 409
    assert "我写了很久的说明" in response.content.decode()
    assert Case.objects.get(pk=case.pk).status == "submitted"


def test_an_action_without_its_reason_says_so_and_changes_nothing(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    response = client.post(f"{QUEUE}{case.pk}/do/ask/", {"version": case.version})
    assert response.status_code == 422 and "请选择" in response.content.decode()


@pytest.mark.parametrize("role", ["auditor", "finance"])
def test_those_who_only_read_are_offered_and_allowed_nothing(cases, clerk_of, log_in, role):
    client, case = log_in(clerk_of(role=role)), cases(1)[0]
    page = client.get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert "/do/" not in page
    response = client.post(f"{QUEUE}{case.pk}/do/approve/", {"version": case.version})
    assert response.status_code == 403


def test_the_system_administrator_sees_no_case(cases, clerk_of, log_in):
    client, case = log_in(clerk_of(role="sysadmin")), cases(1)[0]
    assert client.get(QUEUE).status_code == 403
    assert client.get(f"{QUEUE}{case.pk}/change/").status_code == 404


def test_taking_the_next_gives_what_is_due_first_and_opens_it(cases, clerk_of, log_in):
    clerk = clerk_of()
    client, first = log_in(clerk), cases(2)[0]
    response = client.post(f"{QUEUE}next/")
    assert response.url == f"{QUEUE}{first.pk}/change/"
    assert Case.objects.get(pk=first.pk).assignee == clerk.user
    assert client.get(f"{QUEUE}next/").status_code == 302  # a GET takes nothing
    assert Case.objects.filter(assignee=clerk.user).count() == 1


@pytest.mark.parametrize("ask", ["number", "phone", "id"])
def test_a_search_finds_the_exact_case_and_puts_nothing_personal_in_the_address(
    cases, clerk_of, log_in, ask
):
    client = log_in(clerk_of())
    case, other = cases(2)
    text = {"number": case.number, "phone": case.phone, "id": case.id_number}[ask]
    response = client.post(f"{QUEUE}search/", {"text": text})
    assert ask == "number" or text not in response.url
    page = client.get(response.url).content.decode()
    if ask != "id":  # the made-up numbers of this test are no valid ID numbers
        assert case.number in page and other.number not in page


def test_a_search_by_full_name_is_exact_and_logged(cases, clerk_of, log_in):
    client, case = log_in(clerk_of()), cases(1)[0]
    found = client.get(client.post(f"{QUEUE}search/", {"text": " 张示例 "}).url)
    assert case.number in found.content.decode()
    part = client.get(client.post(f"{QUEUE}search/", {"text": "张示"}).url)
    assert case.number not in part.content.decode()
    assert AccessLog.objects.filter(action="searched").count() == 2


def test_clean_cases_are_approved_together_and_doubtful_ones_are_left(cases, clerk_of, log_in):
    client = log_in(clerk_of())
    clean, doubtful = cases(2)
    Case.objects.filter(pk=doubtful.pk).update(doubts=" not_matched ")
    foreign = cases(1, county="530921")[0]
    page = client.post(
        f"{QUEUE}bulk/", {"bulk": "approve", "pk": [clean.pk, doubtful.pk, foreign.pk]}
    ).content.decode()
    states = dict(Case.objects.values_list("pk", "status"))
    assert states[clean.pk] == "approved"
    assert states[doubtful.pk] == states[foreign.pk] == "submitted"
    assert "有疑点" in page and "不在您的经办范围" in page and foreign.number not in page


def test_a_filter_is_kept_under_a_name_and_dropped_again(cases, clerk_of, log_in):
    client = log_in(clerk_of())
    client.post(f"{QUEUE}filters/", {"name": "居民", "query": "tab=waiting&insurance=390"})
    page = client.get(QUEUE).content.decode()
    assert "居民" in page and "insurance=390" in page
    client.post(f"{QUEUE}filters/", {"drop": SavedFilter.objects.get().pk})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"insurance": "310"}, True),
        ({"insurance": "390"}, False),
        ({"doubt": "none"}, True),
        ({"destination": "510100"}, True),
        ({"destination": "999999"}, False),
        ({"assignee": "me"}, False),
        ({"due": "late"}, False),
        ({"due": "soon"}, False),
        ({"channel": "online"}, True),
        ({"kind": "toy"}, True),
    ],
)
def test_each_filter_narrows_the_queue(cases, clerk_of, log_in, query, found):
    case = cases(1, insurance="310", destination="510100")[0]
    page = log_in(clerk_of()).get(QUEUE, {"tab": "waiting", **query}).content.decode()
    assert (case.number in page) is found


def test_the_next_and_the_previous_case_follow_the_filter(cases, clerk_of, log_in):
    client = log_in(clerk_of())
    first, second = cases(2)
    step = client.get(f"{QUEUE}{first.pk}/step/next/", {"tab": "waiting"})
    assert step.url.startswith(f"{QUEUE}{second.pk}/change/")
    back = client.get(f"{QUEUE}{second.pk}/step/previous/", {"tab": "waiting"})
    assert back.url.startswith(f"{QUEUE}{first.pk}/change/")
    end = client.get(f"{QUEUE}{second.pk}/step/next/", {"tab": "waiting"})
    assert end.url.startswith(f"{QUEUE}?")


def test_a_resident_has_no_business_at_the_desk(client, resident):
    client.force_login(resident, "django.contrib.auth.backends.ModelBackend")
    assert client.get(QUEUE).status_code in (302, 403)


def test_the_stock_ways_around_the_desk_are_closed(cases, clerk_of, log_in):
    client, case = log_in(clerk_of(role="supervisor")), cases(1)[0]
    assert client.get(f"{QUEUE}{case.pk}/history/").status_code == 404
    assert client.get(f"{QUEUE}{case.pk}/delete/").status_code in (403, 404)
    assert client.get(f"{QUEUE}add/").status_code == 403
    client.post(f"{QUEUE}{case.pk}/change/", {"status": "approved"})
    assert Case.objects.get(pk=case.pk).status == "submitted"


def test_the_letters_and_messages_of_others_are_not_found(cases, client, resident):
    case = cases(1)[0]
    assert Notice.objects.filter(case=case, recipient=resident).exists()
    page = client.get(reverse("casework:messages"))
    assert page.status_code == 302  # log in first


def test_a_page_of_a_list_reads_its_own_rows_and_no_others(cases, django_assert_num_queries):
    made = [case.pk for case in cases(5)]
    pages = CappedPaginator(Case.objects.order_by("pk"), 2)
    with django_assert_num_queries(2):
        assert [case.pk for case in pages.page(2).object_list] == made[2:4]
    assert pages.count == 5 and pages.num_pages == 3
