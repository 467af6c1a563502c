"""The finance desk, the figures of claims and what later policies propose, as their people see
them: with content, with mistakes, and where there is nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from casework.clock import local_day
from casework.models import Case
from reimbursements.delegating import delegate, end_delegation
from reimbursements.models import Payment, PaymentBatch, Proposal, Settlement
from reimbursements.payments import make_batch, record_receipt, strike_receipt
from reimbursements.proposals import Found, keep_as_settled, propose
from reimbursements.reports.job import roll_up_claims
from residents.models import User
from tests.e2e.desk_gallery import QUEUE, change, user
from tests.e2e.pictures import Shot, press
from tests.factories import StaffFactory, clerk
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    bill,
    failed_claim,
    insured,
    listed,
    paid_claim,
    payable_claim,
    staff,
)

DESK = "/admin/reimbursements/paymentbatch/"
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·艾力江·示例巴依"
# A county of 临沧 without claims: from here on it has a desk of its own.
COUNTY = "530924"


def _somebody(name: str) -> dict:
    """A claim of a person of their own."""
    return {"holding": insured(name=name), "bank_holder": name, "bank_name": "示例银行临翔支行"}


def make_finance() -> None:
    """A finance desk in the middle of its day, a month counted, proposals, delegations."""
    cashier, other = user("lincang-finance"), user("lincang-finance2")
    payable_claim(bills=[bill("1234567.89")], **_somebody(LONG_NAME))
    payable_claim(bills=[bill("8600.50")], **_somebody("欧阳示例"))
    payable_claim(bills=[bill("9000.00", form="paper")], **_somebody("李示例"))
    make_batch(cashier, [payable_claim(**_somebody("杨示例")).pk])
    listed(payable_claim(bills=[bill("765432.10")], **_somebody(LONG_NAME)))
    failed_claim(
        why="户名与账号不符，请核对收款人姓名与开户行预留姓名是否一致", **_somebody(LONG_NAME)
    )
    _reversed("鲁示例")
    _came(_reversed("赵示例"), other)
    _propose()
    _delegate()
    roll_up_claims()


def _reversed(name: str) -> Payment:
    """A claim that was paid and taken back: the whole amount is to be recovered."""
    case = act(paid_claim(**_somebody(name)), "reverse", staff("supervisor"), **WHY)
    return case.claim.payments.get(state="due")


def _came(due: Payment, cashier: User) -> None:
    """Two amounts came in, one of which was noted by mistake."""
    for fen, number in ((300_000, "20261123-0007"), (125_050, "20261123-0008")):
        due.claim.case = Case.objects.get(pk=due.claim_id)
        record_receipt(cashier, due, fen, local_day(due.made_at), "transfer", number)
    wrong = Payment.objects.filter(recovers=due).order_by("pk").last()
    due.claim.case = Case.objects.get(pk=due.claim_id)
    strike_receipt(cashier, due, wrong.pk, "示例：凭证号写错了")


def _propose() -> None:
    """Too little and too much was settled, and one that a supervisor left as it is."""
    rows = Settlement.objects.filter(replaced_by=None, kind="settled", area="530900")
    source = "示例：以后发布的政策，不是官方数字"
    for row, more in zip(rows.order_by("pk")[:3], (8_000, -123_456, 50), strict=True):
        funds = {**row.funds, "basic": row.funds.get("basic", 0) + more}
        propose(row, Found("示例二", "0" * 64, source, funds), timezone.now())
    last = Proposal.objects.order_by("pk").last()
    keep_as_settled(
        user("lincang-supervisor"), last.pk, "示例：差额很小，申请人不要求更正", timezone.now()
    )


def _delegate() -> None:
    """One in force, one taken back, by the supervisor of a county."""
    head = clerk(
        "supervisor", COUNTY, user=StaffFactory(username="county-supervisor", name="示例区县主管")
    )
    now, document = timezone.now(), "示例医保〔2026〕1 号（关于委托市级医疗保险经办机构办理的函）"
    today = local_day(now)
    delegate(head, "approval", today, today + timedelta(days=90), document, now)
    ended = delegate(head, "second_review", today, None, document, now)
    end_delegation(head, ended.pk, now)


def shots() -> Iterator[Shot]:
    """Every picture of the finance desk, the reports, the proposals and the delegations."""
    yield from _payments(user("lincang-finance"))
    yield from _recoveries(user("lincang-finance"))
    yield from _empty(user("empty-finance"))
    yield from _reports(user("lincang-supervisor"))
    yield from _proposals(user("lincang-supervisor"))
    yield from _delegations()


def _payments(finance: User) -> Iterator[Shot]:
    other = user("lincang-finance2")
    yield Shot("支付批次", finance, DESK, desk=True)
    yield Shot("支付批次：新建", finance, f"{DESK}make/", desk=True)
    yield Shot("支付批次：没有选", finance, f"{DESK}make/", _pay_nothing, desk=True)
    yield Shot("支付未成功", finance, f"{DESK}failed/", desk=True)
    batches = PaymentBatch.objects.order_by("pk")
    for name, state in (("待复核", "draft"), ("已发出", "released"), ("已回盘", "answered")):
        batch = batches.filter(state=state).last()
        yield Shot(f"支付批次：{name}", other, f"{DESK}{batch.pk}/change/", desk=True)
    sent = batches.filter(state="released").last()
    yield Shot("支付批次：回盘有误", other, f"{DESK}{sent.pk}/change/", _wrong_return, desk=True)


def _pay_nothing(page) -> None:
    for box in page.locator("input[name=case]").all():
        box.uncheck()
    press("制单")(page)


def _wrong_return(page) -> None:
    text = "办件编号,金额（元）,结果,失败原因\n没有这件,1.00,成功,\n,很多,也许,\n"
    file = {"name": "回盘.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    page.set_input_files("#file", file)
    press("导入")(page)


def _recoveries(finance: User) -> Iterator[Shot]:
    due = Payment.objects.filter(kind="recovery", state="due").order_by("pk")
    untouched = f"{DESK}recoveries/{due[0].pk}/"
    partly = f"{DESK}recoveries/{_partly().pk}/"
    yield Shot("待追回", finance, f"{DESK}recoveries/", desk=True)
    yield Shot("待追回：已追回的", finance, f"{DESK}recoveries/?done=1", desk=True)
    yield Shot("待追回：一笔", finance, untouched, desk=True)
    yield Shot("待追回：没有填", finance, untouched, press("登记"), desk=True)
    yield Shot("待追回：登记过的", finance, partly, _open_strike, desk=True)


def _partly() -> Payment:
    """The recovery of which something has come in."""
    return Payment.objects.exclude(recovers=None).order_by("pk")[0].recovers


def _open_strike(page) -> None:
    page.get_by_text("登记错了").first.click()


def _empty(finance: User) -> Iterator[Shot]:
    yield Shot("支付批次：空", finance, DESK, desk=True)
    yield Shot("支付批次：没有可付的", finance, f"{DESK}make/", desk=True)
    yield Shot("支付未成功：空", finance, f"{DESK}failed/", desk=True)
    yield Shot("待追回：空", finance, f"{DESK}recoveries/", desk=True)


def _reports(head: User) -> Iterator[Shot]:
    reports = f"{QUEUE}claim-reports/"
    yield Shot("报销统计", head, reports, desk=True)
    yield Shot("报销统计：期间有误", head, f"{reports}?first=很早&last=2026-13", desk=True)
    yield Shot("报销统计：空", user("empty-supervisor"), reports, desk=True)


def _proposals(head: User) -> Iterator[Shot]:
    listing = f"{QUEUE}claim-proposals/"
    open_ones = Proposal.objects.filter(state=Proposal.State.OPEN).order_by("pk")
    yield Shot("重算建议", head, listing, desk=True)
    yield Shot("重算建议：空", user("empty-supervisor"), listing, desk=True)
    for word, one in zip(("少付", "多付"), open_ones, strict=True):
        yield Shot(f"重算建议：{word}", head, f"{listing}{one.pk}/", desk=True)
    yield Shot("重算建议：没有写", head, f"{listing}{open_ones[0].pk}/", press("不更正"), desk=True)
    yield Shot("办件：有重算建议", head, change(open_ones[0].claim.case), desk=True)


def _delegations() -> Iterator[Shot]:
    page = reverse("admin:reimbursements_stagedelegation_changelist")
    county = user("county-supervisor")
    yield Shot("环节委托", county, page, desk=True)
    yield Shot("环节委托：没有填", county, page, press("登记"), desk=True)
    yield Shot("环节委托：市级", user("lincang-supervisor"), page, desk=True)
    yield Shot("环节委托：空", user("empty-supervisor"), page, desk=True)
