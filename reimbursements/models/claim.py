"""One claim, and the stay or visit whose bills it brings. Amounts in fen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models import Case
from reimbursements.codes import BANK_RELATIONS, FILING_HOW, KINDS, REASONS, SETTLED_AS
from residents.crypto import EncryptedTextField, KeyedHashField


def choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """A dict of code -> words as Django wants it."""
    return list(words.items())


class Stay(models.Model):
    """The unit that is settled: one stay or visit of one person under one insurance.

    Claims for the same stay share the row: a late bill settles it anew. `institution_key`
    is the code of the institution, or its name in its plain form where it has no code.
    """

    person = models.ForeignKey("residents.Person", models.PROTECT, related_name="stays")
    area = models.CharField("参保统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3)
    kind = models.CharField("就医类别", max_length=12, choices=choices(KINDS))
    institution_key = models.CharField("医疗机构", max_length=80)
    institution_area = models.CharField("就医地", max_length=6)
    admitted_on = models.DateField("入院")
    discharged_on = models.DateField("出院")
    # Set by the first settlement, and kept when the stay is settled anew.
    nth_stay = models.PositiveSmallIntegerField("本年第几次住院", null=True)

    class Meta:
        verbose_name = "住院或就诊"
        verbose_name_plural = "住院或就诊"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "person",
                    "area",
                    "insurance",
                    "kind",
                    "institution_key",
                    "admitted_on",
                    "discharged_on",
                ],
                name="stay_once",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on__gte=F("admitted_on")), name="stay_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["person", "admitted_on"], name="stay_of_person")]

    def __str__(self) -> str:
        return f"住院 {self.pk}"


class Claim(models.Model):
    """The detail row of a claim case, made when it is submitted."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="claim", verbose_name="办件"
    )
    person = models.ForeignKey("residents.Person", models.PROTECT, related_name="claims")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="claims", verbose_name="住院")

    insured_area = models.CharField("参保地", max_length=6)
    area = models.CharField("参保统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3)
    reason = models.CharField("手工报销原因", max_length=24, choices=choices(REASONS))
    kind = models.CharField("就医类别", max_length=12, choices=choices(KINDS))
    institution = models.CharField("医疗机构编码", max_length=12, blank=True)
    institution_name = models.CharField("医疗机构", max_length=120)
    institution_area = models.CharField("就医地", max_length=6)
    level = models.CharField("医院等级", max_length=20, blank=True)
    charging_level = models.CharField("起付线等级", max_length=20, blank=True)
    admitted_on = models.DateField("入院")
    discharged_on = models.DateField("出院")
    nth_stay = models.PositiveSmallIntegerField("本年第几次住院", null=True, blank=True)
    diagnosis = EncryptedTextField("诊断", blank=True, default="")
    third_party = models.BooleanField("涉及第三方责任", default=False)
    other_insurer = models.BooleanField("其他保险已报销", default=False)

    # What filings.inquiry answered for the day of admission, and what it is settled as.
    filing_how = models.CharField("备案情况", max_length=12, choices=choices(FILING_HOW))
    filing_category = models.CharField("备案类别", max_length=12, blank=True)
    filing_effect = models.CharField("备案待遇", max_length=12, blank=True)
    filing_number = models.CharField("备案办件编号", max_length=32, blank=True)
    settled_as = models.CharField(
        "按哪种备案结算", max_length=12, choices=choices(SETTLED_AS), default="unfiled"
    )
    # A clerk has looked and said so (set_filing); until then an emergency is a presumption.
    filing_confirmed = models.BooleanField("备案类别已核定", default=False)

    bank_holder = EncryptedTextField("户名", blank=True, default="")
    bank_number = EncryptedTextField("银行账号", blank=True, default="")
    bank_hash = KeyedHashField(kind="bank", source="bank_number", blank=True, default="")
    bank_tail = models.CharField("账号后四位", max_length=4, blank=True)
    bank_name = EncryptedTextField("开户银行", blank=True, default="")
    bank_relation = models.CharField(
        "户主是", max_length=8, choices=choices(BANK_RELATIONS), blank=True
    )
    account_changed_at = models.DateTimeField("更正账户时间", null=True)

    # Sums of the bills: all of them, what is accepted of them, and of that in scope.
    billed_fen = models.BigIntegerField("票据金额", default=0)
    accepted_fen = models.BigIntegerField("核定金额", default=0)
    in_scope_fen = models.BigIntegerField("政策范围内", null=True)
    # What this claim pays now: the difference of its last settlement and what was adjusted.
    payable_fen = models.BigIntegerField("应支付", null=True)
    deadline = models.DateField("申请期限", null=True)

    accepted_at = models.DateTimeField("受理时间", null=True)
    # Who acted last at each of the three stages: always three different people.
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Ids of everybody who took part in the decision that is appealed against.
    appealed_at = models.DateTimeField("申请复核", null=True)
    decided_before = models.JSONField(default=list)
    escalated_at = models.DateTimeField("超时督办", null=True)
    findings = models.JSONField("核查结果", default=list)

    class Meta:
        verbose_name = "手工报销"
        verbose_name_plural = "手工报销"

    def __str__(self) -> str:
        return f"报销 {self.case_id}"
