"""A stage of a county's claims that its city does instead, dated, with who said so."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DelegationQuerySet(models.QuerySet):
    """Delegations by the day they hold."""

    def in_force(self, day: date):
        """Those that hold on this day and were not taken back."""
        begun = self.filter(ended_at=None, from_day__lte=day)
        return begun.filter(Q(to_day=None) | Q(to_day__gte=day))

    def overlapping(self, county: str, stage: str, from_day: date, to_day: date | None):
        """Those of the county and stage that share a day with a term."""
        rows = self.filter(county=county, stage=stage, ended_at=None)
        rows = rows.filter(Q(to_day=None) | Q(to_day__gte=from_day))
        return rows.filter(from_day__lte=to_day) if to_day else rows


class StageDelegation(models.Model):
    """A row is never edited: it is ended, and a new one is made."""

    class Stage(models.TextChoices):
        INTAKE = "intake", "受理"
        FIRST = "first_review", "初审"
        SECOND = "second_review", "复审"
        APPROVAL = "approval", "审批"

    county = models.CharField("区县", max_length=6)
    stage = models.CharField("环节", max_length=16, choices=Stage.choices)
    from_day = models.DateField("起始日")
    to_day = models.DateField("截止日", null=True, blank=True)
    document = models.CharField("文号或事由", max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("登记时间")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "环节委托"
        verbose_name_plural = "环节委托"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="delegation_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="delegation_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["county", "stage"],
                condition=Q(to_day=None, ended_at=None),
                name="one_open_delegation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "stage"],
                condition=Q(ended_at=None),
                name="delegation_not_ended",
            )
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.get_stage_display()}"
