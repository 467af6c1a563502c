"""Rules at the desk: read by all who may, edited as new versions, published by two."""

from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.utils import timezone

from casework.admin.versions import MarkFilter, PlaceFilter, VersionAdmin
from casework.versions import PublishRefused
from filings.admin.keeping import keeps, places_for
from filings.admin.rule_page import page_of
from filings.decision.errors import RuleError
from filings.models import FilingRule
from filings.rule_words import BOXES, EDITABLE, IDENTITY, in_words, read, shown, written
from filings.rules_publishing import PUBLISHING, draft_from, revise_draft


def _typed(request, name: str) -> str:
    """What was posted of a field, with the line ends of no browser."""
    return "\n".join(" ".join(request.POST.getlist(name)).splitlines())


def _in_order(chosen: list[str], former: list[str]) -> list[str]:
    """Those that were there in their order, then those that are new."""
    kept = [one for one in former if one in chosen]
    return [*kept, *(one for one in chosen if one not in kept)]


@admin.register(FilingRule)
class FilingRuleAdmin(VersionAdmin):
    """A published rule is read only; editing makes a draft of a new version, which a second
    person publishes."""

    list_display = (
        "place_name",
        "category",
        "scope",
        "insurance",
        "variant_text",
        "valid_from",
        "valid_to",
        "state",
        "marked",
        "numbered",
    )
    list_display_links = ("place_name", "category")
    list_filter = ("state", PlaceFilter, "category", "scope", "insurance", MarkFilter)
    noun = "规则"
    refused = (RuleError,)

    def has_add_permission(self, request):
        return False

    @admin.display(description="适用地", ordering="place")
    def place_name(self, rule):
        return self.place_in_words(rule.place)

    @admin.display(description="细分")
    def variant_text(self, rule):
        """Whether the rule is narrowed; the name of the variant is a code."""
        return "限定情形" if rule.variant else "一般"

    def publishing(self):
        return PUBLISHING

    def place_in_words(self, code: str) -> str:
        return shown("place", code)

    def may_edit(self, request, row: FilingRule) -> bool:
        """Rules are kept by whoever has the permission, each for the own places."""
        allowed = request.user.has_perm("filings.change_filingrule")
        return allowed and keeps(request.user, row.place)

    def places(self, request, row: FilingRule) -> tuple[str, ...]:
        allowed = request.user.has_perm("filings.add_filingrule")
        return places_for(request.user, row.place) if allowed else ()

    def begin(self, row: FilingRule, actor, place: str) -> FilingRule:
        begins = max(timezone.localdate(), row.valid_from).isoformat()
        return draft_from(row, actor, valid_from=begins, place=place)

    def in_words(self, error: Exception) -> str:
        return in_words(str(error))

    def show(self, request, row: FilingRule, editable: bool):
        return self._page(request, row, editable)

    def save_draft(self, request, row: FilingRule):
        typed = {name: _typed(request, name) for name in EDITABLE}
        values = {name: read(name, text) for name, text in typed.items()}
        # Boxes are ticked in the order of the list; the first source is the one that is named.
        values["sources"] = _in_order(values["sources"], row.body["sources"])
        try:
            revise_draft(row, request.user, **values)
        except RuleError as error:
            wrong = {error.field: in_words(error.message)}
            return self._page(request, row, True, typed, wrong, status=422)
        except PublishRefused as refused:
            messages.error(request, str(refused))
            return redirect(self.url("change", row.pk))
        return self.saved(request, row)

    def _page(self, request, rule, editable, typed=None, wrong=None, status=200):
        typed, wrong = typed or {}, wrong or {}
        rows = [
            {
                "name": name,
                "label": box.label,
                "box": box,
                "shown": shown(name, rule.body.get(name)),
                "written": typed.get(name, written(name, rule.body.get(name))),
                "chosen": typed.get(name, written(name, rule.body.get(name))).split(),
                "error": wrong.get(name, ""),
                "fixed": name in IDENTITY,
            }
            for name, box in BOXES.items()
        ]
        context = {
            **self.page_context(request, f"备案规则 · {shown('place', rule.place)}", rule),
            "rule": rule,
            "rows": rows,
            "editable": editable,
            "errors": [row for row in rows if row["error"]],
            **page_of(rule),
        }
        return render(request, "admin/filings/filingrule/rule.html", context, status=status)
