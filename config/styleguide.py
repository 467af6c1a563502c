"""Every part in every state, to be looked at and tested. Not in production."""

from datetime import date, datetime, timedelta

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html

from config.bars import stacked, validity_bar
from config.widgets import DatePartsField

TODAY = date(2026, 11, 22)


def _choice(title: str, text: str):
    return format_html('<strong>{}</strong><span class="choice__help">{}</span>', title, text)


class SampleForm(forms.Form):
    """One field of every kind."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="您属于哪种情况？",
        help_text="选最符合的一项，选错了提交前都可以改。",
        choices=[
            ("LT-RES", _choice("异地长期居住", "在外地居住，并符合参保地规定的时间")),
            ("LT-WRK", _choice("常驻异地工作", "由单位派到外地，或在外地上班、打工")),
            ("TMP-OTH", _choice("其他临时外出", "自己前往外地看病，没有转诊证明")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择您属于哪种情况。"},
    )
    insurance = forms.ChoiceField(
        label="险种",
        choices=[("310", "职工医保"), ("390", "居民医保")],
        widget=forms.RadioSelect(attrs={"row": True}),
        error_messages={"required": "请选择险种。"},
    )
    name = forms.CharField(
        label="姓名",
        help_text="与身份证上一致，生僻字也可以直接输入。",
        error_messages={"required": "请填写姓名。"},
    )
    phone = forms.RegexField(
        r"^1\d{10}$",
        label="手机号码",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "numeric"}),
        error_messages={
            "required": "请填写手机号码。",
            "invalid": "手机号码应为 11 位数字，请核对是否漏了一位。",
        },
    )
    start = DatePartsField(
        label="开始日期",
        help_text="已经住院的，填入院当天。",
        earliest=date(2026, 1, 1),
        quick=[("今天", TODAY), ("明天", TODAY + timedelta(days=1))],
    )
    relation = forms.ChoiceField(
        label="您和参保人的关系",
        choices=[("", "请选择"), ("self", "本人"), ("child", "子女"), ("spouse", "配偶")],
        error_messages={"required": "请选择您和参保人的关系。"},
    )
    opened = forms.MultipleChoiceField(
        label="要用到哪些服务？",
        required=False,
        choices=[("in", "住院"), ("out", "普通门诊"), ("chronic", "门诊慢特病")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="补充说明", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(
        label="我已阅读并明白以上内容", error_messages={"required": "请先阅读，再勾选确认。"}
    )


class FilesForm(forms.Form):
    """A file and a signature."""

    use_required_attribute = False

    proof = forms.FileField(
        label="居住证照片", error_messages={"required": "请拍照或选择居住证的照片。"}
    )
    signature = forms.CharField(label="本人签名", required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(label="输入姓名作为签名", required=False)


def page(request):
    """GET shows the parts; ?errors shows the forms as refused; POST checks and stores nothing."""
    if not settings.SHOW_DEVELOPMENT_PAGES:
        raise Http404
    data, files = (request.POST, request.FILES) if request.method == "POST" else ({}, {})
    refused = request.method == "POST" or "errors" in request.GET
    form = SampleForm(data, files) if refused else SampleForm(initial={"start": TODAY})
    files_form = FilesForm(data, files) if refused else FilesForm()
    if request.method == "POST" and form.is_valid():
        return redirect("dev_style")
    return render(request, "styleguide.html", {"form": form, "files": files_form, **_samples()})


def _samples() -> dict:
    """What the parts show: made-up, and marked as such on the page."""
    return {
        "acting_for": {"name": "张*兰", "relation": "母亲", "switch_url": "#person"},
        "tones": [
            ("done", "已开通"),
            ("waiting", "待补正"),
            ("late", "已逾期"),
            ("info", "审核中"),
            ("ended", "已失效"),
        ],
        "bars": [
            validity_bar(date(2026, 11, 22), date(2027, 2, 22), date(2026, 12, 15)),
            validity_bar(date(2026, 10, 1), date(2027, 9, 30), date(2026, 10, 3), date(2027, 4, 1)),
            validity_bar(date(2026, 8, 1), None, TODAY),
            validity_bar(date(2026, 12, 1), date(2027, 3, 1), TODAY),
            validity_bar(date(2026, 3, 1), date(2026, 9, 1), TODAY),
        ],
        "shares": stacked([("基本医保", 812_345), ("大病保险", 120_000), ("个人负担", 310_055)]),
        "groups": _groups(),
        "events": _events(),
        "steps": _steps(),
        "agency": {
            "name": "示例市医疗保险经办中心",
            "phone": "0000 12393",
            "hours": "工作日 9:00–12:00,14:00–17:30",
            "address": "示例路 1 号",
            "note": "",
        },
        "item": {
            "text": "您的异地就医备案需要补正",
            "url": "#item",
            "tone": "waiting",
            "word": "待补正",
            "due": date(2026, 11, 25),
            "number": "",
        },
    }


def _groups() -> list[dict]:
    def row(label, value, missing=False):
        return {"label": label, "value": value, "change_url": None, "missing": missing}

    who = [row("参保人", "张*兰"), row("参保地", "示例市示例区"), row("险种", "职工医保")]
    when = [row("开始日期", "2026-11-22"), row("联系地址", "", missing=True)]
    return [
        {"title": "参保信息", "change_url": "#who", "rows": who},
        {"title": "时间与联系方式", "change_url": "#when", "rows": when},
    ]


def _events() -> list[dict]:
    def event(day, title, tone, who, text=""):
        at = timezone.make_aware(datetime(2026, 11, day, 9, 30))
        return {"at": at, "title": title, "tone": tone, "who": who, "text": text}

    return [
        event(22, "备案已开通", "done", "系统自动审核"),
        event(21, "您补交了材料", "info", "本人"),
        event(20, "需要补正", "waiting", "经办人员", "居住证照片不清楚，请重新拍照。"),
        event(19, "提交申请", "info", "本人"),
    ]


def _steps() -> list[dict]:
    return [
        {"text": "到医院后，请重新办理异地医保入院登记。", "by": "", "url": "", "link": ""},
        {"text": "补交居住证。", "by": "2027-01-21 之前", "url": "#supply", "link": "去补交"},
        {"text": "出院时直接结算，只付个人负担的部分。", "by": "", "url": "", "link": ""},
    ]
