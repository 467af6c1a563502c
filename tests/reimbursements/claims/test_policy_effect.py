"""Before a policy is published: what it would have changed in the last settled claims."""

from datetime import date

import pytest

from reimbursements.models import Settlement, SettlementPolicy
from reimbursements.policy_publishing import create_draft
from reimbursements.settlement.library import POLICIES
from tests.casework.desk_helpers import staff_client
from tests.factories import LINCANG, clerk
from tests.reimbursements.claims.factories import payable_claim, staff

pytestmark = pytest.mark.django_db
TEXT = (POLICIES / "530900-390.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def page_of_draft(text: str, area: str = LINCANG):
    """The page of a draft, as a supervisor of `area` sees it."""
    draft = create_draft(text, clerk("supervisor", LINCANG))
    client = staff_client(clerk("supervisor", area))
    return client.get(f"/admin/reimbursements/settlementpolicy/{draft.pk}/change/")


def dearer() -> str:
    """The shipped policy with a lower deductible in a 三级 hospital: 500 instead of 1000."""
    changed = TEXT.replace("amount: 1000.00", "amount: 500.00")
    assert changed != TEXT
    return changed


def test_the_same_policy_changes_nothing():
    payable_claim()
    page = page_of_draft(TEXT)
    assert page.context["looked"] == 1 and page.context["effects"] == []
    assert "最近 1 次结算按这一份重算（不保存）：0 次会不同" in page.content.decode()


def test_another_number_is_shown_with_its_difference_and_stores_nothing():
    case = payable_claim()
    before = Settlement.objects.get()
    page = page_of_draft(dearer())
    effect = page.context["effects"][0]
    assert effect.number == case.number and effect.before == before.paid_fen
    # 500 less taken off, at 40 %: 200 more of the basic fund; 大病 pays 60 % of 200 less.
    assert effect.change == 20_000 - 12_000
    assert "80.00" in page.content.decode()
    assert Settlement.objects.count() == 1


def test_a_stay_before_the_first_day_is_not_counted_as_changed():
    payable_claim()
    page = page_of_draft(dearer().replace("valid_from: 2024-01-01", "valid_from: 2027-01-01"))
    assert page.context["effects"] == [] and page.context["settled_outside"] == 1


def test_staff_of_another_city_see_no_case_numbers():
    case = payable_claim()
    page = page_of_draft(dearer(), area="150100")
    assert page.context["looked"] is None and case.number not in page.content.decode()


def test_nothing_settled_yet_is_said():
    assert "还没有结算过的报销" in page_of_draft(TEXT).content.decode()


def test_a_settlement_leads_to_the_row_it_went_by():
    SettlementPolicy.of(TEXT, state="published", origin="yaml").save()
    payable_claim(actor=staff("supervisor"))
    row = SettlementPolicy.objects.get(version_sha256=Settlement.objects.get().policy_sha256)
    assert row.valid_from == date(2024, 1, 1)
