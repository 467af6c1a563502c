"""Rules and texts at the desk: read by all who may, edited as new versions, published by two."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from facilities.areas import UnknownArea, pooling_area_of
from filings.decision.codes import MARKS
from filings.decision.errors import RuleError
from filings.models import FilingRule, NoticeText, PromiseText
from filings.rule_words import BOXES, EDITABLE, IDENTITY, in_words, read, shown, written
from filings.rules_publishing import (
    PublishRefused,
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


class MarkFilter(admin.SimpleListFilter):
    """What still has to be verified, and what is an example."""

    title, parameter_name = "标记", "mark"

    def lookups(self, request, model_admin):
        return [(code, word or "无") for code, word in MARKS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(mark=self.value()) if self.value() else queryset


class PlaceFilter(admin.SimpleListFilter):
    """The places that have rules."""

    title, parameter_name = "适用地", "place"

    def lookups(self, request, model_admin):
        codes = FilingRule.objects.order_by("place").values_list("place", flat=True).distinct()
        return [(code, shown("place", code)) for code in codes]

    def queryset(self, request, queryset):
        return queryset.filter(place=self.value()) if self.value() else queryset


def own_city(user) -> str:
    """The pooling area for which this member of staff keeps rules; empty for none."""
    profile = getattr(user, "staff_profile", None)
    try:
        return pooling_area_of(profile.area) if profile else ""
    except UnknownArea:
        return ""


def may_edit(request, rule: FilingRule) -> bool:
    """Rules are kept by whoever has the permission, each for the own pooling area."""
    if not request.user.has_perm("filings.change_filingrule"):
        return False
    try:
        return pooling_area_of(rule.place) == own_city(request.user)
    except UnknownArea:  # a province or the nation: not kept here
        return False


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
        """A new draft that starts from this version, for the editor's own place."""
        rule = self._find(pk)
        city = own_city(request.user)
        if request.method != "POST":
            return redirect("admin:filings_filingrule_change", pk)
        if not request.user.has_perm("filings.add_filingrule") or not self._may_start(rule, city):
            raise PermissionDenied
        today = timezone.localdate().isoformat()
        changes = {"valid_from": today}
        if not may_edit(request, rule):
            changes["place"] = city
        try:
            draft = draft_from(rule, request.user, **changes)
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
        rule = FilingRule.objects.filter(pk=pk).first() if str(pk).isdigit() else None
        if rule is None:
            raise Http404
        return rule

    def _may_start(self, rule: FilingRule, city: str) -> bool:
        """From a rule of the own place, or of the province or the nation above it."""
        try:
            return bool(city) and pooling_area_of(rule.place) == city
        except UnknownArea:
            return bool(city) and (rule.place == "000000" or rule.place[:2] == city[:2])

    def _save(self, request, rule: FilingRule):
        typed = {name: " ".join(request.POST.getlist(name)) for name in EDITABLE}
        try:
            revise_draft(rule, request.user, **{name: read(name, text) for name, text in typed.items()})
        except RuleError as error:
            wrong = {error.field: in_words(error.message)}
            return self._page(request, rule, True, typed, wrong, status=422)
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
        mine = may_edit(request, rule)
        context = {
            **self.admin_site.each_context(request),
            "title": f"备案规则 · {shown('place', rule.place)}",
            "rule": rule,
            "rows": rows,
            "editable": editable,
            "errors": [row for row in rows if row["error"]],
            "may_move": mine,
            "is_author": rule.created_by_id == request.user.pk,
            "may_start": request.user.has_perm("filings.add_filingrule")
            and self._may_start(rule, own_city(request.user)),
        }
        return render(request, "admin/filings/filingrule/rule.html", context, status=status)


class TextAdmin(admin.ModelAdmin):
    """Texts that people read and sign: loaded by `load_rules`, read only here. What was
    signed is never edited; a new wording is a new dated version in the file of the place."""

    list_display = ("title", "place_name", "valid_from", "valid_to", "mark")
    list_filter = (MarkFilter,)
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The text as it is read."""
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied
        text = self.model.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        if text is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": text.title,
            "text": text,
            "place": shown("place", text.place),
            "list_url": reverse(f"admin:filings_{self.opts.model_name}_changelist"),
        }
        return render(request, "admin/filings/text/page.html", context)

    def history_view(self, request, object_id, extra_context=None):
        """A text is never changed, so it has no history but its versions."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("..")

    @admin.display(description="适用地", ordering="place")
    def place_name(self, text):
        return shown("place", text.place)


admin.site.register(NoticeText, TextAdmin)
admin.site.register(PromiseText, TextAdmin)
