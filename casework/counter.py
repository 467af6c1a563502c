"""代录: what a clerk says of somebody without an account before the steps begin, whatever the
kind of case. Each kind adds what else it must know."""

from django import forms

from casework.models import Case
from config.widgets import cards
from residents.idnumber import InvalidIdNumber, parse
from residents.phones import InvalidPhone, parse_mobile

PRESENT, PHONE = "present", "phone"
CHANNELS = {PRESENT: Case.Channel.COUNTER, PHONE: Case.Channel.PHONE}


class CounterForm(forms.Form):
    """Who it is for and how they came."""

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
        error_messages={"max_length": "太长了，请写在 300 字以内。"},
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

    @property
    def entry(self) -> dict:
        """What is kept of it among the answers: {caller, note, proxy}."""
        data = self.cleaned_data
        return {
            "caller": data["caller"],
            "note": data["note"].strip(),
            "proxy": data["by_proxy"],
        }

    @property
    def known(self) -> dict:
        """The answers that need not be asked again: name, phone, how the person is told."""
        data = self.cleaned_data
        phone = data["phone"]
        return {
            "name": data["name"].strip(),
            "phone": phone,
            "contact_how": "sms" if phone else "post",
        }
