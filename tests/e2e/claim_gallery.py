"""The pages of a claim after it was submitted: claims made for the purpose, one in each state
that people meet, and what is photographed of them.
"""

from django.urls import reverse

from casework.actors import Actor
from casework.models import Case
from reimbursements.service import decide_bill
from residents.models import User
from tests.e2e.pictures import draw
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    bill,
    bills_of,
    failed_claim,
    insured,
    paid_claim,
    queued_claim,
    second_claim,
    staff,
)

# The phone of the account that has them all, apart from those of the demonstration.
PHONE = "13822220001"
ITEMS = (
    ("field:diagnosis", "请按出院记录写第一诊断"),
    ("field:bills", "第二张票据的金额与票面不一致"),
    ("document:expense_list", "照片反光，后两页看不清"),
    ("field:institution", "医院名称与票据不一致"),
    ("field:bank_number", "银行卡号少一位"),
)


def make_claims() -> None:
    """Claims of one account, each for a stay of its own."""
    if User.objects.resident_with_phone(PHONE):
        return
    account = User.objects.create_resident(PHONE)
    holding = insured(account=account)
    stays = _stays()
    _decided_with_cut(holding, **next(stays))
    paid_claim(holding, [bill("32000.00")], **next(stays))
    failed_claim(holding, **next(stays))
    second = second_claim(holding, **next(stays))
    act(second, "reject", staff("second"), reason="other", note="费用应由第三方负担")
    accepted_claim(holding, [bill("5200.00", form="paper", check_code="")], **next(stays))
    case = queued_claim(holding, [bill("8000.00"), bill("260.00")], **next(stays))
    items = [{"target": t, "reason_code": "other", "text": words} for t, words in ITEMS]
    data = {"items": items, "due_days": 15}
    act(case, "request_correction", staff(), data=data)
    case = paid_claim(holding, [bill("6100.00")], **next(stays))
    act(case, "reverse", staff("supervisor"), **WHY)
    act(queued_claim(holding, **next(stays)), "withdraw", Actor.resident(account))
    draw(Case.objects.filter(account=account))


def _stays():
    for month in range(1, 10):
        yield {"admitted_on": f"2026-0{month}-03", "discharged_on": f"2026-0{month}-12"}


def _decided_with_cut(holding, **stay) -> Case:
    """Approved, one bill cut in part."""
    clerk = staff()
    bills = [bill("20000.00"), bill("3000.00")]
    case = accepted_claim(holding, bills, clerk, **stay)
    first, second = bills_of(case)
    case = decide_bill(case, first, clerk, "accepted")
    note = "护工费不在医保支付范围内"
    case = decide_bill(case, second, clerk, "cut", 100_000, "other", note=note)
    case = act(act(case, "pass_first", clerk), "pass_second", staff("second"))
    return act(case, "approve", staff("supervisor"))


def account_of_claims() -> User:
    """Whose they are."""
    return User.objects.resident_with_phone(PHONE)


def pages() -> list[tuple[str, str]]:
    """(name, address) of every page, as their owner sees them."""
    of = {case.status: case for case in Case.objects.filter(account=account_of_claims())}
    found = [
        ("我的报销", reverse("reimbursements:claims")),
        ("费用查询", reverse("reimbursements:year")),
        ("费用查询：空", f"{reverse('reimbursements:year')}?year=2024"),
    ]
    found += [(f"报销：{status}", _page("record", case)) for status, case in of.items()]
    correction, paid, key = of["correction"], of["paid"], bills_of(of["correction"])[0].key
    return [
        *found,
        ("报销：补正", _page("correct", correction)),
        ("报销：补正票据", _page("correct_bill", correction, key)),
        ("报销：补正医院", _page("correct_place", correction, "place")),
        ("报销：更正收款账户", _page("account", of["payment_failed"])),
        ("报销：申请复核", _page("act", paid, "appeal")),
        ("报销：撤回", _page("act", of["first_review"], "withdraw")),
    ]


def address(action: str) -> str:
    """The page of an action on the paid claim."""
    paid = Case.objects.get(account=account_of_claims(), status="paid")
    return _page("act", paid, action)


def account_page() -> str:
    """The page of the account of the claim that the bank sent back."""
    failed = Case.objects.get(account=account_of_claims(), status="payment_failed")
    return _page("account", failed)


def _page(name: str, case: Case, *more) -> str:
    return reverse(f"reimbursements:{name}", args=[case.public_id, *more])
