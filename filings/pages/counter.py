"""代录: a clerk files for somebody without an account, through the same steps and checks."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.errors import CaseworkError
from casework.models import Case
from filings import service
from filings.pages.filer import counter_required
from filings.pages.forms import QUESTIONS, TYPES, cards
from filings.pages.steps import drafts_of
from filings.pages.words import topic_name
from residents.holdings import person_for
from residents.idnumber import InvalidIdNumber, parse
from residents.personal import mask_name
from residents.phones import InvalidPhone, parse_mobile

PRESENT, PHONE = "present", "phone"


class CounterForm(forms.Form):
    """Who it is for, how they came, and which type."""

    caller = forms.ChoiceField(
        label="申请人怎样申请？",
        widget=forms.RadioSelect,
        choices=cards(
            [
                (PRESENT, "到窗口", "已核对本人身份证件，请本人在纸质申请表上签字后扫描"),
                (PHONE, "打电话", "回拨核实后，把回拨情况写在下面"),
            ]
        ),
        error_messages={"required": "请选择申请人是到窗口还是打电话。"},
    )
    name = forms.CharField(
        label="参保人姓名", max_length=50, error_messages={"required": "请填写参保人姓名。"}
    )
    id_number = forms.CharField(
        label="参保人证件号码",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写参保人的身份证号码。"},
    )
    phone = forms.CharField(
        label="联系手机",
        max_length=20,
        required=False,
        help_text="没有手机的留空，后面选择电话（座机）或邮寄。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    by_proxy = forms.BooleanField(label="由他人代办（代办人信息在后面填写）", required=False)
    note = forms.CharField(
        label="回拨记录",
        required=False,
        max_length=300,
        help_text="电话申请必填：回拨的号码、时间、核实了什么。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    category = forms.ChoiceField(
        label="备案类型",
        widget=forms.RadioSelect,
        choices=cards(TYPES),
        error_messages={"required": "请选择备案类型。"},
    )

    def clean_id_number(self):
        try:
            return parse(self.cleaned_data["id_number"])
        except InvalidIdNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_phone(self):
        typed = self.cleaned_data["phone"].strip()
        try:
            return parse_mobile(typed) if typed else ""
        except InvalidPhone as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self):
        data = super().clean()
        if data.get("caller") == PHONE and not data.get("note", "").strip():
            self.add_error("note", "电话申请请写明回拨记录。")
        return data


@never_cache
@counter_required
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def counter(request):
    """Begin a filing for somebody at the counter or on the phone."""
    form = CounterForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("filings:step", _begin(request, form.cleaned_data).public_id, "insured")
        except CaseworkError as error:
            form.add_error(None, str(error))
    drafts = [
        {"case": draft, "topic": topic_name(draft.topic), "name": mask_name(draft.name or "某")}
        for draft in drafts_of(request.user)[:20]
    ]
    context = {"form": form, "drafts": drafts, "questions": QUESTIONS}
    return render(request, "filings/counter.html", context)


def _begin(request, data) -> Case:
    channel = Case.Channel.COUNTER if data["caller"] == PRESENT else Case.Channel.PHONE
    case = service.start_filing(
        creator=request.user,
        account=None,
        person=person_for(data["id_number"]),
        holding=None,
        category_or_questions=data["category"],
        channel=channel,
        name=data["name"].strip(),
        phone=data["phone"],
        contact_how="sms" if data["phone"] else "post",
        counter={
            "caller": data["caller"],
            "note": data["note"].strip(),
            "proxy": data["by_proxy"],
        },
    )
    messages.info(request, "请按步骤填写，提交后可以当场办理。")
    return case
