"""Public pages, open to everybody: institutions, and whom to call. All are GET."""

from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from facilities import areas
from facilities.agencies import contacts_in
from facilities.area_search import destinations_in
from facilities.forms import LONGEST, InstitutionSearchForm, PlaceForm
from facilities.institution_search import MOST, Wanted, find_institutions
from facilities.institution_search import institution as institution_by_code
from facilities.models import Institution
from facilities.search import search_destinations
from facilities.services import Opened, opened_services, summary

PAGE = 20
LAST_PAGE = MOST // PAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One institution in a list; `more` counts opened diseases that are not shown."""

    institution: Institution
    place: str
    opened: list[Opened]
    more: int


@require_safe
def search(request):
    """Institutions by name, place, grade and what is opened, twenty a page."""
    asked = any(request.GET.get(name) for name in InstitutionSearchForm.base_fields)
    form = InstitutionSearchForm(request.GET if asked else None)
    page = _page_number(request.GET.get("page"))
    context = {"form": form, "asked": asked, "lines": [], "page": page, "place": None, "others": []}
    context["unclear"] = False
    if asked and form.is_valid():
        place, others = form.cleaned_data["city"]
        context |= {"place": _named(place), "others": _places(request, others)}
        context["unclear"] = place is None and bool(others)
        if not context["unclear"]:
            context |= _results(request, form.wanted(), page)
    return render(request, "facilities/search.html", context)


@require_safe
def institution(request, code: str):
    """One institution with everything it has and has not opened."""
    found = institution_by_code(code.upper())
    if found is None:
        raise Http404
    opened = opened_services(found)
    return render(
        request,
        "facilities/institution.html",
        {
            "institution": found,
            "place": areas.area_name(found.division_id),
            "area": areas.area_name(found.pooling_area_id),
            "plain": [entry for entry in opened if not entry.disease],
            "chronic": [entry for entry in opened if entry.disease],
            "back": reverse("facilities:search"),
        },
    )


@require_safe
def agencies(request):
    """The phones of the agencies of a place; without a place the provinces to choose from."""
    asked = bool(request.GET.get("city"))
    form = PlaceForm(request.GET if asked else None)
    context = {
        "form": form,
        "place": None,
        "places": [],
        "others": [],
        "choices": [],
        "sources": [],
    }
    if asked and form.is_valid():
        place, others = form.cleaned_data["city"]
        context["others"] = _places(request, others)
        if place is not None:
            context |= _agencies_of(request, place)
    elif not asked:
        context["choices"] = _places(request, areas.provinces())
    return render(request, "facilities/agencies.html", context)


@require_safe
def destinations(request):
    """The destinations for what was typed so far, as radio buttons (for htmx)."""
    text = request.GET.get("q", "")[:LONGEST]
    context = {"destinations": search_destinations(text), "text": text}
    return render(request, "facilities/destination_choices.html", context)


@require_safe
def destinations_json(request):
    """The same as JSON: {"destinations": […]}, each as `facilities.search.Destination`."""
    text = request.GET.get("q", "")[:LONGEST]
    return JsonResponse({"destinations": [asdict(found) for found in search_destinations(text)]})


def _results(request, wanted: Wanted, page: int) -> dict:
    """One page of results, and the addresses of the pages beside it."""
    found = find_institutions(wanted, offset=(page - 1) * PAGE, limit=PAGE + 1)
    more = len(found) > PAGE
    return {
        "lines": [_line(row, wanted) for row in found[:PAGE]],
        "previous_url": _with(request, page=page - 1) if page > 1 else "",
        "next_url": _with(request, page=page + 1) if more and page < LAST_PAGE else "",
        "cut_off": more and page == LAST_PAGE,
    }


def _line(row: Institution, wanted: Wanted) -> Line:
    everything = opened_services(row)
    shown = summary(everything, (wanted.service, wanted.disease))
    more = sum(entry.opened for entry in everything) - sum(entry.opened for entry in shown)
    return Line(row, areas.area_name(row.division_id), shown, more)


def _agencies_of(request, place: areas.Division) -> dict:
    """The contacts of a pooling area, the place asked for first; or its areas to choose."""
    named = _named(place)
    if place.pooling_area is None:
        return {"place": named, "choices": _places(request, destinations_in(place))}
    found = contacts_in(place.pooling_area)
    found.sort(key=lambda entry: entry.place.code != place.code)
    sources = {contact.source for entry in found for contact in entry.contacts} - {""}
    area = areas.area_name(place.pooling_area)
    return {"place": named, "area": area, "places": found, "sources": sorted(sources)}


def _named(place: areas.Division | None) -> dict | None:
    return {"code": place.code, "name": areas.area_name(place.code)} if place else None


def _places(request, places) -> list[dict]:
    """Places as links to this page with that place instead."""
    names = [areas.area_name(place.code) for place in places]
    return [{"name": name, "url": _with(request, city=name, page="")} for name in names]


def _with(request, **changes) -> str:
    """The address of this page with some parameters changed; empty ones are left out."""
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{request.path}?{urlencode(kept)}"


def _page_number(text: str | None) -> int:
    """The page asked for, within what is offered; anything odd is the first."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), LAST_PAGE)
