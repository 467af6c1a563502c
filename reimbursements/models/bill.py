"""Bills of a claim, their lines, what was decided of them, and where the paper is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models import Revision
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.models.claim import Claim, choices
from residents.crypto import EncryptedTextField


class Bill(models.Model):
    """One bill of a claim. Amounts in fen; None where the resident did not know.

    `code_norm` and `number_norm` are the normal form (reimbursements.bills.numbers) by which
    a bill is recognised in any claim. `alive` follows the status of the case: while it is
    True no other claim may bring the same bill.
    """

    class Decision(models.TextChoices):
        OPEN = "open", "未审"
        ACCEPTED = "accepted", "认可"
        CUT = "cut", "核减"

    class Paper(models.TextChoices):
        NOT_NEEDED = "not_needed", "不需要原件"
        AWAITED = "awaited", "待收原件"
        RECEIVED = "received", "已收原件"
        KEPT = "kept", "已归档"
        RETURNED = "returned", "已退回原件"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="bills")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    form = models.CharField("形式", max_length=8, choices=choices(BILL_FORMS))
    kind = models.CharField("票据种类", max_length=8, choices=choices(BILL_KINDS))
    code = models.CharField("票据代码", max_length=40, blank=True)
    number = models.CharField("票据号码", max_length=40, blank=True)
    check_code = models.CharField("校验码", max_length=40, blank=True)
    code_norm = models.CharField(max_length=40, blank=True)
    number_norm = models.CharField(max_length=40, blank=True)
    date = models.DateField("开票日期", null=True)
    payer = EncryptedTextField("交款人", blank=True, default="")
    total_fen = models.BigIntegerField("金额")
    own_expense_fen = models.BigIntegerField("全自费", null=True)
    over_limit_fen = models.BigIntegerField("超限价", null=True)
    self_first_fen = models.BigIntegerField("先行自付", null=True)
    in_scope_fen = models.BigIntegerField("政策范围内", null=True)
    files = models.JSONField("照片", default=list)  # ids of attachments

    alive = models.BooleanField("占用", default=False)
    removed = models.BooleanField("已去掉", default=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    decision = models.CharField(
        "审核", max_length=8, choices=Decision.choices, default=Decision.OPEN
    )
    cut_fen = models.BigIntegerField("核减金额", default=0)
    cut_reason = models.CharField("核减理由", max_length=32, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    paper = models.CharField("原件", max_length=12, choices=Paper.choices, default=Paper.NOT_NEEDED)
    paper_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    paper_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "票据"
        verbose_name_plural = "票据"
        ordering = ["claim", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "key"], name="bill_key_once"),
            models.UniqueConstraint(
                fields=["kind", "code_norm", "number_norm"],
                condition=Q(alive=True) & ~Q(number_norm=""),
                name="bill_alive_once",
            ),
            models.CheckConstraint(
                condition=Q(cut_fen__gte=0) & Q(cut_fen__lte=F("total_fen")),
                name="cut_within_bill",
            ),
            models.CheckConstraint(
                condition=Q(alive=False) | Q(removed=False), name="removed_bill_is_not_alive"
            ),
        ]
        indexes = [
            # By the number first: a bill is looked for under every kind.
            models.Index(
                fields=["number_norm", "code_norm", "kind"],
                condition=~Q(number_norm=""),
                name="bill_by_number",
            )
        ]

    def __str__(self) -> str:
        return f"票据 {self.pk}"

    @property
    def accepted_fen(self) -> int:
        """What is accepted of the bill, in fen; nothing while it is not decided."""
        return 0 if self.decision == self.Decision.OPEN else self.total_fen - self.cut_fen

    @property
    def paper_is_in(self) -> bool:
        """Whether no paper original stands in the way of payment: none is needed, or it has
        come in, be it that it was given back since with a stamped 分割单."""
        return self.paper != self.Paper.AWAITED


class BillLine(models.Model):
    """One line of an itemised bill; `cls` is a class of the policy's catalogue."""

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines")
    nth = models.PositiveIntegerField("序号")
    name = EncryptedTextField("项目")
    cls = models.CharField("类别", max_length=40)
    amount_fen = models.BigIntegerField("金额")
    self_first_bp = models.PositiveIntegerField("先行自付比例（万分之）", null=True)
    cut_fen = models.BigIntegerField("核减金额", default=0)

    class Meta:
        verbose_name = "票据明细"
        verbose_name_plural = "票据明细"
        ordering = ["bill", "nth"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "nth"], name="line_once"),
            models.CheckConstraint(
                condition=Q(cut_fen__gte=0) & Q(cut_fen__lte=F("amount_fen")),
                name="cut_within_line",
            ),
        ]

    def __str__(self) -> str:
        return f"票据 {self.bill_id} 第 {self.nth} 项"
