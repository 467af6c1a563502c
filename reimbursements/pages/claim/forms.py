"""What the steps of a claim ask, one group a form. Help stands under the label, errors say
what to do."""

from django import forms
from django.utils import timezone

from config.widgets import DatePartsField, cards
from facilities.area_search import resolve_place
from facilities.areas import area_name
from reimbursements.answers import CONTACT_WAYS
from reimbursements.bills.accounts import BadAccount, check_account, mask_account
from reimbursements.bills.reasons import HINTS
from reimbursements.bills.warnings import plain_name
from reimbursements.codes import BANK_RELATIONS, KINDS, REASONS
from residents.phones import InvalidPhone, contact_phone

STAYS = (
    ("out", "已经出院，或者是门诊、买药", "费用自己付清了"),
    ("rebook", "已经出院，医院说可以“补记账”", "补办手续后改按医保结算，退回垫付的钱"),
    ("in", "还在住院", "还没有结算"),
)
KIND_HELP = {
    "inpatient": "办了住院手续",
    "outpatient": "看门诊、做检查",
    "emergency": "急诊、抢救、急诊留观",
    "chronic": "已认定的高血压、糖尿病、透析等",
    "pharmacy": "在药店凭处方买药",
    "maternity": "产检、生孩子、计划生育手术",
}
OTHER = "other"
# 起付线等级 as policies mostly sort institutions; for a place that is in no list.
LEVELS = (
    ("", "不清楚"),
    ("三级", "三级医院"),
    ("二级", "二级医院"),
    ("一级", "一级医院"),
    ("基层", "社区卫生服务中心、乡镇卫生院"),
    ("未定级", "没有定级（诊所、药店等）"),
)
MAX_NTH = 12
YES_NO = [("no", "不是"), ("yes", "是")]


def _radio(label: str, choices, missing: str, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
        **kwargs,
    )


def _today():
    return timezone.localdate()


class WhyForm(forms.Form):
    """Why the care was not settled directly, and how things stand."""

    stay = _radio("现在是什么情况？", cards(STAYS), "请选择现在的情况。")
    reason = _radio(
        "当时为什么没有直接结算？",
        cards([(code, words, HINTS[code]) for code, words in REASONS.items()]),
        "请选择没有直接结算的原因；不清楚的选“其他原因”。",
    )


class PlaceForm(forms.Form):
    """The institution among what was found or in one's own words, and the kind of care."""

    institution = forms.ChoiceField(
        label="在哪里看的？",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请先查找并选择医院或药店；查不到的，选“列表里没有”。",
            "invalid_choice": "请从查找结果中选择；查不到的，选“列表里没有”。",
        },
    )
    name = forms.CharField(
        label="医院或药店名称",
        required=False,
        max_length=100,
        help_text="照票据上的全称填写。",
        error_messages={"max_length": "名称太长，请只写票据上的全称。"},
    )
    city = forms.CharField(
        label="在哪个城市",
        required=False,
        max_length=40,
        help_text="例如“成都”；在县里的，写县名也可以。",
        error_messages={"max_length": "太长了，请只写城市名，例如“成都”。"},
    )
    level = forms.ChoiceField(
        label="医院等级",
        required=False,
        choices=LEVELS,
        help_text="挂号处或票据上有；不清楚的不用选，经办人员会核实。",
        error_messages={"invalid_choice": "请从列表中选择医院等级。"},
    )
    kind = _radio(
        "是哪一种费用？",
        cards([(code, words, KIND_HELP[code]) for code, words in KINDS.items()]),
        "请选择是哪一种费用。",
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = [*places, (OTHER, "列表里没有，自己填写")]

    @property
    def is_other(self) -> bool:
        """Whether the institution is written in one's own words."""
        return self["institution"].value() == OTHER

    def clean(self):
        data = super().clean()
        if data.get("institution") != OTHER:
            return data
        if not data.get("name", "").strip() and "name" not in self.errors:
            self.add_error("name", "请填写医院或药店的名称，照票据上的全称写。")
        if "city" not in self.errors:
            self._read_city(data.get("city", "").strip())
        return data

    def _read_city(self, text: str) -> None:
        if not text:
            self.add_error("city", "请填写医院或药店所在的城市，例如“成都”。")
            return
        place, others = resolve_place(text)
        if place is None and others:
            names = "、".join(area_name(other.code) for other in others[:4])
            self.add_error("city", f"有几个地方都可能是“{text}”，请写全：{names}。")
        elif place is None:
            self.add_error("city", f"没有找到“{text}”，请只写城市或区县的名称，例如“成都”。")
        elif place.pooling_area is None:
            self.add_error("city", f"“{text}”是一个省，请写到城市，例如“成都”。")
        else:
            self.cleaned_data["area"] = place.pooling_area


class StayForm(forms.Form):
    """The days of the stay or visit, and what matters for who has to pay."""

    admitted_on = DatePartsField(label="入院日期", latest=_today)
    discharged_on = DatePartsField(label="出院日期", latest=_today)
    diagnosis = forms.CharField(
        label="诊断",
        max_length=200,
        required=False,
        help_text="出院记录或病历上的第一诊断；不清楚可以不填。",
        error_messages={"max_length": "太长了，请只写第一诊断。"},
    )
    nth_stay = forms.ChoiceField(
        label="是今年第几次住院？",
        required=False,
        choices=[
            ("", "不清楚"),
            *((str(nth), f"第 {nth} 次") for nth in range(1, MAX_NTH + 1)),
        ],
        help_text="按年初到这次入院算，本地和外地都算；起付标准和它有关。",
        error_messages={"invalid_choice": "请从列表中选择第几次；不清楚的选“不清楚”。"},
    )
    third_party = _radio(
        "是交通事故、被人打伤等，应由别人赔的吗？", YES_NO, "请选择是不是应由别人赔偿。"
    )
    other_insurer = _radio(
        "商业保险等已经报销过一部分吗？",
        [("no", "没有"), ("yes", "报销过")],
        "请选择有没有报销过。",
    )

    note = forms.CharField(
        label="要说明的情况（选填）",
        required=False,
        max_length=500,
        help_text="过了申请期限的，请写明晚交的原因。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "太长了，请写在 500 字以内。"},
    )

    def __init__(self, *args, kind: str, is_stay: bool, explain: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if explain:
            note = self.fields["note"]
            note.label, note.required = "当时为什么没有直接结算，请写明", True
            note.error_messages["required"] = "前面选了“其他原因”，请写明当时的情况。"
        if not is_stay:
            del self.fields["discharged_on"]
            words = "购药日期" if kind == "pharmacy" else "就诊日期"
            self.fields["admitted_on"].label = words
        if kind != "inpatient":
            del self.fields["nth_stay"]

    def clean(self):
        data = super().clean()
        first, last = data.get("admitted_on"), data.get("discharged_on")
        if first and last and last < first:
            self.add_error("discharged_on", "出院日期不能早于入院日期，请核对。")
        return data


class AccountForm(forms.Form):
    """Where the money goes, and how the person is reached."""

    bank_relation = _radio(
        "收款账户是谁的？",
        cards(
            [
                ("self", f"参保人{BANK_RELATIONS['self']}", "户名和参保人姓名一致"),
                ("guardian", BANK_RELATIONS["guardian"], "参保人是未成年人等，没有自己的账户"),
                ("heir", BANK_RELATIONS["heir"], "参保人已经去世，要交死亡证明和亲属关系证明"),
            ]
        ),
        "请选择收款账户是谁的。",
    )
    bank_holder = forms.CharField(
        label="户名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写户名，就是开户时登记的姓名。"},
    )
    bank_name = forms.CharField(
        label="开户银行",
        max_length=60,
        help_text="写到支行更好，例如“某某银行临沧临翔支行”。",
        error_messages={"required": "请填写开户银行。"},
    )
    bank_number = forms.CharField(
        label="银行卡号",
        max_length=60,
        required=False,
        help_text="请填储蓄卡（借记卡），不要填信用卡；可以按四位空一格写。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank_not_card = forms.BooleanField(label="这是账号（存折），不是银行卡号", required=False)
    name = forms.CharField(
        label="参保人姓名", max_length=50, error_messages={"required": "请填写参保人姓名。"}
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text="审核进度会发到这个号码。没有电话的，请在下面选择邮寄。",
    )
    contact_how = _radio(
        "怎样通知您？", list(CONTACT_WAYS.items()), "请选择怎样通知您。", initial="sms"
    )
    address = forms.CharField(
        label="联系地址（选填）",
        required=False,
        max_length=120,
        help_text="选择邮寄通知，或要退回票据原件的，请填写。",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args, stored: str = "", person: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.stored, self.person = stored, person
        if person:
            del self.fields["name"]
        if stored:
            kept = f"已保存 {mask_account(stored)}；不改就不用填，要改请填完整的新号码。"
            self.fields["bank_number"].help_text = kept

    def clean(self):
        data = super().clean()
        if "phone" in self.fields:
            self._check_phone(data)
        if data.get("contact_how") == "post" and not data.get("address", "").strip():
            self.add_error("address", "选择邮寄的，请填写收信地址。")
        self._check_holder(data)
        self._check_number(data)
        return data

    def _check_phone(self, data) -> None:
        if "phone" in self.errors or "contact_how" in self.errors:
            return
        try:
            data["phone"] = contact_phone(data.get("phone", ""), data.get("contact_how", ""))
        except InvalidPhone as error:
            self.add_error("phone", str(error))

    def _check_holder(self, data) -> None:
        holder, person = data.get("bank_holder", ""), self.person or data.get("name", "")
        if data.get("bank_relation") != "self" or not holder or not person:
            return
        if plain_name(holder) != plain_name(person):
            self.add_error(
                "bank_holder",
                "选了参保人本人的账户，户名应和参保人姓名一致，否则银行会退款；"
                "不是本人账户的，请在上面改选。",
            )

    def _check_number(self, data) -> None:
        typed = data.get("bank_number", "").strip() or self.stored
        try:
            data["bank_number"] = check_account(typed, not_card=data.get("bank_not_card", False))
        except BadAccount as error:
            self.add_error("bank_number", str(error))
