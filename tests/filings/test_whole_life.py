"""A filing from the first answer to its last day, as people live through it."""

import pytest

from filings.inquiry import filing_for
from tests.factories import CHENGDU, draft_filing, opened_filing

pytestmark = pytest.mark.django_db


def test_lincang_opens_at_once_for_three_months(monday):
    case = opened_filing()
    assert case.status == "approved", case.filing.findings
    filing = case.filing
    assert (filing.start.isoformat(), filing.valid_to.isoformat()) == ("2026-11-23", "2027-02-23")
    assert case.number == "530902001202611230000001"
