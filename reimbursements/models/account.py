"""The year of a person: what was settled, as an append-only ledger. Amounts in fen."""

from django.conf import settings
from django.db import models

from reimbursements.codes import KINDS
from reimbursements.models.appendonly import AppendOnlyModel
from reimbursements.models.claim import Claim, Stay, choices
from residents.crypto import EncryptedTextField, KeyedHashField


class YearAccount(models.Model):
    """The insurance year of one person in one pooling area under one insurance.

    Locked while anything of it is settled. `data` is the year as the engine writes it
    (`settlement.year_data`): what the last entry of the ledger led to.
    """

    person = models.ForeignKey("residents.Person", models.PROTECT, related_name="year_accounts")
    area = models.CharField("参保统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3)
    year = models.PositiveSmallIntegerField("医保年度")
    data = models.JSONField("累计", default=dict)
    entry_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "年度累计"
        verbose_name_plural = "年度累计"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "area", "insurance", "year"], name="year_account_once"
            )
        ]

    def __str__(self) -> str:
        return f"年度累计 {self.pk}"


class Settlement(AppendOnlyModel):
    """One settlement of a stay as it was computed; `replaces` is the one before it.

    `funds` are fund -> fen of the whole stay; `difference_fen` is what all funds together
    pay beyond `paid_before_fen`, and is negative where less is due than was paid.
    """

    class Kind(models.TextChoices):
        SETTLED = "settled", "结算"
        REVERSED = "reversed", "冲销"

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="settlements")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="settlements")
    account = models.ForeignKey(YearAccount, models.PROTECT, related_name="settlements")
    seq = models.PositiveIntegerField()  # within the stay
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    area = models.CharField("参保统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3)
    policy_place = models.CharField("政策地区", max_length=20)
    policy_version = models.CharField("政策版本", max_length=80)
    policy_sha256 = models.CharField(max_length=64)
    input = models.JSONField("输入")
    output = models.JSONField("结果")
    before = models.JSONField("结算前年度累计")
    after = models.JSONField("结算后年度累计")
    nth_stay = models.PositiveSmallIntegerField("本年第几次住院", null=True)
    total_fen = models.BigIntegerField("总费用")
    in_scope_fen = models.BigIntegerField("政策范围内")
    personal_fen = models.BigIntegerField("个人负担")
    funds = models.JSONField("各基金支付", default=dict)
    paid_fen = models.BigIntegerField("基金支付合计")
    paid_before_fen = models.BigIntegerField("此前已付")
    difference_fen = models.BigIntegerField("差额")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "结算记录"
        verbose_name_plural = "结算记录"
        ordering = ["stay", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["stay", "seq"], name="settlement_seq_once"),
            models.CheckConstraint(
                condition=models.Q(
                    difference_fen=models.F("paid_fen") - models.F("paid_before_fen")
                ),
                name="difference_adds_up",
            ),
        ]
        # The reports count the settlements of a day.
        indexes = [models.Index(fields=["at"], name="settlement_of_a_day")]

    def __str__(self) -> str:
        return f"结算 {self.stay_id}/{self.seq}"


class LedgerEntry(AppendOnlyModel):
    """One movement of a year account. `change` is fund -> fen, negative when taken back."""

    class Kind(models.TextChoices):
        SETTLED = "settled", "结算"
        REVERSED = "reversed", "冲销"
        IMPORTED = "imported", "直接结算导入"

    account = models.ForeignKey(YearAccount, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    settlement = models.OneToOneField(
        Settlement, models.PROTECT, null=True, related_name="ledger_entry"
    )
    imported = models.OneToOneField(
        "ImportedSettlement", models.PROTECT, null=True, related_name="ledger_entry"
    )
    change = models.JSONField("变动", default=dict)
    before = models.JSONField("变动前", default=dict)
    after = models.JSONField("变动后", default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "年度累计明细"
        verbose_name_plural = "年度累计明细"
        ordering = ["account", "seq"]
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="entry_seq_once")]

    def __str__(self) -> str:
        return f"累计 {self.account_id}/{self.seq}"


class ImportedSettlement(AppendOnlyModel):
    """A direct settlement at a hospital's desk, as the agency imported it."""

    area = models.CharField("参保统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3)
    serial = models.CharField("结算流水号", max_length=40)
    id_number = EncryptedTextField("证件号码")
    id_hash = KeyedHashField(kind="id", source="id_number", db_index=True)
    year = models.PositiveSmallIntegerField("医保年度")
    kind = models.CharField("就医类别", max_length=12, choices=choices(KINDS))
    institution = models.CharField("医疗机构编码", max_length=12, blank=True)
    institution_name = models.CharField("医疗机构", max_length=120, blank=True)
    admitted_on = models.DateField("入院", null=True)
    discharged_on = models.DateField("出院", null=True)
    settled_on = models.DateField("结算日期")
    total_fen = models.BigIntegerField("总费用")
    in_scope_fen = models.BigIntegerField("政策范围内", null=True)
    deductible_fen = models.BigIntegerField("起付标准", null=True)
    funds = models.JSONField("各基金支付", default=dict)
    account_fen = models.BigIntegerField("个人账户", default=0)
    cash_fen = models.BigIntegerField("现金", default=0)
    # 冲正: all amounts are those of the original with a minus.
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="冲正"
    )
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = "直接结算记录"
        verbose_name_plural = "直接结算记录"
        constraints = [
            models.UniqueConstraint(fields=["area", "serial"], name="imported_serial_once")
        ]

    def __str__(self) -> str:
        return f"直接结算 {self.pk}"
