"""Accounts of staff, and the log of who looked. Persons and enrolments are seen at a case."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Exists, OuterRef

from config.columns import yes_no
from residents import staff
from residents.models import AccessLog, User

# Secrets of second factors and addresses that staff do not have: not for the admin.
for model in (Authenticator, EmailAddress):
    admin.site.unregister(model)


class StaffCreationForm(AdminUserCreationForm):
    """A new member of staff; the second factor is enrolled at the first log-in."""

    class Meta:
        model = User
        fields = ("username", "name")

    def save(self, commit=True):
        self.instance.is_staff = True
        return super().save(commit)


class StaffChangeForm(UserChangeForm):
    """Changing a member of staff."""

    class Meta:
        model = User
        fields = ("username", "name", "password", "is_active", "groups")


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Staff only: accounts of residents are not listed, searched or opened here."""

    form = StaffChangeForm
    add_form = StaffCreationForm
    list_display = (
        "username",
        "name",
        yes_no("is_active", "启用"),
        yes_no("has_totp", "两步验证"),
        "last_login",
    )
    list_filter = ("is_active", "groups")
    search_fields = ("username", "name")
    ordering = ("username",)
    actions = ("reset_second_factor",)
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "name")}),
        ("权限", {"fields": ("is_active", "groups")}),
        ("时间", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "password1", "password2")}),
    )
    show_full_result_count = False

    def get_queryset(self, request):
        enrolled = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
        rows = super().get_queryset(request).filter(is_staff=True)
        return rows.annotate(has_totp=Exists(enrolled.filter(user=OuterRef("pk"))))

    def has_delete_permission(self, request, obj=None):
        """Never: what somebody did must keep their name. An account is switched off."""
        return False

    @admin.action(description="重置两步验证（下次登录时重新绑定）", permissions=["change"])
    def reset_second_factor(self, request, queryset):
        for user in queryset:
            staff.reset_second_factor(user)
            self.log_change(request, user, "重置两步验证")
        self.message_user(request, "已重置，相关人员下次登录时需重新绑定验证器。", messages.SUCCESS)


@admin.register(AccessLog)
class AccessLogAdmin(admin.ModelAdmin):
    """Read only, for whoever has the permission to view it."""

    list_display = ("at", "actor", "action", "case_number", "field", "reason", "ip")
    list_filter = ("action",)
    search_fields = ("=case_number",)
    list_select_related = ("actor",)
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
