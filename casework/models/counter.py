"""Who took over what another clerk had entered at the counter."""

from django.conf import settings
from django.db import models

from casework.models.case import Case


class CounterTakeover(models.Model):
    """A clerk of the same agency goes on with an entry (代录): the last row says whose it is
    now, all rows with the one who began it who ever typed. Never changed; a draft that is
    thrown away takes its rows along."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="takeovers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="takeovers")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "接手代录"
        verbose_name_plural = "接手代录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"#{self.case_id} 接手 {self.pk}"
