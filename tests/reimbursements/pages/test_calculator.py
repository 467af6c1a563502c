"""费用估算: a few numbers in an address, who would pay what, and nothing kept."""

import html
import re

import pytest
import time_machine
from django.urls import reverse

from reimbursements.policy_store import forget_policies

pytestmark = pytest.mark.django_db
URL = "/claims/calculator/"
HOHHOT = {
    "policy": "150100-310",
    "kind": "inpatient",
    "where": "inter_province",
    "filed": "TMP-OTH",
    "level": "三级",
    "group": "在职",
    "day": "2026-11-01",
    "nth_stay": "1",
    "total": "50000",
}


@pytest.fixture(autouse=True)
def today():
    forget_policies()
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


def said(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", answer.content.decode()))


def ask(client, **changes):
    return client.get(URL, {**HOHHOT, **changes})


# --- the place ------------------------------------------------------------------------


def test_the_first_page_lists_the_places_and_says_which_are_examples(client):
    page = said(client.get(URL))
    assert "临沧市 职工医保" in page and "长沙市 居民医保" in page
    assert "示例：数字不是官方标准" in page and "待核：来源有待核实" in page


def test_it_is_reached_from_the_start_page(client):
    assert reverse("reimbursements:calculator") in client.get("/").content.decode()


def test_an_unknown_place_leads_back_to_the_choice(client):
    for policy in ("999999-310", "150100-999", "<script>", "150100"):
        answer = client.get(URL, {"policy": policy})
        assert answer.status_code == 200 and "没有这个地方的政策" in said(answer)


def test_many_places_are_searched_by_name(client, monkeypatch):
    monkeypatch.setattr("reimbursements.pages.calculator.MANY_PLACES", 3)
    page = said(client.get(URL, {"q": "临沧"}))
    assert "临沧市 职工医保" in page and "长沙市" not in page
    assert "没有找到“没有这里”" in said(client.get(URL, {"q": "没有这里"}))


# --- the form -------------------------------------------------------------------------


def test_the_form_asks_in_the_words_of_the_policy(client):
    page = client.get(URL, {"policy": "150100-310"}).content.decode()
    assert "省部属" in page and "退休" in page and "低保边缘" in page
    page = client.get(URL, {"policy": "430100-310"}).content.decode()
    assert "外省" not in page, "政策只管参保地的，不问别处"
    assert "困难人员" not in page


def test_a_place_without_levels_does_not_ask_for_one(client):
    page = client.get(URL, {"policy": "150826-310"}).content.decode()
    assert 'name="level"' not in page and 'name="filed"' in page


# --- the answer -----------------------------------------------------------------------


def test_it_says_who_pays_what_with_every_step_and_its_rule(client):
    answer = ask(client, own_expense="2000", self_first="1,000.00")
    page = said(answer)
    assert answer.status_code == 200
    assert "可以报销约 34,931.00 元" in page and "个人负担约 15,069.00 元" in page
    assert "基本医保统筹基金 34,931.00 元" in page
    assert "20000.00 元 × 82%（三级/省部属" in page
    assert "依据：未注明文号，演示用的示例政策，不是官方数字" in page
    assert "这只是估算" in page and "参保地的医保目录" in page
    assert "没有填自费的部分" not in page


def test_what_nobody_split_is_said_to_count_in_full(client):
    assert "没有填自费的部分" in said(ask(client))


def test_other_ways_of_filing_stand_beside_it(client):
    compared = {row["filing"]: row for row in ask(client).context["compared"]}
    typed = compared["临时外出备案"]
    assert typed["typed"] and typed["change"] == ""
    assert compared["没有备案"]["change"].startswith("少报 ")
    assert compared["转诊备案"]["change"].startswith("多报 ")
    assert said(ask(client)).count("要不要备案") == 1


def test_at_home_there_is_nothing_to_file(client):
    answer = ask(client, where="same_area")
    assert answer.context["compared"] == [] and "备案与不备案" not in said(answer)


def test_a_way_of_filing_that_the_policy_leaves_out_is_not_compared(client):
    answer = client.get(
        URL,
        {
            "policy": "150826-310",
            "kind": "inpatient",
            "where": "inter_province",
            "filed": "LT-RES",
            "day": "2026-11-01",
            "nth_stay": "1",
            "total": "24000",
        },
    )
    assert [row["filing"] for row in answer.context["compared"]] == [
        "长期居住备案",
        "临时外出备案",
        "转诊备案",
    ]


def test_the_year_so_far_counts(client):
    before = ask(client).context["result"]
    after = ask(client, deducted="1000", paid_basic="140000").context["result"]
    assert before.paid != after.paid
    shares = [share["label"] for share in after.shares]
    assert "基本医保统筹基金 10,000.00 元" in shares, "年度限额只剩一万元"


def test_the_personal_account_pays_its_part(client):
    shares = [share["label"] for share in ask(client, balance="500").context["result"].shares]
    assert "个人账户 500.00 元" in shares


def test_a_visit_needs_neither_a_level_nor_the_number_of_the_stay(client):
    answer = ask(client, kind="outpatient", where="same_area", level="", nth_stay="", total="1500")
    assert "可以报销约 600.00 元" in said(answer)


def test_the_parts_of_the_bar_add_up_to_the_whole(client):
    shares = ask(client).context["result"].shares
    assert sum(share["percent"] for share in shares) == 100
    assert sum(share["amount"] for share in shares) == 5_000_000


@pytest.mark.parametrize(
    "typed", ["50,000.00", "５００００", "５０，０００．００", " 50000元 ", "¥50000", "50000.0"]
)
def test_money_is_understood_as_people_type_it(client, typed):
    answer = ask(client, total=typed)
    assert answer.context["result"].total == "50,000.00"


def test_the_day_may_be_typed_in_three_boxes(client):
    typed = {key: value for key, value in HOHHOT.items() if key != "day"}
    typed |= {"day_year": "2026", "day_month": "１１", "day_day": "1日"}
    assert client.get(URL, typed).context["result"]


# --- what is wrong ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"total": ""}, "total", "请填总费用"),
        ({"total": "五万"}, "total", "总费用写的是“五万”，请填数字"),
        ({"total": "-5"}, "total", "不能是负数"),
        ({"total": "1.234"}, "total", "最多两位小数"),
        ({"total": "9" * 14}, "total", "写的是"),
        ({"total": "100", "own_expense": "200"}, "total", "少于各部分之和"),
        ({"self_first": "abc"}, "self_first", "先行自付写的是“abc”"),
        ({"level": ""}, "level", "请选择医院等级"),
        ({"level": "四级"}, "level", "请选择医院等级"),
        ({"group": ""}, "group", "请选择人员类别"),
        ({"kind": "flying"}, "kind", "请选择看什么病"),
        ({"where": "moon"}, "where", "请选择在哪里看"),
        ({"filed": "x"}, "filed", "请选择怎样备案的"),
        ({"nth_stay": "0"}, "nth_stay", "请填 1 到 99 的整数"),
        ({"nth_stay": "x"}, "nth_stay", "请填 1 到 99 的整数"),
        ({"day": ""}, "day", "请填写出院日期"),
        ({"day": "2026-02-30"}, "day", "没有30日"),
        ({"day": "2019-01-01"}, "day", "2024-01-01"),
        ({"day": "2030-01-01"}, "day", "不能晚于"),
        ({"paid_basic": "x"}, "paid_basic", "今年已支付写的是“x”"),
    ],
)
def test_every_mistake_is_said_in_chinese_beside_its_field(client, changes, field, words):
    answer = ask(client, **changes)
    form = answer.context["form"]
    assert answer.status_code == 422 and answer.context["result"] is None
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    typed = changes.get(field, "")
    plain = re.sub(r"[-0-9a-zA-Z]*", "", typed)
    assert not re.search(r"[A-Za-z]", form.errors[field][0].replace(typed, plain))


def test_all_mistakes_are_said_at_once(client):
    form = ask(client, total="", level="", group="", self_first="x").context["form"]
    assert set(form.errors) == {"total", "level", "group", "self_first"}


def test_what_was_typed_stays_and_the_folded_part_opens(client):
    page = ask(client, total="五万", self_first="12,5").content.decode()
    assert 'value="五万"' in page and 'value="12,5"' in page
    assert "<details open>" in page


def test_anything_in_the_address_is_answered(client):
    for odd in ("\x00", "9" * 400, "٣", "１e5", "0x10", "' OR 1", "<b>"):
        for name in HOHHOT:
            assert ask(client, **{name: odd}).status_code in (200, 422)


# --- nothing kept -----------------------------------------------------------------------


def test_it_only_reads_and_costs_few_queries(client, django_assert_max_num_queries):
    ask(client)
    with django_assert_max_num_queries(0):
        client.get(URL)
    with django_assert_max_num_queries(0):
        ask(client)
    forget_policies()
    with django_assert_max_num_queries(4):
        ask(client)
    assert client.post(URL, HOHHOT).status_code == 405
    assert "sessionid" not in client.cookies
