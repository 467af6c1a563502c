"""Rules at the desk: read, edited as a new version, published by a second person."""

import pytest

from filings.decision.rulebook import shipped
from filings.models import FilingRule
from filings.rule_words import BOXES, EDITABLE, in_words, read, shown, written
from tests import factories as f
from tests.casework.desk_helpers import staff_client

pytestmark = pytest.mark.django_db
LIST = "/admin/filings/filingrule/"


@pytest.fixture
def rule(rules) -> FilingRule:
    """A published rule of 呼和浩特."""
    return FilingRule.objects.filter(place=f.HOHHOT, category="LT-RES", insurance="310").first()


@pytest.fixture
def author(rules):
    return staff_client(f.clerk("supervisor", area=f.HOHHOT))


@pytest.fixture
def draft(author, rule) -> FilingRule:
    """A draft of a new version, begun by `author`."""
    author.post(f"{LIST}{rule.pk}/version/")
    return FilingRule.objects.get(state="draft")


def typed(rule, **changes) -> dict:
    """The form of a draft as a browser posts it."""
    data = {}
    for name in EDITABLE:
        text = written(name, rule.body[name])
        many = BOXES[name].kind == "codes" and BOXES[name].words
        data[name] = text.split() if many else text
    return {**data, **changes}


def test_every_field_of_a_rule_is_shown_with_a_chinese_label(author, rule):
    page = author.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert all(box.label in page for box in BOXES.values())
    assert set(BOXES) == set(rule.body)


def test_a_published_rule_cannot_be_edited(author, rule):
    page = author.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert "保存草稿" not in page and "以此另建新版本" in page
    assert author.post(f"{LIST}{rule.pk}/change/", typed(rule, note="x")).status_code == 403


def test_a_draft_is_saved_and_the_published_version_stays(author, rule, draft):
    answer = author.post(f"{LIST}{draft.pk}/change/", typed(draft, promised_days="1", note="试行"))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.body["promised_days"], draft.note) == (1, "试行")
    assert FilingRule.objects.get(pk=rule.pk).body == rule.body


def test_saving_a_draft_keeps_the_order_of_its_sources(author, draft):
    FilingRule.objects.filter(pk=draft.pk).update(
        body={**draft.body, "sources": ["hohhot-2024-10-31", "nhsa-2022-22"]}
    )
    ticked = ["nhsa-2022-22", "civil-code", "hohhot-2024-10-31"]
    author.post(f"{LIST}{draft.pk}/change/", typed(draft, sources=ticked))
    draft.refresh_from_db()
    assert draft.body["sources"] == ["hohhot-2024-10-31", "nhsa-2022-22", "civil-code"]


def test_what_does_not_fit_is_said_beside_its_field_in_chinese_and_kept(author, draft):
    answer = author.post(
        f"{LIST}{draft.pk}/change/", typed(draft, promised_days="九天", note="留着")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "承诺时限（工作日）</a>：应为 0 到 1200 的整数" in page
    assert 'value="九天"' in page and "留着" in page
    draft.refresh_from_db()
    assert draft.note != "留着"


def test_two_fields_that_contradict_each_other_are_named_in_chinese(author, draft):
    answer = author.post(
        f"{LIST}{draft.pk}/change/", typed(draft, validity="months", validity_months="")
    )
    assert "「有效期」为若干个月时应写几个月" in answer.content.decode()


def test_it_is_published_by_a_second_person_only(author, draft):
    author.post(f"{LIST}{draft.pk}/change/", typed(draft, promised_days="1"))
    author.post(f"{LIST}{draft.pk}/review/")
    author.post(f"{LIST}{draft.pk}/publish/")
    assert FilingRule.objects.get(pk=draft.pk).state == "in_review"
    other = staff_client(f.clerk("supervisor", area=f.HOHHOT))
    assert other.get(f"{LIST}{draft.pk}/publish/").status_code == 302
    assert FilingRule.objects.get(pk=draft.pk).state == "in_review"
    other.post(f"{LIST}{draft.pk}/publish/")
    row = FilingRule.objects.get(pk=draft.pk)
    assert row.state == "published" and row.published_by_id != row.created_by_id


def test_a_version_under_review_goes_back_to_be_changed(author, draft):
    author.post(f"{LIST}{draft.pk}/review/")
    assert author.post(f"{LIST}{draft.pk}/change/", typed(draft)).status_code == 403
    author.post(f"{LIST}{draft.pk}/back/")
    assert author.post(f"{LIST}{draft.pk}/change/", typed(draft)).status_code == 302


def test_a_supervisor_of_another_city_touches_no_rule_of_this_one(rule, draft):
    other = staff_client(f.clerk("supervisor", area=f.LINCANG))
    assert other.post(f"{LIST}{draft.pk}/change/", typed(draft)).status_code == 403
    assert other.post(f"{LIST}{draft.pk}/review/").status_code == 403
    assert other.post(f"{LIST}{rule.pk}/version/").status_code == 403


def test_a_place_begins_its_own_rule_from_the_national_one(author):
    nation = FilingRule.objects.filter(place="000000", variant="").first()
    assert author.post(f"{LIST}{nation.pk}/review/").status_code == 403
    author.post(f"{LIST}{nation.pk}/version/")
    draft = FilingRule.objects.get(state="draft")
    assert draft.place == f.HOHHOT and draft.key != nation.key


def test_a_clerk_without_the_permission_reads_no_rules(rule):
    client = staff_client(f.clerk(area=f.HOHHOT))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{rule.pk}/change/").status_code == 403
    assert client.post(f"{LIST}{rule.pk}/version/").status_code == 403


def test_every_shipped_rule_survives_its_own_form():
    for rule in shipped().rules:
        body = rule.to_dict()
        for name in EDITABLE:
            assert read(name, written(name, body[name])) == body[name], (rule.key, name)


def test_every_shipped_value_has_words_without_english():
    for rule in shipped().rules:
        for name, value in rule.to_dict().items():
            text = shown(name, value)
            assert name == "variant" or not any("a" <= char <= "z" for char in text), (name, text)


def test_names_and_codes_in_a_refusal_become_chinese():
    said = in_words("validity 为 months 时应写几个月，其他时候应为 null")
    assert said == "「有效期」为若干个月时应写几个月，其他时候应为空着"


def test_rules_of_a_province_and_of_the_nation_are_kept_by_those_whose_profile_says_so(rules):
    nation = FilingRule.objects.filter(place="000000", variant="").first()
    keeper, plain = (
        staff_client(f.clerk("supervisor", area=f.HOHHOT, rules_area=area))
        for area in ("000000", "")
    )
    page = keeper.get(f"{LIST}{nation.pk}/change/").content.decode()
    assert "以此另建新版本" in page and "以此另建内蒙古自治区呼和浩特市的规则" in page
    assert plain.post(f"{LIST}{nation.pk}/version/", {"place": "000000"}).status_code == 403
    keeper.post(f"{LIST}{nation.pk}/version/", {"place": "000000"})
    draft = FilingRule.objects.get(state="draft")
    assert (draft.place, draft.key) == ("000000", nation.key)
    assert plain.post(f"{LIST}{draft.pk}/review/").status_code == 403
    keeper.post(f"{LIST}{draft.pk}/review/")
    keeper.post(f"{LIST}{draft.pk}/publish/")
    assert FilingRule.objects.get(pk=draft.pk).state == "in_review", "须由另一人发布"
    other = staff_client(f.clerk("supervisor", area=f.LINCANG, rules_area="000000"))
    other.post(f"{LIST}{draft.pk}/publish/")
    assert FilingRule.objects.get(pk=draft.pk).state == "published"


def test_a_province_begins_its_own_rule_from_the_national_one(rules):
    nation = FilingRule.objects.filter(place="000000", variant="").first()
    keeper = staff_client(f.clerk("supervisor", area=f.LINCANG, rules_area="530000"))
    keeper.post(f"{LIST}{nation.pk}/version/", {"place": "530000"})
    draft = FilingRule.objects.get(state="draft")
    assert draft.place == "530000"
    page = keeper.get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "个统筹区按这条规则办理" in page and "保存草稿" in page


def test_only_a_supervisor_is_given_the_rules_of_the_own_province_or_the_nation(rules):
    admin = staff_client(f.clerk("sysadmin", area=f.LINCANG))
    keeper = f.clerk("supervisor", area=f.LINCANG)
    address = f"/admin/casework/staffprofile/{keeper.staff_profile.pk}/change/"
    fields = {"user": keeper.pk, "role": "supervisor", "scope": "city", "area": f.LINCANG}
    foreign = admin.post(address, {**fields, "rules_area": "150000"}).content.decode()
    assert "只能填本人所在省份的代码" in foreign
    clerk = admin.post(address, {**fields, "role": "first", "rules_area": "530000"})
    assert "只有主管可以维护规则" in clerk.content.decode()
    assert admin.post(address, {**fields, "rules_area": "530000"}).status_code == 302
    keeper.staff_profile.refresh_from_db()
    assert keeper.staff_profile.rules_area == "530000"


def test_a_draft_shows_what_differs_and_how_the_answers_would_change(author, rule, draft):
    page = author.get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "种情形" in page and "答复都不变" in page
    author.post(f"{LIST}{draft.pk}/change/", typed(draft, benefit_text="改过的待遇说明"))
    page = author.get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "种的答复会变" in page and "<ins>改过的待遇说明</ins>" in page
    assert '<th scope="row">待遇说明</th>' in page


def test_the_page_of_a_draft_needs_a_handful_of_queries(
    author, draft, django_assert_max_num_queries
):
    author.get(f"{LIST}{draft.pk}/change/")
    with django_assert_max_num_queries(14):
        author.get(f"{LIST}{draft.pk}/change/")


def test_what_cannot_be_published_is_said_before_it_is_sent_to_review(author, rule, draft):
    author.post(
        f"{LIST}{draft.pk}/change/", typed(draft, valid_from="2023-01-01", valid_to="2023-02-01")
    )
    page = author.get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "这一版现在还不能发布" in page and "有空档" in page
