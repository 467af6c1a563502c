"""The start page: what one can do here, and what is open for the person who asks."""

from django.shortcuts import render


def home(request):
    """The four matters; for a logged-in resident also what waits for them."""
    return render(request, "home.html")
