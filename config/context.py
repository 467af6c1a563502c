"""What every template may use."""

from django.conf import settings


def site(request) -> dict:
    """Name of the service, and whether this is a demonstration."""
    return {"SITE_NAME": settings.SITE_NAME, "DEMONSTRATION": settings.DEMONSTRATION}
