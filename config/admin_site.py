"""The admin site of the agency: its name, and where its start page comes from."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AgencyAdminSite(AdminSite):
    """The one admin site; apps register on it as usual."""

    site_header = "医保经办工作台"
    site_title = "医保经办工作台"
    index_title = "工作台"
    enable_nav_sidebar = False


class AdminConfig(DjangoAdminConfig):
    """Makes `django.contrib.admin.site` the agency's."""

    default_site = "config.admin_site.AgencyAdminSite"
