"""The admin site of the agency: its name, and where its start page leads."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.shortcuts import redirect


class AgencyAdminSite(AdminSite):
    """The one admin site; apps register on it as usual."""

    site_header = "医保经办工作台"
    site_title = "医保经办工作台"
    index_title = "系统维护"
    enable_nav_sidebar = False

    def each_context(self, request):
        """Without the list of apps, which costs queries on every page and is shown on one."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": "/",
            "has_permission": self.has_permission(request),
            "available_apps": [],
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": self.get_log_entries(request),
        }

    def index(self, request, extra_context=None):
        """Those who work on cases start at the queue; the others at the list of tables."""
        profile = getattr(request.user, "staff_profile", None)
        if profile and profile.reads_cases and "tables" not in request.GET:
            return redirect("admin:casework_case_changelist")
        return super().index(request, extra_context)


class AdminConfig(DjangoAdminConfig):
    """Makes `django.contrib.admin.site` the agency's."""

    default_site = "config.admin_site.AgencyAdminSite"
