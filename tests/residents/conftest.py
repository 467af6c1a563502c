"""Each test begins without counted attempts and without sent messages."""

import pytest
from django.core.cache import cache

from residents.sms import MemoryGateway


@pytest.fixture(autouse=True)
def clean_slate():
    cache.clear()
    MemoryGateway.sent.clear()
    yield
    cache.clear()
    MemoryGateway.sent.clear()
