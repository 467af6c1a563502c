"""A list for the bank: made by one, released by another, each claim on one at most."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case, StaffProfile
from reimbursements.models import Bill, Claim, Payment, PaymentBatch
from reimbursements.payments import (
    PaymentRefused,
    bank_file,
    batches_visible_to,
    cancel_batch,
    candidates,
    make_batch,
    release_batch,
)
from residents.models import AccessLog
from tests.factories import HOHHOT, LINCANG, LINXIANG, StaffProfileFactory, clerk
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    approval_claim,
    bill,
    insured,
    payable_claim,
    staff,
)
from tests.reimbursements.payments.desk import cashier, made, released

pytestmark = pytest.mark.django_db
ACCOUNT = "6222020000000000000"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def taken(batch, form="csv", user=None):
    return bank_file(user or cashier(), batch.pk, form, timezone.now())


# --- making -------------------------------------------------------------------------


def test_a_list_copies_what_is_to_be_paid_and_to_whom():
    cases = [payable_claim(), payable_claim(bills=[bill("5000.00")])]
    batch = made(cases)
    due = [Claim.objects.get(pk=case.pk).payable_fen for case in cases]
    assert (batch.state, batch.count, batch.total_fen) == ("draft", 2, sum(due))
    rows = list(batch.payments.order_by("pk"))
    assert [row.amount_fen for row in rows] == due
    assert {(row.number, row.tail, row.live, row.state) for row in rows} == {
        (ACCOUNT, "0000", True, "waiting")
    }
    assert batch.number == "530900ZF20261123001"
    assert made().number == "530900ZF20261123002"


def test_a_claim_is_on_one_live_list_at_most():
    case = payable_claim()
    made([case])
    with pytest.raises(PaymentRefused) as refused:
        made([case])
    assert refused.value.problems == [f"办件 {case.number}：已在另一个支付批次中"]
    assert PaymentBatch.objects.count() == 1
    row = Payment.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_one_claim_that_cannot_be_listed_stops_the_whole_list():
    good, paper = payable_claim(), payable_claim(bills=[bill(form="paper")])
    with pytest.raises(PaymentRefused) as refused:
        made([good, paper])
    assert "纸质票据原件没有收到" in refused.value.problems[0]
    assert not Payment.objects.exists() and not PaymentBatch.objects.exists()


def test_what_cannot_be_paid_yet_is_shown_with_the_reason():
    ready, paper = payable_claim(), payable_claim(bills=[bill(form="paper")])
    approval_claim()
    found = {one.case.pk: one.refusal for one in candidates(cashier())}
    assert found.keys() == {ready.pk, paper.pk}
    assert found[ready.pk] == "" and "原件没有收到" in found[paper.pk]
    Bill.objects.filter(claim_id=paper.pk).update(paper="received")
    assert {one.refusal for one in candidates(cashier())} == {""}


def test_the_candidates_of_many_claims_are_read_in_few_queries(django_assert_max_num_queries):
    for _ in range(4):
        payable_claim()
    user = cashier()
    with django_assert_max_num_queries(4):
        assert len(candidates(user)) == 4


def test_claims_entered_at_the_counter_cost_no_query_each(django_assert_max_num_queries):
    made_at_the_counter = [payable_claim() for _ in range(4)]
    typist = clerk(area=LINCANG)
    Case.objects.filter(pk__in=[case.pk for case in made_at_the_counter]).update(
        account=None, created_by=typist
    )
    user = cashier()
    with django_assert_max_num_queries(5):
        assert {one.refusal for one in candidates(user)} == {""}


def test_nobody_lists_or_releases_their_own_claim():
    holding = insured()
    case = payable_claim(holding)
    own = StaffProfileFactory(
        role="finance", area=LINCANG, scope="city", id_number=holding.person.id_number
    ).user
    with pytest.raises(PaymentRefused) as refused:
        made([case], own)
    assert "本人" in refused.value.problems[0]
    batch = made([case])
    with pytest.raises(PaymentRefused) as refused:
        release_batch(own, batch.pk)
    assert "本人" in refused.value.problems[0]


def test_who_approved_a_claim_and_changed_to_finance_neither_lists_nor_releases_it():
    user = clerk("supervisor", LINCANG)
    case = payable_claim(actor=Actor.staff(user))
    StaffProfile.objects.filter(user=user).update(role="finance")
    user.staff_profile.refresh_from_db()
    with pytest.raises(PaymentRefused) as refused:
        made([case], user)
    assert "不同的人员" in refused.value.problems[0]
    with pytest.raises(PaymentRefused) as refused:
        release_batch(user, made([case]).pk)
    assert "不同的人员" in refused.value.problems[0]


@pytest.mark.parametrize("role", ["first", "approval", "supervisor", "auditor", "sysadmin"])
def test_only_finance_makes_releases_cancels_and_downloads(role):
    case, user = payable_claim(), clerk(role, LINCANG)
    with pytest.raises(PaymentRefused, match="财务"):
        make_batch(user, [case.pk])
    batch = released([case])
    for step in (release_batch, cancel_batch):
        with pytest.raises(PaymentRefused, match="财务"):
            step(user, batch.pk)
    with pytest.raises(PaymentRefused, match="财务"):
        taken(batch, user=user)


def test_a_claim_of_another_area_is_not_listed_and_its_list_not_seen():
    case = payable_claim()
    away = cashier(HOHHOT)
    assert candidates(away) == []
    with pytest.raises(PaymentRefused, match="没有制单"):
        made([case], away)
    batch = released([case])
    assert not batches_visible_to(away).exists()
    with pytest.raises(PaymentRefused, match="不在您的经办范围"):
        taken(batch, user=away)


def test_a_county_lists_its_own_and_its_city_sees_the_list():
    case = payable_claim()
    county = cashier(LINXIANG)
    assert county.staff_profile.scope == "county"
    batch = made([case], county)
    assert batch.area == LINXIANG
    assert batches_visible_to(cashier()).get() == batch
    assert not batches_visible_to(cashier("530921")).exists()
    assert release_batch(cashier(), batch.pk).state == "released"


def test_an_empty_list_and_one_too_long_are_refused():
    user = cashier()
    with pytest.raises(PaymentRefused, match="至少"):
        make_batch(user, [])
    with pytest.raises(PaymentRefused, match="最多 500 件"):
        make_batch(user, list(range(501)))


# --- releasing ----------------------------------------------------------------------


def test_the_maker_does_not_release_and_the_database_says_so_too():
    user = cashier()
    batch = made(user=user)
    with pytest.raises(PaymentRefused, match="制单人以外"):
        release_batch(user, batch.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(released_by=user)


def test_a_list_is_released_once():
    batch = released()
    assert set(batch.payments.values_list("state", flat=True)) == {"sent"}
    with pytest.raises(PaymentRefused, match="已发出"):
        release_batch(cashier(), batch.pk)


def test_a_claim_that_changed_since_stops_the_release():
    case = payable_claim()
    batch = made([case])
    Claim.objects.filter(pk=case.pk).update(payable_fen=1)
    with pytest.raises(PaymentRefused) as refused:
        release_batch(cashier(), batch.pk)
    assert refused.value.problems == [f"办件 {case.number}：应支付金额已经变动"]
    batch.refresh_from_db()
    assert (batch.state, batch.payments.get().state) == ("draft", "waiting")


@pytest.mark.parametrize("name", ["pay", "fail"])
def test_nothing_is_paid_or_failed_that_stands_on_no_list(name):
    case = payable_claim()
    with pytest.raises(NotAllowed, match="还没有列入支付批次"):
        act(case, name, staff("finance"), **WHY)
    cancel_batch(cashier(), released([case]).pk)
    with pytest.raises(NotAllowed, match="还没有列入支付批次"):
        act(case, name, staff("finance"), **WHY)
    assert not Payment.objects.filter(state__in=["paid", "failed"]).exists()


def test_a_listed_claim_is_neither_paid_before_the_release_nor_reversed():
    case = payable_claim()
    made([case])
    with pytest.raises(NotAllowed, match="尚未发出"):
        act(case, "pay", staff("finance"))
    with pytest.raises(NotAllowed, match="支付批次中"):
        act(case, "reverse", staff("finance"), **WHY)


# --- the file -----------------------------------------------------------------------


def test_the_file_has_every_payment_and_control_totals():
    cases = [payable_claim(), payable_claim(bills=[bill("5000.00")])]
    batch = released(cases)
    rows = list(csv.DictReader(io.StringIO(taken(batch).data.decode("utf-8-sig"))))
    assert [row["办件编号"] for row in rows[:-1]] == [case.number for case in cases]
    assert {row["账号"] for row in rows[:-1]} == {ACCOUNT}
    total = rows[-1]
    assert (total["序号"], total["办件编号"]) == ("合计", "2 笔")
    assert int(total["金额（分）"]) == sum(int(row["金额（分）"]) for row in rows[:-1])
    assert int(total["金额（分）"]) == batch.total_fen
    yuan = total["金额（元）"].replace(".", "")
    assert int(yuan) == batch.total_fen


def test_the_workbook_says_the_same_and_keeps_every_digit(tmp_path):
    batch = released()
    path = tmp_path / "x.xlsx"
    path.write_bytes(taken(batch, "xlsx").data)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    told = list(csv.reader(io.StringIO(taken(batch).data.decode("utf-8-sig"))))
    assert [["" if cell is None else str(cell) for cell in row] for row in rows] == told
    assert rows[1][4] == ACCOUNT


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless():
    case = payable_claim(bank_holder="王秀兰")
    Claim.objects.filter(pk=case.pk).update(bank_name="示例银行")
    claim = Claim.objects.get(pk=case.pk)
    claim.bank_holder, claim.bank_name = "=HYPERLINK(1)", "@SUM(1)"
    claim.save()
    text = taken(released([case])).data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'@SUM(1)" in text
    assert ",=HYPERLINK" not in text and ",@SUM" not in text


def test_the_file_is_the_same_each_time_and_each_download_is_written_down():
    batch, user = released(), cashier()
    assert taken(batch, user=user).data == taken(batch, "csv").data
    log = AccessLog.objects.filter(case_number=batch.number).order_by("pk")
    assert [row.action for row in log] == ["exported", "exported"]
    assert log[0].actor == user and "完整账号" in log[0].field
    assert ACCOUNT not in "".join(f"{row.field}{row.reason}" for row in log)


def test_a_list_that_was_not_released_has_no_file():
    with pytest.raises(PaymentRefused, match="还没有发出"):
        taken(made())
    assert not AccessLog.objects.exists()


def test_a_file_that_is_not_the_one_released_is_not_handed_over():
    batch = released()
    payment = batch.payments.get()
    payment.number = "6222020000000000018"
    payment.save()
    with pytest.raises(PaymentRefused, match="不一致"):
        taken(batch)
    assert not AccessLog.objects.exists()


# --- giving up ----------------------------------------------------------------------


@pytest.mark.parametrize("make", [made, released])
def test_a_list_given_up_frees_its_claims(make):
    case = payable_claim()
    batch = cancel_batch(cashier(), make([case]).pk)
    payment = batch.payments.get()
    assert (batch.state, payment.state, payment.live) == ("cancelled", "cancelled", False)
    assert made([case]).count == 1


def test_a_list_whose_file_was_taken_is_not_given_up():
    batch = released()
    taken(batch)
    with pytest.raises(PaymentRefused, match="已经下载"):
        cancel_batch(cashier(), batch.pk)
    with pytest.raises(PaymentRefused, match="不能再发出"):
        release_batch(cashier(), batch.pk)
