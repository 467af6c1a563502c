"""What happened in the demonstration: claims in the states of the table, told day by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO

import segno
from django.utils import timezone
from PIL import Image, ImageDraw

from casework.actors import Actor
from casework.demo.people import LINCANG, LINXIANG, XINCHENG, Resident, make_resident
from casework.demo.stage import on_day, sample_page
from casework.files import attach_bytes
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from reimbursements.bills.documents import HANDED_IN
from reimbursements.dossier import dossier_of
from reimbursements.models import Bill
from reimbursements.scanning import scan
from reimbursements.service import decide_bill, save, start_claim, submit_claim
from residents.models import User

# People of the claims, apart from those of the filings.
FIRST_PERSON = 140
CHENGDU, BEIJING = "510100", "110000"
FEN_A_YUAN = 100


@dataclass
class Scene:
    """One claim: who, where, how much, and what became of it."""

    days_ago: int
    totals: tuple[int, ...] = (1_200_000,)  # fen, one for each bill
    area: str = LINXIANG
    insurance: str = "390"
    to: str = CHENGDU
    answers: dict = field(default_factory=dict)
    then: tuple[Callable, ...] = ()
    submit: bool = True
    form: str = "e_bill"
    outside: bool = False  # a bill of a day after the stay
    typed_more: int = 0  # fen by which the amount typed is above that of the code


class Stage:
    """Makes scenes into claims."""

    def __init__(self, now: datetime):
        self.now = now
        self.clerks = {user.username: user for user in User.objects.filter(is_staff=True)}
        self.made = 0
        self.bills = 0

    def clerk(self, case: Case, word: str) -> Actor:
        """The clerk of the case's agency with this role."""
        prefix = "lincang" if case.city == LINCANG else "hohhot"
        return Actor.staff(self.clerks[f"{prefix}-{word}"])

    def play(self, scene: Scene) -> Case:
        """Tell one scene from its first answer to its end."""
        resident = make_resident(FIRST_PERSON + self.made, scene.area, scene.insurance)
        self.made += 1
        moment = self.now - timedelta(days=scene.days_ago, hours=self.made % 5)
        with on_day(moment):
            case = self._file(scene, resident)
        for number, act in enumerate(scene.then, start=1):
            later = moment + (self.now - moment) * number / (len(scene.then) + 1)
            with on_day(later):
                act(self, Case.objects.select_related("person", "account").get(pk=case.pk))
        return case

    def _file(self, scene: Scene, resident: Resident) -> Case:
        account, holding = resident.account, resident.holding
        case = start_claim(account, account, holding)
        out = timezone.localdate() - timedelta(days=6)
        stay = {
            "reason": "emergency_no_card",
            "kind": "inpatient",
            "institution_name": "示例第一人民医院（成都）",
            "institution_area": scene.to,
            "level": "三级",
            "charging_level": "三级",
            "admitted_on": (out - timedelta(days=8)).isoformat(),
            "discharged_on": out.isoformat(),
            "diagnosis": "急性阑尾炎（示例）",
            "third_party": "no",
            "other_insurer": "no",
            "insured_area": scene.area,
            "insurance": scene.insurance,
            "name": holding.name,
            "contact_how": "sms",
            "bank_holder": holding.name,
            "bank_number": sample_card(self.made),
            "bank_name": "示例银行",
            "bank_relation": "self",
        }
        save(case, {**stay, **scene.answers})
        bills = [self._bill(case, scene, total, out, holding.name) for total in scene.totals]
        save(case, {"bills": bills})
        if not scene.submit:
            return case
        for group in dossier_of(case).needed:
            if not set(group) <= HANDED_IN | {"bill"}:
                attach_bytes(case, group[0], sample_page(group[0]), "示例材料.jpg", account)
        submit_claim(case, Actor.resident(account))
        return review(Case.objects.get(pk=case.pk))

    def _bill(self, case: Case, scene: Scene, total: int, out: date, payer: str) -> dict:
        self.bills += 1
        number = f"26{self.bills:018d}"
        day = out + timedelta(days=20 if scene.outside else 0)
        page = sample_bill(number, total, day)
        file = attach_bytes(case, "bill", page, "示例票据.png", case.account)
        scan(file)
        typed = total + scene.typed_more
        own = typed // 20
        return {
            "key": f"demo{self.bills}",
            "form": scene.form,
            "kind": "digital",
            "code": "",
            "number": number,
            "check_code": "",
            "date": day.isoformat(),
            "payer": payer,
            "total": in_yuan(typed),
            "own_expense": in_yuan(own),
            "over_limit": "0.00",
            "self_first": "0.00",
            "in_scope": in_yuan(typed - own),
            "files": [file.pk],
        }


def in_yuan(fen: int) -> str:
    """As a person types it."""
    return f"{fen // FEN_A_YUAN}.{fen % FEN_A_YUAN:02d}"


def sample_card(n: int) -> str:
    """A made-up card number with a right check digit."""
    body = f"622202000000{n:06d}"
    digits = [int(digit) for digit in reversed(body)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2])
    return f"{body}{-(doubled + sum(digits[1::2])) % 10}"


def sample_bill(number: str, total: int, day: date) -> bytes:
    """A picture that stands for a digital invoice, says that it is none, and has its code."""
    code = BytesIO()
    text = f"01,32,,{number},{in_yuan(total)},{day:%Y%m%d},,74AE"
    segno.make(text, error="m").save(code, kind="png", scale=6, border=4)
    page = Image.new("RGB", (1400, 1000), "#fffdf5")
    page.paste(Image.open(code), (60, 60))
    draw = ImageDraw.Draw(page)
    draw.text((420, 110), "SAMPLE BILL", fill="#1b2430", font_size=64)
    draw.text((420, 220), number, fill="#1b2430", font_size=40)
    draw.text((420, 290), f"CNY {in_yuan(total)}   {day}", fill="#1b2430", font_size=40)
    for line in range(420, 940, 70):
        draw.line((80, line, 1320, line), fill="#d8dee6", width=3)
    data = BytesIO()
    page.save(data, "PNG", optimize=True)
    return data.getvalue()


# --- what may become of a claim -------------------------------------------------------


def accept(stage: Stage, case: Case) -> None:
    perform(case, "accept", stage.clerk(case, "first"))


def not_accept(stage: Stage, case: Case) -> None:
    note = "示例：费用属于工伤，请向工伤保险经办机构申请。"
    perform(case, "not_accept", stage.clerk(case, "first"), reason="other", note=note)


def ask_correction(stage: Stage, case: Case) -> None:
    items = [
        {"target": "field:diagnosis", "reason_code": "other", "text": "请写明出院诊断。"},
        {"target": "document:bill", "reason_code": "other", "text": "票据照片不完整，请重拍。"},
    ]
    data = {"items": items, "due_days": 10}
    perform(case, "request_correction", stage.clerk(case, "first"), data=data)


def withdraw(stage: Stage, case: Case) -> None:
    perform(case, "withdraw", Actor.resident(case.account))


def check_bills(stage: Stage, case: Case) -> None:
    """Every bill is accepted, and the stay is settled as an emergency."""
    actor = stage.clerk(case, "first")
    for bill in Bill.objects.filter(claim_id=case.pk, removed=False).order_by("position"):
        case = decide_bill(case, bill, actor, Bill.Decision.ACCEPTED)
    note = "示例：急诊病历已核对，视同备案。"
    perform(case, "set_filing", actor, note=note, data={"settled_as": "TMP-EMG"})


def check_and_cut(stage: Stage, case: Case) -> None:
    """The same, and part of the last bill is above the price that the insured place allows."""
    check_bills(stage, case)
    bill = Bill.objects.filter(claim_id=case.pk, removed=False).order_by("position").last()
    actor = stage.clerk(case, "first")
    cut = bill.total_fen // 4
    case = Case.objects.select_related("person", "account").get(pk=case.pk)
    decide_bill(case, bill, actor, Bill.Decision.CUT, reason="cut_over_price", amount=cut)


def pass_first(stage: Stage, case: Case) -> None:
    perform(case, "pass_first", stage.clerk(case, "first"))


def pass_second(stage: Stage, case: Case) -> None:
    perform(case, "pass_second", stage.clerk(case, "second"))


def reject(stage: Stage, case: Case) -> None:
    note = "示例：经核对，费用已由其他保险全额支付。"
    perform(case, "reject", stage.clerk(case, "second"), reason="other", note=note)


def approve(stage: Stage, case: Case) -> None:
    perform(case, "approve", stage.clerk(case, "supervisor"))


REVIEWED = (accept, check_bills, pass_first)
APPROVED = (*REVIEWED, pass_second, approve)


def scenes() -> list[Scene]:
    """Every state that comes about without the bank; the last claims are the newest."""
    hohhot = {"area": XINCHENG, "insurance": "310", "to": BEIJING}
    away = {"institution_name": "示例第一人民医院（北京）"}
    return [
        Scene(40, (2_350_000, 86_420), then=(accept, check_and_cut, *APPROVED[2:])),
        Scene(38, then=(*REVIEWED, reject)),
        Scene(35, (560_000,), then=(not_accept,)),
        Scene(30, (3_120_055,), then=(*REVIEWED, pass_second)),
        Scene(26, (980_000, 120_000), then=REVIEWED),
        Scene(20, then=(withdraw,)),
        Scene(16, (1_526_314,), then=(ask_correction,)),
        Scene(14, (730_000,), then=(accept,)),
        Scene(12, (1_100_000,), form="paper", then=APPROVED),
        Scene(9, (640_000,), outside=True, then=(accept,)),
        Scene(6, (526_314,), typed_more=4_000_000),
        Scene(4, (410_000, 52_000)),
        Scene(2, (880_000,), answers={"third_party": "yes"}),
        Scene(1, (300_000,), submit=False),
        Scene(22, (1_860_000,), answers=away, then=APPROVED, **hohhot),
        Scene(8, (950_000,), answers=away, then=REVIEWED, **hohhot),
        Scene(5, (275_000,), answers=away, then=(accept,), **hohhot),
        Scene(3, (1_340_000,), answers=away, **hohhot),
        # Decided in the month before, so that the reports have something to compare.
        Scene(190, (1_980_000, 240_000), then=(accept, check_and_cut, *APPROVED[2:])),
        Scene(160, (4_260_000,), then=APPROVED),
    ]
