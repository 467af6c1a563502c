"""Every address of the system, one app after another."""

from django.contrib import admin
from django.urls import include, path

from casework.views import verify
from config import errors, health, styleguide, views
from residents.views.staff import admin_login

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("places/", include("facilities.urls")),
    path("account/staff/", include("residents.staff_urls")),
    path("account/", include("residents.urls")),
    path("cases/", include("casework.urls")),
    path("v/<str:token>/", verify, name="verify"),
    path("filings/", include("filings.urls")),
    path("registrations/", include("registrations.urls")),
    path("claims/", include("reimbursements.urls")),
    path("dev/style", styleguide.page, name="dev_style"),
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
