"""The small tables of the desk: staff, reasons, job runs, working days."""

from django.contrib import admin

from casework.models import JobRun, Reason, StaffProfile, Workday
from casework.roles import assign_role
from casework.workdays import forget_calendar


@admin.register(StaffProfile)
class StaffProfileAdmin(admin.ModelAdmin):
    """Who is what, and where. A staff member's own numbers are written, never shown."""

    list_display = ("user", "role", "scope", "area")
    list_filter = ("role", "scope")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name")
    autocomplete_fields = ()
    raw_id_fields = ("user",)
    exclude = ("id_number", "phone")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        assign_role(obj)


@admin.register(Reason)
class ReasonAdmin(admin.ModelAdmin):
    """The maintained reasons. A reason in use is switched off, not deleted."""

    list_display = ("text", "kind", "action", "code", "active", "position")
    list_filter = ("kind", "action", "active")
    search_fields = ("text", "code")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(JobRun)
class JobRunAdmin(admin.ModelAdmin):
    """What the clocks did: read only, failures visible."""

    list_display = ("name", "started_at", "ended_at", "state", "done", "failed")
    list_filter = ("state", "name")
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Workday)
class WorkdayAdmin(admin.ModelAdmin):
    """Days on which the agency differs from the national table."""

    list_display = ("day", "working", "note")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        forget_calendar()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        forget_calendar()
