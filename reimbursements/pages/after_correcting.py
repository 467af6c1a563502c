"""What a correction opens: the fields, the bills and the documents that the notice names, and
what a correction has made necessary besides. Nothing else can be changed.
"""

from dataclasses import dataclass, field
from datetime import date

from django import forms

from casework.drafts import closed_answers
from filings.pages.forms import InsuredForm
from reimbursements.answers import Answers
from reimbursements.bills.accounts import BadAccount, check_account
from reimbursements.bills.warnings import plain_name
from reimbursements.codes import STAYS
from reimbursements.dossier import Dossier
from reimbursements.fields import BILL, FIELD_LABELS, NEW_BILL
from reimbursements.missing import BILLS, PAPERS, missing_of
from reimbursements.pages.claim.forms import AccountForm, PlaceForm, StayForm, WhyForm
from residents.phones import InvalidPhone, contact_phone

FIELD, DOCUMENT = "field", "document"
# Corrected on a page of its own, with a search.
SEARCHED = {
    "insured_area": "insured",
    "institution": "place",
    "institution_area": "place",
    "level": "place",
}
SAVED_APART = frozenset({*SEARCHED, "bills"})


@dataclass
class Opened:
    """What may be changed now. `fields` in the order of the notice, `places` page -> words,
    `bills` the keys of the bills that may be changed, `adds` whether one may be added, `photos`
    the keys of those that may get photographs, `groups` the documents that may be uploaded,
    `useless` fields this kind of care has not."""

    fields: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    bills: frozenset[str] = frozenset()
    adds: bool = False
    photos: frozenset[str] = frozenset()
    groups: list[tuple[str, ...]] = field(default_factory=list)
    useless: list[str] = field(default_factory=list)
    asked: frozenset[str] = frozenset()  # the fields the notice names


def opened_by(items: list, dossier: Dossier) -> Opened:
    """What the items open, and the gaps that corrections so far have made (a stay needs a day
    of discharge, a letter an address, another kind of care other papers)."""
    gaps = missing_of(dossier)
    named = [_parts(item.target) for item in items]
    asked = [name for area, name in named if area == FIELD]
    fields = asked + [gap.field for gap in gaps if gap.step not in (BILLS, PAPERS)]
    found = Opened(asked=frozenset(asked))
    offered = offered_fields(dossier)
    for name in dict.fromkeys(fields):
        if name in SEARCHED:
            label = FIELD_LABELS[name]
            before = found.places.get(SEARCHED[name])
            found.places[SEARCHED[name]] = f"{before}、{label}" if before else label
        elif name in offered:
            found.fields.append(name)
        elif name in FIELD_LABELS and name != "bills":
            found.useless.append(FIELD_LABELS[name])
    if "place" in found.places and "kind" in found.fields:
        found.fields.remove("kind")
    if "insured" in found.places and "insurance" in found.fields:
        found.fields.remove("insurance")
    keys = {bill.key for bill in dossier.answers.all_bills}
    short = {gap.field for gap in gaps if gap.step == BILLS}
    all_bills = "bills" in asked
    found.adds = all_bills or (BILL, NEW_BILL) in named or "bills" in short
    open_keys = {key for area, key in named if area == BILL} | {_bill_of(name) for name in short}
    if found.adds:
        open_keys |= _added(keys, dossier)
    found.bills = frozenset(keys if all_bills else keys & open_keys)
    found.photos = frozenset(keys) if (DOCUMENT, BILL) in named else found.bills
    found.groups = _groups([n for a, n in named if a == DOCUMENT], gaps, dossier)
    return found


def _bill_of(field: str) -> str:
    """The key of the bill in a gap (`bills.<key>.<name>`); "" for the bills as a whole."""
    parts = field.split(".")
    return parts[1] if len(parts) == 3 else ""


def _added(keys: set[str], dossier: Dossier) -> set[str]:
    """The bills that this correction has added: they may be changed until it is submitted."""
    before = Answers.from_dict(closed_answers(dossier.case))
    return keys - {bill.key for bill in before.all_bills}


def _parts(target: str) -> tuple[str, str]:
    area, _, name = target.partition(":")
    return area, name


def _groups(named: list[str], gaps: list, dossier: Dossier) -> list[tuple[str, ...]]:
    """Each document of the notice is a group of its own: the notice has chosen."""
    groups = [(code,) for code in dict.fromkeys(named) if code != BILL]
    short = {gap.field for gap in gaps if gap.step == PAPERS}
    groups += [group for group in dossier.needed if group[0] in short and group not in groups]
    return groups


def offered_fields(dossier: Dossier) -> dict[str, forms.Field]:
    """The controls of the wizard, each by the name of its answer."""
    answers = dossier.answers
    explain = answers.reason == "other"
    stay = StayForm(kind=answers.kind, is_stay=answers.is_stay, explain=explain).fields
    account = AccountForm(stored=answers.bank_number).fields
    own = {
        "reason": WhyForm().fields["reason"],
        "kind": PlaceForm(places=[]).fields["kind"],
        "insurance": InsuredForm(places=[]).fields["insurance"],
    }
    return {**own, **stay, **account}


class CorrectionForm(forms.Form):
    """One control for each field that is open; the clerk's sentence is its help."""

    def __init__(self, data=None, *, opened: Opened, items: list, dossier: Dossier):
        super().__init__(data)
        self.answers = dossier.answers
        offered = offered_fields(dossier)
        said = {item.target: item.text for item in items}
        names = list(opened.fields)
        if "bank_number" in names:
            names.insert(names.index("bank_number") + 1, "bank_not_card")
        for name in names:
            control = offered[name]
            if name != "bank_number":
                control.initial = getattr(self.answers, name)
            text = said.get(f"{FIELD}:{name}", "")
            if text:
                control.help_text = f"{text}。{control.help_text}" if control.help_text else text
            self.fields[name] = control

    def clean(self):
        data = super().clean()
        self._check_days(data)
        self._check_phone(data)
        self._check_account(data)
        if data.get("contact_how") == "post" and not self._now(data, "address"):
            self._refuse("address", "选择邮寄的，请填写收信地址。")
        return data

    def changes(self) -> dict:
        """What a valid form changes, as stored."""
        data = {name: _stored(value) for name, value in self.cleaned_data.items()}
        kind = data.get("kind")
        if kind and kind not in STAYS:
            data["discharged_on"] = None
        if kind and kind != "inpatient":
            data["nth_stay"] = ""
        return data

    def _now(self, data: dict, name: str):
        """A value as typed, else as it was answered."""
        return data[name] if name in data else getattr(self.answers, name)

    def _check_days(self, data: dict) -> None:
        first, last = self._now(data, "admitted_on"), self._now(data, "discharged_on")
        if first and last and last < first and {"admitted_on", "discharged_on"} & set(data):
            name = "discharged_on" if "discharged_on" in data else "admitted_on"
            self._refuse(name, "出院日期不能早于入院日期，请核对。")

    def _check_phone(self, data: dict) -> None:
        if not {"phone", "contact_how"} & set(data):
            return
        try:
            phone = contact_phone(self._now(data, "phone"), self._now(data, "contact_how"))
            if "phone" in data:
                data["phone"] = phone
        except InvalidPhone as error:
            self._refuse("phone", str(error))

    def _check_account(self, data: dict) -> None:
        if "bank_number" in self.fields:
            typed = data.get("bank_number", "").strip() or self.answers.bank_number
            try:
                not_card = data.get("bank_not_card", False)
                data["bank_number"] = check_account(typed, not_card=not_card)
            except BadAccount as error:
                self._refuse("bank_number", str(error))
        if {"bank_holder", "bank_relation", "name"} & set(data):
            holder, person = self._now(data, "bank_holder"), self._now(data, "name")
            own = self._now(data, "bank_relation") == "self"
            if own and plain_name(holder) != plain_name(person):
                self._refuse("bank_holder", "选了参保人本人的账户，户名应和参保人姓名一致。")

    def _refuse(self, name: str, text: str) -> None:
        if name in self.fields:
            self.add_error(name, text)
        else:
            self.add_error(None, f"{FIELD_LABELS[name]}：{text}")


def _stored(value):
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value
