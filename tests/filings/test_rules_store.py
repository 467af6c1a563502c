"""Rules in the database: loaded once, published by a second person, never edited."""

from datetime import date
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from filings.decision.rulebook import Rulebook, shipped
from filings.models import FilingRule, NoticeText, PromiseText, PublishedRuleError
from filings.rules_publishing import (
    PublishRefused,
    draft_from,
    publish_rule,
    revise_draft,
    send_back,
    send_to_review,
)
from filings.rules_store import load_rulebook, row_id_of, rulebook
from filings.service import preview
from tests.factories import LINCANG_ANSWERS, clerk

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def lincang() -> FilingRule:
    return FilingRule.objects.get(
        key="530900:TMP-OTH:inter_province:310", valid_from=date(2023, 1, 1)
    )


def months(day: date = TODAY) -> date:
    return preview(LINCANG_ANSWERS, day).valid_to


def published(row: FilingRule) -> FilingRule:
    author, other = clerk("supervisor"), clerk("supervisor")
    FilingRule.objects.filter(pk=row.pk).update(created_by=author)
    return publish_rule(send_to_review(row, author), other)


def test_loading_twice_changes_nothing(rules):
    before = FilingRule.objects.count(), NoticeText.objects.count(), PromiseText.objects.count()
    assert min(before) > 0
    report = load_rulebook(shipped())
    assert report.added == 0
    assert (
        FilingRule.objects.count(),
        NoticeText.objects.count(),
        PromiseText.objects.count(),
    ) == before


def test_the_database_says_what_the_files_say(rules):
    book = rulebook()
    assert {rule.key for rule in book.rules} == {rule.key for rule in shipped().rules}
    assert {text.sha256 for text in book.texts} == {text.sha256 for text in shipped().texts}
    for rule in book.rules:
        assert FilingRule.objects.get(pk=row_id_of(rule)).key == rule.key


def test_a_second_person_publishes_and_the_next_decision_goes_by_it(rules):
    assert months() == date(2027, 2, 23)
    author, other = clerk("supervisor"), clerk("supervisor")
    draft = draft_from(lincang(), author, validity_months=6, valid_from="2026-11-01")
    assert months() == date(2027, 2, 23), "草稿不影响决定"
    draft = send_to_review(draft, author)
    with pytest.raises(PublishRefused, match="另一名"):
        publish_rule(draft, author)
    publish_rule(draft, other)
    assert months() == date(2027, 5, 23)
    assert months(date(2026, 10, 23)) == date(2027, 1, 23), "以前的日子按以前的规则"


def test_whoever_changed_the_draft_last_does_not_publish_it(rules):
    author, second = clerk("supervisor"), clerk("supervisor")
    draft = draft_from(lincang(), author, valid_from="2026-11-01")
    draft = revise_draft(draft, second, validity_months=6)
    draft = send_to_review(draft, author)
    for writer in (author, second):
        with pytest.raises(PublishRefused, match="另一名"):
            publish_rule(draft, writer)
    assert publish_rule(draft, clerk("supervisor")).state == "published"


def test_whoever_ever_changed_the_draft_does_not_publish_it(rules):
    """Neither the author, nor one in between whose change somebody changed again."""
    author, second, third = (clerk("supervisor") for _ in range(3))
    draft = draft_from(lincang(), author, valid_from="2026-11-01")
    draft = revise_draft(draft, second, validity_months=6)
    draft = send_back(send_to_review(draft, author), third)
    draft = send_to_review(revise_draft(draft, author, validity_months=9), author)
    for writer in (author, second):
        with pytest.raises(PublishRefused, match="另一名"):
            publish_rule(draft, writer)
    assert publish_rule(draft, third).state == "published", "退回的人没有改过"


def test_drafts_from_before_learn_their_writers_from_the_history(rules):
    author, second, third = (clerk("supervisor") for _ in range(3))
    draft = draft_from(lincang(), author, valid_from="2026-11-01")
    draft = revise_draft(draft, second, validity_months=6)
    draft = send_back(send_to_review(draft, author), third)
    draft = revise_draft(draft, author, validity_months=9)
    FilingRule.objects.filter(pk=draft.pk).update(writers=[])
    import_module("filings.migrations.0004_writers").fill(apps, None)
    draft.refresh_from_db()
    assert draft.writers == [author.pk, second.pk]


def test_the_database_itself_refuses_one_person_alone(rules):
    author = clerk("supervisor")
    draft = draft_from(lincang(), author, valid_from="2026-11-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingRule.objects.filter(pk=draft.pk).update(state="published", published_by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingRule.objects.filter(pk=draft.pk).update(state="published")


def test_a_published_rule_is_neither_changed_nor_deleted(rules):
    row = lincang()
    row.body = {**row.body, "validity_months": 12}
    with pytest.raises(PublishedRuleError):
        row.save()
    with pytest.raises(PublishedRuleError):
        lincang().delete()
    assert lincang().rule().validity_months == 3


def test_only_a_version_under_review_is_published(rules):
    draft = draft_from(lincang(), clerk("supervisor"), valid_from="2026-11-01")
    with pytest.raises(PublishRefused, match="送审"):
        publish_rule(draft, clerk("supervisor"))


def test_a_rule_that_would_leave_a_gap_is_refused(rules):
    row = lincang()
    first = draft_from(row, clerk("supervisor"), valid_from="2026-11-01", valid_to="2026-11-30")
    first.body = {**first.body, "valid_to": "2026-11-30"}
    first.save()
    published(first)
    late = draft_from(row, clerk("supervisor"), valid_from="2027-01-01")
    with pytest.raises(PublishRefused, match="空档"):
        send_to_review(late, clerk("supervisor"))


def test_loading_never_overwrites_what_was_published_in_the_admin(rules):
    published(
        draft_from(lincang(), clerk("supervisor"), validity_months=6, valid_from="2026-11-01")
    )
    changed = [
        rule
        if rule.key != "530900:TMP-OTH:inter_province:310" or rule.valid_from < date(2023, 1, 1)
        else type(rule).from_dict({**rule.to_dict(), "valid_from": "2026-11-15"})
        for rule in shipped().rules
    ]
    report = load_rulebook(Rulebook(changed, shipped().texts))
    assert report.kept == ("530900:TMP-OTH:inter_province:310 2026-11-15",)
    assert months() == date(2027, 5, 23)


def test_a_file_that_changes_a_version_adds_a_version(rules):
    changed = [
        type(rule).from_dict({**rule.to_dict(), "note": "改过的说明"})
        if rule.key == lincang().key and rule.valid_from == date(2023, 1, 1)
        else rule
        for rule in shipped().rules
    ]
    assert load_rulebook(Rulebook(changed, shipped().texts)).added == 1
    versions = FilingRule.objects.filter(key=lincang_key(), valid_from=date(2023, 1, 1))
    assert [row.version for row in versions.order_by("version")] == [1, 2]
    found = rulebook().rule(lincang_key(), date(2023, 1, 1))
    assert found.note == "改过的说明"


def lincang_key() -> str:
    return "530900:TMP-OTH:inter_province:310"


def test_each_change_of_a_draft_is_in_its_history(rules):
    author = clerk("supervisor")
    draft = draft_from(lincang(), author, valid_from="2026-11-01")
    draft.body = {**draft.body, "validity_months": 9}
    draft.save()
    said = [row.body["validity_months"] for row in draft.history.all()]
    assert said == [9, 3]


def test_a_text_is_never_edited(rules):
    text = NoticeText.objects.first()
    text.title = "改"
    with pytest.raises(ValueError, match="不能修改"):
        text.save()


def test_the_command_loads_and_says_what_it_did(db):
    out = StringIO()
    call_command("load_rules", stdout=out)
    assert "新增" in out.getvalue()
    again = StringIO()
    call_command("load_rules", stdout=again)
    assert "新增 0 条" in again.getvalue()


def test_the_command_names_file_and_line_of_what_it_refuses(db, tmp_path):
    (tmp_path / "530900-x.yaml").write_text('place: "530900"\nname: x\nunknown: 1\n')
    with pytest.raises(CommandError, match=r"530900-x\.yaml 第\d+行"):
        call_command("load_rules", rules=tmp_path)
    assert not FilingRule.objects.exists()


def test_the_rulebook_is_built_once(rules, django_assert_num_queries):
    rulebook()
    with django_assert_num_queries(0):
        rulebook()
