"""The steps, in order: what each asks, what it saves, and which page follows."""

from datetime import date

from casework.insured_places import counties_found
from config.addresses import address_of
from facilities.areas import UnknownArea, area_name
from facilities.institution_search import Wanted, find_institutions, institution
from facilities.models import Institution
from filings.pages.forms import InsuredForm
from filings.pages.steps import Asked
from reimbursements.answers import Answers
from reimbursements.bills.reasons import Advice, advice
from reimbursements.codes import REASONS, STAYS
from reimbursements.dossier import Dossier
from reimbursements.pages.claim.claimer import is_proven
from reimbursements.pages.claim.forms import OTHER, AccountForm, PlaceForm, StayForm, WhyForm

TOTAL = 6


class Step:
    """One page of the wizard."""

    slug = ""
    number = 0
    name = ""
    template = "reimbursements/claim/step.html"

    def ask(self, request, dossier: Dossier, data=None) -> Asked:
        """The form of the page: unbound, or bound to what was posted."""
        raise NotImplementedError

    def changes(self, asked: Asked, dossier: Dossier) -> dict:
        """The answers (as stored) that a valid page saves."""
        raise NotImplementedError


class WhyStep(Step):
    """Why it was not settled directly: it decides whether a claim is the right way at all."""

    slug, number, name = "why", 1, "为什么没有直接结算"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        initial = {"reason": answers.reason, "stay": _stay_of(answers)}
        return Asked([WhyForm(data, initial=initial)], {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        return {
            "reason": data["reason"],
            "in_hospital": data["stay"] == "in",
            "can_rebook": data["stay"] == "rebook",
        }


class InsuredStep(Step):
    """参保地与险种, as for a filing: known of a proven person, else found by name."""

    slug, number, name = "insured", 2, "参保地与险种"
    template = "reimbursements/claim/step_insured.html"

    def ask(self, request, dossier, data=None):
        text = request.GET.get("q", "").strip()[:40]
        posted = (data or {}).get("insured_area", "")
        places = _insured_places(dossier, text, posted)
        answers = dossier.answers
        initial = {"insured_area": answers.insured_area, "insurance": answers.insurance}
        form = InsuredForm(data, places=places, initial=initial)
        return Asked([form], {"q": text, "places": places})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        return {"insured_area": data["insured_area"], "insurance": data["insurance"]}


class PlaceStep(Step):
    """The kind of care and the institution: found by name, else in one's own words."""

    slug, number, name = "place", 2, "就医"
    template = "reimbursements/claim/step_place.html"

    def ask(self, request, dossier, data=None):
        answers, text = dossier.answers, request.GET.get("q", "").strip()[:40]
        found = find_institutions(Wanted(text), limit=10) if text else []
        picked = (data or {}).get("institution") or answers.institution
        offered = _with_picked(found, picked)
        own = bool(answers.institution_name) and not answers.institution
        initial = {
            "kind": answers.kind,
            "institution": answers.institution or (OTHER if own else ""),
            "name": answers.institution_name if own else "",
            "city": area_words(answers.institution_area) if own else "",
            "level": answers.charging_level if own else "",
        }
        form = PlaceForm(data, places=[(row.code, row.name) for row in offered], initial=initial)
        context = {
            "q": text,
            "offered": [_card(row) for row in offered],
            "searched": bool(text),
            "found": bool(found),
        }
        return Asked([form], context)

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        changes = _institution(data)
        if data["kind"] not in STAYS:
            changes["discharged_on"] = None
        if data["kind"] != "inpatient":
            changes["nth_stay"] = ""
        return {"kind": data["kind"], **changes}


class StayStep(Step):
    """The days, and whether somebody else has paid or has to pay."""

    slug, number, name = "stay", 2, "时间与情况"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        names = ("diagnosis", "nth_stay", "third_party", "other_insurer", "note")
        initial = {name: getattr(answers, name) for name in names}
        initial |= {name: getattr(answers, name) for name in ("admitted_on", "discharged_on")}
        form = StayForm(
            data,
            kind=answers.kind,
            is_stay=answers.is_stay,
            explain=answers.reason == "other",
            initial=initial,
        )
        return Asked([form], {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        return {
            "admitted_on": _iso(data["admitted_on"]),
            "discharged_on": _iso(data.get("discharged_on")),
            "diagnosis": data["diagnosis"].strip(),
            "nth_stay": data.get("nth_stay", ""),
            "third_party": data["third_party"],
            "other_insurer": data["other_insurer"],
            "note": data["note"].strip(),
        }


class AccountStep(Step):
    """The account to be paid, and how the person is reached."""

    slug, number, name = "account", 5, "收款账户"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        names = ("bank_relation", "bank_holder", "bank_name", "bank_not_card")
        initial = {name: getattr(answers, name) for name in names}
        initial |= {name: getattr(answers, name) for name in ("phone", "contact_how", "address")}
        if not answers.bank_holder and not answers.bank_relation:
            initial |= {"bank_relation": "self", "bank_holder": answers.name}
        form = AccountForm(
            data, stored=answers.bank_number, person=answers.name.strip(), initial=initial
        )
        return Asked([form], {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        texts = ("bank_holder", "bank_name", "name", "address", "phone")
        kept = ("bank_relation", "bank_number", "bank_not_card", "contact_how")
        changes = {name: data[name].strip() for name in texts if name in data}
        return {**changes, **{name: data[name] for name in kept}}


ASKING: tuple[Step, ...] = (WhyStep(), InsuredStep(), PlaceStep(), StayStep(), AccountStep())
BY_SLUG = {step.slug: step for step in ASKING}
# Every page in order; those without a Step have views of their own.
ORDER = ("why", "insured", "place", "stay", "bills", "documents", "account", "check")
OWN_VIEWS = ("bills", "documents", "check")
NUMBERS = {**{s.slug: s.number for s in ASKING}, "bills": 3, "documents": 4, "check": 6}
# The page on which a gap of `reimbursements.missing` is closed.
_PAGE_OF_GAP = {"reason": "why", "bills": "bills", "documents": "documents", "account": "account"}
_PAGE_OF_FIELD = {
    "kind": "place",
    "institution": "place",
    "institution_area": "place",
    "level": "place",
    "insured_area": "insured",
    "insurance": "insured",
}


def next_slug(slug: str) -> str:
    """The page after this one."""
    return ORDER[ORDER.index(slug) + 1]


def previous_slug(slug: str) -> str | None:
    """The page before this one, None for the first."""
    place = ORDER.index(slug)
    return ORDER[place - 1] if place else None


def address(case, slug: str) -> str:
    """The address of a step."""
    if slug in OWN_VIEWS:
        return address_of(f"reimbursements:step_{slug}", case.public_id)
    return address_of("reimbursements:step", case.public_id, slug)


def page_of(step: str, field: str) -> str:
    """The page that closes a gap in this step of `missing` and this field."""
    return _PAGE_OF_GAP.get(step) or _PAGE_OF_FIELD.get(field, "stay")


def advice_of(answers: Answers) -> Advice | None:
    """What to do before claiming; None while the first step is not answered."""
    if answers.reason not in REASONS:
        return None
    return advice(answers.reason, answers.in_hospital, answers.can_rebook)


def with_answers(dossier: Dossier, answers: Answers) -> Dossier:
    """The same case with other answers, nothing saved; who holds the person is known."""
    fresh = Dossier(dossier.case, dossier.today, dossier.revision)
    known = ("holding", "files")
    kept = {name: dossier.__dict__[name] for name in known if name in dossier.__dict__}
    fresh.__dict__.update(kept, answers=answers)
    return fresh


def area_words(code: str) -> str:
    """The name of an area; empty for none."""
    try:
        return area_name(code) if code else ""
    except UnknownArea:
        return ""


def _stay_of(answers: Answers) -> str:
    if not answers.reason:
        return ""
    if answers.in_hospital:
        return "in"
    return "rebook" if answers.can_rebook else "out"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _insured_places(dossier: Dossier, text: str, posted: str) -> list[tuple[str, str]]:
    """(code, full name) of the counties offered: found by name, else what is known."""
    codes = [place.code for place in counties_found(text)] if text else []
    if not text and not posted and is_proven(dossier):
        codes = [row.insured_area for row in dossier.enrolments]
    codes += [dossier.answers.insured_area, posted]
    named = {code: area_words(code) for code in codes}
    return [(code, name) for code, name in named.items() if name]


def _with_picked(found: list[Institution], picked: str) -> list[Institution]:
    """What was found, and the one that was picked before."""
    if not picked or picked == OTHER or picked in {row.code for row in found}:
        return found
    row = institution(picked)
    return [*found, row] if row is not None and row.valid else found


def _card(row: Institution) -> dict:
    words = (row.get_level_display(), row.get_kind_display(), area_words(row.pooling_area_id))
    return {
        "code": row.code,
        "name": row.name,
        "detail": " · ".join(words),
        "demonstration": row.demonstration,
    }


def _institution(data: dict) -> dict:
    """The answers of a picked institution, or of one in the resident's own words."""
    if data["institution"] == OTHER:
        level = data["level"]
        return {
            "institution": "",
            "institution_name": data["name"].strip(),
            "institution_area": data["area"],
            "level": level,
            "charging_level": level,
        }
    row = institution(data["institution"])
    return {
        "institution": row.code,
        "institution_name": row.name,
        "institution_area": row.pooling_area_id,
        "level": row.get_level_display(),
        "charging_level": row.get_charging_level_display(),
    }
