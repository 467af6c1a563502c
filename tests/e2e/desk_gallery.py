"""The desk as clerks and supervisors see it: queue, case pages and what follows from them, the
counter, messages, the records of jobs; each also where there is nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from casework.actors import Actor
from casework.failures import tell_failures
from casework.jobs import run_job
from casework.models import Case, JobRun, Notice
from casework.perform import perform
from reimbursements.bills.documents import HANDED_IN
from reimbursements.dossier import dossier_of
from reimbursements.service import save, start_claim, submit_at_counter
from residents.models import User
from tests.e2e.pictures import Shot, draw, first, next_step, press
from tests.factories import (
    CHENGDU,
    EnrolmentFactory,
    PersonFactory,
    StaffFactory,
    add_document,
    clerk,
)
from tests.reimbursements.claims.factories import ANSWERS, act, bill, bills_of

# An agency in which nothing has happened yet: its pages are empty.
EMPTY = CHENGDU
QUEUE = "/admin/casework/case/"
WORDS = "示例：请按出院记录写清楚"
# What is photographed of the two agencies of the demonstration.
FILINGS = ("in_review", "correction", "approved", "rejected")
CLAIMS = ("intake", "first_review", "second_review", "approval", "payable", "payment_failed")


def user(name: str) -> User:
    """A member of staff by user name."""
    return User.objects.get(username=name)


def make_desk() -> None:
    """An agency without cases, claims entered at the counter, jobs that failed, messages."""
    for role in ("first", "finance", "supervisor"):
        made = StaffFactory(username=f"empty-{role}", name="示例空机构")
        clerk(role, EMPTY, user=made)
    _counter_claims(user("lincang-first2"))
    _assign(user("lincang-supervisor"), user("lincang-first"))
    now = timezone.now()
    for name, state, detail, minutes in (
        ("casework.sweep", JobRun.State.DONE, "", 1),
        (
            "filings.expiry",
            JobRun.State.FAILED,
            "数据库连接中断，下次从中断处继续",
            50,
        ),
        ("casework.statistics", JobRun.State.LOST, "进程中断，没有写下结果", 300),
    ):
        ended = now - timedelta(minutes=minutes - 1)
        started = now - timedelta(minutes=minutes)
        JobRun.objects.create(
            name=name, state=state, started_at=started, ended_at=ended, done=128, detail=detail
        )
    JobRun.objects.create(name="casework.digest", started_at=now)
    run_job("casework.tidy", lambda run: run.tick(done=3))
    tell_failures(now)
    _by_hand(first(status="in_review", city="530900"))


def _counter_claims(entrant: User) -> None:
    """One that is being entered, one that is to be corrected."""
    for name in ("刀示例", "字示例"):
        person = PersonFactory()
        EnrolmentFactory(id_number=person.id_number, name=name, phone="", insurance="390")
        entry = {"caller": "present", "note": "", "proxy": None}
        case = start_claim(
            entrant, None, person=person, channel="counter", counter=entry, name=name
        )
        bills = [bill("3200.00", payer=name), bill("480.00", payer=name, form="paper")]
        posted = {"contact_how": "post", "address": "云南省临沧市示例路 1 号"}
        save(case, {**ANSWERS, **posted, "bank_holder": name, "bills": bills})
        for group in dossier_of(case).needed:
            if not set(group) <= HANDED_IN:
                add_document(case, group[-1])
        draw([case])
    case = submit_at_counter(case, entrant)
    items = [
        {"target": "field:diagnosis", "reason_code": "other", "text": WORDS},
        {"target": "field:bills", "reason_code": "other", "text": "示例：第二张的金额与票面不一致"},
    ]
    clerk_here = Actor.staff(user("lincang-first"))
    act(case, "request_correction", clerk_here, data={"items": items, "due_days": 10})


def _assign(head: User, to: User) -> None:
    case = first(status="in_review", city="530900", assignee=None)
    perform(case, "assign", Actor.staff(head), data={"assignee": to.pk})


def _by_hand(case: Case) -> None:
    """What a clerk is to tell by telephone, by post, and since the message did not arrive."""
    text = "您的异地就医备案需要补正：请在 10 个工作日内补交居住证明；逾期未补正的，视为撤回申请。"
    rows = (("call", "waiting"), ("post", "waiting"), ("sms", "failed"))
    for number, (channel, state) in enumerate(rows):
        Notice.objects.create(
            case=case,
            channel=channel,
            state=state,
            template="gallery",
            text=text,
            dedupe_key=f"gallery-{number}",
        )


def change(case: Case) -> str:
    """The case page."""
    return reverse("admin:casework_case_change", args=[case.pk])


def shots() -> Iterator[Shot]:
    """Every picture of the desk."""
    clerk_here, head = user("hohhot-first"), user("hohhot-supervisor")
    yield from _doors(clerk_here)
    yield from _queue(clerk_here)
    yield from _cases(clerk_here)
    yield from _claims(user("lincang-first"))
    yield from _counters()
    yield from _messages()
    yield Shot("主管首页", head, f"{QUEUE}supervise/", desk=True)
    yield Shot("主管首页：空", user("empty-supervisor"), f"{QUEUE}supervise/", desk=True)
    yield Shot("导出", head, f"{QUEUE}export/", desk=True)
    yield Shot("导出：没有写理由", head, f"{QUEUE}export/", _export_whole, desk=True)
    yield from _jobs(user("hohhot-sysadmin"))


def _doors(who: User) -> Iterator[Shot]:
    login = reverse("account_login")
    yield Shot("工作人员登录", None, login, desk=True)
    yield Shot("工作人员登录：没有填", None, login, next_step, desk=True)
    yield Shot("工作人员退出", who, reverse("account_logout"), desk=True)
    yield Shot("两步验证", who, reverse("mfa_index"), desk=True)
    yield Shot("两步验证：登记设备", who, reverse("mfa_activate_totp"), desk=True)
    password = reverse("admin:password_change")
    yield Shot("修改密码", who, password, desk=True)
    yield Shot("修改密码：改好了", who, reverse("admin:password_change_done"), desk=True)


def _queue(who: User) -> Iterator[Shot]:
    yield Shot("队列", who, QUEUE, desk=True)
    yield Shot("队列：全部", who, f"{QUEUE}?tab=all", desk=True)
    yield Shot("队列：没找到", who, f"{QUEUE}?destination=999999", desk=True)
    yield Shot("队列：空", user("empty-first"), QUEUE, desk=True)
    yield Shot("队列：主管看全部", user("lincang-supervisor"), f"{QUEUE}?tab=all", desk=True)
    yield Shot("批量办理结果", user("lincang-supervisor"), QUEUE, _bulk_approve, desk=True)


def _bulk_approve(page) -> None:
    for box in page.locator("input[name=pk]").all()[:6]:
        box.check()
    press("批量通过")(page)


def _cases(who: User) -> Iterator[Shot]:
    for status in FILINGS:
        case = first(kind="filing", status=status, city="150100")
        yield Shot(f"办件：{status}", who, change(case), desk=True)
    doubtful = first(status="in_review", city="530900")
    lincang = user("lincang-first")
    yield Shot("办件：有疑点", lincang, change(doubtful), desk=True)
    yield Shot("办件：要求补正没有列", lincang, change(doubtful), _ask_nothing, desk=True)
    yield Shot("办件：要求补正先看", lincang, change(doubtful), _ask_one, desk=True)
    yield Shot("办件：查看完整号码", lincang, change(doubtful), _reveal, desk=True)


def _open_action(page, name: str):
    form = page.locator(f"form[action*='/{name}/']").last
    folded = form.locator("xpath=ancestor::details[not(@open)][1]")
    if folded.count():
        folded.first.locator("> summary").click()
    return form


def _send(page, form) -> None:
    with page.expect_navigation():
        form.locator("button[type=submit]").last.click()


def _ask_nothing(page) -> None:
    _send(page, _open_action(page, "request_correction"))


def _ask_one(page) -> None:
    form = _open_action(page, "request_correction")
    box = form.locator("input[name=target]").first
    target = box.get_attribute("value")
    box.check()
    form.locator(f"select[name='reason-{target}']").select_option("other")
    form.locator(f"input[name='text-{target}']").fill(WORDS)
    _send(page, form)


def _reveal(page) -> None:
    form = _open_action(page, "reveal/id_number")
    form.locator("[name=why]").fill("核对身份证件")
    _send(page, form)


def _claims(who: User) -> Iterator[Shot]:
    for status in CLAIMS:
        claims = Case.objects.filter(kind="claim", status=status, city="530900").order_by("pk")
        if claims:
            yield Shot(f"报销：{status}", who, change(claims[0]), desk=True)
    claim = first(kind="claim", status="first_review", city="530900")
    yield Shot("报销：核减没有写", who, change(claim), _cut_nothing, desk=True)


def _cut_nothing(page) -> None:
    """Part of a bill is not accepted, without an amount and a reason."""
    with page.expect_navigation():
        page.locator("button[formaction*=cut_bill]").first.click()


def _counters() -> Iterator[Shot]:
    who = user("lincang-first2")
    for name, address in (("窗口代录", "/filings/counter/"), ("手工报销代录", "/claims/counter/")):
        yield Shot(name, who, address)
        yield Shot(f"{name}：没有填", who, address, next_step)
        yield Shot(f"{name}：空", user("empty-first"), address)
    mine = Case.objects.filter(created_by=who, kind="claim")
    draft, asked = mine.get(status="draft"), mine.get(status="correction")
    steps = ("why", "insured", "place", "stay", "bills", "documents", "account", "check")
    for slug in steps:
        yield Shot(f"手工报销代录：{slug}", who, f"/claims/{draft.public_id}/steps/{slug}/")
    yield Shot(
        "手工报销代录：一张票据",
        who,
        f"/claims/{asked.public_id}/correct/bills/{bills_of(asked)[0].key}/",
    )
    yield Shot("手工报销代录：补正", who, f"/claims/{asked.public_id}/correct/")


def _messages() -> Iterator[Shot]:
    inbox, tasks = f"{QUEUE}messages/", reverse("admin:casework_notice_changelist")
    yield Shot("工作人员消息", user("lincang-supervisor"), inbox, desk=True)
    yield Shot("工作人员消息：分派", user("lincang-first"), inbox, desk=True)
    yield Shot("工作人员消息：空", user("empty-first"), inbox, desk=True)
    yield Shot("回访与邮寄", user("lincang-first"), tasks, desk=True)
    yield Shot("回访与邮寄：空", user("empty-first"), tasks, desk=True)


def _export_whole(page) -> None:
    """Whole names and numbers are asked for, without a reason."""
    page.locator("input[type=radio][value=whole]").check()
    press("导出")(page)


def _jobs(root: User) -> Iterator[Shot]:
    jobs = reverse("admin:casework_jobrun_changelist")
    failed = JobRun.objects.filter(state=JobRun.State.FAILED).order_by("pk")[0]
    yield Shot("任务记录", root, jobs, desk=True)
    yield Shot("任务记录：失败的", root, f"{jobs}?state__exact=failed", desk=True)
    yield Shot("任务记录：没有", root, f"{jobs}?name=nothing", desk=True)
    page = reverse("admin:casework_jobrun_change", args=[failed.pk])
    yield Shot("任务记录：一次", root, page, desk=True)
    yield Shot("系统维护", root, "/admin/?tables", desk=True)
