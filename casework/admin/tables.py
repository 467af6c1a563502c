"""The small tables of the desk: staff, reasons, job runs, working days."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html

from casework.admin.rows import short_area
from casework.failures import job_words
from casework.kinds import all_kinds
from casework.models import JobRun, Reason, StaffProfile, Workday
from casework.reasons import forget_reasons
from casework.roles import assign_role
from casework.workdays import forget_calendar
from facilities.areas import UnknownArea, division, pooling_area_of
from residents.crypto import normalise
from residents.idnumber import InvalidIdNumber, parse

NATION = "000000"
NEVER_SHOWN = "保存后不再显示。不改就空着。"
RUN_TONES = {
    JobRun.State.FAILED: "late",
    JobRun.State.LOST: "late",
    JobRun.State.RUNNING: "waiting",
    JobRun.State.DONE: "done",
}


class StaffProfileForm(forms.ModelForm):
    """A profile; the own numbers are written here and never come back."""

    own_id_number = forms.CharField(
        label="本人证件号码", required=False, max_length=18, help_text=NEVER_SHOWN
    )
    own_phone = forms.CharField(
        label="本人手机号码", required=False, max_length=11, help_text=NEVER_SHOWN
    )

    class Meta:
        model = StaffProfile
        fields = ("user", "role", "scope", "area", "rules_area")
        labels = {"user": "人员"}
        help_texts = {
            "area": "6 位区划代码；范围是「市」的填统筹区，例如 530900。",
            "rules_area": "一般空着。主管另外维护全省规则和文本的填省级代码，全国的填 000000。",
        }

    def clean_own_id_number(self) -> str:
        text = self.cleaned_data["own_id_number"]
        try:
            return parse(text).number if text else ""
        except InvalidIdNumber as error:
            raise forms.ValidationError(str(error)) from None

    def clean_own_phone(self) -> str:
        text = normalise("phone", self.cleaned_data["own_phone"])
        if text and not (len(text) == 11 and text.isdigit() and text.startswith("1")):
            raise forms.ValidationError("手机号码应为 11 位数字。")
        return text

    def clean(self):
        values = super().clean()
        area, scope = values.get("area", ""), values.get("scope")
        place = division(area)
        if area and place is None:
            self.add_error("area", "没有这个区划代码，请填写 6 位区划代码，例如 530902。")
        elif place and scope == StaffProfile.Scope.CITY and not _is_pooling_area(area):
            self.add_error("area", "范围是「市」时，应填统筹区的代码，例如 530900。")
        elif place and scope == StaffProfile.Scope.COUNTY and _is_pooling_area(area):
            self.add_error("area", "范围是「区县」时，应填区县的代码，例如 530902。")
        if refusal := _why_no_rules(values, place):
            self.add_error("rules_area", refusal)
        return values

    def save(self, commit=True):
        if number := self.cleaned_data["own_id_number"]:
            self.instance.id_number = number
        if phone := self.cleaned_data["own_phone"]:
            self.instance.phone = phone
        return super().save(commit)


def _why_no_rules(values: dict, place) -> str:
    """Why this person cannot keep rules of the place typed; "" where nothing is wrong."""
    above = values.get("rules_area", "")
    if not above:
        return ""
    if values.get("role") != StaffProfile.Role.SUPERVISOR:
        return "只有主管可以维护规则，其他角色请空着。"
    if above != NATION and (place is None or above != place.province):
        return "只能填本人所在省份的代码，例如 530000，或全国 000000。"
    return ""


def _is_pooling_area(code: str) -> bool:
    try:
        return pooling_area_of(code) == code
    except UnknownArea:
        return False


@admin.register(StaffProfile)
class StaffProfileAdmin(admin.ModelAdmin):
    """Who is what, and where. A staff member's own numbers are written, never shown."""

    form = StaffProfileForm
    fields = ("user", "role", "scope", "area", "rules_area", "own_id_number", "own_phone")
    list_display = ("who", "role", "scope", "place", "has_id_number", "has_phone")
    list_filter = ("role", "scope")
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name")
    autocomplete_fields = ("user",)
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        """Without the encrypted numbers in the list; their hashes say whether they are there."""
        return super().get_queryset(request).defer("id_number", "phone")

    def has_delete_permission(self, request, obj=None):
        """What somebody was stays known; the account is switched off instead."""
        return False

    @admin.display(description="人员", ordering="user__name")
    def who(self, profile):
        return profile.user.get_full_name()

    @admin.display(description="区划", ordering="area")
    def place(self, profile):
        return short_area(profile.area)

    @admin.display(description="本人证件")
    def has_id_number(self, profile) -> str:
        return "已登记" if profile.id_hash else "未登记"

    @admin.display(description="本人手机")
    def has_phone(self, profile) -> str:
        return "已登记" if profile.phone_hash else "未登记"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        assign_role(obj)


class ReasonForm(forms.ModelForm):
    """A reason; kind and action are picked by their names."""

    kind = forms.ChoiceField(label="事项")
    action = forms.ChoiceField(label="动作")
    target = forms.ChoiceField(
        label="适用于", required=False, help_text="逐项补正的理由，只在适用的项目里出现。"
    )

    class Meta:
        model = Reason
        fields = (
            "kind",
            "action",
            "code",
            "text",
            "basis",
            "remedy",
            "target",
            "active",
            "position",
        )
        help_texts = {
            "code": "小写字母、数字和下划线，用过就不再改。",
            "basis": "文号或文件名称，会印在通知书上。",
            "remedy": "告诉申请人怎么改，会印在通知书上。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = all_kinds()
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        self.fields["target"].choices = _targets(kinds)
        self.fields["action"].choices = sorted(
            {
                (row.name, row.label)
                for kind in kinds
                for row in kind.workflow.transitions
                if row.needs_reason or row.item_reasons == row.name
            }
        )


def _targets(kinds) -> list[tuple[str, str]]:
    fields = {f"field:{code}": word for kind in kinds for code, word in kind.fields.items()}
    papers = {
        f"document:{code}": word for kind in kinds for code, word in kind.document_labels.items()
    }
    general = [("", "都适用"), ("field", "任一填写项"), ("document", "任一材料")]
    return [*general, *fields.items(), *papers.items()]


class ActionFilter(admin.SimpleListFilter):
    """The actions that take reasons, by their names."""

    title, parameter_name = "动作", "action"

    def lookups(self, request, model_admin):
        rows = {row.name: row for kind in all_kinds() for row in kind.workflow.transitions}
        return [
            (name, row.label)
            for name, row in rows.items()
            if row.needs_reason or row.item_reasons == name
        ]

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Reason)
class ReasonAdmin(admin.ModelAdmin):
    """The maintained reasons. A reason in use is switched off, not deleted."""

    form = ReasonForm
    list_display = ("text", "action_label", "basis", "in_use", "position")
    list_filter = (ActionFilter, "active")
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("text", "code")
    show_full_result_count = False
    actions = None

    def get_fields(self, request, obj=None):
        """A code stands in events for good: it is given once and never shown again."""
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "code"] if obj else fields

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="启用", ordering="active")
    def in_use(self, reason) -> str:
        return "启用" if reason.active else "停用"

    @admin.display(description="动作", ordering="action")
    def action_label(self, reason):
        kinds = {kind.code: kind for kind in all_kinds()}
        kind = kinds.get(reason.kind)
        row = kind.workflow.by_name.get(reason.action) if kind else None
        return row.label if row else reason.action

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        forget_reasons(obj.kind)


@admin.register(JobRun)
class JobRunAdmin(admin.ModelAdmin):
    """What the clocks did: read only, failures visible."""

    list_display = ("job", "started_at", "ended_at", "result", "done", "failed")
    list_filter = ("state",)
    show_facets = admin.ShowFacets.NEVER
    fields = ("job", "started_at", "ended_at", "state", "done", "failed", "detail")
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ("casework/desk.css",)}

    @admin.display(description="任务", ordering="name")
    def job(self, run):
        return job_words(run.name)

    @admin.display(description="状态", ordering="state")
    def result(self, run):
        return format_html(
            '<span class="desk desk-tone desk-tone--{}">{}</span>',
            RUN_TONES[run.state],
            run.get_state_display(),
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The heading names the job in words, as everything else does."""
        run = self.get_object(request, object_id)
        named = {"subtitle": job_words(run.name)} if run else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **named})

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Workday)
class WorkdayAdmin(admin.ModelAdmin):
    """Days on which the agency differs from the national table."""

    list_display = ("day", "what", "note")
    actions = None

    @admin.display(description="安排", ordering="working")
    def what(self, day) -> str:
        return "上班" if day.working else "休息"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        forget_calendar()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        forget_calendar()
