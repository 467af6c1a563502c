"""Log-in of staff: django-allauth's views under our addresses, words and templates."""

from urllib.parse import urlencode

from allauth.account import views as account_views
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from residents import staff
from residents.views.sessions import checked

NEXT_KEY = "staff_next"


class ActivateTOTP(ActivateTOTPView):
    """Enrolling a device; the code typed for it counts as this session's second factor."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and staff.has_totp(request.user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP)
        return response


class Reauthenticate(ReauthenticateView):
    """The second factor for a session that has none yet, or needs it afresh."""

    def get_default_success_url(self):
        return reverse("admin:index")


def admin_login(request):
    """The admin's own log-in page gives way to the one with a second factor."""
    if request.user.is_authenticated and request.user.is_staff:
        return HttpResponseRedirect(checked(request, request.GET.get("next", ""), "admin:index"))
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


def staff_only(view):
    """For pages that residents never see."""

    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.is_staff:
            return redirect("home")
        return view(request, *args, **kwargs)

    return guarded


login = staff_only(account_views.login)
logout = account_views.logout
reauthenticate = staff_only(account_views.reauthenticate)
mfa_reauthenticate = staff_only(Reauthenticate.as_view())
activate_totp = staff_only(
    method_decorator(login_required(login_url="account_login"), name="dispatch")(
        ActivateTOTP
    ).as_view()
)
