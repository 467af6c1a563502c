"""What happened in the demonstration: a dozen registrations, in the states that people meet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from casework.actors import Actor
from casework.demo.people import LINCANG, LINXIANG, XINCHENG, Resident, make_resident
from casework.demo.stage import on_day, sample_page
from casework.files import attach_bytes
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from registrations import service
from registrations.dossier import dossier_of
from registrations.missing import needed_groups
from residents.models import User

# The residents of this demonstration, apart from those of filings and claims.
FIRST_RESIDENT = 110


@dataclass
class Scene:
    """One case: who, when, which disease, and what became of it."""

    days_ago: int
    disease: str
    area: str = LINXIANG
    insurance: str = "310"
    then: tuple[Callable, ...] = ()
    submit: bool = True
    known: bool = True  # False: not in the register, so that a clerk must compare


class Stage:
    """Makes scenes into cases."""

    def __init__(self, now: datetime):
        self.now = now
        self.clerks = {user.username: user for user in User.objects.filter(is_staff=True)}
        self.made = 0

    def clerk(self, case: Case, word: str = "first") -> Actor:
        """The clerk of the case's agency with this role."""
        prefix = "lincang" if case.city == LINCANG else "hohhot"
        return Actor.staff(self.clerks[f"{prefix}-{word}"])

    def play(self, scene: Scene) -> Case:
        """Tell one scene from its first answer to its end."""
        number = FIRST_RESIDENT + self.made
        resident = make_resident(number, scene.area, scene.insurance, known=scene.known)
        self.made += 1
        moment = self.now - timedelta(days=scene.days_ago, hours=self.made % 6)
        with on_day(moment):
            case = self._apply(scene, resident)
        for number, act in enumerate(scene.then, start=1):
            later = moment + (self.now - moment) * number / (len(scene.then) + 1)
            with on_day(later):
                act(self, Case.objects.select_related("person", "account").get(pk=case.pk))
        return case

    def _apply(self, scene: Scene, resident: Resident) -> Case:
        account, holding = resident.account, resident.holding
        case = service.start_registration(account, holding, scene.disease)
        diagnosed = timezone.localdate() - timedelta(days=40)
        service.save(
            case,
            {
                "insured_area": scene.area,
                "insurance": scene.insurance,
                "hospital_name": "示例市第一人民医院",
                "treatment_asked": True,
                "diagnosed_on": diagnosed.isoformat(),
                "contact_how": "sms",
                "address": "示例路 1 号",
            },
        )
        if not scene.submit:
            return case
        text = dossier_of(case).notice
        read = {"key": text.key, "version": text.version.isoformat(), "sha256": text.sha256}
        service.save(case, {"notice": {**read, "read_at": timezone.now().isoformat()}})
        for group in needed_groups(dossier_of(case)):
            attach_bytes(case, group[0], sample_page(group[0]), "示例材料.jpg", account)
        service.submit_registration(case, Actor.resident(account))
        return review(Case.objects.get(pk=case.pk))


# --- what may become of a case ---------------------------------------------------------


def take(stage: Stage, case: Case) -> None:
    perform(case, "take", stage.clerk(case))


def approve(stage: Stage, case: Case) -> None:
    perform(case, "approve", stage.clerk(case), data={"identity": "on"})


def reject(stage: Stage, case: Case) -> None:
    note = "示例：检查报告没有达到这个病种的认定条件。"
    perform(case, "reject", stage.clerk(case), reason="other", note=note)


def appeal(stage: Stage, case: Case) -> None:
    perform(case, "appeal", Actor.resident(case.account), note="示例：补做了检查，附上新报告。")


def ask_correction(stage: Stage, case: Case) -> None:
    items = [
        {
            "target": "document:exam_report",
            "reason_code": "other",
            "text": "报告照片模糊，请重新拍摄，写有姓名和日期的一页也要拍。",
        },
        {"target": "field:address", "reason_code": "other", "text": "联系地址请写到门牌号。"},
    ]
    data = {"items": items, "due_days": "10"}
    perform(case, "request_correction", stage.clerk(case), data=data)


def resubmit(stage: Stage, case: Case) -> None:
    attach_bytes(case, "exam_report", sample_page("exam_report"), "重拍.jpg", case.account)
    service.save(case, {"address": "示例路 2 号院 3 单元 401"})
    perform(case, "resubmit", Actor.resident(case.account))


def withdraw(stage: Stage, case: Case) -> None:
    perform(case, "withdraw", Actor.resident(case.account))


NORTH = {"area": XINCHENG}


def scenes() -> list[Scene]:
    """Every state that people meet: in the queue, asked, answered, decided, over."""
    return [
        Scene(0, "M03900"),
        Scene(2, "M01600", insurance="390", known=False),
        Scene(4, "M00500", **NORTH, then=(take,)),
        Scene(6, "M04600", **NORTH, then=(ask_correction,)),
        Scene(9, "M05300", **NORTH, then=(ask_correction, resubmit)),
        Scene(15, "M03900", then=(approve,)),
        Scene(30, "M07800", **NORTH, then=(approve,)),
        Scene(350, "M00200", **NORTH, then=(approve,)),
        Scene(20, "M06900", then=(reject,)),
        Scene(12, "M07200", **NORTH, then=(reject, appeal)),
        Scene(3, "M01600", **NORTH, then=(withdraw,)),
        Scene(1, "M03900", **NORTH, insurance="390", submit=False),
    ]
