"""The finance desk in a browser: every page of it, with something on it, at both widths."""

import pytest

from casework.clock import local_day
from casework.perform import perform
from reimbursements.payments import make_batch
from tests.e2e.people import enter
from tests.factories import LINCANG, LINXIANG, clerk
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

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DESK = "/admin/reimbursements"


def somebody(name: str) -> dict:
    """A claim of a person of their own."""
    return {"holding": insured(name=name), "bank_holder": name}


def finance_desk() -> dict:
    """A finance desk in the middle of its day: the people, and the addresses of its pages."""
    cashier = clerk("finance", LINCANG)
    for name, total in (("王秀兰", "20000.00"), ("欧阳明珠", "8600.50"), ("刀安", "15320.00")):
        payable_claim(bills=[bill(total)], **somebody(name))
    payable_claim(bills=[bill("9000.00", form="paper")], **somebody("李存义"))
    draft = make_batch(clerk("finance", LINCANG), [payable_claim(**somebody("杨玉")).pk])
    sent = listed(payable_claim(**somebody("罗文军")))
    failed_claim(**somebody("字红梅"))
    due = _reversed("鲁有才").claim.payments.get(state="due")
    partly = _reversed("赵小花")
    _came(partly, 300_000)
    return {
        "cashier": cashier,
        # Made last: from now on the county has a desk of its own.
        "head": clerk("supervisor", LINXIANG),
        "pages": {
            "batches": f"{DESK}/paymentbatch/",
            "make": f"{DESK}/paymentbatch/make/",
            "draft": f"{DESK}/paymentbatch/{draft.pk}/change/",
            "sent": f"{DESK}/paymentbatch/{sent.pk}/change/",
            "failed": f"{DESK}/paymentbatch/failed/",
            "recoveries": f"{DESK}/paymentbatch/recoveries/",
            "recovery": f"{DESK}/paymentbatch/recoveries/{due.pk}/",
        },
        "partly": f"{DESK}/paymentbatch/recoveries/{partly.claim.payments.get(state='due').pk}/",
        "delegations": f"{DESK}/stagedelegation/",
    }


def _reversed(name: str):
    return act(paid_claim(**somebody(name)), "reverse", staff("supervisor"), **WHY)


def _came(case, fen: int) -> None:
    due = case.claim.payments.get(state="due")
    data = {"recovery": due.pk, "amount": fen, "day": local_day(due.made_at).isoformat()}
    data |= {"how": "transfer", "receipt": "20261123-0007"}
    perform(case, "recover", staff("finance"), data=data)


def test_every_page_of_the_finance_desk_can_be_read(screens):
    of = finance_desk()
    desk = screens(desk=True)
    enter(desk.page.context, of["cashier"], desk.url)
    for address in of["pages"].values():
        desk.go(address)
    desk.go(of["partly"]).sees("3,000.00", "20261123-0007")
    desk.page.get_by_text("登记错了").click()
    desk.look()


def test_money_comes_back_and_a_mistake_is_struck_out(screens):
    of = finance_desk()
    desk = screens(desk=True)
    enter(desk.page.context, of["cashier"], desk.url)
    desk.go(of["pages"]["recovery"])
    desk.press("登记").sees("没有登记，请改正", "请填写到账金额")
    desk.fill("到账金额（元）", "1000")
    desk.page.get_by_label("追回方式").select_option("现金缴款")
    desk.fill("收款凭证号", "000123")
    desk.press("登记").sees("已登记收到 1,000.00 元", "000123")
    desk.page.get_by_text("登记错了").click()
    desk.fill("作废的原因", "凭证号写错了")
    desk.press("作废这笔登记").sees("已作废这笔登记")


def test_a_county_delegates_a_stage(screens):
    of = finance_desk()
    desk = screens(desk=True)
    enter(desk.page.context, of["head"], desk.url)
    desk.go(of["delegations"]).sees("没有环节委托")
    desk.press("登记").sees("请选择要委托的环节", "请填写文号或事由")
    desk.page.get_by_label("委托的环节").select_option("复审")
    desk.fill("文号或事由", "临翔医保〔2026〕示例号")
    desk.press("登记").sees("已把复审环节委托市级办理", "委托中")
    desk.press("收回委托", exact=False).sees("已收回")
