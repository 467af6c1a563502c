"""What each step asks, one group a form. Help stands under the label, errors say what to do."""

from django import forms
from django.utils import timezone

from casework.asking import ContactForm, InsuredForm, NoticeForm, ProxyForm
from casework.upload_form import UPLOAD_LIMITS, FileInput, FilesField, UploadForm
from config.widgets import DatePartsField, cards
from filings.decision.codes import CARES

# The forms that steps of every kind of case share are named here with those of filings.
__all__ = [
    "UPLOAD_LIMITS",
    "ContactForm",
    "DetailsForm",
    "FileInput",
    "FilesField",
    "InsuredForm",
    "NoticeForm",
    "PlaceForm",
    "ProxyForm",
    "QuestionsForm",
    "SignatureForm",
    "StayDatesForm",
    "StayForm",
    "TypeForm",
    "UploadForm",
]

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


class DetailsForm(ContactForm):
    """How the person is reached, and from when to when."""

    start = DatePartsField(label="备案开始日期", quick=())
    end = DatePartsField(
        label="备案结束日期（选填）", required=False, help_text="可以自己定结束的日期；不填为长期。"
    )

    field_order = ("start", "end", "phone", "contact_how", "address")

    def __init__(self, *args, end_chosen: bool, start_help: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].help_text = start_help
        self.fields["address"].label = "在外地的联系地址（选填）"
        if not end_chosen:
            del self.fields["end"]

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "结束日期不能早于开始日期，请核对。")
        return data


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
