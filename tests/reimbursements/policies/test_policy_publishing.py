"""A policy from draft to published: two people, its examples, no overlap, no change after."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from reimbursements.models import PublishedPolicyError, SettlementPolicy
from reimbursements.policy_files import refusal, versions_of
from reimbursements.policy_publishing import (
    PublishRefused,
    create_draft,
    draft_from,
    load_versions,
    publish_policy,
    revise_draft,
    send_back,
    send_to_review,
)
from reimbursements.policy_store import policy_for, policy_of_stay
from reimbursements.settlement import Account, PolicyError, StayError, load_policy, settle
from reimbursements.settlement.library import POLICIES
from reimbursements.settlement.stay import Stay
from tests.factories import HOHHOT, clerk
from tests.reimbursements.policies.changes import SHIPPED, cases, from_day

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 10)


@pytest.fixture
def author():
    return clerk("supervisor", HOHHOT)


@pytest.fixture
def other():
    return clerk("supervisor", HOHHOT)


def publish(text: str, author, other, paid: str = "25100", **values) -> SettlementPolicy:
    draft = create_draft(text, author, cases=cases(paid), **values)
    return publish_policy(send_to_review(draft, author), other)


def paid_by_basic(day: date = DAY) -> int:
    stay = Stay(
        "inpatient",
        place="same_area",
        charging_level="三级",
        person_group="在职",
        nth_stay=1,
        discharged_on=day,
        in_scope=3_100_000,
    )
    return settle(policy_of_stay(HOHHOT, "310", stay), stay, Account()).funds["basic"]


# --- loading ------------------------------------------------------------------------


def test_loading_twice_changes_nothing(policies):
    before = SettlementPolicy.objects.count()
    assert before == len(list(POLICIES.glob("*.yaml")))
    call_command("load_policies")
    assert SettlementPolicy.objects.count() == before


def test_a_loaded_row_is_byte_for_byte_the_file_and_knows_its_fingerprint(policies):
    for file in POLICIES.glob("*.yaml"):
        policy = load_policy(file)
        row = SettlementPolicy.objects.get(area=policy.place, insurance=policy.insurance)
        assert row.text.encode() == file.read_bytes()
        assert row.version_sha256 == policy.versions[0].sha256
        assert row.cases


def test_the_database_settles_as_the_files_do(policies):
    loaded = policy_for(HOHHOT, "310", DAY)
    assert loaded.versions[0].sha256 == load_policy(POLICIES / "150100-310.yaml").versions[0].sha256


def test_a_file_of_several_versions_becomes_one_row_each_that_says_the_same():
    file = POLICIES / "published" / "T3.yaml"
    found = versions_of(file)
    assert ["version: 改革前" in one.text for one in found] == [True, False]
    assert ["T3a" in one.cases for one in found] == [True, False]


def test_a_stated_last_day_is_said_by_the_version_that_follows(tmp_path):
    text = (POLICIES / "published" / "T3.yaml").read_text()
    first = "valid_from: 2020-01-01\n"
    stated = text.replace(first, f"{first}    valid_to: 2022-06-30\n")
    (tmp_path / "x.yaml").write_text(stated)
    assert [one.text for one in versions_of(tmp_path / "x.yaml")] == [
        one.text for one in versions_of(POLICIES / "published" / "T3.yaml")
    ]


def test_versions_that_are_not_the_end_of_the_file_are_refused(tmp_path):
    text = (POLICIES / "published" / "T3.yaml").read_text()
    (tmp_path / "x.yaml").write_text(text.replace('insurance: "310"\n', "") + 'insurance: "310"\n')
    with pytest.raises(PolicyError, match="versions 写在文件最后"):
        versions_of(tmp_path / "x.yaml")


def test_loading_never_overwrites_what_was_published_in_the_admin(policies, author, other, capsys):
    publish(from_day("2024-01-01", "改正"), author, other, valid_to=None)
    changed = SHIPPED.replace("amount: 1000.00}", "amount: 1001.00}")
    file = versions_of(POLICIES / "150100-310.yaml")[0]
    report = load_versions([type(file)(changed, "")])
    assert (report.added, report.kept) == (0, ("150100 310 示例一",))
    assert policy_for(HOHHOT, "310", DAY).versions[0].name == "改正"


def test_a_file_whose_examples_fail_is_not_loaded(tmp_path):
    (tmp_path / "150100-310.yaml").write_text(SHIPPED)
    (tmp_path / "150100-310.cases.csv").write_text(cases("1.00"))
    with pytest.raises(
        CommandError, match=r"第 2 行“本地三级”没有通过：基本医保统筹基金期望 1\.00"
    ):
        call_command("load_policies", policies=tmp_path)
    assert not SettlementPolicy.objects.exists()


def test_a_folder_without_policies_is_said(tmp_path):
    with pytest.raises(CommandError, match="没有政策文件"):
        call_command("load_policies", policies=tmp_path)


def test_the_command_explains_itself_in_chinese():
    with pytest.raises(CommandError, match=r"用法：manage\.py load_policies"):
        call_command("load_policies", "--nothing")


# --- publishing ---------------------------------------------------------------------


def test_a_second_person_publishes_and_the_next_settlement_goes_by_it(policies, author, other):
    assert paid_by_basic() == 2_510_000
    text = from_day().replace("pays: 82%", "pays: 72%")
    draft = create_draft(text, author, cases=cases("23100"))
    assert paid_by_basic() == 2_510_000, "草稿不影响结算"
    draft = send_to_review(draft, author)
    with pytest.raises(PublishRefused, match="另一名"):
        publish_policy(draft, author)
    publish_policy(draft, other)
    assert paid_by_basic() == 2_310_000
    assert paid_by_basic(date(2026, 12, 31)) == 2_510_000, "以前的日子按以前的版本"


def test_whoever_changed_the_draft_does_not_publish_it_either(policies, author, other):
    draft = create_draft(from_day(), author, cases=cases())
    revise_draft(draft, other, text=draft.text, cases=draft.cases, valid_to=None)
    draft = send_to_review(draft, author)
    with pytest.raises(PublishRefused, match="修改人以外"):
        publish_policy(draft, other)
    assert publish_policy(draft, clerk("supervisor", HOHHOT)).state == "published"


def test_the_database_itself_refuses_one_person_alone(policies, author):
    draft = create_draft(from_day(), author, cases=cases())
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementPolicy.objects.filter(pk=draft.pk).update(state="published", published_by=author)


def test_a_failing_example_refuses_publishing_with_its_line(policies, author, other):
    draft = create_draft(from_day(), author, cases=cases("25099.99"))
    with pytest.raises(PublishRefused, match=r"例子第 2 行“本地三级”没有通过：.*算出 25100.00"):
        send_to_review(draft, author)
    SettlementPolicy.objects.filter(pk=draft.pk).update(state="in_review")
    with pytest.raises(PublishRefused, match="例子第 2 行"):
        publish_policy(draft, other)
    assert SettlementPolicy.objects.get(pk=draft.pk).state == "in_review"


def test_without_an_example_nothing_is_published(policies, author):
    draft = create_draft(from_day(), author)
    with pytest.raises(PublishRefused, match="没有例子"):
        send_to_review(draft, author)


def test_a_published_row_never_changes(policies, author):
    row = SettlementPolicy.objects.get(area=HOHHOT, insurance="310")
    row.label = "x"
    with pytest.raises(PublishedPolicyError, match="不能修改"):
        row.save()
    with pytest.raises(PublishedPolicyError, match="不能删除"):
        row.delete()
    with pytest.raises(PublishRefused, match="只有草稿可以修改"):
        revise_draft(row, author, text=row.text, cases=row.cases, valid_to=None)
    for move, said in ((send_to_review, "草稿"), (send_back, "待发布")):
        with pytest.raises(PublishRefused, match=said):
            move(row, author)


def test_a_draft_is_deleted_and_goes_back_and_forth(policies, author):
    draft = draft_from(SettlementPolicy.objects.get(area=HOHHOT, insurance="310"), author)
    assert draft.edition == 2, "同一首日的第二稿"
    assert send_back(send_to_review(draft, author), author).state == "draft"
    draft.delete()


def test_a_later_edition_of_the_same_day_corrects_the_one_before(policies, author, other):
    publish(from_day("2024-01-01", "改正").replace("82%", "72%"), author, other, paid="23100")
    assert paid_by_basic() == 2_310_000
    assert SettlementPolicy.objects.filter(area=HOHHOT, insurance="310").count() == 2


@pytest.mark.parametrize(
    ("last", "said"),
    [(date(2027, 6, 30), "重叠"), (date(2026, 12, 30), "之间有空缺")],
)
def test_times_neither_overlap_nor_leave_a_gap(policies, author, other, last, said):
    start = "2024-01-01"
    publish(from_day(start, "改正"), author, other, valid_to=last)
    draft = create_draft(from_day(), author, cases=cases())
    with pytest.raises(PublishRefused, match=f"{said}；有效至应为 2026-12-31 或留空"):
        send_to_review(draft, author)


def test_a_stated_end_is_an_end_though_a_file_ships(policies, author, other):
    publish(from_day("2024-01-01", "终止"), author, other, valid_to=date(2027, 12, 31))
    assert policy_for(HOHHOT, "310", date(2027, 12, 31)).versions[0].name == "终止"
    assert policy_for(HOHHOT, "310", date(2028, 1, 1)) is None


def test_an_end_before_the_beginning_is_refused(author):
    with pytest.raises(PublishRefused, match="早于首日"):
        create_draft(from_day(), author, valid_to=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("decided_by: discharge", "decided_by: sometime", "第 5 行：decided_by：写的是“sometime”"),
        ('place: "150100"', "place: hohhot", "第 2 行：place：写的是“hohhot”"),
        (
            "    valid_from",
            "    colour: red\n    valid_from",
            "第 12 行：versions[0].colour：不认识",
        ),
    ],
)
def test_a_text_the_loader_refuses_is_refused_with_its_line(author, old, new, said):
    with pytest.raises(PolicyError) as refused:
        create_draft(SHIPPED.replace(old, new), author)
    assert refusal(refused.value).startswith(said)


def test_a_row_holds_one_version(author):
    text = (POLICIES / "published" / "T3.yaml").read_text().replace("example-T3", '"150100"')
    with pytest.raises(PolicyError, match="每份只写一个版本"):
        create_draft(text, author)


def test_a_draft_stays_the_policy_of_its_place(policies, author):
    draft = create_draft(from_day(), author, cases=cases())
    moved = draft.text.replace('place: "150100"', 'place: "530900"')
    with pytest.raises(PublishRefused, match="不能改统筹区"):
        revise_draft(draft, author, text=moved, cases="", valid_to=None)


# --- reading ------------------------------------------------------------------------


def test_a_policy_of_the_database_is_parsed_once(policies, django_assert_num_queries):
    policy_for(HOHHOT, "310", DAY)
    with django_assert_num_queries(0):
        assert policy_for(HOHHOT, "310", DAY) is policy_for(HOHHOT, "310", date(2026, 1, 1))


def test_a_stay_without_the_day_that_decides_is_refused():
    with pytest.raises(StayError, match="discharged_on"):
        policy_of_stay(HOHHOT, "310", Stay("inpatient", admitted_on=DAY))
    assert policy_of_stay(HOHHOT, "310", Stay("inpatient", admitted_on=date(1990, 1, 1))) is None


def test_whoever_ever_changed_a_draft_does_not_publish_it(policies, author, other):
    draft = create_draft(from_day("2027-01-01", "甲"), author, cases=cases("25100"))
    for writer, label in ((other, "乙"), (author, "丙")):
        text = from_day("2027-01-01", label)
        draft = revise_draft(draft, writer, text=text, cases=cases("25100"), valid_to=None)
    draft = send_to_review(draft, author)
    for writer in (author, other):
        with pytest.raises(PublishRefused, match="另一名"):
            publish_policy(draft, writer)
    assert publish_policy(draft, clerk("supervisor", HOHHOT)).state == "published"


def test_drafts_from_before_learn_their_writers_from_the_history(policies, author, other):
    draft = create_draft(from_day("2027-01-01", "甲"), author, cases=cases("25100"))
    for writer, label in ((other, "乙"), (author, "丙")):
        text = from_day("2027-01-01", label)
        draft = revise_draft(draft, writer, text=text, cases=cases("25100"), valid_to=None)
    send_back(send_to_review(draft, author), clerk("supervisor", HOHHOT))
    SettlementPolicy.objects.filter(pk=draft.pk).update(writers=[])
    import_module("reimbursements.migrations.0011_policy_writers").fill(apps, None)
    draft.refresh_from_db()
    assert draft.writers == [author.pk, other.pk]
