"""What the public search pages ask for."""

from django import forms

from facilities.area_search import resolve_place
from facilities.diseases import DISEASES
from facilities.institution_search import GRADES, Wanted
from facilities.models import InstitutionService

Service = InstitutionService.Service
LONGEST = 50
_TOO_LONG = {"max_length": f"最多写{LONGEST}个字，请写短一些。"}
_NOT_OFFERED = {"invalid_choice": "请从列表中选择一项。"}
_SERVICES = (Service.INPATIENT, Service.OUTPATIENT, Service.PHARMACY)


def _services() -> list:
    """The plain services, then the diseases of 门诊慢特病 as a group."""
    diseases = [(f"{Service.CHRONIC}:{d.code}", d.name) for d in DISEASES]
    plain = [(service.value, service.label) for service in _SERVICES]
    return [("", "不限"), *plain, (Service.CHRONIC.label, diseases)]


class PlaceField(forms.CharField):
    """The name of a place; cleaned to (place or None, other places it could be)."""

    def __init__(self, *, own_level: bool = False, **kwargs):
        self._own_level = own_level
        super().__init__(max_length=LONGEST, required=False, error_messages=_TOO_LONG, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None, []
        place, others = resolve_place(text, own_level=self._own_level)
        if place is None and not others:
            raise forms.ValidationError(
                f"没有找到“{text}”。请写城市或区县的名称或拼音首字母，例如 成都、cd。"
            )
        return place, others


class InstitutionSearchForm(forms.Form):
    """All fields may stay empty; the form is sent with GET."""

    q = forms.CharField(
        label="医院或药店名称",
        required=False,
        max_length=LONGEST,
        error_messages=_TOO_LONG,
        help_text="写名称中的几个字，或拼音首字母",
    )
    city = PlaceField(label="在哪里", help_text="写城市或区县，例如 成都、cd")
    grade = forms.ChoiceField(
        label="医院等级",
        required=False,
        choices=[("", "不限"), *GRADES.items()],
        error_messages=_NOT_OFFERED,
    )
    service = forms.ChoiceField(
        label="要用来做什么", required=False, choices=_services, error_messages=_NOT_OFFERED
    )

    def wanted(self) -> Wanted:
        """What is looked for. The form must be valid."""
        data = self.cleaned_data
        service, _, disease = data["service"].partition(":")
        return Wanted(data["q"], data["city"][0], data["grade"], service, disease)


class PlaceForm(forms.Form):
    """One box for the place where one is insured."""

    city = PlaceField(
        label="参保地", own_level=True, help_text="写您参保的城市或区县，例如 临沧、临翔区"
    )
