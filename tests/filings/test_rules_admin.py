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


def test_what_does_not_fit_is_said_beside_its_field_in_chinese_and_kept(author, draft):
    answer = author.post(
        f"{LIST}{draft.pk}/change/", typed(draft, promised_days="九天", note="留着")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "承诺时限（工作日）</a>:应为 0 到 1200 的整数" in page
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
