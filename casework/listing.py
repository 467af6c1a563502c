"""A resident's own cases of one kind, as every kind lists them: newest first, a page at a time."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import Case
from residents.holdings import my_holdings

PER_PAGE = 20
MOST_PAGES = 1000


def own_page(request, kind: str, shown: tuple[str, ...], card: Callable[[Case], dict]) -> dict:
    """The context of the list: `cards` (what `card` makes of a case), `number` of the page, and
    the numbers of the `newer` and the `older` one, 0 for none.

    They are the cases of the account and of the persons bound to it; drafts are those of the
    account that began them. `shown` are the columns a line says, those of the kind's own row as
    "filing__start"; nothing else is read.
    """
    bound = [row.person_id for row in my_holdings(request) if row.is_bound]
    own_rows = sorted({name.partition("__")[0] for name in shown if "__" in name})
    rows = (
        Case.objects.of_account(request.user, bound)
        .filter(kind=kind)
        .select_related(*own_rows)
        .only(*shown)
        .newest_first()
    )
    number = _number(request.GET.get("page", ""))
    first = (number - 1) * PER_PAGE
    # One more than is shown says whether there is another page, without counting them all.
    found = list(rows[first : first + PER_PAGE + 1])
    return {
        "cards": [card(case) for case in found[:PER_PAGE]],
        "number": number,
        "newer": number - 1,
        "older": number + 1 if len(found) > PER_PAGE else 0,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < MOST_PAGES else 1


@lru_cache(maxsize=256)
def badge(tone: str, word: str) -> SafeString:
    """A state as all pages show it, rendered once: a page has twenty of a few."""
    return render_to_string("parts/state_badge.html", {"tone": tone, "label": word})


def days_text(first: date | None, last: date | None, without_end: str) -> str:
    """From when to when, in one line; `without_end` where no last day is fixed."""
    begun = first.isoformat() if first else ""
    return f"{begun} 至 {last.isoformat() if last else without_end}"
