"""环节委托: a county's supervisor gives a stage to the city, and takes it back; no edits."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from casework.clock import local_day
from casework.errors import NotAllowed
from facilities.areas import area_name
from reimbursements.delegating import (
    MAX_DOCUMENT,
    delegate,
    delegations_visible_to,
    end_delegation,
    may_delegate,
    may_end,
    may_see_delegations,
)
from reimbursements.models import StageDelegation

PAGE = "reimbursements_stagedelegation"
LIST = f"admin:{PAGE}_changelist"
PER_PAGE = 50
_DAY = {"invalid": "请写成 2026-11-22 这样的日期"}


class DelegationForm(forms.Form):
    """Which stage, from when to when, and by which document."""

    stage = forms.ChoiceField(
        label="委托的环节",
        choices=[("", "请选择"), *StageDelegation.Stage.choices],
        error_messages={"required": "请选择要委托的环节", "invalid_choice": "请选择列出的环节"},
    )
    from_day = forms.DateField(
        label="起始日",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写起始日", **_DAY},
    )
    to_day = forms.DateField(
        label="截止日（含当天）",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="不填的，到收回为止。",
        error_messages=_DAY,
    )
    document = forms.CharField(
        label="文号或事由",
        max_length=MAX_DOCUMENT,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="会显示给区县和市级的经办人员。",
        error_messages={
            "required": "请填写文号或事由",
            "max_length": f"文号或事由最多 {MAX_DOCUMENT} 个字",
        },
    )


@admin.register(StageDelegation)
class StageDelegationAdmin(admin.ModelAdmin):
    """The delegations of the own area: one page with a form, and a button to end each."""

    actions = None

    def get_urls(self):
        end = path("<int:pk>/end/", self.admin_site.admin_view(self.end_view), name=f"{PAGE}_end")
        return [end, *super().get_urls()]

    # Who may come here follows from the staff profile, which is loaded once.
    def has_module_permission(self, request):
        """Not in the list of tables: the way here is from the queue."""
        return False

    def has_view_permission(self, request, obj=None):
        return may_see_delegations(request.user)

    def has_add_permission(self, request):
        return may_delegate(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return delegations_visible_to(request.user)

    def changelist_view(self, request, extra_context=None):
        """What is delegated, what was, and the form for more."""
        _must(may_see_delegations(request.user))
        return self._page(request, DelegationForm(initial={"from_day": _today()}))

    def add_view(self, request, form_url="", extra_context=None):
        """Delegate a stage; the form stands on the list."""
        _must(may_delegate(request.user))
        if request.method != "POST":
            return redirect(LIST)
        form = DelegationForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            row = delegate(request.user, **form.cleaned_data, now=timezone.now())
        except NotAllowed as refused:
            form.add_error(None, str(refused))
            return self._page(request, form, 422)
        self.log_addition(request, row, "登记环节委托")
        messages.success(request, f"已把{row.get_stage_display()}环节委托市级办理。")
        return redirect(LIST)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Nothing is edited: all there is stands on the list."""
        _must(may_see_delegations(request.user))
        return redirect(LIST)

    def history_view(self, request, object_id, extra_context=None):
        """Who did what stands on the list."""
        _must(may_see_delegations(request.user))
        return redirect(LIST)

    def end_view(self, request, pk: int):
        """Take a delegation back."""
        _must(may_end(request.user))
        if request.method != "POST":
            return redirect(LIST)
        try:
            row = end_delegation(request.user, pk, timezone.now())
        except NotAllowed as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, row, "收回环节委托")
            messages.success(request, f"{row.get_stage_display()}环节的委托已收回，由区县办理。")
        return redirect(LIST)

    def _page(self, request, form: DelegationForm, status: int = 200):
        rows = delegations_visible_to(request.user).select_related("made_by", "ended_by")
        page = Paginator(rows.order_by("-id"), PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": "环节委托",
            "page": page,
            "rows": [_row(row, _today()) for row in page],
            "form": form if may_delegate(request.user) else None,
            "may_end": may_end(request.user),
        }
        template = "admin/reimbursements/delegations.html"
        return render(request, template, context, status=status)


def _must(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _today():
    return local_day(timezone.now())


def _row(row: StageDelegation, today) -> dict:
    over = bool(row.ended_at or (row.to_day and row.to_day < today))
    state, tone = ("已收回", "ended") if row.ended_at else ("已到期", "ended")
    if not over:
        begun = row.from_day <= today
        state, tone = ("委托中", "done") if begun else ("尚未开始", "waiting")
    return {"row": row, "county": area_name(row.county), "over": over, "state": state, "tone": tone}
