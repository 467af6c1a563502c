"""What happened in the demonstration: some sixty cases, in every state of the table."""

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
from casework.signature import Signature
from filings import service
from filings.decision import FactsError
from filings.dossier import dossier_of
from filings.review import review
from residents.models import User

CHENGDU, BEIJING, CHONGQING, SHANGHAI = "510100", "110000", "500000", "310000"
DOCUMENT_OF = {"LT-RES": "residence_permit", "LT-WRK": "labour_contract"}


@dataclass
class Scene:
    """One case: who, when, what, and what became of it."""

    days_ago: int
    category: str = "TMP-OTH"
    area: str = LINXIANG
    insurance: str = "310"
    to: str = CHENGDU
    answers: dict | None = None
    proof: str = "none"
    then: tuple[Callable, ...] = ()
    submit: bool = True
    known: bool = True  # False: not in the register, so that a clerk must look


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
        resident = make_resident(self.made, scene.area, scene.insurance, known=scene.known)
        self.made += 1
        moment = self.now - timedelta(days=scene.days_ago, hours=self.made % 6)
        with on_day(moment):
            case = self._file(scene, resident)
        for number, act in enumerate(scene.then, start=1):
            later = moment + (self.now - moment) * number / (len(scene.then) + 1)
            if act in BY_THE_CLOCK:
                later = self.now - timedelta(hours=1)
            with on_day(later):
                act(self, Case.objects.select_related("person", "account").get(pk=case.pk))
        return case

    def _file(self, scene: Scene, resident: Resident) -> Case:
        account, holding = resident.account, resident.holding
        case = service.start_filing(account, account, holding.person, holding, scene.category)
        today = timezone.localdate().isoformat()
        answers = {
            "insured_area": scene.area,
            "insurance": scene.insurance,
            "destination": scene.to,
            "destination_pick": scene.to,
            "care": "inpatient",
            "start": today,
            "contact_how": "sms",
            "address": "示例路 1 号",
            "proof": scene.proof,
            **(scene.answers or {}),
        }
        service.save(case, answers)
        if not scene.submit:
            return case
        text = service.notice_text(answers)
        if text:
            read = {"key": text.key, "version": text.version.isoformat(), "sha256": text.sha256}
            service.save(case, {"notice": {**read, "read_at": timezone.now().isoformat()}})
        if scene.proof == "promise":
            signature = Signature(kind="typed", png=None, text=holding.name)
            service.sign_promise(case, signature, account)
        if scene.proof == "documents" or not scene.known:
            self._upload(case, account)
        service.submit_filing(case, Actor.resident(account))
        return review(Case.objects.get(pk=case.pk))

    def _upload(self, case: Case, account) -> None:
        try:
            groups = dossier_of(case).needed
        except FactsError:
            groups = ()
        for group in groups:
            attach_bytes(case, group[0], sample_page(group[0]), "示例材料.jpg", account)


# --- what may become of a case ---------------------------------------------------------


def take(stage: Stage, case: Case) -> None:
    perform(case, "take", stage.clerk(case))


def approve(stage: Stage, case: Case) -> None:
    perform(case, "approve", stage.clerk(case), data={"identity": "on"})


def reject(stage: Stage, case: Case) -> None:
    note = "示例：材料显示的居住地与申请的就医地不一致。"
    perform(case, "reject", stage.clerk(case), reason="other", note=note)


def ask_correction(stage: Stage, case: Case) -> None:
    items = [
        {
            "target": "document:residence_permit",
            "reason_code": "other",
            "text": "照片模糊，请重新拍摄居住证正反面。",
        },
        {"target": "field:address", "reason_code": "other", "text": "联系地址请写到门牌号。"},
    ]
    data = {"items": items, "due_days": "10"}
    perform(case, "request_correction", stage.clerk(case), reason="other", data=data)


def resubmit(stage: Stage, case: Case) -> None:
    attach_bytes(case, "residence_permit", sample_page("residence"), "重拍.jpg", case.account)
    service.save(case, {"address": "示例路 2 号院 3 单元 401"})
    perform(case, "resubmit", Actor.resident(case.account))


def withdraw(stage: Stage, case: Case) -> None:
    perform(case, "withdraw", Actor.resident(case.account))


def cancel(stage: Stage, case: Case) -> None:
    perform(case, "cancel", Actor.resident(case.account))


def appeal(stage: Stage, case: Case) -> None:
    note = "示例：居住证已换新，附上新证。"
    perform(case, "appeal", Actor.resident(case.account), note=note)


def expire(stage: Stage, case: Case) -> None:
    perform(case, "expire", Actor.system())


def lapse(stage: Stage, case: Case) -> None:
    perform(case, "lapse", Actor.system())


# Written by a job on the day it is due, not halfway.
BY_THE_CLOCK = (expire, lapse)


def end_by_move(stage: Stage, case: Case) -> None:
    data = {"end_reason": "moved", "ended_on": timezone.localdate().isoformat()}
    actor = stage.clerk(case)
    perform(case, "end", actor, reason="other", note="示例：参保关系已转出。", data=data)


def announce_revocation(stage: Stage, case: Case) -> None:
    answer_by = (timezone.localdate() + timedelta(days=5)).isoformat()
    perform(
        case,
        "announce_revocation",
        stage.clerk(case, "supervisor"),
        reason="other",
        note="示例：承诺的居住情况经核实不属实。",
        data={"answer_by": answer_by},
    )


def revoke(stage: Stage, case: Case) -> None:
    perform(
        case,
        "revoke",
        stage.clerk(case, "supervisor"),
        reason="other",
        note="示例：告知期满，未收到陈述申辩。",
    )


def hand_in(stage: Stage, case: Case) -> None:
    service.begin_supply(case)
    attach_bytes(case, "residence_permit", sample_page("residence"), "补交.jpg", case.account)
    perform(case, "hand_in", Actor.resident(case.account))


def file_elsewhere(stage: Stage, case: Case) -> None:
    """Another filing of the same person, which takes the place of this one."""
    account, holding = case.account, dossier_of(case).holding
    again = service.file_again(case, account, account, holding)
    service.save(again, {"destination": CHONGQING, "destination_pick": CHONGQING})
    text = service.notice_text(service.answers_now(again))
    service.save(
        again,
        {
            "start": timezone.localdate().isoformat(),
            "proof": "none",
            "notice": {"key": text.key, "sha256": text.sha256, "read_at": "示例"},
        },
    )
    service.submit_filing(again, Actor.resident(account))
    review(Case.objects.get(pk=again.pk))


NORTH = {"area": XINCHENG, "to": BEIJING}
LONG = {**NORTH, "category": "LT-RES"}
IN_HOSPITAL = {"in_hospital": True}


def scenes(now: datetime) -> list[Scene]:
    """Every state of the table, and enough of the usual ones to fill a queue."""
    stay_from = timezone.localdate(now - timedelta(days=1)).isoformat()
    leave_on = timezone.localdate(now + timedelta(days=3)).isoformat()
    stay = {**IN_HOSPITAL, "admitted_on": stay_from, "expected_discharge": leave_on}
    return [
        # 临沧: opened at once
        *[Scene(days) for days in (1, 3, 9, 20, 34, 48, 61, 75)],
        *[Scene(days, insurance="390", to=SHANGHAI) for days in (2, 6, 15, 29, 43)],
        *[Scene(days, category="LT-WRK", proof="promise") for days in (4, 18, 52)],
        Scene(66, then=(cancel,)),
        Scene(110, then=(expire,)),
        Scene(130, then=(expire,)),
        Scene(40, then=(file_elsewhere,)),
        Scene(25, category="LT-WRK", proof="promise", then=(end_by_move,)),
        # 临沧: not opened, since the register does not know the person
        *[Scene(days, known=False) for days in (0, 1, 2)],
        Scene(1, category="LT-WRK", proof="promise", known=False),
        # 呼和浩特: the queue, with every colour
        *[Scene(days, **LONG, proof="documents") for days in (0, 0, 1, 1, 2, 3, 4, 6)],
        *[Scene(days, **LONG, proof="promise") for days in (0, 1, 2, 5)],
        *[Scene(days, **NORTH) for days in (0, 1, 1, 3)],
        *[Scene(days, **NORTH, insurance="390") for days in (0, 2)],
        Scene(0, **NORTH, answers={**stay, "start": stay_from}),
        Scene(0, **LONG, proof="promise", answers={**stay, "start": stay_from}),
        *[Scene(2, **LONG, proof="documents", then=(take,)) for _ in range(2)],
        # 呼和浩特: asked, answered, decided
        Scene(5, **LONG, proof="documents", then=(ask_correction,)),
        Scene(7, **NORTH, then=(ask_correction,)),
        Scene(8, **LONG, proof="documents", then=(ask_correction, resubmit)),
        Scene(40, **LONG, proof="documents", then=(ask_correction, lapse)),
        *[Scene(days, **LONG, proof="documents", then=(approve,)) for days in (9, 16, 33)],
        *[Scene(days, **NORTH, then=(approve,)) for days in (10, 22, 50)],
        Scene(12, **LONG, proof="promise", then=(approve,)),
        Scene(30, **LONG, proof="promise", then=(approve, hand_in)),
        Scene(11, **LONG, proof="documents", then=(reject,)),
        Scene(14, **LONG, proof="documents", then=(reject, appeal)),
        Scene(6, **NORTH, then=(withdraw,)),
        Scene(60, **NORTH, then=(approve, cancel)),
        Scene(90, **LONG, proof="documents", then=(approve, announce_revocation, revoke)),
        # Not submitted yet
        Scene(1, submit=False),
        Scene(2, **LONG, proof="documents", submit=False),
    ]
