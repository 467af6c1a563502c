"""Settlement policies at the desk: read by all who may, edited as drafts, published by two."""

from urllib.parse import quote

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from casework.admin.versions import MarkFilter, PlaceFilter, VersionAdmin
from casework.versions import Publishing
from facilities.areas import UnknownArea, area_name, pooling_area_of
from filings.admin import own_city
from reimbursements.admin.policy_form import PolicyForm, outside
from reimbursements.admin.policy_page import page_of
from reimbursements.models import SettlementPolicy
from reimbursements.policy_publishing import (
    PUBLISHING,
    PublishRefused,
    create_draft,
    draft_from,
    revise_draft,
)
from reimbursements.settlement import CaseTableError, PolicyError

PAGE = "admin/reimbursements/settlementpolicy/policy.html"
FORM = "admin/reimbursements/settlementpolicy/add.html"


def named(area: str) -> str:
    """An area as people call it."""
    try:
        return area_name(area)
    except UnknownArea:
        return area


class AreaFilter(PlaceFilter):
    """The areas that have policies."""

    title, parameter_name = "统筹区", "area"


@admin.register(SettlementPolicy)
class SettlementPolicyAdmin(VersionAdmin):
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
        "numbered",
    )
    list_display_links = ("place", "label")
    list_filter = ("state", AreaFilter, "insurance", MarkFilter)
    place_column = "area"
    noun = "政策"
    number_word = "稿"
    published_words = "已发布，此后的结算按这一份。"
    refused = (PolicyError, CaseTableError, PublishRefused)

    def get_queryset(self, request):
        """The list needs neither texts nor examples."""
        return super().get_queryset(request).defer("text", "cases")

    @admin.display(description="统筹区", ordering="area")
    def place(self, row):
        return named(row.area)

    def own_pages(self) -> list[tuple]:
        return [("export", "export.yaml", self.export_view)]

    def publishing(self) -> Publishing:
        return PUBLISHING

    def place_in_words(self, code: str) -> str:
        return named(code)

    def may_edit(self, request, row: SettlementPolicy) -> bool:
        """Policies are kept by whoever has the permission, each for the own pooling area."""
        if not request.user.has_perm("reimbursements.change_settlementpolicy"):
            return False
        try:
            return pooling_area_of(row.area) == own_city(request.user)
        except UnknownArea:
            return False

    def places(self, request, row: SettlementPolicy) -> tuple[str, ...]:
        kept = self.has_add_permission(request) and self.may_edit(request, row)
        return (row.area,) if kept else ()

    def begin(self, row: SettlementPolicy, actor, place: str) -> SettlementPolicy:
        return draft_from(row, actor)

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
                return self.begun(request, row, "新建政策")
        context = {
            **self.page_context(request, f"新建结算政策 · {named(city)}"),
            "form": form,
            "city": city,
        }
        return render(request, FORM, context, status=422 if form.errors else 200)

    def show(self, request, row: SettlementPolicy, editable: bool):
        return self._page(request, row, PolicyForm.of(row) if editable else None)

    def save_draft(self, request, row: SettlementPolicy):
        form = PolicyForm(request.POST, request.FILES)
        if form.is_valid() and self._written(request, form, own_city(request.user), row):
            return self.saved(request, row)
        return self._page(request, row, form, status=422)

    def export_view(self, request, pk: int):
        """The text as a file, byte for byte what the loader reads."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self.find(pk)
        answer = HttpResponse(row.text.encode(), content_type="application/yaml; charset=utf-8")
        name = quote(f"{row.area}-{row.insurance}-{row.valid_from}.yaml")
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return answer

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
        context = {
            **self.page_context(request, f"结算政策 · {named(row.area)}", row),
            "form": form,
            **page_of(row, with_claims=self.may_edit(request, row)),
        }
        return render(request, PAGE, context, status=status)
