"""Settlement policies at the desk: read by all who may, edited as drafts, published by two."""

from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse

from facilities.areas import UnknownArea, area_name, pooling_area_of
from filings.admin import own_city
from reimbursements.admin.policy_form import PolicyForm, outside
from reimbursements.admin.policy_page import page_of
from reimbursements.models import SettlementPolicy
from reimbursements.policy_publishing import (
    PublishRefused,
    create_draft,
    draft_from,
    publish_policy,
    revise_draft,
    send_back,
    send_to_review,
)
from reimbursements.settlement import CaseTableError, PolicyError
from reimbursements.settlement.terms import MARKS

State = SettlementPolicy.State
MOVES = {
    "review": (send_to_review, "已送审，请另一名工作人员发布。"),
    "back": (send_back, "已退回草稿。"),
    "publish": (publish_policy, "已发布，此后的结算按这一份。"),
}
PAGE = "admin/reimbursements/settlementpolicy/policy.html"
FORM = "admin/reimbursements/settlementpolicy/add.html"


def named(area: str) -> str:
    """An area as people call it."""
    try:
        return area_name(area)
    except UnknownArea:
        return area


def may_edit(request, area: str) -> bool:
    """Policies are kept by whoever has the permission, each for the own pooling area."""
    if not request.user.has_perm("reimbursements.change_settlementpolicy"):
        return False
    try:
        return pooling_area_of(area) == own_city(request.user)
    except UnknownArea:
        return False


class MarkFilter(admin.SimpleListFilter):
    """What still has to be verified, and what is an example."""

    title, parameter_name = "标记", "mark"

    def lookups(self, request, model_admin):
        return [(mark, mark) for mark in MARKS]

    def queryset(self, request, queryset):
        return queryset.filter(mark=self.value()) if self.value() else queryset


class AreaFilter(admin.SimpleListFilter):
    """The areas that have policies."""

    title, parameter_name = "统筹区", "area"

    def lookups(self, request, model_admin):
        codes = SettlementPolicy.objects.order_by("area").values_list("area", flat=True)
        return [(code, named(code)) for code in codes.distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(area=self.value()) if self.value() else queryset


@admin.register(SettlementPolicy)
class SettlementPolicyAdmin(admin.ModelAdmin):
    """A published policy is read only; a draft is edited, shown with what its examples give,
    and published by a second person."""

    list_display = (
        "place",
        "insurance",
        "label",
        "valid_from",
        "valid_to",
        "state",
        "marked",
        "edition",
    )
    list_display_links = ("place", "label")
    list_filter = ("state", AreaFilter, "insurance", MarkFilter)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None

    def get_urls(self):
        view, name = self.admin_site.admin_view, "reimbursements_settlementpolicy"
        own = [
            path("<int:pk>/version/", view(self.version_view), name=f"{name}_version"),
            path("<int:pk>/export.yaml", view(self.export_view), name=f"{name}_export"),
            path("<int:pk>/<slug:move>/", view(self.move_view), name=f"{name}_move"),
        ]
        stock = super().get_urls()
        return [*own[:2], *stock[:-1], own[2], stock[-1]]

    def get_queryset(self, request):
        """The list needs neither texts nor examples."""
        return super().get_queryset(request).defer("text", "cases")

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="统筹区", ordering="area")
    def place(self, row):
        return named(row.area)

    @admin.display(description="标记", ordering="mark", empty_value="—")
    def marked(self, row):
        return row.mark or None

    def add_view(self, request, form_url="", extra_context=None):
        """A first policy of the own pooling area, typed or taken from a file."""
        city = own_city(request.user)
        if not self.has_add_permission(request) or not city:
            raise PermissionDenied
        typed = request.method == "POST"
        form = PolicyForm(request.POST, request.FILES) if typed else PolicyForm()
        if typed and form.is_valid():
            row = self._written(request, form, city)
            if row is not None:
                self.log_addition(request, row, "新建政策")
                messages.success(request, "已建草稿。改好后送审，由另一名工作人员发布。")
                return redirect("admin:reimbursements_settlementpolicy_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"新建结算政策 · {named(city)}",
            "form": form,
            "city": city,
        }
        return render(request, FORM, context, status=422 if form.errors else 200)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft of one's own place as a form, anything else to read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self._find(object_id)
        editable = row.state == State.DRAFT and may_edit(request, row.area)
        if request.method != "POST":
            return self._page(request, row, PolicyForm.of(row) if editable else None)
        if not editable:
            raise PermissionDenied
        form = PolicyForm(request.POST, request.FILES)
        if form.is_valid() and self._written(request, form, own_city(request.user), row):
            self.log_change(request, row, "修改草稿")
            messages.success(request, "已保存草稿。")
            return redirect("admin:reimbursements_settlementpolicy_change", row.pk)
        return self._page(request, row, form, status=422)

    def history_view(self, request, object_id, extra_context=None):
        """Who did what stands on the page of the policy itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:reimbursements_settlementpolicy_change", object_id)

    def version_view(self, request, pk: int):
        """A new draft that starts from this version."""
        row = self._find(pk)
        if request.method != "POST":
            return redirect("admin:reimbursements_settlementpolicy_change", pk)
        if not self.has_add_permission(request) or not may_edit(request, row.area):
            raise PermissionDenied
        try:
            draft = draft_from(row, request.user)
        except (PolicyError, CaseTableError, PublishRefused) as error:
            messages.error(request, f"不能另建新版本：{error}")
            return redirect("admin:reimbursements_settlementpolicy_change", pk)
        self.log_addition(request, draft, "另建新版本")
        messages.success(request, "已建草稿。改好后送审，由另一名工作人员发布。")
        return redirect("admin:reimbursements_settlementpolicy_change", draft.pk)

    def export_view(self, request, pk: int):
        """The text as a file, byte for byte what the loader reads."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self._find(pk)
        answer = HttpResponse(row.text.encode(), content_type="application/yaml; charset=utf-8")
        name = quote(f"{row.area}-{row.insurance}-{row.valid_from}.yaml")
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return answer

    def move_view(self, request, pk: int, move: str):
        """Send to review, send back, publish."""
        if move not in MOVES:
            raise Http404
        row = self._find(pk)
        if request.method != "POST":
            return redirect("admin:reimbursements_settlementpolicy_change", pk)
        if not may_edit(request, row.area):
            raise PermissionDenied
        act, said = MOVES[move]
        try:
            act(row, request.user)
        except PublishRefused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, row, said)
            messages.success(request, said)
        return redirect("admin:reimbursements_settlementpolicy_change", pk)

    def _find(self, pk) -> SettlementPolicy:
        rows = SettlementPolicy.objects.select_related("created_by", "published_by")
        row = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if row is None:
            raise Http404
        return row

    def _written(self, request, form, city: str, row=None) -> SettlementPolicy | None:
        """The draft as it was typed; None with the errors in the form where it is refused."""
        typed = form.typed()
        try:
            refused = outside(typed["text"], city)
            if refused:
                form.add_error("text", refused)
            elif row is None:
                return create_draft(actor=request.user, **typed)
            else:
                return revise_draft(row, request.user, **typed)
        except PolicyError as error:
            form.refuse(error)
        except CaseTableError as error:
            form.add_error("cases", str(error))
        except PublishRefused as refused:
            form.add_error(None, str(refused))
        return None

    def _page(self, request, row, form=None, status=200):
        mine = may_edit(request, row.area)
        context = {
            **self.admin_site.each_context(request),
            "title": f"结算政策 · {named(row.area)}",
            "row": row,
            "form": form,
            "may_move": mine,
            "is_author": request.user.pk in (row.created_by_id, row.revised_by_id),
            "list_url": reverse("admin:reimbursements_settlementpolicy_changelist"),
            **page_of(row, with_claims=mine),
        }
        return render(request, PAGE, context, status=status)
