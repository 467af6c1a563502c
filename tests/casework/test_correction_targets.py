"""What a clerk may ask to be corrected."""

import pytest

from casework.admin.targets import correction_targets
from casework.drafts import closed_answers
from casework.kinds import kind_of
from filings.decision.rulebook import shipped
from filings.review import review
from filings.rules_store import load_rulebook
from tests.factories import promised_filing, queued_filing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules():
    load_rulebook(shipped())


def targets_of(case) -> dict[str, str]:
    rows = correction_targets(kind_of(case), case, closed_answers(case))
    return {row.code: row.label for row in rows}


def test_a_field_that_was_left_empty_can_be_asked_for_and_says_so():
    labels = targets_of(queued_filing())
    assert labels["field:discharged_on"] == "出院日期（未填写）"
    assert labels["field:destination"] == "就医地"
    names = list(labels)
    assert names.index("field:destination") < names.index("field:discharged_on")


def test_the_papers_behind_a_promise_can_be_asked_for():
    case = promised_filing()
    review(case)
    documents = [code for code in targets_of(case) if code.startswith("document:")]
    assert documents, targets_of(case)
