"""One disease registration: what was decided, from when to when.

Whether it is in force on a day is computed from its dates (registrations.inquiry), never from
the status of the case, which a job may write late.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models import Case, Letter
from registrations.decision.codes import DISEASES
from residents.crypto import KeyedHashField


class DiseaseRegistration(models.Model):
    """The detail row of a registration, made when it is submitted. All dates inclusive."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="registration", verbose_name="办件"
    )
    person = models.ForeignKey(
        "residents.Person", models.PROTECT, related_name="registrations", db_index=False
    )
    disease = models.CharField("病种", max_length=6, choices=list(DISEASES.items()))
    insurance = models.CharField("险种", max_length=3)
    insured_area = models.CharField("参保地", max_length=6)
    diagnosed_on = models.DateField("确诊日期")
    hospital = models.CharField("确诊医院编码", max_length=12, blank=True)
    hospital_name = models.CharField("确诊医院", max_length=120)
    treatment = models.CharField("希望就诊的医院编码", max_length=12, blank=True)
    treatment_name = models.CharField("希望就诊的医院", max_length=120, blank=True)

    first_day = models.DateField("开始", null=True, blank=True)
    last_day = models.DateField("截止", null=True, blank=True)  # None once granted: 长期
    granted_on = models.DateField("认定日", null=True, blank=True)
    # The decision as it was when it was taken: codes, sentences and sources, nothing personal.
    decision = models.JSONField("决定依据", default=dict)
    # What the checks found: [{code, text, target, source}], nothing personal.
    findings = models.JSONField("核查结果", default=list)
    # By which one proxy's registrations for many persons are found.
    proxy_hash = KeyedHashField(kind="id", blank=True, default="")

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="决定人",
    )
    # An appeal is decided by somebody else than `decided_by`; one appeal per decision.
    appealed_at = models.DateTimeField("申请复核", null=True, blank=True)
    revoke_answer_by = models.DateField("撤销前陈述期限", null=True, blank=True)
    escalated_at = models.DateTimeField("超时督办", null=True, blank=True)
    # The last day in force where it was revoked.
    ended_on = models.DateField("最后有效日", null=True, blank=True)
    form_letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    # For the clocks alone: approved now, and the last reminder sent, in days before the end.
    live = models.BooleanField(default=False)
    reminded = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = "门诊慢特病认定"
        verbose_name_plural = "门诊慢特病认定"
        indexes = [
            models.Index(
                fields=["last_day", "case"], condition=Q(live=True), name="registration_expiring"
            ),
            models.Index(
                fields=["person", "first_day"],
                condition=Q(granted_on__isnull=False),
                name="registration_inquiry",
            ),
            models.Index(
                fields=["proxy_hash"], condition=~Q(proxy_hash=""), name="registration_proxy"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_on=None) | Q(first_day__isnull=False),
                name="granted_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="last_day_not_before_first",
            ),
        ]

    def __str__(self) -> str:
        return f"门诊慢特病认定 {self.case_id}"

    @property
    def end(self) -> date | None:
        """The last day in force: the end or an earlier revocation; None = 长期."""
        days = [day for day in (self.last_day, self.ended_on) if day]
        return min(days, default=None)
