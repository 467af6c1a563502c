"""Asking the ID number after a long absence or a change of number."""

from django.contrib.auth import login as start_session
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from residents import gate, holdings
from residents.forms import ConfirmForm
from residents.idnumber import InvalidIdNumber
from residents.views.login import BACKEND
from residents.views.sessions import go_on, posted, safe_next


def _is_waiting(request) -> bool:
    """Whether a resident is logged in who still owes the ID number."""
    user = request.user
    return user.is_authenticated and not user.is_staff and gate.is_due(user)


@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def confirm(request):
    """The one page a resident sees while the ID number is owed."""
    if not request.user.is_authenticated:
        return redirect("residents:login")
    if not _is_waiting(request):
        return go_on(request)
    form = ConfirmForm(posted(request))
    if form.is_valid() and _opens(request.user, form):
        holdings.settle_pending(request.user)
        return go_on(request)
    context = {"form": form, "next": safe_next(request)}
    return render(request, "residents/confirm.html", context)


def _opens(user, form) -> bool:
    try:
        gate.confirm(user, form.cleaned_data["id_number"].number)
    except (gate.ConfirmRefused, InvalidIdNumber) as refusal:
        form.add_error("id_number", str(refusal))
        return False
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def start_over(request):
    """The number has a new owner: an empty account for them, after a page that asks."""
    if not _is_waiting(request):
        return go_on(request)
    if request.method == "GET":
        return render(request, "residents/start_over.html")
    user = gate.start_over(request.user)
    request.session.flush()
    start_session(request, user, backend=BACKEND)
    return redirect("home")
