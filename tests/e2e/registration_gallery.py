"""The pages of registrations for the pictures: from the demonstration, and a few drafts."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from casework.actors import Actor
from casework.demo.people import make_resident
from casework.demo.stage import sample_page
from casework.files import attach_bytes
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from registrations import service
from registrations.dossier import dossier_of
from registrations.missing import needed_groups
from residents.models import User
from tests.e2e.pictures import Shot, first, next_step
from tests.factories import LINXIANG

# Residents of the demonstration who have nothing else on these pages: one who writes, one who
# has nothing, one whose disease is registered for good.
WRITER, NOBODY, HOLDER = 72, 73, 74
KIND = "registration"
STATES = ("in_review", "correction", "approved", "rejected", "withdrawn")
STEPS = {
    "insured": "参保地",
    "notice": "告知书",
    "hospital": "确诊医院",
    "treatment": "希望就诊的医院",
    "details": "确诊日期与联系方式",
    "proof": "材料",
    "check": "核对",
}


def shots() -> Iterator[Shot]:
    """What residents see."""
    yield from _wizard()
    yield from _records()


def _wizard() -> Iterator[Shot]:
    writer = make_resident(WRITER, LINXIANG, "310")
    who = writer.account
    listed = f"{reverse('registrations:diseases')}?area={LINXIANG}&insurance=310"
    yield Shot("认定：在哪里参保", who, reverse("registrations:start"))
    yield Shot("认定：选病种", who, listed)
    yield Shot("认定：病种没有选", who, listed, next_step)
    case = _draft(writer)
    for slug, name in STEPS.items():
        yield Shot(f"认定：{name}", who, step(case, slug))
    yield Shot("认定：找医院", who, f"{step(case, 'hospital')}?q=人民医院")
    yield Shot("认定：想去的医院", who, f"{step(case, 'treatment')}?q=人民医院")
    yield Shot("认定：没找到医院", who, f"{step(case, 'treatment')}?q=没有这家")
    for slug, name in (("hospital", "确诊医院"), ("details", "确诊日期"), ("proof", "材料")):
        yield Shot(f"认定：{name}没有填", who, step(case, slug), next_step)
    base = f"/registrations/{case.public_id}/"
    yield Shot("认定：修改病种", who, f"{base}disease/")
    yield Shot("认定：删除草稿", who, f"{base}discard/")
    holder, stopped = _registered_for_good()
    yield Shot("认定：已经认定过", holder, step(stopped, "outcome"))


def _registered_for_good() -> tuple[User, Case]:
    """Somebody whose disease is registered, and the draft with which they try again."""
    holder = make_resident(HOLDER, LINXIANG, "310")
    if not Case.objects.filter(kind=KIND, account=holder.account, status="approved").exists():
        _register(holder)
    return holder.account, _draft(holder)


def _register(holder) -> None:
    case = _draft(holder)
    answers = {"hospital_name": "示例市第一人民医院", "diagnosed_on": "2026-03-09"}
    service.save(case, answers)
    for group in needed_groups(dossier_of(case)):
        attach_bytes(case, group[0], sample_page(group[0]), "示例.jpg", holder.account)
    service.submit_registration(case, Actor.resident(holder.account))
    case = review(Case.objects.get(pk=case.pk))
    perform(case, "approve", Actor.staff(User.objects.get(username="lincang-first")))


def _records() -> Iterator[Shot]:
    nobody = make_resident(NOBODY, LINXIANG, "310").account
    yield Shot("认定记录：空", nobody, reverse("registrations:records"))
    for status in STATES:
        case = first(kind=KIND, status=status)
        yield Shot(f"认定记录：{status}", case.account, record(case))
    asked = first(kind=KIND, status="correction")
    yield Shot("认定记录：列表", asked.account, reverse("registrations:records"))
    yield Shot("认定：补正", asked.account, f"{record(asked)}correct/")
    yield Shot("认定：补正没有改", asked.account, f"{record(asked)}correct/", next_step)
    wrong = _hospital_wrong()
    yield Shot("认定：补正医院", wrong.account, f"{record(wrong)}correct/hospital/")
    refused = first(kind=KIND, status="rejected")
    yield Shot("认定记录：复核", refused.account, f"{record(refused)}do/appeal/")
    yield Shot("认定记录：复核没有写", refused.account, f"{record(refused)}do/appeal/", next_step)
    approved = first(kind=KIND, status="approved")
    form = approved.letters.get(kind="form", revoked_at=None)
    pages = reverse("casework:letter_pages", args=[form.pk])
    yield Shot("打印认定表", approved.account, pages)
    yield Shot("核验：认定表", None, reverse("verify", args=[form.token]))


def _hospital_wrong() -> Case:
    """A case of which the clerk asks for another hospital."""
    found = Case.objects.filter(kind=KIND, status="correction")
    for case in found.order_by("pk"):
        if case.correction_items.filter(target="field:hospital", done_at=None).exists():
            return case
    case = Case.objects.filter(kind=KIND, status="in_review", city="530900").order_by("pk")[0]
    items = [{"target": "field:hospital", "reason_code": "other", "text": "请写医院全称"}]
    clerk = Actor.staff(User.objects.get(username="lincang-first"))
    return perform(case, "request_correction", clerk, data={"items": items, "due_days": 10})


def on_the_desk() -> Iterator[Shot]:
    """What staff see."""
    clerk = User.objects.get(username="hohhot-first")
    head = User.objects.get(username="hohhot-supervisor")
    for status, who in (("in_review", clerk), ("approved", head)):
        case = first(kind=KIND, status=status, city="150100")
        address = reverse("admin:casework_case_change", args=[case.pk])
        yield Shot(f"认定办件：{status}", who, address, desk=True)
    queue = reverse("admin:casework_case_changelist")
    yield Shot("队列：认定", clerk, f"{queue}?kind=registration", desk=True)


def step(case: Case, slug: str) -> str:
    """The address of a step of this case."""
    return f"/registrations/{case.public_id}/steps/{slug}/"


def record(case: Case) -> str:
    """The address of the record of this case."""
    return reverse("registrations:record", args=[case.public_id])


def _draft(writer) -> Case:
    case = service.start_registration(writer.account, writer.holding, "M03900")
    service.save(case, {"insured_area": LINXIANG, "insurance": "310"})
    text = dossier_of(case).notice
    read = {"key": text.key, "version": text.version.isoformat(), "sha256": text.sha256}
    service.save(case, {"notice": {**read, "read_at": timezone.now().isoformat()}})
    return case
