"""Forms made from what is asked: the items of a correction, the questions of an action."""

from datetime import date

from django import forms

from casework.asking import CONTACT_WAYS, INSURANCES
from config.widgets import DatePartsField
from facilities.search import destination
from filings.answers import DATES
from filings.decision.codes import CARES, DOCUMENTS
from filings.dossier import Dossier
from filings.fields import FIELD_LABELS
from filings.pages.forms import ProxyForm
from filings.workflow import WORKFLOW

FIELD, DOCUMENT = "field", "document"


def _field_for(name: str, initial) -> forms.Field | None:
    """The control for one answer; None for an answer that is changed in another way."""
    label = FIELD_LABELS.get(name, name)
    if name in DATES:
        return DatePartsField(label=label, required=name == "start", initial=initial)
    if name == "insurance":
        return _radio(label, INSURANCES.items(), initial)
    if name == "care":
        return _radio(label, CARES.items(), initial)
    if name == "contact_how":
        return _radio(label, CONTACT_WAYS.items(), initial)
    if name in ("in_hospital", "self_paid"):
        return _radio(label, (("yes", "是"), ("no", "否")), "yes" if initial else "no")
    if name in ("phone", "address", "name"):
        return forms.CharField(
            label=label,
            max_length=120,
            initial=initial,
            error_messages={"required": f"请填写{label}。"},
        )
    return None


def _radio(label, choices, initial):
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        initial=initial,
        error_messages={"required": f"请选择{label}。"},
    )


def correction_form(items, dossier: Dossier, data=None) -> forms.Form:
    """One field for each field the notice names, in the order of the notice; the clerk's
    sentence is its help.
    """
    form = forms.Form(data)
    for item in items:
        kind, _, name = item.target.partition(":")
        if kind != FIELD:
            continue
        if name == "proxy":
            _add_proxy(form, dossier)
            continue
        field = _field_for(name, getattr(dossier.answers, name, None))
        if field is None:
            continue
        field.help_text = item.text
        form.fields[name] = field
    return form


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
    for name in ("in_hospital", "self_paid"):
        if name in data:
            data[name] = data[name] == "yes"
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
    }
    return {**kept, "proxy": proxy} if proxy else kept


SEARCHED = {"insured_area": "insured", "destination": "place", "institution": "place"}
# What a correction cannot change: another type is another filing.
FIXED = {"category": "备案类型不能在补正中修改。类型选错了的，请撤回这次申请，重新办理。"}


def place_targets(items) -> dict[str, str]:
    """{page: words} of what is corrected on a page with a search: 参保地 and 就医地."""
    names = [name for item in items if (name := _field_of(item)) in SEARCHED]
    return {SEARCHED[name]: FIELD_LABELS[name] for name in names}


def hints(items) -> list[str]:
    """Sentences for what the notice names and no correction can change."""
    return [FIXED[name] for item in items if (name := _field_of(item)) in FIXED]


def _field_of(item) -> str:
    kind, _, name = item.target.partition(":")
    return name if kind == FIELD else ""


def open_items(case) -> list:
    """What the notice asks for and is not done yet."""
    return list(case.correction_items.filter(done_at=None))


def wants_proof(items) -> bool:
    """Whether the notice asks for another way of proof, which opens all documents."""
    return any(_field_of(item) == "proof" for item in items)


def wanted_groups(items, needed: tuple) -> tuple[tuple[str, ...], ...]:
    """The groups of documents a correction may change: those the notice names, and no others.

    Each is a group of its own: where the rules let one choose among several papers, the
    notice has chosen, and one the rules do not ask for can be sent as well.
    """
    if wants_proof(items):
        return needed
    named = [
        name
        for item in items
        if (name := item.target.removeprefix("document:")) != item.target and name in DOCUMENTS
    ]
    return tuple((name,) for name in dict.fromkeys(named))


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
    """The form of a resident's action: a note where one is wanted, and what the row asks."""
    row = WORKFLOW.by_name[name]
    form = NoteForm(data)
    if name == "appeal" or row.needs_reason:
        form.fields["note"].required = True
        form.fields["note"].label = "理由"
        form.fields["note"].error_messages["required"] = (
            "请写明理由，例如哪里认定有误、有什么新材料。"
        )
    for ask in row.asks:
        if ask.kind == "date":
            form.fields[f"data-{ask.name}"] = DatePartsField(
                label=ask.label, required=ask.required, help_text=ask.help
            )
    return form


def action_data(form: forms.Form) -> dict:
    """What `perform` is told: the answers to the row's questions that were given."""
    return {
        name.removeprefix("data-"): value.isoformat() if isinstance(value, date) else value
        for name, value in form.cleaned_data.items()
        if name.startswith("data-") and value
    }


def picked(code: str) -> dict:
    """The answers that a chosen destination sets."""
    found = destination(code)
    return {
        "destination": found.area,
        "destination_pick": found.code,
        "institution": found.code if found.kind == "institution" else "",
    }
