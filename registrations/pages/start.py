"""第 1 步: who, where insured, which disease. The draft begins with the disease."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.acting import acting_for
from casework.asking import INSURANCES, InsuredForm
from casework.errors import CaseworkError
from casework.gaps import is_county
from casework.insured_places import known_areas, offered
from facilities.areas import area_name
from registrations import service
from registrations.decision import shipped
from registrations.decision.codes import MARKS
from registrations.dossier import dossier_of
from registrations.pages.filer import drafts_of, writable_draft
from registrations.pages.forms import DiseaseForm
from registrations.pages.steps import NUMBERS, TOTAL
from registrations.pages.wizard import after_choice, frame
from registrations.pages.words import disease_name
from residents.gate import resident_required
from residents.holdings import current_holding


@resident_required
@require_http_methods(["GET", "POST"])
def start(request):
    """Where the person is insured: known of a proven person, else found by name."""
    holding = current_holding(request)
    if holding is None:
        messages.info(request, "请先添加要办理的人（本人或家人）。")
        return redirect(f"{reverse('residents:person_add')}?next={reverse('registrations:start')}")
    posted = request.POST if request.method == "POST" else None
    text = request.GET.get("q", "").strip()
    known = service.known_place(holding, holding.person) if not text else {}
    today = timezone.localdate()
    places = offered(
        text,
        (posted or {}).get("insured_area", ""),
        known.get("insured_area", ""),
        lambda: known_areas(holding, holding.person, today),
    )
    form = InsuredForm(posted, places=places, initial=known)
    if form.is_valid():
        chosen = {
            "area": form.cleaned_data["insured_area"],
            "insurance": form.cleaned_data["insurance"],
        }
        return redirect(f"{reverse('registrations:diseases')}?{urlencode(chosen)}")
    context = {"form": form, "q": text, "places": places, "drafts": _drafts(request, holding)}
    template = "registrations/start.html"
    if request.htmx and request.method == "GET":
        template = "wizard/insured_results.html"
    return render(request, template, context)


def _drafts(request, holding) -> list[dict]:
    rows = drafts_of(request.user).filter(person_id=holding.person_id)
    return [
        {"case": row, "topic": disease_name(row.topic), "saved": row.created_at} for row in rows
    ]


@resident_required
@require_http_methods(["GET", "POST"])
def diseases(request):
    """The diseases of the insured area, each with whom it is for and what to bring."""
    holding = current_holding(request)
    area, insurance = request.GET.get("area", ""), request.GET.get("insurance", "")
    if holding is None or not is_county(area) or insurance not in INSURANCES:
        return redirect("registrations:start")
    rules = rules_for(area, insurance)
    form = DiseaseForm(request.POST if request.method == "POST" else None, rules=rules)
    if form.is_valid():
        case = service.start_registration(
            request.user, holding, form.cleaned_data["disease"], insured_area=area
        )
        return _begun(request, case, area, insurance)
    context = {"form": form, "step": NUMBERS["disease"], "total": TOTAL, **listed(area, rules)}
    context["insurance"] = INSURANCES[insurance]
    return render(request, "registrations/diseases.html", context)


def _begun(request, case, area: str, insurance: str):
    """A draft that was there before keeps its answers; where one is insured is as just said."""
    service.save(case, {"insured_area": area, "insurance": insurance})
    return after_choice(case, dossier_of(case))


def rules_for(area: str, insurance: str) -> list:
    """The rules of the diseases that a place registers for an insurance."""
    rules = shipped().listed(area, timezone.localdate())
    return [rule for rule in rules if insurance in rule.insurances]


def listed(area: str, rules: list) -> dict:
    """What the page says above the list: whose rules these are, and how far they can be
    trusted."""
    marks = {MARKS[rule.mark] for rule in rules} - {""}
    return {"area": area_name(area), "marks": "、".join(sorted(marks))}


@resident_required
@require_http_methods(["GET", "POST"])
def change_disease(request, public_id):
    """The disease of a draft that was begun: another one keeps all other answers."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    answers = dossier.answers
    rules = rules_for(answers.insured_area, answers.insurance)
    posted = request.POST if request.method == "POST" else None
    form = DiseaseForm(posted, rules=rules, initial={"disease": answers.disease})
    if form.is_valid():
        try:
            service.change_disease(case, form.cleaned_data["disease"])
        except CaseworkError as error:
            messages.error(request, str(error))
            return redirect("registrations:change_disease", case.public_id)
        return after_choice(case, dossier_of(case), "check")
    context = {
        **frame(case, dossier),
        **listed(answers.insured_area, rules),
        "form": form,
        "step": NUMBERS["disease"],
        "insurance": INSURANCES.get(answers.insurance, ""),
        "acting_for": acting_for(case, dossier),
        "changing": True,
    }
    return render(request, "registrations/diseases.html", context)
