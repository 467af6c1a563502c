"""Forms made from what is asked: the items of a correction, the questions of an action."""

from datetime import date

from django import forms
from django.utils import timezone

from casework.asking import CONTACT_WAYS, ProxyForm
from config.widgets import DatePartsField
from registrations.decision.codes import DOCUMENTS
from registrations.dossier import Dossier
from registrations.fields import FIELD_LABELS
from registrations.workflow import WORKFLOW

SEARCHED = {
    "insured_area": "insured",
    "insurance": "insured",
    "hospital": "hospital",
    "treatment": "treatment",
}
# What a correction cannot change: another disease is another registration.
FIXED = {"disease": "病种不能在补正中修改。病种选错了的，请撤回这次申请，重新办理。"}


def open_items(case) -> list:
    """What the notice asks for and is not done yet."""
    return list(case.correction_items.filter(done_at=None))


def correction_form(items, dossier: Dossier, data=None) -> forms.Form:
    """One field for each field the notice names, in the order of the notice; the clerk's
    sentence is its help."""
    form = forms.Form(data)
    for item in items:
        name = _field_of(item)
        if name == "proxy":
            _add_proxy(form, dossier)
        elif field := _field_for(name, getattr(dossier.answers, name, None)):
            field.help_text = item.text
            form.fields[name] = field
    return form


def _field_for(name: str, initial) -> forms.Field | None:
    """The control for one answer; None for an answer that is changed in another way."""
    label = FIELD_LABELS.get(name, name)
    if name == "diagnosed_on":
        return DatePartsField(label=label, latest=timezone.localdate, initial=initial)
    if name == "contact_how":
        return forms.ChoiceField(
            label=label,
            choices=list(CONTACT_WAYS.items()),
            widget=forms.RadioSelect,
            initial=initial,
            error_messages={"required": f"请选择{label}。"},
        )
    if name in ("phone", "address", "name"):
        return forms.CharField(
            label=label,
            max_length=120,
            initial=initial,
            error_messages={"required": f"请填写{label}。"},
        )
    return None


def _add_proxy(form: forms.Form, dossier: Dossier) -> None:
    stored = dossier.answers.proxy or {}
    for name, field in ProxyForm().fields.items():
        field.initial = stored.get(name.removeprefix("proxy_"))
        form.fields[name] = field


def changes(form: forms.Form) -> dict:
    """What a valid correction changes, as stored."""
    data = dict(form.cleaned_data)
    proxy = {
        name.removeprefix("proxy_"): data.pop(name)
        for name in list(data)
        if name.startswith("proxy_")
    }
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
    }
    return {**kept, "proxy": proxy} if proxy else kept


def search_targets(items) -> dict[str, str]:
    """{page: words} of what is corrected on a page with a search."""
    names = [name for item in items if (name := _field_of(item)) in SEARCHED]
    return {SEARCHED[name]: FIELD_LABELS[name] for name in names}


def hints(items) -> list[str]:
    """Sentences for what the notice names and no correction can change."""
    return [FIXED[name] for item in items if (name := _field_of(item)) in FIXED]


def wanted_groups(items) -> list[tuple[str, ...]]:
    """The documents a correction may change: those the notice names, each a group of its own."""
    named = [
        name
        for item in items
        if (name := item.target.removeprefix("document:")) != item.target and name in DOCUMENTS
    ]
    return [(name,) for name in dict.fromkeys(named)]


def _field_of(item) -> str:
    kind, _, name = item.target.partition(":")
    return name if kind == "field" else ""


class NoteForm(forms.Form):
    """What an action may be told besides."""

    note = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="经办人员会看到。",
    )


def action_form(name: str, data=None) -> forms.Form:
    """The form of a resident's action: a note, which an appeal must have."""
    form = NoteForm(data)
    if name == "appeal" or WORKFLOW.by_name[name].needs_reason:
        form.fields["note"].required = True
        form.fields["note"].label = "理由"
        form.fields["note"].error_messages["required"] = (
            "请写明理由，例如哪里认定有误、有什么新材料。"
        )
    return form
