"""The pages of registrations that are photographed, from the demonstration and a few drafts."""

from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from casework.demo.people import make_resident
from casework.models import Case
from registrations import service
from registrations.dossier import dossier_of
from residents.models import User
from tests.factories import LINXIANG

# A resident apart from those of the demonstration.
WRITER = 72
STATES = ("in_review", "correction", "approved", "rejected", "withdrawn")
STEPS = (
    ("insured", "参保地"),
    ("notice", "告知书"),
    ("hospital", "确诊医院"),
    ("treatment", "希望就诊的医院"),
    ("details", "确诊日期与联系方式"),
    ("proof", "材料"),
    ("check", "核对"),
)


def make_registrations() -> None:
    """The demonstration of registrations, once."""
    call_command("create_demo_registrations", verbosity=0)


def shots(next_step: Callable) -> Iterator[tuple]:
    """(name, who, address, act) of each picture of a resident."""
    writer = make_resident(WRITER, LINXIANG, "310")
    who = writer.account
    start = reverse("registrations:start")
    listed = f"{reverse('registrations:diseases')}?area={LINXIANG}&insurance=310"
    yield "认定：参保地", who, start, None
    yield "认定：选病种", who, listed, None
    yield "认定：病种没有选", who, listed, next_step
    case = _draft(writer)
    for slug, name in STEPS:
        yield f"认定：{name}", who, step(case, slug), None
    yield "认定：找医院", who, f"{step(case, 'hospital')}?q=人民医院", None
    yield "认定：没找到医院", who, f"{step(case, 'treatment')}?q=没有这家", None
    for slug, name in (("hospital", "确诊医院"), ("details", "确诊日期"), ("proof", "材料")):
        yield f"认定：{name}没有填", who, step(case, slug), next_step
    yield "认定：删除草稿", who, reverse("registrations:discard", args=[case.public_id]), None
    for status in STATES:
        shown = Case.objects.filter(kind="registration", status=status).order_by("pk")[0]
        address = reverse("registrations:record", args=[shown.public_id])
        yield f"认定记录：{status}", shown.account, address, None
    asked = Case.objects.filter(kind="registration", status="correction").order_by("pk")[0]
    address = reverse("registrations:correct", args=[asked.public_id])
    yield "认定：补正", asked.account, address, None
    yield "认定：补正没有改", asked.account, address, next_step
    yield "认定记录", asked.account, reverse("registrations:records"), None
    letter = Case.objects.filter(kind="registration", status="approved").order_by("pk")[0]
    form = letter.letters.get(kind="form")
    yield "打印认定表", letter.account, reverse("casework:letter_pages", args=[form.pk]), None
    yield "核验：认定表", None, reverse("verify", args=[form.token]), None


def on_the_desk() -> Iterator[tuple]:
    """(name, who, address) of each picture of the desk."""
    clerk = User.objects.get(username="hohhot-first")
    head = User.objects.get(username="hohhot-supervisor")
    cases = Case.objects.filter(kind="registration", city="150100").order_by("pk")
    for status in ("in_review", "approved"):
        address = reverse("admin:casework_case_change", args=[cases.filter(status=status)[0].pk])
        yield f"认定办件：{status}", clerk if status == "in_review" else head, address
    queue = reverse("admin:casework_case_changelist")
    yield "队列：认定", clerk, f"{queue}?kind=registration"


def step(case: Case, slug: str) -> str:
    """The address of a step of this case."""
    return f"/registrations/{case.public_id}/steps/{slug}/"


def _draft(writer) -> Case:
    case = service.start_registration(writer.account, writer.holding, "M03900")
    service.save(case, {"insured_area": LINXIANG, "insurance": "310"})
    text = dossier_of(case).notice
    read = {"key": text.key, "version": text.version.isoformat(), "sha256": text.sha256}
    service.save(case, {"notice": {**read, "read_at": timezone.now().isoformat()}})
    return case
