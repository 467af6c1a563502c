"""Factories of claims: a draft with every answer, and claims that stand somewhere in the table.

The default is a 居民 of 临沧 who lay in a 三级 hospital in 成都 and paid 20,000 yuan on one
e-bill. Bills get numbers of their own, so that no two claims clash by accident.
"""

import csv
import itertools
import tempfile
from pathlib import Path

from casework.actors import Actor
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from reimbursements.bills.documents import HANDED_IN
from reimbursements.dossier import dossier_of
from reimbursements.models import Bill, Claim, PaymentBatch
from reimbursements.payments import import_return, make_batch, release_batch
from reimbursements.service import counter_actor, decide_bill, save, start_claim, submit_claim
from residents.models import Holding
from tests.factories import CHENGDU, LINCANG, LINXIANG, add_document, clerk, proven_holding

_numbers = itertools.count(1)

ANSWERS = {
    "reason": "not_filed",
    "kind": "inpatient",
    "institution_name": "成都市示例医院",
    "institution_area": CHENGDU,
    "level": "三级",
    "charging_level": "三级",
    "admitted_on": "2026-10-01",
    "discharged_on": "2026-10-10",
    "diagnosis": "肺炎",
    "third_party": "no",
    "other_insurer": "no",
    "insured_area": LINXIANG,
    "insurance": "390",
    "contact_how": "sms",
    "bank_holder": "王秀兰",
    "bank_number": "6222020000000000000",
    "bank_name": "示例银行临翔支行",
    "bank_relation": "self",
}
WHY = {"reason": "other", "note": "见附件"}


def bill(total: str = "20000.00", **values) -> dict:
    """One e-bill as answered, with a number of its own and everything in scope."""
    number = next(_numbers)
    return {
        "key": f"b{number}",
        "form": "e_bill",
        "kind": "fiscal",
        "code": "51060126",
        "number": f"{number:010d}",
        "check_code": "0bf601",
        "date": "2026-10-10",
        "payer": "王秀兰",
        "total": total,
        "in_scope": total,
        **values,
    }


def insured(insurance: str = "390", **values) -> Holding:
    """An account bound to a person of 临沧 whom the register knows."""
    return proven_holding(LINXIANG, insurance, **values)


def draft_claim(holding: Holding | None = None, bills: list[dict] | None = None, **changes) -> Case:
    """A claim with every answer and every document, ready to submit."""
    holding = holding or insured(changes.get("insurance", "390"))
    case = start_claim(holding.account, holding.account, holding)
    bills = [bill()] if bills is None else bills
    save(case, {**ANSWERS, "name": holding.name, "bills": bills, **changes})
    for group in [("bill",), *dossier_of(case).needed]:
        if not set(group) <= HANDED_IN:
            add_document(case, group[-1])
    return case


def submitted_claim(holding: Holding | None = None, bills=None, **changes) -> Case:
    """A claim that was submitted and waits for the automatic look."""
    case = draft_claim(holding, bills, **changes)
    return submit_claim(case, Actor.resident(case.account))


def queued_claim(holding: Holding | None = None, bills=None, **changes) -> Case:
    """A claim that waits to be accepted."""
    return review(submitted_claim(holding, bills, **changes))


def staff(role: str = "first", area: str = LINCANG) -> Actor:
    """A clerk of this role who acts."""
    return Actor.staff(clerk(role, area))


def act(case: Case, name: str, actor: Actor, **more) -> Case:
    """One action on the case as it stands."""
    return perform(case, name, actor, version=case.version, **more)


def accepted_claim(holding: Holding | None = None, bills=None, actor=None, **changes) -> Case:
    """A claim in the first review, nothing decided yet."""
    return act(queued_claim(holding, bills, **changes), "accept", actor or staff())


def bills_of(case: Case) -> list[Bill]:
    """The bills of a claim, in their order."""
    return list(Bill.objects.filter(claim_id=case.pk, removed=False).order_by("position"))


def decided_claim(holding=None, bills=None, actor=None, **changes) -> Case:
    """A claim in the first review with every bill accepted."""
    actor = actor or staff()
    case = accepted_claim(holding, bills, actor, **changes)
    for row in bills_of(case):
        case = decide_bill(case, row, actor, "accepted")
    return case


def second_claim(holding=None, bills=None, actor=None, **changes) -> Case:
    """A claim in the second review."""
    actor = actor or staff()
    return act(decided_claim(holding, bills, actor, **changes), "pass_first", actor)


def approval_claim(holding=None, bills=None, **changes) -> Case:
    """A claim that waits for its approval."""
    return act(second_claim(holding, bills, **changes), "pass_second", staff("second"))


def payable_claim(holding=None, bills=None, actor=None, **changes) -> Case:
    """A claim that was approved by a supervisor."""
    case = approval_claim(holding, bills, **changes)
    return act(case, "approve", actor or staff("supervisor"))


def listed(case: Case) -> PaymentBatch:
    """A list for the bank with this claim alone: made by one person, released by another."""
    batch = make_batch(clerk("finance", case.city), [case.pk])
    return release_batch(clerk("finance", case.city), batch.pk)


def answered(case: Case, why: str = "", batch: PaymentBatch | None = None) -> Case:
    """The claim after the bank's answer, by its file: paid, or sent back with a reason."""
    batch = batch or listed(case)
    fen = batch.payments.get(claim_id=case.pk).amount_fen
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "return.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            head = ("办件编号", "金额（分）", "结果", "失败原因")
            line = (case.number, fen, "失败" if why else "成功", why)
            csv.writer(file).writerows([head, line])
        report = import_return(clerk("finance", case.city), batch.pk, path)
    assert report.taken_in, report.problems
    return Case.objects.get(pk=case.pk)


def paid_claim(holding=None, bills=None, **changes) -> Case:
    """A claim that was paid."""
    return answered(payable_claim(holding, bills, **changes))


def failed_claim(holding=None, bills=None, why: str = "户名与账号不符", **changes) -> Case:
    """A claim whose payment the bank sent back."""
    return answered(payable_claim(holding, bills, **changes), why)


def corrected_claim(target: str = "field:diagnosis", after: bool = False) -> Case:
    """A claim that waits for the resident's correction, asked for in the first review
    (`after`) or before it was accepted."""
    case = accepted_claim() if after else queued_claim()
    items = [{"target": target, "reason_code": "other", "text": "请写明"}]
    data = {"items": items, "due_days": 10}
    return act(case, "request_correction", staff(), data=data)


def claim_of(case: Case) -> Claim:
    """The detail row as it stands in the database."""
    return Claim.objects.select_related("stay", "person").get(pk=case.pk)


def counter(area: str = LINCANG) -> Actor:
    """A clerk who files for somebody at the counter."""
    return counter_actor(clerk(area=area))
