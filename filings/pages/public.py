"""不确定要不要备案? A check of half a minute, without log-in and without storing anything."""

from contextlib import suppress

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.insured_places import counties_found
from facilities.areas import UnknownArea, area_name
from facilities.contacts import contact_of
from facilities.search import destination, search_destinations
from filings.answers import Answers
from filings.deciding import decision_for
from filings.decision import FactsError
from filings.pages.effect import effect_of
from filings.pages.forms import QUESTIONS
from filings.pages.words import area_words

# As many as fit on two screens of a phone.
MOST_HOMES = 12


@require_GET
def check(request):
    """Asks where from, where to and five plain questions; says what a filing would come to.

    All of it stands in the address (areas and ticks, nothing personal), so that it works
    without a form that is stored, and may be sent to somebody.
    """
    asked = request.GET
    home, away = asked.get("from", ""), asked.get("to", "")
    home_text, away_text = asked.get("from_text", "").strip(), asked.get("to_text", "").strip()
    homes = _homes(home_text, home)
    aways = _aways(away_text, away)
    home = home or (homes[0][0] if len(homes) == 1 else "")
    away = away or _meant(away_text, aways)
    aways = [row for row in aways if row.code == away] or aways
    context = {
        "more_homes": len(homes) > MOST_HOMES,
        "homes": homes[:MOST_HOMES],
        "aways": aways,
        "home": home,
        "away": away,
        "home_text": home_text,
        "away_text": away_text,
        "insurance": asked.get("insurance", "310"),
        "questions": [(code, words, hint, code in asked) for code, words, hint in QUESTIONS],
        "asked": bool(home and away),
    }
    if home and away:
        context |= _answer(home, away, asked)
    return render(request, "filings/public_check.html", context)


def _homes(text: str, code: str) -> list[tuple[str, str]]:
    rows = {place.code: area_name(place.code) for place in counties_found(text)} if text else {}
    if code:
        with suppress(UnknownArea):
            rows.setdefault(code, area_name(code))
    return list(rows.items())


def _aways(text: str, code: str) -> list:
    found = search_destinations(text) if text else []
    chosen = destination(code) if code else None
    if chosen and chosen.code not in {row.code for row in found}:
        found.append(chosen)
    return found


def _meant(text: str, rows: list) -> str:
    """The one destination that is meant: the only one, or the city of just this name."""
    if len(rows) == 1:
        return rows[0].code
    if rows and rows[0].kind == "area" and rows[0].name.rstrip("市州区县盟") == text.rstrip("市"):
        return rows[0].code
    return ""


def _place_name(code: str) -> str:
    """A city as its full name, a hospital as its own."""
    found = destination(code)
    return area_words(code) or (found.name if found else "")


def _answer(home: str, away: str, asked) -> dict:
    insurance = asked.get("insurance", "310")
    answers = Answers(
        insured_area=home,
        insurance=insurance,
        destination_pick=away,
        questions={code: code in asked for code, _, _ in QUESTIONS},
        start=timezone.localdate(),
    )
    try:
        decision = decision_for(answers, timezone.localdate())
        return {
            "effect": effect_of(decision),
            "route": f"参保地{area_words(home)}，就医地{_place_name(away)}",
            "agency": contact_of(home, insurance),
        }
    except (FactsError, UnknownArea) as error:
        return {"problem": getattr(error, "message", str(error))}
