"""One filing: what was decided, from when to when, and what is still owed.

Whether it is in force on a day is computed from its dates (filings.inquiry), never from
the status of the case, which a job may write late.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Case, Letter
from filings.decision.codes import BENEFIT_LEVELS, CARES, CATEGORIES, OUTCOMES, SCOPES
from residents.crypto import KeyedHashField


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


class Filing(models.Model):
    """The detail row of a filing case, made when it is submitted. All dates inclusive."""

    class Promise(models.TextChoices):
        NONE = "", "无"
        OWED = "owed", "待补交"
        HANDED_IN = "handed_in", "已补交,待核"
        ACCEPTED = "accepted", "已核对"
        TO_CORRECT = "to_correct", "须重交"
        OVERDUE = "overdue", "逾期未交"
        UNSUPPLIED = "unsupplied", "逾期未交,已处理"

    class EndReason(models.TextChoices):
        NONE = "", "未终止"
        CANCELLED = "cancelled", "本人取消"
        SUPERSEDED = "superseded", "已由新备案替代"
        DEATH = "death", "参保人去世"
        MOVED = "moved", "参保地变更"
        STOPPED = "stopped", "停止参保"
        REVOKED = "revoked", "撤销"
        UNSUPPLIED = "unsupplied", "承诺材料未补交"

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="filing", verbose_name="办件"
    )
    person = models.ForeignKey(
        "residents.Person", models.PROTECT, related_name="filings", db_index=False
    )
    category = models.CharField("备案类型", max_length=12, choices=_choices(CATEGORIES))
    scope = models.CharField("范围", max_length=16, choices=_choices(SCOPES), blank=True)
    insurance = models.CharField("险种", max_length=3)
    insured_area = models.CharField("参保地", max_length=6)
    destination_area = models.CharField("就医地", max_length=6)
    institution = models.CharField("所选医院", max_length=12, blank=True)
    care = models.CharField("就医方式", max_length=12, choices=_choices(CARES), blank=True)

    start = models.DateField("开始")
    valid_to = models.DateField("截止", null=True, blank=True)  # None: no last day fixed
    # With no last day: 长期有效 by the rule, or a place that has published none.
    long_term = models.BooleanField("长期有效", default=False)
    locked_until = models.DateField("变更锁定至", null=True, blank=True)
    cancel_locked_until = models.DateField("取消锁定至", null=True, blank=True)
    admitted_on = models.DateField("入院", null=True, blank=True)
    discharged_on = models.DateField("出院", null=True, blank=True)
    in_hospital = models.BooleanField("在院", default=False)
    expected_discharge = models.DateField("预计出院", null=True, blank=True)

    rule = models.ForeignKey(
        "FilingRule", models.PROTECT, null=True, related_name="filings", verbose_name="规则"
    )
    outcome = models.CharField("结论", max_length=12, choices=_choices(OUTCOMES), blank=True)
    benefit_level = models.CharField(
        "待遇", max_length=12, choices=_choices(BENEFIT_LEVELS), default="unknown"
    )
    benefit_text = models.CharField("待遇说明", max_length=500, blank=True)
    # The decision as it was when it was taken: codes, sentences and sources, nothing personal.
    decision = models.JSONField("决定依据", default=dict)
    # By which one proxy's filings for many persons are found.
    proxy_hash = KeyedHashField(kind="id", blank=True, default="")
    # What the checks found: [{code, text, target, source}], nothing personal.
    findings = models.JSONField("核查结果", default=list)

    promise_state = models.CharField(
        "承诺材料", max_length=12, choices=Promise.choices, default=Promise.NONE, blank=True
    )
    supply_by = models.DateField("补交截止", null=True, blank=True)

    granted_on = models.DateField("开通日", null=True, blank=True)
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
    appeals_to_restore = models.BooleanField("复核撤销决定", default=False)
    revoke_answer_by = models.DateField("撤销前陈述期限", null=True, blank=True)
    escalated_at = models.DateTimeField("超时督办", null=True, blank=True)

    # Until the day before `downgraded_on` the filing counted as `category_before`.
    downgraded_on = models.DateField("降档日", null=True, blank=True)
    category_before = models.CharField(max_length=12, blank=True)
    benefit_level_before = models.CharField(max_length=12, blank=True)

    ended_on = models.DateField("最后有效日", null=True, blank=True)
    end_reason = models.CharField(
        "终止原因", max_length=12, choices=EndReason.choices, default=EndReason.NONE, blank=True
    )
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="supersedes", db_index=False
    )
    form_letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    # For the clocks alone: approved now, the last day (None: none fixed), and the last
    # reminder that was sent, in days before the end.
    live = models.BooleanField(default=False)
    in_force_until = models.DateField(null=True)
    reminded = models.PositiveSmallIntegerField(null=True)
    supply_reminded = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = "异地就医备案"
        verbose_name_plural = "异地就医备案"
        indexes = [
            models.Index(
                fields=["in_force_until", "case"], condition=Q(live=True), name="filing_expiring"
            ),
            models.Index(
                fields=["supply_by", "case"],
                condition=Q(live=True, promise_state__in=["owed", "to_correct"]),
                name="filing_owing",
            ),
            models.Index(
                fields=["person", "start"],
                condition=Q(granted_on__isnull=False),
                name="filing_inquiry",
            ),
            models.Index(fields=["proxy_hash"], condition=~Q(proxy_hash=""), name="filing_proxy"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(live=False) | Q(granted_on__isnull=False), name="live_was_granted"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("start")),
                name="valid_to_not_before_start",
            ),
        ]

    def __str__(self) -> str:
        return f"备案 {self.case_id}"

    @property
    def last_day(self) -> date | None:
        """The last day in force: the end or an earlier termination; None = none fixed."""
        days = [day for day in (self.valid_to, self.ended_on) if day]
        return min(days, default=None)

    @property
    def owes_documents(self) -> bool:
        """Whether promised papers still have to come from the resident."""
        return self.promise_state in (self.Promise.OWED, self.Promise.TO_CORRECT)

    def runs_until(self, day: date | None) -> None:
        """Set the last day for the clocks, which then remind anew."""
        self.valid_to = self.in_force_until = day
        self.reminded = None

    def supply_until(self, day: date | None) -> None:
        """Set the day by which promised papers are due; the reminders start anew."""
        self.supply_by, self.supply_reminded = day, None

    @property
    def waits_for_staff(self) -> bool:
        """Whether an approved filing needs a clerk: papers came in, or the promise is overdue."""
        return self.promise_state in (self.Promise.HANDED_IN, self.Promise.OVERDUE)
