"""The desk's view of places: read by most, changed by 系统管理 through permissions."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from config.columns import yes_no
from facilities.institution_search import with_text
from facilities.models import (
    Agency,
    Disease,
    Division,
    Institution,
    InstitutionService,
    PoolingArea,
)

COUNT_UP_TO = 5000
TO_VERIFY = yes_no("to_verify", "待核")


class CappedPaginator(Paginator):
    """Counts no further than people page: a full count of a million rows is slow."""

    @cached_property
    def count(self) -> int:
        return self.object_list[:COUNT_UP_TO].count()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Loaded by `load_reference` from files under version control; never edited here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PoolingArea)
class PoolingAreaAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", TO_VERIFY]
    list_filter = ["to_verify"]
    search_fields = ["=code", "name"]


@admin.register(Division)
class DivisionAdmin(ReadOnlyAdmin):
    list_display = [
        "code",
        "full_name",
        "level",
        "pooling_area",
        TO_VERIFY,
        yes_no("current", "现行"),
    ]
    list_filter = ["level", "to_verify", "current"]
    list_select_related = ["pooling_area"]
    search_fields = ["=code", "full_name", "initials__startswith"]


@admin.register(Disease)
class DiseaseAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "short_name", "note"]


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["division", "name", "phone_employee", "phone_resident", "as_of", TO_VERIFY]
    list_filter = ["to_verify"]
    list_select_related = ["division"]
    search_fields = ["=division__code", "division__full_name", "name"]
    autocomplete_fields = ["division"]
    readonly_fields = ["edited"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "division"] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        """What was changed by hand is not overwritten when reference data is loaded again."""
        obj.edited = True
        super().save_model(request, obj, form, change)


class InstitutionServiceInline(admin.TabularInline):
    model = InstitutionService
    extra = 0


@admin.register(Institution)
class InstitutionAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name",
        "level",
        "kind",
        "division",
        yes_no("valid", "有效"),
        yes_no("demonstration", "示例"),
    ]
    list_filter = ["level", "kind", "valid", "demonstration"]
    list_select_related = ["division"]
    list_per_page = 50
    ordering = ["code"]
    search_fields = ["=code", "search_name"]
    search_help_text = "机构编码、名称中的几个字，或拼音首字母"
    show_full_result_count = False
    paginator = CappedPaginator
    autocomplete_fields = ["division"]
    inlines = [InstitutionServiceInline]

    def get_readonly_fields(self, request, obj=None):
        return ["code", "pooling_area"] if obj else []

    def get_search_results(self, request, queryset, search_term):
        """By code, else by the same index as the public search."""
        if not search_term.strip():
            return queryset, False
        by_code = queryset.filter(pk=search_term.strip().upper())
        return (by_code if by_code.exists() else with_text(queryset, search_term)), False
