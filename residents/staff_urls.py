"""Addresses of the staff log-in, under /account/staff/. No namespace: allauth reverses
these names itself. What is not listed here does not exist (sign-up, e-mail, reset)."""

from allauth.mfa.base import views as mfa_views
from django.urls import path

from residents.views import staff

urlpatterns = [
    path("login/", staff.login, name="account_login"),
    path("logout/", staff.logout, name="account_logout"),
    path("password/", staff.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", staff.staff_only(mfa_views.index), name="mfa_index"),
    path("second-factor/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", staff.mfa_reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/enrol/", staff.activate_totp, name="mfa_activate_totp"),
]
