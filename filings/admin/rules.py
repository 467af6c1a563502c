"""Rules at the desk: read by all who may, edited as new versions, published by two."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from casework.versions import PublishRefused, wrote
from filings.admin.keeping import MarkFilter, PlaceFilter, keeps, places_for
from filings.admin.rule_page import page_of
from filings.decision.errors import RuleError
from filings.models import FilingRule
from filings.rule_words import BOXES, EDITABLE, IDENTITY, in_words, read, shown, written
from filings.rules_publishing import (
    draft_from,
    publish_rule,
    revise_draft,
    send_back,
    send_to_review,
)

State = FilingRule.State
MOVES = {
    "review": (send_to_review, "已送审，请另一名工作人员发布。"),
    "back": (send_back, "已退回草稿。"),
    "publish": (publish_rule, "已发布。"),
}


def may_edit(request, rule: FilingRule) -> bool:
    """Rules are kept by whoever has the permission, each for the own places."""
    allowed = request.user.has_perm("filings.change_filingrule")
    return allowed and keeps(request.user, rule.place)


def _typed(request, name: str) -> str:
    """What was posted of a field, with the line ends of no browser."""
    return "\n".join(" ".join(request.POST.getlist(name)).splitlines())


def _in_order(chosen: list[str], former: list[str]) -> list[str]:
    """Those that were there in their order, then those that are new."""
    kept = [one for one in former if one in chosen]
    return [*kept, *(one for one in chosen if one not in kept)]


@admin.register(FilingRule)
class FilingRuleAdmin(admin.ModelAdmin):
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
        "mark",
        "version",
    )
    list_display_links = ("place_name", "category")
    list_filter = ("state", PlaceFilter, "category", "scope", "insurance", MarkFilter)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/version/", view(self.version_view), name="filings_filingrule_version"),
            path("<int:pk>/<slug:move>/", view(self.move_view), name="filings_filingrule_move"),
        ]
        stock = super().get_urls()
        return [own[0], *stock[:-1], own[1], stock[-1]]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="适用地", ordering="place")
    def place_name(self, rule):
        return shown("place", rule.place)

    @admin.display(description="细分")
    def variant_text(self, rule):
        """Whether the rule is narrowed; the name of the variant is a code."""
        return "限定情形" if rule.variant else "一般"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft of one's own place as a form, anything else to read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule = self._find(object_id)
        editable = rule.state == State.DRAFT and may_edit(request, rule)
        if request.method != "POST":
            return self._page(request, rule, editable)
        if not editable:
            raise PermissionDenied
        return self._save(request, rule)

    def history_view(self, request, object_id, extra_context=None):
        """The versions of a rule are its history: the list shows them one below the other."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:filings_filingrule_changelist")

    def version_view(self, request, pk: int):
        """A new draft that starts from this version: of its place, or of a kept one below."""
        rule = self._find(pk)
        if request.method != "POST":
            return redirect("admin:filings_filingrule_change", pk)
        places = self._places(request, rule)
        place = request.POST.get("place") or next(iter(places), "")
        if place not in places:
            raise PermissionDenied
        begins = max(timezone.localdate(), rule.valid_from).isoformat()
        try:
            draft = draft_from(rule, request.user, valid_from=begins, place=place)
        except RuleError as error:
            messages.error(request, f"不能另建新版本：{in_words(str(error))}")
            return redirect("admin:filings_filingrule_change", pk)
        self.log_addition(request, draft, "另建新版本")
        messages.success(request, "已建草稿。改好后送审，由另一名工作人员发布。")
        return redirect("admin:filings_filingrule_change", draft.pk)

    def move_view(self, request, pk: int, move: str):
        """Send to review, send back, publish."""
        if move not in MOVES:
            raise Http404
        rule = self._find(pk)
        if request.method != "POST":
            return redirect("admin:filings_filingrule_change", pk)
        if not may_edit(request, rule):
            raise PermissionDenied
        act, said = MOVES[move]
        try:
            act(rule, request.user)
        except PublishRefused as refused:
            messages.error(request, in_words(str(refused)))
        else:
            self.log_change(request, rule, said)
            messages.success(request, said)
        return redirect("admin:filings_filingrule_change", pk)

    def _find(self, pk) -> FilingRule:
        rules = FilingRule.objects.select_related("created_by", "revised_by", "published_by")
        rule = rules.filter(pk=pk).first() if str(pk).isdigit() else None
        if rule is None:
            raise Http404
        return rule

    def _places(self, request, rule: FilingRule) -> tuple[str, ...]:
        """Where this member of staff may begin a version that starts from this rule."""
        allowed = request.user.has_perm("filings.add_filingrule")
        return places_for(request.user, rule.place) if allowed else ()

    def _save(self, request, rule: FilingRule):
        typed = {name: _typed(request, name) for name in EDITABLE}
        values = {name: read(name, text) for name, text in typed.items()}
        # Boxes are ticked in the order of the list; the first source is the one that is named.
        values["sources"] = _in_order(values["sources"], rule.body["sources"])
        try:
            revise_draft(rule, request.user, **values)
        except RuleError as error:
            wrong = {error.field: in_words(error.message)}
            return self._page(request, rule, True, typed, wrong, status=422)
        except PublishRefused as refused:
            messages.error(request, str(refused))
            return redirect("admin:filings_filingrule_change", rule.pk)
        self.log_change(request, rule, "修改草稿")
        messages.success(request, "已保存草稿。")
        return redirect("admin:filings_filingrule_change", rule.pk)

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
        starts = [(place, shown("place", place)) for place in self._places(request, rule)]
        context = {
            **self.admin_site.each_context(request),
            "title": f"备案规则 · {shown('place', rule.place)}",
            "rule": rule,
            "rows": rows,
            "editable": editable,
            "errors": [row for row in rows if row["error"]],
            "may_move": may_edit(request, rule),
            "is_author": wrote(rule, request.user),
            "starts": starts,
            **page_of(rule),
        }
        return render(request, "admin/filings/filingrule/rule.html", context, status=status)
