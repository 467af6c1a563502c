"""The claim that is opened one by one: ten bills of thirty lines, made by the application.

It was corrected once, some of its bills were read by the machine, half of them are decided and
the others wait; the rest of the page (documents, timeline, letters) is as a real one has it.
"""

from datetime import timedelta

from django.utils import timezone

from bench.people import filers
from casework.actors import Actor
from casework.demo.people import XINCHENG
from casework.demo.stage import on_day, sample_page
from casework.files import attach_bytes
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from reimbursements.bills.documents import HANDED_IN
from reimbursements.demo.story import in_yuan, sample_bill, sample_card
from reimbursements.dossier import dossier_of
from reimbursements.models import Bill
from reimbursements.scanning import scan
from reimbursements.service import decide_bill, save, start_claim, submit_claim
from residents.models import Holding, User

BILLS, LINES = 10, 30
READ_BY_MACHINE = 2
CLASSES = ("甲类", "甲类", "乙类", "丙类", "自费")
BEIJING = "110000"


def answers(holding: Holding, area: str, to: str = BEIJING, insurance: str = "310") -> dict:
    """A stay of a week that ended ten days ago, with everything answered but the bills."""
    out = timezone.localdate() - timedelta(days=10)
    return {
        "reason": "not_filed",
        "kind": "inpatient",
        "institution_name": "示例第一人民医院",
        "institution_area": to,
        "level": "三级",
        "charging_level": "三级",
        "admitted_on": (out - timedelta(days=7)).isoformat(),
        "discharged_on": out.isoformat(),
        "diagnosis": "肺炎（示例）",
        "third_party": "no",
        "other_insurer": "no",
        "insured_area": area,
        "insurance": insurance,
        "name": holding.name,
        "contact_how": "sms",
        "bank_holder": holding.name,
        "bank_number": sample_card(holding.pk % 10**6),
        "bank_name": "示例银行",
        "bank_relation": "self",
    }


def bill(nth: int, holding: Holding, lines: int = LINES, files: tuple = ()) -> dict:
    """One e-bill whose lines add up to it."""
    fen = [10_000 + 137 * (nth + line) for line in range(lines)]
    day = timezone.localdate() - timedelta(days=10)
    return {
        "key": f"bench{nth}",
        "form": "e_bill",
        "kind": "digital",
        "number": number(nth, holding),
        "date": day.isoformat(),
        "payer": holding.name,
        "total": in_yuan(sum(fen)),
        "lines": [
            {
                "name": f"示例项目{line:02d}",
                "class": CLASSES[line % len(CLASSES)],
                "amount": in_yuan(each),
                **({"self_first_ratio": "10%"} if CLASSES[line % len(CLASSES)] == "乙类" else {}),
            }
            for line, each in enumerate(fen)
        ],
        "files": list(files),
    }


def number(nth: int, holding: Holding) -> str:
    """A bill's number that no other claim of the bench has."""
    return f"28{holding.pk:014d}{nth:04d}"


def make_long() -> Case:
    """The claim in the first review, half of its bills decided, in a clerk's hands."""
    now = timezone.now()
    holding = next(filers(XINCHENG))
    with on_day(now - timedelta(days=3)):
        case = _submitted(holding)
    clerk = Actor.staff(User.objects.get(username="hohhot-first"))
    with on_day(now - timedelta(days=2)):
        _correct(case, clerk, holding)
        case = _do(case, "accept", clerk)
    rows = Bill.objects.filter(claim_id=case.pk, removed=False).order_by("position")
    for row in rows[: BILLS // 2]:
        case = decide_bill(_now(case), row, clerk, Bill.Decision.ACCEPTED)
    return _now(case)


def _submitted(holding: Holding) -> Case:
    account = holding.account
    case = start_claim(account, account, holding)
    save(case, answers(holding, XINCHENG))
    save(case, {"bills": [bill(nth, holding, files=_files(case, nth)) for nth in range(BILLS)]})
    for group in dossier_of(case).needed:
        if not set(group) <= HANDED_IN | {"bill"}:
            attach_bytes(case, group[0], sample_page(group[0]), "示例材料.jpg", account)
    submit_claim(case, Actor.resident(account))
    return review(_now(case))


def _files(case: Case, nth: int) -> tuple[int, ...]:
    """A photograph of the bill; that of the first ones is read as the worker does."""
    if nth >= READ_BY_MACHINE:
        page = sample_page(f"bill {nth}")
    else:
        page = sample_bill(f"28{nth:018d}", 100_000, timezone.localdate())
    file = attach_bytes(case, "bill", page, "示例票据.png", case.account)
    if nth < READ_BY_MACHINE:
        scan(file)
    return (file.pk,)


def _correct(case: Case, clerk: Actor, holding: Holding) -> None:
    """One correction of the diagnosis, asked for and answered."""
    items = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明出院诊断。"}]
    case = _do(case, "request_correction", clerk, data={"items": items, "due_days": 10})
    save(case, {"diagnosis": "社区获得性肺炎（示例）"})
    submit_claim(_now(case), Actor.resident(holding.account))


def _do(case: Case, name: str, actor: Actor, **more) -> Case:
    case = _now(case)
    return perform(case, name, actor, version=case.version, **more)


def _now(case: Case) -> Case:
    return Case.objects.select_related("person", "account", "revision").get(pk=case.pk)
