"""The tables that are Django's own pages in our colours, for whoever keeps them."""

from collections.abc import Iterator

from django.urls import reverse

from casework.models import Reason, StaffProfile, Workday
from facilities.models import Agency, Disease, Division, Institution, PoolingArea
from residents.models import AccessLog, User
from tests.e2e.desk_gallery import change, user
from tests.e2e.pictures import Shot, first

ROOT, HEAD, AUDITOR = "hohhot-sysadmin", "hohhot-supervisor", "hohhot-auditor"
# Model, who keeps it, and which of its pages there are.
TABLES = (
    (PoolingArea, ROOT, "list change history"),
    (Division, ROOT, "list change history"),
    (Disease, ROOT, "list change history"),
    (Agency, ROOT, "list add change history"),
    (Institution, ROOT, "list change history"),
    (StaffProfile, ROOT, "list add change history"),
    (Workday, ROOT, "list add change history"),
    (User, ROOT, "list add"),
    (Reason, HEAD, "list add change history"),
    (AccessLog, AUDITOR, "list"),
)
WORDS = {"list": "列表", "add": "新建", "change": "一条", "history": "历史"}


def make_stock() -> None:
    """A day that differs from the national table, the one thing that nobody has written yet."""
    Workday.objects.get_or_create(day="2026-12-31", defaults={"working": True, "note": "示例调休"})


def shots() -> Iterator[Shot]:
    """Every page of every table, and what is refused."""
    for model, name, pages in TABLES:
        who, base = user(name), f"admin:{model._meta.label_lower.replace('.', '_')}"
        row = model.objects.order_by("pk").first()
        for page in pages.split():
            args = [row.pk] if page in ("change", "history") else []
            kind = {"list": "changelist"}.get(page, page)
            address = reverse(f"{base}_{kind}", args=args)
            yield Shot(f"{model._meta.verbose_name}：{WORDS[page]}", who, address, desk=True)
        if "add" in pages:
            shot = f"{model._meta.verbose_name}：没有填"
            yield Shot(shot, who, reverse(f"{base}_add"), _save, desk=True)
    yield from _frame()


def _save(page) -> None:
    page.locator("input[name=_save], button[name=_save]").first.click()
    page.wait_for_load_state()


def _frame() -> Iterator[Shot]:
    """The pages around the tables."""
    root = user(ROOT)
    yield Shot(
        "系统维护：一个应用", root, reverse("admin:app_list", args=["facilities"]), desk=True
    )
    yield Shot("系统维护：没有这一页", root, "/admin/nothing-here/", desk=True)
    job = reverse("admin:casework_jobrun_history", args=[1])
    yield Shot("任务记录：历史", root, job, desk=True)
    day = reverse("admin:casework_workday_delete", args=["2026-12-31"])
    yield Shot("工作日调整：删除", root, day, desk=True)
    elsewhere = first(status="in_review", city="530900")
    yield Shot("不在经办范围", user("hohhot-first"), change(elsewhere), desk=True)
    yield Shot("没有权限", user("hohhot-first"), "/admin/casework/jobrun/", desk=True)
