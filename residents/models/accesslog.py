"""The log of who looked at what. Rows are added and never changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or remove a row of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and adds; refuses the rest."""

    def update(self, **kwargs):
        raise AppendOnlyError("the access log is append-only")

    def delete(self):
        raise AppendOnlyError("the access log is append-only")

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError("the access log is append-only")


class AccessLog(models.Model):
    """One look at personal data: by whom, when, from where, at which case, and why.

    The case number is text, so that this table needs no app above it.
    """

    class Action(models.TextChoices):
        OPENED = "opened", "打开办件"
        DOCUMENT = "document", "查看材料"
        REVEALED = "revealed", "查看完整信息"
        EXPORTED = "exported", "导出"
        PRINTED = "printed", "打印"
        SEARCHED = "searched", "按个人信息查询"
        BOUND = "bound", "核实参保人与账户"

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间", default=timezone.now, db_index=True, editable=False)
    action = models.CharField("动作", max_length=10, choices=Action.choices)
    case_number = models.CharField("办件编号", max_length=40, blank=True, db_index=True)
    field = models.CharField("字段", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "查看记录"
        verbose_name_plural = "查看记录"
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"查看记录 {self.pk}"

    def save(self, *args, **kwargs):
        """Add the row; raises AppendOnlyError for one that exists."""
        if not self._state.adding:
            raise AppendOnlyError("the access log is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("the access log is append-only")
