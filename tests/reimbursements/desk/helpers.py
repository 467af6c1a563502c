"""The case page of a claim as a clerk opens it and posts to it."""

from casework.models import Case
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.factories import LINCANG, clerk


def desk_of(role: str = "first", area: str = LINCANG):
    """(user, client) of a member of staff."""
    user = clerk(role, area)
    return user, staff_client(user)


def page_of(client, case, **query) -> str:
    """The case page."""
    return client.get(f"{QUEUE}{case.pk}/change/", query).content.decode()


def post(client, case, name: str, query: str = "", **fields):
    """One form of the claim's parts, from a page that is up to date."""
    data = {"version": Case.objects.get(pk=case.pk).version, **fields}
    return client.post(f"{QUEUE}{case.pk}/claim/{name}/{query}", data)
