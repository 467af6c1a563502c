"""What residents type: phone, code, ID number, a person, a consent."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from residents import codes, consents, matching
from residents.crypto import normalise
from residents.idnumber import InvalidIdNumber, parse
from residents.models import Consent, Holding
from residents.phones import InvalidPhone, parse_mobile

_NAME_SIGNS = set("·•・‧.-' ")


def _text(autocomplete: str, **attrs) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attrs})


class PhoneField(forms.CharField):
    """A mobile number; its value is eleven digits."""

    widget = forms.TextInput(attrs={"autocomplete": "tel-national", "inputmode": "tel"})

    def clean(self, value):
        text = super().clean(value)
        if not text and not self.required:
            return ""
        try:
            return parse_mobile(text)
        except InvalidPhone as error:
            raise ValidationError(str(error)) from None


class IdNumberField(forms.CharField):
    """An ID number; its value is an `IdNumber`."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value):
        text = super().clean(value)
        try:
            return parse(text)
        except InvalidIdNumber as error:
            raise ValidationError(str(error)) from None


def clean_name(text: str) -> str:
    """A name in one spelling: full-width letters narrowed, spaces between words kept single.

    Rare characters, also those of a private font, are let through: they are printed or
    reported later, never refused here. Raises ValidationError.
    """
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    if re.search(r"[\u4e00-\u9fff]", name):
        name = name.replace(" ", "")
    strange = [
        char
        for char in name
        if char not in _NAME_SIGNS
        and unicodedata.category(char) not in ("Lu", "Ll", "Lo", "Lm", "Co")
    ]
    if strange:
        raise ValidationError(f"姓名里不能有“{strange[0]}”，请按证件上的姓名填写。")
    if len(name) < 2:
        raise ValidationError("姓名至少两个字，请按证件上的姓名填写。")
    return name


class NameField(forms.CharField):
    """A person's name as on the ID card."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **kwargs):
        super().__init__(max_length=50, **kwargs)

    def clean(self, value):
        return clean_name(super().clean(value))


class PhoneForm(forms.Form):
    """Step 1 of the log-in, and the new number of a change."""

    phone = PhoneField(
        label="手机号码",
        help_text="首次使用会自动建立账户，不需要另外注册。",
        error_messages={"required": "请填写手机号码。"},
    )


class NewPhoneForm(forms.Form):
    """The number that an account moves to."""

    phone = PhoneField(
        label="新手机号码",
        help_text="我们会向新号码发送验证码。更换后需要核对一次证件号码。",
        error_messages={"required": "请填写新手机号码。"},
    )


class CodeForm(forms.Form):
    """Step 2: the code from the message."""

    code = forms.CharField(
        label="短信验证码",
        help_text=f"{codes.DIGITS} 位数字，{codes.VALID_MINUTES} 分钟内有效。",
        widget=_text("one-time-code", inputmode="numeric"),
        error_messages={"required": "请填写短信里的验证码。"},
    )

    def clean_code(self) -> str:
        code = re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(rf"[0-9]{{{codes.DIGITS}}}", code):
            raise ValidationError(f"验证码是 {codes.DIGITS} 位数字，请核对短信。")
        return code


class ConfirmForm(forms.Form):
    """The ID number of the person that an account belongs to."""

    id_number = IdNumberField(
        label="证件号码",
        help_text="填写此账户中本人的证件号码；账户中没有本人的，填写任一家人的。",
        error_messages={"required": "请填写证件号码。"},
    )


class PersonForm(forms.Form):
    """A person to act for: the relation, the name and number as on the card."""

    relation = forms.ChoiceField(
        label="这是谁？",
        choices=Holding.Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择与您的关系。", "invalid_choice": "请选择与您的关系。"},
    )
    name = NameField(
        label="姓名",
        help_text="与证件上的姓名一致；生僻字请照证件输入。",
        error_messages={"required": "请填写姓名。", "max_length": "姓名最多 50 个字。"},
    )
    id_number = IdNumberField(
        label="证件号码",
        help_text="居民身份证、港澳台居民居住证或外国人永久居留身份证的号码。",
        error_messages={"required": "请填写证件号码。"},
    )
    phone = PhoneField(
        label="参保人自己的手机号码",
        required=False,
        help_text="为家人办理、家人有自己的手机时填写，办理情况也会告知家人。没有可以不填。",
    )

    def __init__(self, *args, account, holdings, **kwargs):
        super().__init__(*args, **kwargs)
        self.account, self.holdings = account, list(holdings)

    def clean(self):
        data = super().clean()
        relation, number = data.get("relation"), data.get("id_number")
        if relation:
            self._check_relation(relation)
        if relation == Holding.Relation.SELF:
            data["phone"] = ""
            self._check_own_age(number)
        if number and any(row.person.id_number == number.number for row in self.holdings):
            self.add_error("id_number", "您的账户里已经有这位参保人，不需要重复添加。")
        return data

    def _check_relation(self, relation: str) -> None:
        has_self = any(row.relation == Holding.Relation.SELF for row in self.holdings)
        if relation == Holding.Relation.SELF and has_self:
            self.add_error("relation", "您的账户已经登记了本人。为家人办理，请选择与您的关系。")
        if relation != Holding.Relation.SELF and not has_self:
            self.add_error("relation", "请先添加本人：为家人办理时，要记录代办人是谁。")

    def _check_own_age(self, number) -> None:
        if number is None or number.birth_date is None:
            return
        age = consents.age_on(number.birth_date, matching.today())
        if age < consents.GUARDIAN_BELOW_AGE:
            self.add_error(
                "id_number",
                f"未满 {consents.GUARDIAN_BELOW_AGE} 周岁，请由监护人在自己的账户中添加。",
            )


class ConsentForm(forms.Form):
    """The separate consent to sensitive data; for family also the mandate, with a signature."""

    agree_sensitive = forms.BooleanField(
        label="我已阅读，单独同意处理上述敏感个人信息",
        error_messages={
            "required": "不同意处理敏感个人信息就无法在线办理；也可以到经办机构窗口办理。"
        },
    )
    agree_proxy = forms.BooleanField(
        label="我已阅读并同意以上内容",
        error_messages={"required": "请阅读委托书（同意书）后勾选同意。"},
    )
    drawn = forms.CharField(label="手写签名", required=False, widget=forms.HiddenInput)
    typed = forms.CharField(
        label="签名人姓名",
        required=False,
        max_length=50,
        widget=_text("off"),
        error_messages={"max_length": "姓名最多 50 个字。"},
    )

    def __init__(self, *args, kind: str | None, signer: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.signer = signer
        if kind is None:
            for name in ("agree_proxy", "drawn", "typed"):
                del self.fields[name]
            return
        by_person = kind == Consent.Kind.PROXY
        who = "委托人本人" if by_person else "监护人"
        self.fields["drawn"].label = f"{who}手写签名"
        self.fields["typed"].label = f"{who}姓名"
        self.fields["typed"].help_text = "在这部手机上手写签名，或输入姓名代替签名。"

    def clean_drawn(self) -> str:
        drawn = self.cleaned_data["drawn"]
        if not drawn:
            return ""
        try:
            return consents.check_drawn(drawn)
        except consents.InvalidSignature as error:
            raise ValidationError(str(error)) from None

    def clean(self):
        data = super().clean()
        if "typed" not in self.fields or "drawn" in self.errors or data.get("drawn"):
            return data
        typed = data.get("typed", "")
        if not typed:
            self.add_error("typed", "请手写签名，或输入签名人姓名。")
        elif normalise("name", typed) != normalise("name", self.signer):
            self.add_error("typed", "输入的姓名与签名人不一致，请由签名人输入自己的姓名。")
        return data

    @property
    def signature(self) -> str:
        """The drawn signature as a PNG data URL, else the typed name, else nothing."""
        return self.cleaned_data.get("drawn") or self.cleaned_data.get("typed") or ""
