"""What every template may use."""

from django.conf import settings

ELDER_COOKIE = "elder"


def elder_mode(request) -> bool:
    """Whether to show 长辈版: the cookie when it is set, else what the account remembers."""
    cookie = request.COOKIES.get(ELDER_COOKIE)
    if cookie in ("0", "1"):
        return cookie == "1"
    return bool(getattr(getattr(request, "user", None), "elder_mode", False))


def site(request) -> dict:
    """Name of the service, whether this is a demonstration, and which size of text to use."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMONSTRATION": settings.DEMONSTRATION,
        "ELDER": elder_mode(request),
    }
