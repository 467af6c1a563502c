"""The people of the desk and what they keep: roles, reasons, filters, figures."""

from django.conf import settings
from django.db import models

from residents.crypto import EncryptedTextField, KeyedHashField, keyed_hashes


class StaffProfile(models.Model):
    """What a member of staff is, and where: one role, one county or one city."""

    class Role(models.TextChoices):
        FIRST = "first", "受理/初审"
        SECOND = "second", "复审"
        APPROVAL = "approval", "审批"
        FINANCE = "finance", "财务"
        SUPERVISOR = "supervisor", "主管"
        AUDITOR = "auditor", "稽核"
        SYSADMIN = "sysadmin", "系统管理"

    class Scope(models.TextChoices):
        COUNTY = "county", "区县"
        CITY = "city", "市"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_profile"
    )
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    scope = models.CharField("范围", max_length=8, choices=Scope.choices)
    area = models.CharField("区划", max_length=6)
    # Rules and texts above the own pooling area: a province, or 000000 for the nation.
    rules_area = models.CharField("另外维护规则的地方", max_length=6, blank=True, default="")
    # The clerk's own ID number and phone: nobody reviews their own case.
    id_number = EncryptedTextField("本人证件号码", blank=True, default="")
    phone = EncryptedTextField("本人手机号码", blank=True, default="")
    id_hash = KeyedHashField(kind="id", source="id_number", blank=True, default="")
    phone_hash = KeyedHashField(kind="phone", source="phone", blank=True, default="")

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"

    def __str__(self) -> str:
        return f"{self.user.username} {self.get_role_display()}"

    @property
    def reads_cases(self) -> bool:
        """系统管理 keeps the system and sees no case content."""
        return self.role != self.Role.SYSADMIN

    def own_hashes(self) -> set[str]:
        """The keyed hashes, under every live key, by which the clerk's own cases are known."""
        own = keyed_hashes("id", self.id_number) if self.id_number else []
        return {*own, *(keyed_hashes("phone", self.phone) if self.phone else ())}

    def scope_filter(self) -> dict:
        """The one equality that limits what this person sees."""
        return {self.scope: self.area}


class Reason(models.Model):
    """A maintained reason for an action, with its legal basis and the remedy."""

    kind = models.CharField("事项", max_length=16)
    action = models.CharField("动作", max_length=32)
    code = models.CharField("代码", max_length=32)
    text = models.CharField("理由", max_length=300)
    basis = models.CharField("依据", max_length=300, blank=True)
    remedy = models.CharField("如何补救", max_length=300, blank=True)
    target = models.CharField("对应项", max_length=64, blank=True)
    active = models.BooleanField("启用", default=True)
    position = models.PositiveSmallIntegerField("次序", default=100)

    class Meta:
        verbose_name = "理由"
        verbose_name_plural = "理由"
        ordering = ["kind", "action", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "action", "code"], name="reason_code_once")
        ]

    def __str__(self) -> str:
        return self.text


class SavedFilter(models.Model):
    """A filter of the queue that a clerk keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="filters")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=500)

    class Meta:
        verbose_name = "保存的筛选"
        verbose_name_plural = "保存的筛选"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="filter_name_once")]

    def __str__(self) -> str:
        return self.name


class DailyStat(models.Model):
    """Figures of one day, for the charts: written by a job, read by the supervisor page."""

    day = models.DateField()
    city = models.CharField(max_length=6)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=16)
    measure = models.CharField(max_length=32)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    count = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)  # e.g. seconds, for averages

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "county", "kind", "measure", "clerk"],
                name="stat_once",
            )
        ]
        indexes = [models.Index(fields=["city", "day"], name="stat_city_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.county} {self.measure}={self.count}"
