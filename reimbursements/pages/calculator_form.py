"""What the public calculator asks, in the words of one policy; nothing personal, nothing kept."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from config.widgets import DatePartsField
from reimbursements.pages.money import MoneyField
from reimbursements.settlement import Policy, StayError, Version
from reimbursements.settlement.asked import of_benefit, of_layer, of_version
from reimbursements.settlement.money import yuan
from reimbursements.settlement.terms import KINDS, NO_HARDSHIP

WHERE = {"same_area": "在参保地", "intra_province": "省内其他市", "inter_province": "外省"}
FILED = {
    "unfiled": "没有备案",
    "TMP-OTH": "临时外出备案（没有转诊单）",
    "TMP-REF": "转诊备案",
    "TMP-EMG": "急诊抢救备案",
    "LT-RES": "长期居住备案",
    "LT-RET": "退休安置备案",
    "LT-WRK": "长期在外工作备案",
    "INTRA-BIRTH": "省内异地生育备案",
}
STAYS = ("inpatient", "day_surgery", "maternity")
PARTS = {
    "own_expense": ("全自费", "目录外的药品和项目"),
    "self_first": ("先行自付", "乙类药品、部分项目先由个人付的部分"),
    "over_limit": ("超限价", "超过最高限价的部分"),
    "in_scope": ("政策范围内", "票据上有这一项的，填这一项就够"),
}
_ASK = "请选择"
_LEVELS = {"level", "charging_level"}
# Field of the engine -> field of the page.
_FIELDS = {
    "charging_level": "level",
    "place": "where",
    "filing": "filed",
    "person_group": "group",
    "discharged_on": "day",
    "settled_on": "day",
    "admitted_on": "admitted",
}


class CalculatorForm(forms.Form):
    """The questions that one version of a policy needs answered.

    `stay` and `year` are the facts as the engine reads them; `refuse` puts what the engine
    refuses beside the field it is about.
    """

    use_required_attribute = False

    def __init__(self, data, *, policy: Policy, version: Version):
        super().__init__(data)
        self.policy, self.version = policy, version
        self.asked = of_version(version)
        self._ask_care()
        self._ask_person()
        self._ask_money()
        self._ask_year()

    # --- fields -----------------------------------------------------------------------

    def _ask_care(self):
        covers = self.version.covers
        kinds = [(code, word) for code, word in KINDS.items() if code in covers["kind"]]
        self.fields["kind"] = _select("看什么病、怎么看", kinds, kinds[0][0])
        places = covers.get("place", WHERE)
        where = [(code, word) for code, word in WHERE.items() if code in places]
        self.fields["where"] = forms.ChoiceField(
            label="在哪里看",
            choices=where,
            initial=where[-1][0],
            widget=forms.RadioSelect({"row": True} if len(where) > 1 else {}),
            error_messages=_chosen("在哪里看"),
        )
        filings = covers.get("filing", FILED)
        filed = [(code, word) for code, word in FILED.items() if code in filings]
        if "maternity" not in covers["kind"]:
            filed = [one for one in filed if one[0] != "INTRA-BIRTH"]
        if len(where) > 1 or where[0][0] != "same_area":
            self.fields["filed"] = _select("怎样备案的", filed, filed[0][0])
            self.fields["filed"].help_text = "在参保地看病的不用管这一项。"
        levels = self.policy.vocabulary.levels
        if levels and self.asked & _LEVELS:
            self.fields["level"] = _select("医院等级", _with_blank(levels), required=False)
            self.fields["level"].help_text = "按当地政策的分法；不清楚的可以问医院的医保办。"

    def _ask_person(self):
        words = self.policy.vocabulary
        if len(words.person_groups) > 1 and "person_group" in self.asked:
            groups = _with_blank(words.person_groups)
            self.fields["group"] = _select("人员类别", groups, required=False)
        if words.hardship and "hardship" in self.asked:
            poor = [("", "不是"), *((word, word) for word in words.hardship)]
            self.fields["hardship"] = _select("民政认定的困难人员", poor, required=False)
        if "age" in self.asked:
            self.fields["age"] = _whole("年龄", 0, 150)
        tags = [tag for tag in words.tags if f"tag:{tag}" in self.asked]
        if tags:
            self.fields["tags"] = forms.MultipleChoiceField(
                label="符合的请打勾",
                choices=[(tag, tag) for tag in tags],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                error_messages={"invalid_choice": "请从列出的几项中选择。"},
            )
        last = timezone.localdate() + timedelta(days=366)
        self.fields["day"] = DatePartsField(
            label="出院日期",
            help_text="门诊、购药填当天的日期。",
            initial=timezone.localdate,
            latest=last,
        )
        if self.policy.decided_by == "admission":
            self.fields["admitted"] = DatePartsField(label="入院日期", required=False, latest=last)
        if "nth_stay" in self.asked:
            self.fields["nth_stay"] = _whole("这是今年第几次住院", 1, 99)
            self.fields["nth_stay"].initial = 1
            self.fields["nth_stay"].help_text = "门诊、购药的不用管这一项。"

    def _ask_money(self):
        required = {"required": "请填总费用，单位是元，例如 12,345.60。"}
        self.fields["total"] = MoneyField(label="总费用", error_messages=required)
        for name, (label, help_text) in PARTS.items():
            self.fields[name] = MoneyField(label=label, required=False, help_text=help_text)

    def _ask_year(self):
        self.fields["deducted"] = MoneyField(label="这一类就医今年已扣的起付标准", required=False)
        for code, label in self.policy.fund_labels.items():
            self.fields[f"paid_{code}"] = MoneyField(label=f"{label}今年已支付", required=False)
        for layer in self.version.layers:
            if layer.on_year:
                label = f"{layer.label}今年已累计的个人负担"
                self.fields[f"base_{layer.fund}"] = MoneyField(label=label, required=False)
        if self.version.account is not None:
            self.fields["balance"] = MoneyField(label="个人账户余额", required=False)

    # --- groups of the page -----------------------------------------------------------

    @property
    def care_fields(self) -> list:
        """What is always shown, in order, without the money."""
        names = [name for name in self.fields if name not in {*PARTS, "total", *self._year_names()}]
        return [self[name] for name in names]

    @property
    def part_fields(self) -> list:
        return [self[name] for name in PARTS]

    @property
    def year_fields(self) -> list:
        return [self[name] for name in self._year_names()]

    @property
    def parts_open(self) -> bool:
        """Whether something stands in the folded part, or is wrong with it."""
        return self._filled(PARTS)

    @property
    def year_open(self) -> bool:
        return self._filled(self._year_names())

    def _filled(self, names) -> bool:
        return any(self.errors.get(name) or self.data.get(name) for name in names)

    def _year_names(self) -> list[str]:
        return [
            name
            for name in self.fields
            if name in ("deducted", "balance") or name.startswith(("paid_", "base_"))
        ]

    # --- facts ------------------------------------------------------------------------

    def clean(self):
        data = super().clean()
        admitted, day = data.get("admitted"), data.get("day")
        if admitted and day and admitted > day:
            self.add_error("admitted", f"入院日期不能晚于出院日期 {day}，请核对。")
        needed = self._needed(data["kind"]) if "kind" in data else set()
        for name, dimensions in (("level", _LEVELS), ("group", {"person_group"}), ("age", {"age"})):
            if name in self.fields and needed & dimensions and data.get(name, 0) in ("", None):
                verb = "填写" if name == "age" else "选择"
                self.add_error(name, f"请{verb}{self.fields[name].label}。")
        return data

    def _needed(self, kind: str) -> set[str]:
        """What the benefits and layers for this kind of care depend on."""
        version = self.version
        benefits = [b for b in version.benefits if kind in b.when.get("kind", (kind,))]
        layers = [layer for layer in version.layers if kind in layer.when.get("kind", (kind,))]
        found = {name for one in benefits for name in of_benefit(one, version.caps)}
        return found.union(*(of_layer(layer, version.caps) for layer in layers))

    def facts(self) -> dict:
        """What was typed as the engine's `read_stay` and `read_year` take it."""
        data, day = self.cleaned_data, self.cleaned_data["day"]
        kind = data["kind"]
        people = [word for word in (data.get("group"), data.get("hardship") or NO_HARDSHIP) if word]
        found = {
            "kind": kind,
            "place": data["where"],
            "filing": data.get("filed") or "unfiled",
            "level": data.get("level") or None,
            "person_group": people if self.policy.vocabulary.hardship else people[:-1],
            "age": _text(data.get("age")),
            "tags": data.get("tags") or None,
            "nth_stay": _text(data.get("nth_stay")) if kind in STAYS else None,
            "admitted_on": self._admitted(kind, day),
            "discharged_on": day.isoformat(),
            "settled_on": day.isoformat(),
            "total": yuan(data["total"]),
            **{name: yuan(data[name]) for name in PARTS if data.get(name) is not None},
            "account_balance": yuan(data["balance"]) if data.get("balance") else None,
            "year": self._year(kind),
        }
        return {name: value for name, value in found.items() if value not in (None, [], {})}

    def _admitted(self, kind: str, day: date) -> str | None:
        if kind not in STAYS:
            return day.isoformat()
        admitted = self.cleaned_data.get("admitted")
        return admitted.isoformat() if admitted else None

    def _year(self, kind: str) -> dict:
        data = self.cleaned_data
        year: dict = {}
        for section, prefix in (("funds", "paid_"), ("bases", "base_")):
            given = {
                name.removeprefix(prefix): yuan(fen)
                for name, fen in data.items()
                if name.startswith(prefix) and fen
            }
            if given:
                year[section] = given
        if data.get("deducted"):
            pots = {b.pot for b in self.version.benefits if kind in b.when.get("kind", (kind,))}
            year["deductibles"] = {pot: yuan(data["deducted"]) for pot in sorted(pots)}
        return year

    def refuse(self, error: StayError) -> None:
        """Put what the engine refuses beside the field that it is about."""
        name = _FIELDS.get(error.field, error.field)
        text = str(error).removeprefix(f"{error.field}: ")
        if "covers" in text:
            text = "当地公布的政策没有写这种情况，请换一项，或打电话问参保地经办机构"
        self.add_error(name if name in self.fields else None, f"{text.rstrip('。')}。")


def _chosen(label: str) -> dict[str, str]:
    said = f"请选择{label}。"
    return {"required": said, "invalid_choice": said}


def _with_blank(words) -> list[tuple[str, str]]:
    return [("", _ASK), *((word, word) for word in words)]


def _select(label: str, choices, initial: str = "", required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=required,
        error_messages=_chosen(label),
    )


def _whole(label: str, low: int, high: int) -> forms.IntegerField:
    said = f"{label}请填 {low} 到 {high} 的整数。"
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=low,
        max_value=high,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )


def _text(value) -> str | None:
    return None if value is None else str(value)
