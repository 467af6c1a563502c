"""Pages for development and the demonstration: sent codes, second factors of staff.

They do not exist in production: the settings refuse (residents/checks.py), and so do these.
"""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from residents import staff
from residents.models import DevelopmentMessage, User

SHOWN = 50


def development_only(view):
    """Answers 404 unless the settings show the development pages and are not production."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.SHOW_DEVELOPMENT_PAGES or getattr(settings, "PRODUCTION", False):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@development_only
@require_GET
def dev_inbox(request):
    """The text messages that were not really sent, newest first."""
    rows = DevelopmentMessage.objects.all()[:SHOWN]
    return render(request, "residents/dev_inbox.html", {"rows": rows})


@never_cache
@development_only
@require_GET
def dev_totp(request):
    """The current second factor of each member of staff."""
    users = User.objects.filter(is_staff=True, is_active=True).order_by("username")[:SHOWN]
    rows = [{"user": user, "code": staff.current_totp(user)} for user in users]
    return render(request, "residents/dev_totp.html", {"rows": rows})
