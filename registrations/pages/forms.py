"""What each step asks, one group a form. Help stands under the label, errors say what to do."""

from django import forms
from django.utils import timezone

from casework.asking import ContactForm
from config.widgets import DatePartsField, cards
from registrations.decision import Rule
from registrations.decision.codes import DISEASES

ELSEWHERE = "typed"  # the hospital is not among those known: its name is typed
NOWHERE = "none"  # no wish


def term_words(rule: Rule) -> str:
    """How long a registration lasts by the rule, in words, with its mark."""
    if rule.validity_months is None:
        return "有效期：长期"
    return f"有效期：{rule.validity_months} 个月"


def disease_cards(rules: list[Rule]) -> list:
    """The diseases of a place as choices: who it is for, what to bring, how long it lasts."""
    return cards(
        [
            (
                rule.disease,
                DISEASES[rule.disease],
                f"{rule.conditions}检查报告：{rule.bring}{term_words(rule)}。",
            )
            for rule in rules
        ]
    )


class DiseaseForm(forms.Form):
    """Which disease, of those of the insured area."""

    disease = forms.ChoiceField(
        label="要认定哪个病种？",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择要认定的病种。",
            "invalid_choice": "请从列出的病种中选择。",
        },
    )

    def __init__(self, *args, rules: list[Rule], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = disease_cards(rules)


class HospitalForm(forms.Form):
    """The hospital that diagnosed: one that was found, or its name typed."""

    hospital = forms.ChoiceField(
        label="确诊的医院",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "请从查找结果中选择医院，或写上医院名称。"},
    )
    hospital_name = forms.CharField(
        label="没有查到的，写医院全称",
        required=False,
        max_length=60,
        help_text="外地的医院、没有联网的医院也可以写。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "医院名称请写在 60 字以内。"},
    )

    def __init__(self, *args, hospitals: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = dict(hospitals)
        self.fields["hospital"].choices = [*hospitals, (ELSEWHERE, "不在上面，我来写")]

    def clean(self):
        data = super().clean()
        picked, typed = data.get("hospital"), data.get("hospital_name", "").strip()
        if picked in ("", ELSEWHERE) and not typed:
            self.add_error("hospital_name", "请查找并选择确诊的医院，或在这里写上医院全称。")
        return data

    def answers(self) -> dict:
        """The answers as stored: the code where it is known, and the name."""
        data = self.cleaned_data
        code = data["hospital"] if data["hospital"] in self.names else ""
        return {
            "hospital": code,
            "hospital_name": self.names.get(code) or data["hospital_name"].strip(),
        }


class TreatmentForm(forms.Form):
    """Where one wants to be treated, which may be left open."""

    treatment = forms.ChoiceField(
        label="选一家医院",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择一家医院；没有想好的，选「以后再定」。",
            "invalid_choice": "请从查找结果中选择医院。",
        },
    )

    def __init__(self, *args, hospitals: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = dict(hospitals)
        self.fields["treatment"].choices = [*hospitals, (NOWHERE, "以后再定")]

    def answers(self) -> dict:
        """The answers as stored."""
        code = self.cleaned_data["treatment"]
        name = self.names.get(code, "")
        return {
            "treatment": code if name else "",
            "treatment_name": name,
            "treatment_asked": True,
        }


def _today():
    return timezone.localdate()


class DetailsForm(ContactForm):
    """When it was diagnosed, and how the person is reached."""

    diagnosed_on = DatePartsField(
        label="确诊日期", latest=_today, help_text="诊断证明或出院小结上写的日期。"
    )
    field_order = ("diagnosed_on", "phone", "contact_how", "address")
