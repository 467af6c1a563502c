"""Accounts: residents (phone and code) and staff (password and second factor)."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from residents.crypto import EncryptedTextField, KeyedHashField, keyed_hashes


class UserManager(BaseUserManager):
    """Makes accounts of the two kinds; there is no third."""

    def create_staff(self, username: str, password: str, name: str = "", **extra) -> "User":
        """A member of staff. `password` None makes the account unusable until one is set."""
        user = self.model(username=username, name=name, is_staff=True, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **extra) -> "User":
        """A system administrator, as `manage.py createsuperuser` makes one."""
        return self.create_staff(username, password, is_superuser=True, **extra)

    def create_resident(self, phone: str, **extra) -> "User":
        """A resident, known by a verified phone number alone."""
        user = self.model(username=f"r-{secrets.token_hex(12)}", phone=phone, **extra)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def resident_with_phone(self, phone: str) -> "User | None":
        """The resident account of a phone number, active or not, under any live hash key."""
        return self.filter(phone_hash__in=keyed_hashes("phone", phone), is_staff=False).first()


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Whom a resident's account acts for is said by its holdings."""

    username = models.CharField("用户名", max_length=64, unique=True)
    name = models.CharField("姓名（工作人员）", max_length=50, blank=True)
    phone = EncryptedTextField("手机号码", null=True, blank=True)
    phone_hash = KeyedHashField(kind="phone", source="phone", null=True, db_index=True)
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("启用", default=True)
    elder_mode = models.BooleanField("长辈版", default=False)
    # Moves only once the holder has shown who they are: see residents/gate.py.
    last_seen_at = models.DateTimeField("最近使用", null=True, blank=True)
    must_confirm_identity = models.BooleanField("须核对证件号码", default=False)
    created_at = models.DateTimeField("注册时间", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = "账户"
        verbose_name_plural = "账户"
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=Q(phone_hash__isnull=False, is_staff=False),
                name="one_resident_per_phone",
                violation_error_message="该手机号码已有账户。",
            )
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name shown to colleagues; a resident is never named here."""
        return self.name or self.username

    get_short_name = get_full_name


class PhoneCode(models.Model):
    """One code sent to one phone. The code is kept as a keyed hash only, never in a session."""

    phone = EncryptedTextField("手机号码")
    phone_hash = KeyedHashField(kind="phone", source="phone", db_index=True)
    code_hash = KeyedHashField(kind="code")
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    created_at = models.DateTimeField("发送时间", default=timezone.now, db_index=True)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "短信验证码"
        verbose_name_plural = "短信验证码"

    def __str__(self):
        return f"验证码 {self.pk}"


class DevelopmentMessage(models.Model):
    """A text message that was not sent but shown on the development in-box page."""

    phone = EncryptedTextField("手机号码")
    text = EncryptedTextField("内容")
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "开发短信"
        verbose_name_plural = "开发短信"
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"短信 {self.pk}"
