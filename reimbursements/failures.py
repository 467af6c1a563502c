"""What claims add to the summary of what failed: bills nobody could read, and money that did
not arrive."""

from datetime import datetime, timedelta

from casework.failures import JOB_WORDS, SOURCES, Places, counted
from casework.models import Attachment
from reimbursements.fields import BILL
from reimbursements.models import Payment, PaymentBatch

# A file is read within seconds of its upload; after this its reading is taken as failed.
READ_LATE = timedelta(hours=1)
# How far back the summary looks for files that were never read.
LOOK_BACK = timedelta(days=7)
WORDS = {
    "reimbursements.corrections": "报销补正提醒",
    "reimbursements.papers": "票据原件提醒",
    "reimbursements.escalation": "报销超时督办",
    "reimbursements.drafts": "报销草稿清理",
    "reimbursements.payments": "支付跟进",
    "reimbursements.recompute": "政策重算",
    "reimbursements.reports": "报销统计",
}


def unread_bills(since: datetime, now: datetime) -> Places:
    """Files of bills whose codes the worker should have read, and has not."""
    rows = Attachment.objects.filter(
        document=BILL,
        case__kind="claim",
        removed_in=None,
        bill_scan=None,
        created_at__gte=now - LOOK_BACK,
        created_at__lt=now - READ_LATE,
    )
    return counted(rows, "case__city", "case__county")


def refused_payments(since: datetime, now: datetime) -> Places:
    """Payments that the bank has sent back since the last summary."""
    rows = Payment.objects.filter(state=Payment.State.FAILED, done_at__gte=since)
    return counted(rows, "claim__case__city", "claim__case__county")


def unanswered_batches(since: datetime, now: datetime) -> Places:
    """Lists that went to the bank more than three days ago and are not answered."""
    rows = PaymentBatch.objects.filter(
        state=PaymentBatch.State.RELEASED, released_at__lt=now - timedelta(days=3)
    )
    return counted(rows, "area", "area")


def register_failures() -> None:
    """Make them part of the summary; safe when repeated."""
    JOB_WORDS.update(WORDS)
    for source in (
        ("{n} 个票据文件没有识别完成，请核对识别服务是否运行", unread_bills),
        ("银行退回 {n} 笔支付，等申请人更正账户", refused_payments),
        ("{n} 个支付批次发出满三天，银行没有回盘", unanswered_batches),
    ):
        if source not in SOURCES:
            SOURCES.append(source)
