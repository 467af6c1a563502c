import pytest

from tests.factories import LINXIANG, proven_holding

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def holding(monday):
    """Somebody of 临沧 whom the register knows."""
    return proven_holding(LINXIANG)


@pytest.fixture
def web(client, holding):
    """A browser in which they are logged in."""
    client.force_login(holding.account, BACKEND)
    return client
