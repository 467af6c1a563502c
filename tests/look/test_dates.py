"""A date in three boxes: what people type, and what they are told."""

import datetime

import pytest
from django import forms

from config.widgets import DatePartsField, DatePartsInput, split_date

DAY = datetime.date(2026, 11, 5)


class StayForm(forms.Form):
    use_required_attribute = False
    start = DatePartsField(
        label="开始日期",
        help_text="已经住院的，填入院当天。",
        earliest=datetime.date(2026, 1, 1),
        latest=lambda: datetime.date(2026, 12, 31),
    )
    end = DatePartsField(label="结束日期", required=False)


def sent(year="", month="", day="") -> StayForm:
    return StayForm({"start_year": year, "start_month": month, "start_day": day})


def error_of(*parts) -> str:
    form = sent(*parts)
    assert not form.is_valid()
    return form.errors["start"][0]


@pytest.mark.parametrize(
    "typed",
    [
        ("2026", "11", "5"),
        ("2026", "11", "05"),
        (" 2026 ", "11月", "5日"),
        ("２０２６", "１１", "５"),
        ("2026-11-05", "", ""),
        ("2026/11/5", "", ""),
        ("2026.11.5", "", ""),
        ("20261105", "", ""),
        ("2026年11月5日", "", ""),
        ("2026年11月5号", "", ""),
    ],
)
def test_it_understands_what_people_type(typed):
    form = sent(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["start"] == DAY


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("", "", ""), "请填写开始日期，例如 2026 年 11 月 5 日。"),
        (("2026", "", "5"), "开始日期还缺月，请补上。"),
        (("2026", "", ""), "开始日期还缺月、日，请补上。"),
        (("2026", "二", "5"), "开始日期的月请只填数字。"),
        (("26", "11", "5"), "开始日期的年份请填四位数字，例如 2026。"),
        (("0026", "11", "5"), "开始日期的年份请填四位数字，例如 2026。"),
        (("2026", "13", "5"), "开始日期的月份应在 1 到 12 之间。"),
        (("2026", "2", "30"), "2026年2月没有30日，请核对开始日期。"),
        (("2026", "4", "31"), "2026年4月没有31日，请核对开始日期。"),
        (("2026", "11", "0"), "2026年11月没有0日，请核对开始日期。"),
        (("2025", "12", "31"), "开始日期不能早于 2026-01-01。"),
        (("2027", "1", "1"), "开始日期不能晚于 2026-12-31。"),
        (("99999999", "99", "99"), "开始日期的年份请填四位数字，例如 2026。"),
        (("-026", "1", "1"), "开始日期的年请只填数字。"),
    ],
)
def test_one_error_says_what_to_do(typed, told):
    assert error_of(*typed) == told


def test_an_optional_date_may_be_empty():
    form = sent("2026", "11", "5")
    assert form.is_valid()
    assert form.cleaned_data["end"] is None


def test_what_was_typed_stays():
    html = str(sent("2026", "2", "30")["start"])
    assert 'value="2026"' in html and 'value="30"' in html


def test_a_bare_iso_date_is_taken_too():
    form = StayForm({"start": "2026-11-05"})
    assert form.is_valid()
    assert form.cleaned_data["start"] == DAY


def test_a_first_value_fills_the_boxes():
    html = str(StayForm(initial={"start": DAY})["start"])
    assert 'id="id_start_month" value="11"' in html


def test_each_box_has_its_own_label_and_tells_of_the_error():
    html = str(sent("2026", "2", "30")["start"])
    for part in ("year", "month", "day"):
        assert f'<label for="id_start_{part}">' in html
    assert html.count('aria-invalid="true"') == 3


def test_the_group_names_its_help_and_its_error():
    html = sent("2026", "2", "30")["start"].as_field_group()
    assert '<fieldset aria-describedby="id_start_helptext id_start_error">' in html
    assert 'id="id_start_helptext"' in html and 'id="id_start_error"' in html


def test_quick_days_are_buttons():
    widget = DatePartsInput(quick=[("今天", DAY)])
    assert 'data-date="2026-11-05">今天</button>' in widget.render("start", None)


def test_a_change_is_noticed_and_sameness_too():
    field = DatePartsField(label="日期")
    assert not field.has_changed(DAY, ("2026", "11", "5"))
    assert field.has_changed(DAY, ("2026", "11", "6"))
    assert field.has_changed(DAY, ("2026", "13", "6"))


@pytest.mark.parametrize("text", ["", "2026", "2026-11", "明天", "2026-11-5-6"])
def test_what_is_not_a_whole_date_is_not_split(text):
    assert split_date(text) is None
