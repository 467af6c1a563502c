"""Each part renders, says in words what it shows, and needs nothing it does not name."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.bars import stacked, validity_bar
from config.styleguide import FilesForm, SampleForm

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ROOT / "templates/parts"
DAY = date(2026, 11, 22)
ITEM = {"text": "需要补正", "url": "/x", "tone": "waiting", "word": "待补正"}
GROUP = {
    "title": "参保信息",
    "change_url": "/x",
    "rows": [
        {"label": "参保人", "value": "张*兰", "change_url": "/y", "missing": False},
        {"label": "地址", "value": "", "change_url": None, "missing": True},
    ],
}
EVENT = {
    "at": datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
    "title": "已开通",
    "tone": "done",
    "who": "本人",
    "text": "完成",
}
CASE = {"number": "YD1", "version": 1}
ROW = {"label": "撤回", "help": "撤回后可以重新申请。", "dangerous": True}
GAP = {"anchor": "gap-1", "url": "/x", "text": "请填写姓名"}
ASKED = {"request": RequestFactory().get("/x")}
LETTER = {"pk": 7, "title": "受理通知书", "issued_at": EVENT["at"]}
AGENCY = {"name": "示例中心", "phone": "0883-0000000", "hours": "", "address": "", "note": ""}

# part: (context, something that must be read in it)
EXAMPLES = {
    "act_form": ({"case": CASE, "row": ROW, "form": SampleForm(), "title": "撤回？"}, "确认撤回"),
    "actions": ({"actions": [{"label": "撤回", "url": "/x", "refusal": ""}]}, "撤回"),
    "agency_contact": ({"agency": AGENCY}, "0883-0000000"),
    "back": ({"url": "/x"}, "返回"),
    "choices": ({"field": SampleForm()["kind"]}, "异地长期居住"),
    "correct_form": ({"case": CASE, "form": SampleForm()}, "提交补正"),
    "correct_items": ({"items": [ITEM], "help": "只改这一项"}, "只改这一项"),
    "demo_ribbon": ({"DEMONSTRATION": True}, "演示系统"),
    "discard_form": ({"lost": "已填写的内容"}, "已填写的内容会一起删除"),
    "empty": ({"title": "还没有记录", "text": "办理后显示在这里"}, "还没有记录"),
    "error_summary": ({"errors": [{"anchor": "id_x", "text": "请填写姓名"}]}, "请填写姓名"),
    "field": ({"field": SampleForm()["name"]}, "姓名"),
    "field_notes": ({"field": SampleForm({})["name"]}, "请填写姓名"),
    "footer": ({}, "12393"),
    "gaps": ({"errors": [GAP]}, "还差这些"),
    "header": (
        {"SITE_NAME": "示例服务", "ELDER": False, "request": RequestFactory().get("/x")},
        "示例服务",
    ),
    "hotline": ({}, "12393"),
    "icon": ({"icon": "check"}, "#check"),
    "items_asked": ({"items": [ITEM]}, "需要您补正的内容"),
    "letters": ({"letters": [LETTER]}, "受理通知书"),
    "live_search": (
        {"what": "place", "label": "查找城市", "help": "如成都", "q": "", **ASKED},
        "place-results",
    ),
    "matter": ({"url": "/x", "icon": "filing", "title": "备案", "text": "先备案"}, "先备案"),
    "messages": ({"messages": []}, ""),
    "next_steps": ({"steps": [{"text": "补交材料", "by": "11 月前", "url": ""}]}, "补交材料"),
    "notice": ({"tone": "info", "text": "报销比例会降低"}, "报销比例会降低"),
    "open_item": ({"item": {**ITEM, "due": DAY, "number": ""}}, "2026-11-22"),
    "outcome": ({"tone": "done", "title": "备案已开通"}, "备案已开通"),
    "pager": ({"number": 2, "newer": 1, "older": 3}, "第 2 页"),
    "papers": ({"letters": [], "files": [({"pk": 7}, "身份证")]}, "身份证"),
    "person_bar": ({"acting_for": {"name": "张*兰", "relation": "母亲"}}, "张*兰"),
    "progress": ({"step": 3, "total": 6}, "第 3 步 共 6 步"),
    "read_aloud": ({}, "朗读本页"),
    "signature": (
        {"field": FilesForm()["signature"], "name_field": FilesForm()["typed_name"]},
        "请用手指在这里签名",
    ),
    "stacked_bar": ({"shares": stacked([("基本医保", 3), ("个人", 1)])}, "75%"),
    "state_badge": ({"tone": "late", "label": "已逾期"}, "已逾期"),
    "submit_or_go_on": ({"errors": [GAP]}, "继续填写"),
    "summary_list": ({"groups": [GROUP]}, "还没有填写"),
    "timeline": ({"events": [EVENT]}, "2026-11-22 09:30"),
    "tone_icon": ({"tone": "late"}, "#alert"),
    "upload": ({"field": FilesForm()["proof"], "limits": "每个不超过 20 MB"}, "20 MB"),
    "validity_bar": ({"bar": validity_bar(DAY, None, DAY)}, "长期有效"),
    "whose_number": ({"card": {"name": "张*兰", "case": CASE}}, "张*兰 · 办件编号"),
}


def rendered(name: str, context: dict) -> str:
    return render_to_string(f"parts/{name}.html", context)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_part_renders(name):
    context, words = EXAMPLES[name]
    assert words in rendered(name, context)


def test_no_part_is_without_an_example():
    assert {path.stem for path in PARTS.glob("*.html")} == set(EXAMPLES)


@pytest.mark.parametrize("path", sorted(PARTS.glob("*.html")), ids=lambda path: path.stem)
def test_each_part_begins_with_what_it_needs(path):
    text = path.read_text().replace("{% load static %}", "").lstrip()
    assert text.startswith(("{#", "{% comment %}"))


def test_every_icon_that_is_named_exists():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (ROOT / "static/img/icons.svg").read_text()))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'icon="(\w+)"', path.read_text())
    }
    assert used <= drawn


@pytest.mark.parametrize("tone", ["done", "waiting", "late", "info", "ended"])
def test_a_state_is_colour_and_icon_and_word(tone):
    html = rendered("state_badge", {"tone": tone, "label": "状态"})
    assert f"state--{tone}" in html and "<use" in html and "状态" in html


def test_the_summary_of_errors_takes_the_focus_and_links_to_the_fields():
    html = rendered("error_summary", {"form": SampleForm({})})
    assert 'role="alert"' in html and 'tabindex="-1"' in html
    assert 'href="#id_name"' in html
    assert 'href="#div_id_start"' in html  # a group is reached by its frame
    assert 'href="#div_id_kind"' in html


def test_no_errors_no_summary():
    assert rendered("error_summary", {"form": SampleForm()}).strip() == ""


def test_an_error_is_at_its_field_and_named_by_it():
    html = rendered("field", {"field": SampleForm({})["name"]})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_name_helptext") < html.index("请填写姓名") < html.index("<input")


def test_what_need_not_be_filled_says_so():
    assert "选填" in rendered("field", {"field": SampleForm()["note"]})
    assert "选填" not in rendered("field", {"field": SampleForm()["name"]})
    assert "选填" not in rendered("field", {"field": SampleForm()["note"], "plain": True})


def test_a_label_can_be_the_question_of_the_page():
    html = rendered("field", {"field": SampleForm()["kind"], "large_label": True})
    assert re.search(r"<legend[^>]*><h1>您属于哪种情况？</h1>\s*</legend>", html)


def test_choices_are_cards_that_the_input_covers():
    html = rendered("field", {"field": SampleForm()["kind"]})
    assert html.count('class="choice"') == 3
    assert html.count('type="radio"') == 3


def test_a_file_input_has_a_label_and_its_group_tells_the_limits():
    html = rendered("upload", {"field": FilesForm({})["proof"], "limits": "每个不超过 20 MB"})
    assert '<label class="visually-hidden" for="id_proof">' in html
    assert 'aria-describedby="id_proof_limits id_proof_error"' in html


def test_a_single_box_is_a_card_too():
    html = rendered("field", {"field": SampleForm()["agree"]})
    assert html.count('class="choice"') == 1
    assert html.count("我已阅读并明白以上内容") == 1


def test_crispy_and_plain_forms_have_one_structure():
    class OneForm(forms.Form):
        name = forms.CharField(label="姓名", help_text="与证件一致")

    form = OneForm({})
    crispy = render_to_string("bootstrap5/field.html", {"field": form["name"]})
    assert squeezed(crispy) == squeezed(form["name"].as_field_group())
    assert squeezed(crispy) in squeezed(str(form))


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html).strip()


def test_nobody_is_named_when_nobody_is_acted_for():
    assert rendered("person_bar", {"acting_for": None}).strip() == ""


def test_whom_one_acts_for_is_asked_only_once():
    asked = []

    def acting_for():
        asked.append(1)
        return {"name": "张*兰", "relation": "母亲", "switch_url": "/x"}

    assert "（母亲）" in rendered("person_bar", {"acting_for": acting_for})
    assert len(asked) == 1


def test_no_ribbon_when_it_is_not_a_demonstration():
    assert rendered("demo_ribbon", {"DEMONSTRATION": False}).strip() == ""


def test_the_bar_and_its_words_say_the_same():
    bar = validity_bar(DAY, date(2027, 5, 22), DAY, date(2027, 2, 22))
    html = rendered("validity_bar", {"bar": bar})
    assert 'aria-hidden="true"' in html
    assert bar.text in html and bar.lock_text in html
    assert "2026-11-22" in html and "2027-05-22" in html
