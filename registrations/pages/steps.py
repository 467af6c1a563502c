"""The steps: what each asks, what it saves, when it is left out, and their order."""

from dataclasses import dataclass

from casework import steps
from casework.asking import ProxyForm
from casework.proxies import needs_proxy, proxy_initial
from casework.steps import Asked, Step
from facilities.institution_search import Wanted, find_institutions, institution
from facilities.models import InstitutionService
from registrations.answers import Answers
from registrations.dossier import Dossier
from registrations.pages.forms import (
    ELSEWHERE,
    NOWHERE,
    DetailsForm,
    HospitalForm,
    TreatmentForm,
)

TOTAL = 6
MOST_HOSPITALS = 8


class InsuredStep(steps.InsuredStep):
    """参保地与险种, to be changed: they were chosen before the draft began."""

    number = 1
    template = "registrations/step_insured.html"


class NoticeStep(steps.NoticeStep):
    """告知书 of the insured area on this day."""

    number = 2

    def text(self, dossier):
        return dossier.notice


class HospitalStep(Step):
    """The hospital that diagnosed, found by name or typed."""

    slug, number, name = "hospital", 3, "确诊医院"
    template = "registrations/step_hospital.html"
    results = "registrations/step_hospital_results.html"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        found = hospitals(request, (data or {}).get("hospital"), answers.hospital)
        picked = answers.hospital or (ELSEWHERE if answers.hospital_name else None)
        initial = {
            "hospital": picked,
            "hospital_name": "" if answers.hospital else answers.hospital_name,
        }
        rows = [(row.code, row.name) for row in found.rows]
        form = HospitalForm(data, hospitals=rows, initial=initial)
        return Asked([form], found.context(answers.disease))

    def changes(self, asked, dossier):
        return asked.forms[0].answers()


class TreatmentStep(Step):
    """Where the person wants to be treated; what is not opened there is said."""

    slug, number, name = "treatment", 3, "希望就诊的医院"
    template = "registrations/step_treatment.html"
    results = "registrations/step_treatment_results.html"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        found = hospitals(request, (data or {}).get("treatment"), answers.treatment)
        picked = answers.treatment or (NOWHERE if answers.treatment_asked else None)
        rows = [(row.code, row.name) for row in found.rows]
        form = TreatmentForm(data, hospitals=rows, initial={"treatment": picked})
        return Asked([form], found.context(answers.disease))

    def changes(self, asked, dossier):
        return asked.forms[0].answers()


class DetailsStep(Step):
    """The day of the diagnosis and how the person is reached; the proxy where there is one."""

    slug, number, name = "details", 4, "确诊日期与联系方式"
    template = "registrations/step.html"

    def ask(self, request, dossier, data=None):
        answers, account = dossier.answers, dossier.case.account
        initial = {
            "diagnosed_on": answers.diagnosed_on,
            "phone": answers.phone or (account.phone if account else "") or "",
            "contact_how": answers.contact_how or "sms",
            "address": answers.address,
        }
        forms = [DetailsForm(data, initial=initial)]
        if needs_proxy(dossier):
            forms.append(ProxyForm(data, initial=proxy_initial(dossier)))
        return Asked(forms, {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        return {
            "diagnosed_on": data["diagnosed_on"].isoformat(),
            "phone": data["phone"],
            "contact_how": data["contact_how"],
            "address": data["address"].strip(),
            "proxy": asked.forms[1].proxy() if len(asked.forms) > 1 else None,
        }


@dataclass
class Found:
    """Hospitals as a step offers them."""

    text: str
    rows: list
    searched: bool

    def context(self, disease: str) -> dict:
        """What the page shows of them besides the choice: place, grade, what is opened."""
        return {
            "q": self.text,
            "searched": self.searched,
            "found": bool(self.rows),
            "offered": [_card(row, disease) for row in self.rows],
        }


def hospitals(request, posted: str | None, chosen: str) -> Found:
    """What the search of the page finds, and what was chosen before."""
    text = request.GET.get("q", "").strip()
    rows = find_institutions(Wanted(text), limit=MOST_HOSPITALS) if text else []
    known = {row.code for row in rows}
    code = posted or ("" if text else chosen)
    if code and code not in known and (row := institution(code)) and row.valid:
        rows.append(row)
    return Found(text, rows, bool(text))


def _card(row, disease: str) -> dict:
    services = row.services.all()
    opened = any(
        each.service == InstitutionService.Service.CHRONIC and each.disease_id == disease
        for each in services
    )
    return {
        "code": row.code,
        "name": row.name,
        "detail": f"{row.get_level_display()} {row.get_kind_display()}",
        "address": row.address,
        "demonstration": row.demonstration,
        "opened": opened,
    }


ASKING: tuple[Step, ...] = (NoticeStep(), HospitalStep(), TreatmentStep(), DetailsStep())
BY_SLUG = {step.slug: step for step in (InsuredStep(), *ASKING)}
# The pages that are not one form: their views are in `proof` and `checking`.
LAST = ("proof", "check")
NUMBERS = {**{step.slug: step.number for step in ASKING}, "disease": 1, "proof": 5, "check": 6}
_ORDER = [step.slug for step in ASKING]


def next_slug(slug: str) -> str:
    """The page after this one."""
    if slug not in _ORDER:
        return _ORDER[0]
    after = _ORDER[_ORDER.index(slug) + 1 :]
    return after[0] if after else "proof"


def previous_slug(slug: str) -> str | None:
    """The page before this one; None before the first, which is the disease."""
    if slug in LAST:
        return "proof" if slug == "check" else _ORDER[-1]
    before = _ORDER[: _ORDER.index(slug)] if slug in _ORDER else []
    return before[-1] if before else None


def with_answers(dossier: Dossier, answers: Answers) -> Dossier:
    """The dossier after answers were saved; who and which papers is not asked again."""
    fresh = Dossier(dossier.case, dossier.today, dossier.revision)
    known = ("holding", "enrolments", "files")
    kept = {name: dossier.__dict__[name] for name in known if name in dossier.__dict__}
    fresh.__dict__.update(kept, answers=answers)
    return fresh
