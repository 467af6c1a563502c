"""A kind of case for the tests of the house itself: three states and a clock."""

from casework import kinds
from casework.drafts import close_revision, give_number, reopen_revision
from casework.kinds import Kind
from casework.models import StaffProfile
from casework.notices import Contact, register_notices
from casework.perform import also_save
from casework.workflow import RESIDENT, SYSTEM, Transition, Workflow

CLERKS = frozenset({StaffProfile.Role.FIRST, StaffProfile.Role.SUPERVISOR})


def _submit(case, ctx):
    close_revision(case, ctx.now)
    give_number(case, ctx.now)
    also_save(case, "revision", "number", "documents_count")


def _ask(case, ctx):
    reopen_revision(case)


def _resubmit(case, ctx):
    close_revision(case, ctx.now)
    also_save(case, "revision", "documents_count")


def _take(case, ctx):
    case.assignee_id, case.assigned_at = ctx.actor.user.pk, ctx.now


WORKFLOW = Workflow(
    states={
        "draft": "草稿",
        "submitted": "已提交",
        "correction": "待补正",
        "approved": "已通过",
        "rejected": "未通过",
        "expired": "已到期",
    },
    open_states=frozenset({"submitted", "correction"}),
    waiting_for_staff=frozenset({"submitted"}),
    transitions=(
        Transition(
            "submit",
            "提交",
            ("draft",),
            "submitted",
            frozenset({RESIDENT}),
            "submitted",
            clock="start",
            effect=_submit,
            notice="toy",
        ),
        Transition("take", "领取", ("submitted",), None, CLERKS, "taken", effect=_take),
        Transition(
            "ask",
            "要求补正",
            ("submitted",),
            "correction",
            CLERKS,
            "asked",
            needs_reason=True,
            clock="pause",
            effect=_ask,
        ),
        Transition(
            "resubmit",
            "提交补正",
            ("correction",),
            "submitted",
            frozenset({RESIDENT}),
            "resubmitted",
            clock="resume",
            effect=_resubmit,
        ),
        Transition("approve", "通过", ("submitted",), "approved", CLERKS, "approved", clock="stop"),
        Transition(
            "expire",
            "到期",
            ("approved",),
            "expired",
            frozenset({SYSTEM}),
            "expired",
            notice="toy",
        ),
    ),
)

TOY = Kind(
    code="toy",
    label="示例事项",
    workflow=WORKFLOW,
    topics={},
    doubts={},
    document_labels={},
    review=lambda case: None,
    outline=lambda case, answers: [],
    documents=lambda case, answers: [],
    promised_days=lambda case: (20, 2),
    detail=lambda case: None,
    record_url=lambda case: f"/toy/{case.public_id}/",
    contact=lambda case: Contact(phone="", how="call"),
)


def register_toy():
    """Make the toy kind known, as an app does when it is ready."""
    kinds._KINDS.setdefault("toy", TOY)
    register_notices({"toy": "您的{matter}({number})有了进展。"})
