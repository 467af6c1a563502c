"""The runs of the clocks, and the days on which an agency works."""

from django.db import models


class JobLock(models.Model):
    """One row a job that runs one at a time; a heartbeat frees it after a kill."""

    name = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=64, blank=True)
    heartbeat = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """One run of one job: when, how many done, how many failed, and why."""

    class State(models.TextChoices):
        RUNNING = "running", "运行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        LOST = "lost", "中断"

    name = models.CharField("任务", max_length=64)
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField("完成数", default=0)
    failed = models.PositiveIntegerField("失败数", default=0)
    detail = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "任务记录"
        verbose_name_plural = "任务记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "-id"], name="jobrun_name_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"


class Workday(models.Model):
    """A day that differs from the holiday table: set by the agency, with its reason."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("是否工作日")
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "工作日调整"
        verbose_name_plural = "工作日调整"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.working else '休息'}"
