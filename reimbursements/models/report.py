"""The figures of the reports: counted from settlements and events, and thrown away at will."""

from django.db import models


class ClaimStat(models.Model):
    """One figure of one day, or of one month, which is the sum of its days.

    Where a settlement is taken back, or settled anew with a late bill, the difference stands
    on the day it was booked, so figures may be negative. `part` is the fund, the reason of a
    cut or the stage; `working_days` how long a stage took. `day` is the first of a month.
    Measures: `reimbursements.reports.measures`. Amounts in fen.
    """

    class Span(models.TextChoices):
        DAY = "day", "日"
        MONTH = "month", "月"

    span = models.CharField(max_length=5, choices=Span.choices)
    day = models.DateField()
    city = models.CharField(max_length=6)
    county = models.CharField(max_length=6)
    insurance = models.CharField(max_length=3)
    kind = models.CharField(max_length=16)
    destination = models.CharField(max_length=6, blank=True)
    measure = models.CharField(max_length=16)
    part = models.CharField(max_length=32, blank=True)
    working_days = models.PositiveSmallIntegerField(default=0)
    count = models.IntegerField(default=0)
    fen = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "报销统计"
        verbose_name_plural = "报销统计"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "span",
                    "day",
                    "county",
                    "insurance",
                    "kind",
                    "destination",
                    "measure",
                    "part",
                    "working_days",
                ],
                name="claim_stat_once",
            )
        ]
        indexes = [
            models.Index(fields=["span", "city", "day"], name="claim_stat_city"),
            models.Index(fields=["span", "county", "day"], name="claim_stat_county"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.county} {self.measure} {self.part}"
