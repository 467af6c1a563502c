"""The steps of a claim for the pictures: whole, empty, and with mistakes."""

from collections.abc import Iterator

from casework.demo.people import make_resident
from reimbursements.service import start_claim
from tests.e2e.pictures import Shot, draw, next_step
from tests.factories import LINXIANG
from tests.reimbursements.claims.factories import bill, draft_claim

# Residents of the demonstration who have nothing else on these pages.
FULL, EMPTY = 70, 71
PARTS = {"own_expense": "1000.00", "in_scope": "14000.00"}
STEPS = {
    "why": "原因",
    "insured": "参保地",
    "place": "就医",
    "stay": "时间与情况",
    "bills": "票据",
    "documents": "材料",
    "account": "收款账户",
    "check": "核对",
}


def shots() -> Iterator[Shot]:
    """Every picture of the steps."""
    full = make_resident(FULL, LINXIANG, "390")
    empty = make_resident(EMPTY, LINXIANG, "390")
    bills = [bill("15000.00", **PARTS), bill("5000.00", form="paper", date="2026-11-01")]
    draft = draft_claim(full.holding, bills)
    draw([draft])
    base = f"/claims/{draft.public_id}/"
    bare = start_claim(empty.account, empty.account, empty.holding)
    blank = f"/claims/{bare.public_id}/"
    yield Shot("手工报销", full.account, "/claims/")
    for slug, name in STEPS.items():
        yield Shot(f"报销：{name}", full.account, f"{base}steps/{slug}/")
        if slug != "check":
            yield Shot(f"报销：{name}，没有填", empty.account, f"{blank}steps/{slug}/", next_step)
    yield Shot("报销：填写票据", empty.account, f"{blank}bills/new/")
    yield Shot("报销：票据没有填", empty.account, f"{blank}bills/new/", next_step)
    yield Shot("报销：还差这些", empty.account, f"{blank}steps/check/")
    yield Shot("报销：删除草稿", empty.account, f"{blank}discard/")
