"""Texts at the desk: read, drafted anew, previewed, published by a second person."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from filings.decision.rulebook import Rulebook, shipped
from filings.models import NoticeText, PromiseText
from filings.rules_store import load_rulebook, rulebook
from tests import factories as f
from tests.casework.desk_helpers import staff_client

pytestmark = pytest.mark.django_db
NOTICES, PROMISES = "/admin/filings/noticetext/", "/admin/filings/promisetext/"
JINJIANG = "510104"  # 锦江区 of 成都, a place without texts of its own
SENTENCES = ["第一句。", "第二句。", "第三句。", "第四句。", "第五句。"]


def supervisor(area=f.HOHHOT, **values):
    return staff_client(f.clerk("supervisor", area=area, **values))


@pytest.fixture
def nation(rules) -> NoticeText:
    return NoticeText.objects.get(place="000000")


def typed(**changes) -> dict:
    """The form of a notice as a browser posts it, with the line ends of a browser."""
    first = {f"first_{n}": line for n, line in enumerate(SENTENCES)}
    whole = {
        "valid_from": "2026-12-01",
        "valid_to": "",
        "title": "告知书",
        "body": "## 一、范围\r\n- 本市参保人员。",
        "mark": "none",
        **first,
    }
    return {**whole, **changes}


def published(client, other, row) -> NoticeText:
    client.post(f"{NOTICES}{row.pk}/review/")
    other.post(f"{NOTICES}{row.pk}/publish/")
    return type(row).objects.get(pk=row.pk)


def test_a_new_place_gets_its_first_text_without_code(rules):
    author, other = supervisor(f.CHENGDU), supervisor(f.CHENGDU)
    page = author.get(f"{NOTICES}add/").content.decode()
    assert "四川省成都市" in page and "锦江区" in page and f.LINCANG not in page
    author.post(f"{NOTICES}add/", typed(place=JINJIANG))
    draft = NoticeText.objects.get(state="draft")
    assert draft.text().body == "## 一、范围\n- 本市参保人员。"
    assert rulebook().notice_for(JINJIANG, date(2026, 12, 1)).place == "000000", "草稿不算"
    assert published(author, other, draft).state == "published"
    assert rulebook().notice_for(JINJIANG, date(2026, 11, 30)).place == "000000"
    assert rulebook().notice_for(JINJIANG, date(2026, 12, 1)).sha256 == draft.sha256


def test_a_new_version_starts_from_the_national_one_for_the_own_place(rules, nation):
    author = supervisor()
    assert (
        "以此另建内蒙古自治区呼和浩特市的告知书"
        in author.get(f"{NOTICES}{nation.pk}/change/").content.decode()
    )
    author.post(f"{NOTICES}{nation.pk}/version/")
    draft = NoticeText.objects.get(state="draft")
    assert (draft.place, draft.text().first) == (f.HOHHOT, nation.text().first)


def test_what_does_not_fit_is_said_beside_its_field_and_everything_typed_stays(rules, nation):
    author = supervisor()
    author.post(f"{NOTICES}{nation.pk}/version/")
    draft = NoticeText.objects.get(state="draft")
    answer = author.post(
        f"{NOTICES}{draft.pk}/change/",
        typed(valid_to="2026-11-01", first_3="", title="改过的标题"),
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "改过的标题" in page and "第五句。" in page
    assert "请写第四句，告知书开头应正好有五句" in page
    answer = author.post(f"{NOTICES}{draft.pk}/change/", typed(valid_to="2026-11-01"))
    page = answer.content.decode()
    assert "应不早于「自」" in page and "2026-11-01" in page
    draft.refresh_from_db()
    assert draft.title == nation.title


def test_the_difference_to_the_version_before_is_shown(rules, nation):
    keeper = supervisor(rules_area="000000")
    keeper.post(f"{NOTICES}{nation.pk}/version/")
    draft = NoticeText.objects.get(state="draft")
    assert "文字相同" in keeper.get(f"{NOTICES}{draft.pk}/change/").content.decode()
    sentences = {f"first_{n}": line for n, line in enumerate(nation.text().first)}
    changed = typed(**sentences, title=nation.title, body=nation.text().body + "\n加上的一句。")
    keeper.post(f"{NOTICES}{draft.pk}/change/", changed)
    page = keeper.get(f"{NOTICES}{draft.pk}/change/").content.decode()
    assert '<p class="is-added">+加上的一句。</p>' in page
    assert sentences["first_0"] in page


def test_the_preview_is_the_page_that_residents_see(rules, nation):
    author = supervisor(f.CHENGDU)
    author.post(f"{NOTICES}add/", typed(place=f.CHENGDU, mark="example"))
    draft = NoticeText.objects.get(state="draft")
    page = author.get(f"{NOTICES}{draft.pk}/preview/").content.decode()
    assert "最要紧的五句话" in page and "<h3>一、范围</h3>" in page and "还没有发布" in page
    assert "示例文本" in page
    author.post(f"{NOTICES}{draft.pk}/change/", typed(mark="none"))
    assert "示例文本" not in author.get(f"{NOTICES}{draft.pk}/preview/").content.decode()
    assert author.post(f"{NOTICES}{draft.pk}/preview/").status_code == 405


def test_nobody_publishes_what_they_wrote_or_changed(rules):
    author, second, third = supervisor(f.CHENGDU), supervisor(f.CHENGDU), supervisor(f.CHENGDU)
    author.post(f"{NOTICES}add/", typed(place=f.CHENGDU))
    draft = NoticeText.objects.get(state="draft")
    second.post(f"{NOTICES}{draft.pk}/change/", typed(title="改"))
    author.post(f"{NOTICES}{draft.pk}/change/", typed(title="又改"))
    author.post(f"{NOTICES}{draft.pk}/review/")
    assert "发布</button>" not in second.get(f"{NOTICES}{draft.pk}/change/").content.decode()
    for writer in (author, second):
        writer.post(f"{NOTICES}{draft.pk}/publish/")
        assert NoticeText.objects.get(pk=draft.pk).state == "in_review"
    third.post(f"{NOTICES}{draft.pk}/publish/")
    assert NoticeText.objects.get(pk=draft.pk).state == "published"


def test_drafts_from_before_learn_their_writers_from_the_log(rules):
    author, second, third = supervisor(f.CHENGDU), supervisor(f.CHENGDU), supervisor(f.CHENGDU)
    author.post(f"{NOTICES}add/", typed(place=f.CHENGDU))
    draft = NoticeText.objects.get(state="draft")
    for writer, title in ((second, "改"), (author, "又改")):
        writer.post(f"{NOTICES}{draft.pk}/change/", typed(title=title))
    author.post(f"{NOTICES}{draft.pk}/review/")
    third.post(f"{NOTICES}{draft.pk}/back/")
    known = NoticeText.objects.get(pk=draft.pk).writers
    NoticeText.objects.filter(pk=draft.pk).update(writers=[])
    import_module("filings.migrations.0004_writers").fill(apps, None)
    assert len(known) == 2 and NoticeText.objects.get(pk=draft.pk).writers == known


def test_the_database_itself_refuses_one_person_alone(rules):
    supervisor(f.CHENGDU).post(f"{NOTICES}add/", typed(place=f.CHENGDU))
    draft = NoticeText.objects.filter(state="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.update(state="published", published_by=draft.get().created_by)


def test_a_published_text_is_read_only(rules, nation):
    keeper = supervisor(rules_area="000000")
    page = keeper.get(f"{NOTICES}{nation.pk}/change/").content.decode()
    assert "保存草稿" not in page and "以此另建新版本" in page
    assert keeper.post(f"{NOTICES}{nation.pk}/change/", typed()).status_code == 403
    with pytest.raises(ValueError, match="不能修改"):
        nation.save()
    with pytest.raises(ValueError, match="不能删除"):
        nation.delete()


def test_a_version_that_would_leave_days_without_a_text_is_refused(rules):
    author, other = supervisor(f.CHENGDU), supervisor(f.CHENGDU)
    author.post(f"{NOTICES}add/", typed(place=f.CHENGDU, valid_to="2026-12-31"))
    first = published(author, other, NoticeText.objects.get(state="draft"))
    author.post(f"{NOTICES}{first.pk}/version/")
    late = NoticeText.objects.get(state="draft")
    author.post(f"{NOTICES}{late.pk}/change/", typed(valid_from="2027-02-01"))
    said = author.post(f"{NOTICES}{late.pk}/review/", follow=True).content.decode()
    assert "有空档" in said and "「自」应为 2027-01-01" in said
    assert NoticeText.objects.get(pk=late.pk).state == "draft"


def test_two_promises_of_a_place_never_both_fit(rules):
    author, other = supervisor(f.CHENGDU), supervisor(f.CHENGDU)
    fields = {**typed(place=f.CHENGDU), "first": "", "categories": ["LT-RES"]}
    author.post(f"{PROMISES}add/", fields)
    first = PromiseText.objects.get(state="draft")
    author.post(f"{PROMISES}{first.pk}/review/")
    other.post(f"{PROMISES}{first.pk}/publish/")
    assert rulebook().promise_for(f.CHENGDU, "LT-RES", date(2026, 12, 1)).sha256 == first.sha256
    author.post(f"{PROMISES}add/", {**fields, "categories": ["LT-RES", "LT-WRK"]})
    second = PromiseText.objects.get(state="draft")
    said = author.post(f"{PROMISES}{second.pk}/review/", follow=True).content.decode()
    assert "可能同时适用" in said
    assert PromiseText.objects.get(pk=second.pk).state == "draft"


def test_a_supervisor_of_another_city_touches_no_text_of_this_one(rules):
    author, foreign = supervisor(f.CHENGDU), supervisor(f.LINCANG)
    author.post(f"{NOTICES}add/", typed(place=f.CHENGDU))
    draft = NoticeText.objects.get(state="draft")
    assert foreign.get(f"{NOTICES}{draft.pk}/change/").status_code == 200
    assert foreign.post(f"{NOTICES}{draft.pk}/change/", typed()).status_code == 403
    assert foreign.post(f"{NOTICES}{draft.pk}/review/").status_code == 403
    assert foreign.post(f"{NOTICES}{draft.pk}/version/").status_code == 403
    assert foreign.post(f"{NOTICES}add/", typed(place=f.CHENGDU)).status_code == 422


def test_loading_never_overwrites_a_text_published_in_the_admin(rules, nation):
    keepers = [supervisor(rules_area="000000") for _ in range(2)]
    keepers[0].post(f"{NOTICES}{nation.pk}/version/")
    draft = NoticeText.objects.get(state="draft")
    keepers[0].post(f"{NOTICES}{draft.pk}/change/", typed(valid_from="2026-11-01"))
    published(*keepers, draft)
    later = type(nation.text()).from_dict(
        {**nation.body, "valid_from": "2026-12-01", "title": "文件里的新版"}
    )
    earlier = type(nation.text()).from_dict({**nation.body, "valid_to": "2026-11-30"})
    texts = [earlier if one.key == nation.key else one for one in shipped().texts]
    book = Rulebook(shipped().rules, [*texts, later])
    report = load_rulebook(book)
    assert report.kept == ("000000:notice 2026-12-01",)
    assert rulebook().notice_for(JINJIANG, date(2027, 1, 1)).title == "告知书"
    assert load_rulebook(book).added == 0


def test_a_clerk_reads_no_texts_and_an_auditor_only_reads(rules, nation):
    clerk, auditor = (staff_client(f.clerk(role, area=f.HOHHOT)) for role in ("first", "auditor"))
    for address in (NOTICES, f"{NOTICES}{nation.pk}/change/", f"{NOTICES}{nation.pk}/preview/"):
        assert clerk.get(address).status_code == 403
        assert auditor.get(address).status_code == 200
    assert auditor.get(f"{NOTICES}add/").status_code == 403
    assert auditor.post(f"{NOTICES}{nation.pk}/version/").status_code == 403
