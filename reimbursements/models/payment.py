"""What is paid beyond or besides the computed figure, and how it reaches the bank. Fen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reimbursements.models.account import Settlement
from reimbursements.models.claim import Claim
from residents.crypto import EncryptedTextField


class Adjustment(models.Model):
    """A manual change of what a claim pays, by one person and confirmed by another.

    The computed figure stays in its settlement. `settlement` is the one it was paid with.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DROPPED = "dropped", "已作废"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="adjustments")
    amount_fen = models.BigIntegerField("调整金额")
    reason = EncryptedTextField("理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("提出时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField("确认时间", null=True)
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, null=True, related_name="adjustments"
    )

    class Meta:
        verbose_name = "人工调整"
        verbose_name_plural = "人工调整"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="adjustment_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(approved_by__isnull=False),
                name="confirmed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="adjustment_of_something"),
        ]

    def __str__(self) -> str:
        return f"调整 {self.pk}"


class PaymentBatch(models.Model):
    """A list for the bank: made by one person, released by another."""

    class State(models.TextChoices):
        DRAFT = "draft", "待复核"
        RELEASED = "released", "已发出"
        ANSWERED = "answered", "银行已回盘"
        CANCELLED = "cancelled", "已作废"

    number = models.CharField("批次号", max_length=32, unique=True)
    area = models.CharField("参保统筹区", max_length=6)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    count = models.PositiveIntegerField("笔数", default=0)
    total_fen = models.BigIntegerField("合计", default=0)
    file_sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("制单时间")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField("发出时间", null=True)
    answered_at = models.DateTimeField("回盘时间", null=True)

    class Meta:
        verbose_name = "支付批次"
        verbose_name_plural = "支付批次"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("made_by")),
                name="batch_by_two",
            )
        ]
        indexes = [models.Index(fields=["area", "-id"], name="batch_of_area")]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One amount to one account. Money to be got back is a row of its own, with a minus.

    `live` while it is on a list that the bank has not answered: a claim is on one at most.
    What comes back of a recovery that is due, whole or in part, is a further row each, with a
    minus, that points at it by `recovers`; only those count as got back. No amount is edited.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "支付"
        RECOVERY = "recovery", "追回"

    class State(models.TextChoices):
        WAITING = "waiting", "待支付"
        SENT = "sent", "已送银行"
        PAID = "paid", "已支付"
        FAILED = "failed", "未成功"
        CANCELLED = "cancelled", "已作废"
        DUE = "due", "待追回"
        MET = "met", "已全部追回"
        RECOVERED = "recovered", "已收到退款"

    class How(models.TextChoices):
        TRANSFER = "transfer", "银行转账"
        CASH = "cash", "现金缴款"
        CARD = "card", "刷卡或扫码"
        OTHER = "other", "其他"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="payments")
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, related_name="payments")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices, default=Kind.PAYMENT)
    amount_fen = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    live = models.BooleanField(default=False)
    holder = EncryptedTextField("户名", blank=True, default="")
    number = EncryptedTextField("银行账号", blank=True, default="")
    bank_name = EncryptedTextField("开户银行", blank=True, default="")
    tail = models.CharField("账号后四位", max_length=4, blank=True)
    failed_because = models.CharField("失败原因", max_length=200, blank=True)
    recovers = models.ForeignKey("self", models.PROTECT, null=True, related_name="receipts")
    how = models.CharField("追回方式", max_length=8, choices=How.choices, blank=True)
    receipt_number = models.CharField("收款凭证号", max_length=40, blank=True)
    received_on = models.DateField("到账日期", null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField("时间")
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "支付"
        verbose_name_plural = "支付"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(live=True), name="one_live_payment_per_claim"
            ),
            models.CheckConstraint(
                condition=Q(kind="payment", amount_fen__gt=0)
                | Q(kind="recovery", amount_fen__lt=0),
                name="recovery_is_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="recovered")
                | Q(kind="recovery", recovers__isnull=False, received_on__isnull=False),
                name="recovered_says_of_what",
            ),
            models.UniqueConstraint(
                fields=["recovers", "receipt_number"],
                condition=Q(state="recovered"),
                name="receipt_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "id"],
                condition=Q(kind="recovery", recovers=None),
                name="recovery_by_state",
            )
        ]

    def __str__(self) -> str:
        return f"支付 {self.pk}"
