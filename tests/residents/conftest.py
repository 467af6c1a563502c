"""Each test begins without counted attempts and without sent messages."""

import pytest
from django.core.cache import cache

from residents import tell
from residents.sms import MemoryGateway


@pytest.fixture(autouse=True)
def clean_slate(monkeypatch):
    # Residents alone: what apps above take over is tested with them.
    monkeypatch.setattr(tell, "_handlers", [])
    cache.clear()
    MemoryGateway.sent.clear()
    yield
    cache.clear()
    MemoryGateway.sent.clear()
