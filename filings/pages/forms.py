"""What each step asks, one group a form. Help stands under the label, errors say what to do."""

from django import forms
from django.utils import timezone

from config.widgets import DatePartsField, cards
from filings.answers import CONTACT_WAYS
from filings.decision.codes import CARES
from residents.consents import AGENT_RELATION
from residents.idnumber import InvalidIdNumber, parse
from residents.phones import InvalidPhone, parse_mobile

HELP_ME = "help"

TYPES = (
    ("TMP-OTH", "临时外出", "自己去外地看病、旅游或出差时就医，没有转诊单"),
    ("LT-RES", "长期住在外地", "在外地居住生活，例如跟子女同住"),
    ("LT-RET", "退休后落户外地", "已经退休，户口也迁到了居住地"),
    ("LT-WRK", "长期在外地工作", "单位派驻、在外务工或做生意"),
    ("TMP-REF", "转诊到外地", "参保地医院开了转诊转院证明"),
    ("TMP-EMG", "急诊抢救", "在外地突发急病，急诊或抢救"),
    ("INTRA-BIRTH", "省内异地生育", "在本省其他市州生孩子"),
)

QUESTIONS = (
    ("emergency", "是急诊或抢救", "突发急病，已经或正在急诊、抢救"),
    ("moved_and_retired", "已经退休，而且户口已迁到那里", "有当地户口簿"),
    ("works_there", "在那里上班、打工或做生意", "有单位证明或劳动合同"),
    ("lives_there", "已经在那里住下，或打算长住", "有居住证、租房合同等，或可以签承诺书"),
    ("referral", "有参保地医院开的转诊单", "转诊转院证明"),
)

STAYS = (
    ("none", "还没有住院", "门诊看病也选这一项"),
    ("in", "正在住院", "出院结算前备案，可以直接结算"),
    ("out", "已经出院", "费用可能已经自己付了"),
)


class TypeForm(forms.Form):
    """Which kind of filing; or help with choosing."""

    category = forms.ChoiceField(
        label="您属于哪种情况？",
        widget=forms.RadioSelect,
        choices=[
            *cards(TYPES),
            *cards([(HELP_ME, "不确定，帮我判断", "回答几个简单问题，大约 30 秒")]),
        ],
        error_messages={"required": "请选择一种情况；不确定的，请选「帮我判断」。"},
    )


class QuestionsForm(forms.Form):
    """Five plain questions as one list to tick; none is a valid answer."""

    true = forms.MultipleChoiceField(
        label="符合的请打勾，可以多选",
        help_text="都不符合就不勾，直接点下一步。",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=cards(QUESTIONS),
    )

    def answers(self) -> dict[str, bool]:
        """Each question with its answer."""
        ticked = set(self.cleaned_data["true"])
        return {code: code in ticked for code, _, _ in QUESTIONS}


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


class PlaceForm(forms.Form):
    """The destination among what was found, and what for."""

    destination = forms.ChoiceField(
        label="去哪里看病？",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请先查找并选择就医地。",
            "invalid_choice": "请从查找结果中选择就医地。",
        },
    )
    care = forms.ChoiceField(
        label="主要看什么？",
        widget=forms.RadioSelect,
        choices=list(CARES.items()),
        initial="inpatient",
        error_messages={"required": "请选择主要看什么。"},
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["destination"].choices = places


class NoticeForm(forms.Form):
    """The notice was read."""

    read = forms.BooleanField(
        label="我已阅读并理解以上内容",
        error_messages={"required": "请阅读告知书，并在「我已阅读」前打勾。"},
    )


class StayForm(forms.Form):
    """Whether the person lies in hospital."""

    stay = forms.ChoiceField(
        label="现在住院了吗？",
        widget=forms.RadioSelect,
        choices=cards(STAYS),
        error_messages={"required": "请选择现在的情况。"},
    )


def _today():
    return timezone.localdate()


class StayDatesForm(forms.Form):
    """The days of a stay: asked only of those who are or were in hospital."""

    admitted_on = DatePartsField(label="入院日期", latest=_today)
    expected_discharge = DatePartsField(
        label="预计出院日期（选填）", required=False, help_text="不清楚可以不填。"
    )
    discharged_on = DatePartsField(label="出院日期", latest=_today)
    self_paid = forms.ChoiceField(
        label="费用结清了吗？",
        widget=forms.RadioSelect,
        choices=[("no", "还没有结算"), ("yes", "已经自己付清")],
        error_messages={"required": "请选择费用是否已经结清。"},
    )

    def __init__(self, *args, in_hospital: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("discharged_on", "self_paid") if in_hospital else ("expected_discharge",):
            del self.fields[name]

    def clean(self):
        data = super().clean()
        admitted = data.get("admitted_on")
        for name, words in (("discharged_on", "出院日期"), ("expected_discharge", "预计出院日期")):
            if admitted and data.get(name) and data[name] < admitted:
                self.add_error(name, f"{words}不能早于入院日期，请核对。")
        return data


class DetailsForm(forms.Form):
    """How the person is reached, and from when to when."""

    start = DatePartsField(label="备案开始日期", quick=())
    end = DatePartsField(
        label="备案结束日期（选填）", required=False, help_text="可以自己定结束的日期；不填为长期。"
    )
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
        label="在外地的联系地址（选填）",
        required=False,
        max_length=120,
        help_text="选择邮寄通知的必须填写。",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args, end_chosen: bool, start_help: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].help_text = start_help
        if not end_chosen:
            del self.fields["end"]

    def clean(self):
        data = super().clean()
        how, phone = data.get("contact_how"), data.get("phone", "")
        if how == "post" and not data.get("address", "").strip():
            self.add_error("address", "选择邮寄的，请填写收信地址。")
        if how in ("sms", "call") and not phone:
            self.add_error("phone", "请填写联系电话，例如 13800000000。")
        if phone and how == "sms":
            self._check_mobile(phone)
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "结束日期不能早于开始日期，请核对。")
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


class FileInput(forms.ClearableFileInput):
    """Several files at once; the camera is offered by upload.js."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files; each is checked by content when it is stored."""

    widget = FileInput

    def clean(self, data, initial=None):
        # No file at all comes as an empty list: one that is not there, and missed.
        files = (data or [None]) if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


UPLOAD_LIMITS = "照片（JPG、PNG、WebP、HEIC）或 PDF，每个不超过 20MB，每种材料最多 10 个文件。"


class UploadForm(forms.Form):
    """Files of one document."""

    document = forms.ChoiceField(
        label="材料名称", error_messages={"required": "请选择是哪一种材料。"}
    )
    files = FilesField(
        label="选择文件",
        error_messages={
            "required": "请先拍照或选择文件。",
            "empty": "这个文件是空的，请重新拍照或选择。",
        },
    )

    def __init__(self, *args, group: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = group
        self.fields["files"].widget.attrs["accept"] = (
            "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"
        )
        if len(group) == 1:
            self.fields["document"].widget = forms.HiddenInput()
            self.initial["document"] = group[0][0]


class SignatureForm(forms.Form):
    """A drawn signature, or the name typed."""

    drawn = forms.CharField(label="手写签名", required=False, widget=forms.HiddenInput)
    typed = forms.CharField(
        label="输入签名人姓名",
        required=False,
        max_length=50,
        help_text="输入姓名与手写签名效力相同。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agree = forms.BooleanField(
        label="我已阅读承诺书，承诺内容真实",
        error_messages={"required": "请阅读承诺书，并在「我已阅读」前打勾。"},
    )
