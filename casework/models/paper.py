"""Documents handed in, letters handed out, notices sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.case import Case, Revision, new_token
from residents.crypto import EncryptedTextField


class Attachment(models.Model):
    """One file of one document of a case. The bytes are in the file store."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    document = models.CharField("材料", max_length=48)  # code of a closed list
    display_name = EncryptedTextField(default="")
    content_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=100)
    original_name = models.CharField(max_length=100, blank=True)  # e-bill originals only
    added_in = models.ForeignKey(Revision, models.CASCADE, related_name="added_attachments")
    removed_in = models.ForeignKey(
        Revision, models.SET_NULL, null=True, related_name="removed_attachments"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"#{self.case_id} {self.document}"


class Letter(models.Model):
    """A paper as issued: stored with its hash, never rendered anew."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField("文书", max_length=32)
    title = models.CharField(max_length=64)
    number = models.CharField("文书编号", max_length=48, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    stored_name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    missing_characters = models.CharField(max_length=255, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Notice(models.Model):
    """A message in the outbox: written with the case, delivered after it."""

    class Channel(models.TextChoices):
        IN_SITE = "in_site", "站内消息"
        SMS = "sms", "短信"
        CALL = "call", "电话回访"
        POST = "post", "邮寄"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="notices")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices"
    )
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices)
    template = models.CharField("模板", max_length=32)
    text = EncryptedTextField()
    phone = EncryptedTextField(default="", blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="notice_to_deliver",
            ),
            models.Index(fields=["recipient", "channel", "-id"], name="notice_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.template}"
