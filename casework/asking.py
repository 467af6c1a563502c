"""What the steps of every kind of case ask: where one is insured, whether the notice was read,
how one is reached, who files for somebody else."""

from django import forms

from config.widgets import cards
from residents.consents import AGENT_RELATION
from residents.idnumber import InvalidIdNumber, parse
from residents.phones import InvalidPhone, parse_mobile

INSURANCES = {"310": "职工基本医疗保险", "390": "城乡居民基本医疗保险"}
CONTACT_WAYS = {"sms": "短信", "call": "电话", "post": "邮寄"}


class InsuredForm(forms.Form):
    """Where and how one is insured: chosen from the register's lines or found by name."""

    insured_area = forms.ChoiceField(
        label="参保地",
        help_text="就是您交医保的区县，不是现在住的地方。",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择参保地。没有看到的，请在上面输入区县名称查找。",
            "invalid_choice": "请从列出的区县中选择参保地。",
        },
    )
    insurance = forms.ChoiceField(
        label="险种",
        widget=forms.RadioSelect,
        choices=cards(
            [
                ("310", "职工医保", "单位交的，或灵活就业人员按职工交的"),
                ("390", "居民医保", "新农合、城镇居民、学生儿童"),
            ]
        ),
        error_messages={"required": "请选择险种。不清楚的，可以问参保地经办机构。"},
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["insured_area"].choices = places


class NoticeForm(forms.Form):
    """The notice was read."""

    read = forms.BooleanField(
        label="我已阅读并理解以上内容",
        error_messages={"required": "请阅读告知书，并在「我已阅读」前打勾。"},
    )


class ContactForm(forms.Form):
    """How the person is reached."""

    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        help_text="审核结果会发到这个号码。没有电话的，请在下面选择邮寄。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    contact_how = forms.ChoiceField(
        label="怎样通知您？",
        widget=forms.RadioSelect,
        choices=list(CONTACT_WAYS.items()),
        initial="sms",
        error_messages={"required": "请选择怎样通知您。"},
    )
    address = forms.CharField(
        label="联系地址（选填）",
        required=False,
        max_length=120,
        help_text="选择邮寄通知的必须填写。",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def clean(self):
        data = super().clean()
        how, phone = data.get("contact_how"), data.get("phone", "")
        if how == "post" and not data.get("address", "").strip():
            self.add_error("address", "选择邮寄的，请填写收信地址。")
        if how in ("sms", "call") and not phone:
            self.add_error("phone", "请填写联系电话，例如 13800000000。")
        if phone and how == "sms":
            self._check_mobile(phone)
        return data

    def _check_mobile(self, phone: str) -> None:
        try:
            self.cleaned_data["phone"] = parse_mobile(phone)
        except InvalidPhone as error:
            self.add_error("phone", str(error))


class ProxyForm(forms.Form):
    """The one who files for somebody else: printed on the form."""

    proxy_name = forms.CharField(
        label="代办人姓名", max_length=50, error_messages={"required": "请填写代办人姓名。"}
    )
    proxy_id_number = forms.CharField(
        label="代办人证件号码",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写代办人的身份证号码。"},
    )
    proxy_phone = forms.CharField(
        label="代办人手机号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"required": "请填写代办人的手机号。"},
    )
    proxy_relation = forms.ChoiceField(
        label="代办人是参保人的",
        choices=[
            ("", "请选择"),
            *((word, word) for word in dict.fromkeys(AGENT_RELATION.values())),
        ],
        error_messages={"required": "请选择代办人与参保人的关系。"},
    )

    def clean_proxy_id_number(self):
        try:
            return parse(self.cleaned_data["proxy_id_number"]).number
        except InvalidIdNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_proxy_phone(self):
        try:
            return parse_mobile(self.cleaned_data["proxy_phone"])
        except InvalidPhone as error:
            raise forms.ValidationError(str(error)) from None

    def proxy(self) -> dict:
        """The answer as stored."""
        return {
            name.removeprefix("proxy_"): self.cleaned_data[name]
            for name in ("proxy_name", "proxy_id_number", "proxy_phone", "proxy_relation")
        }


def errors_of(forms) -> list[dict]:
    """The errors of all forms of a page in their order, for the one summary at its top."""
    found = []
    for form in forms:
        if not form.is_bound:
            continue
        found += [{"anchor": "main", "text": text} for text in form.non_field_errors()]
        for field in form:
            prefix = "div_" if field.use_fieldset else ""
            found += [{"anchor": f"{prefix}{field.auto_id}", "text": t} for t in field.errors]
    return found
