"""Texts people read and sign: dated, per place, never changed once published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.versions import State, writers_field
from filings.decision.codes import MARKS
from filings.decision.texts import AgencyText


class PublishedTextError(ValueError):
    """Somebody tried to change a published text; cases point at it by its hash."""


def two_people(name: str) -> models.CheckConstraint:
    """What was not shipped is published by somebody who wrote nothing of it."""
    return models.CheckConstraint(
        condition=Q(origin="yaml")
        | ~Q(state="published")
        | (
            Q(published_by__isnull=False)
            & Q(created_by__isnull=False)
            & ~Q(published_by=F("created_by"))
            & (Q(revised_by__isnull=True) | ~Q(published_by=F("revised_by")))
        ),
        name=name,
    )


def once(name: str) -> models.UniqueConstraint:
    """The same words stand once as a version of a first day, whoever loads them twice."""
    return models.UniqueConstraint(fields=["key", "valid_from", "version", "sha256"], name=name)


class DatedText(models.Model):
    """One version of one text. `body` is what the pure loader reads and checks
    (filings.decision.texts); `content` is the whole text as it is read and hashed."""

    State = State

    class Origin(models.TextChoices):
        YAML = "yaml", "随程序发布"
        ADMIN = "admin", "后台维护"

    key = models.CharField("代码", max_length=100)
    place = models.CharField("适用地", max_length=6)
    title = models.CharField("标题", max_length=100)
    content = models.TextField("全文")
    sha256 = models.CharField("摘要", max_length=64, editable=False)
    # As written in this version; a later version also ends it, the day before it begins.
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    mark = models.CharField("标记", max_length=12, choices=list(MARKS.items()), default="none")
    body = models.JSONField(default=dict)
    # A later version of the same first day corrects the one before.
    version = models.PositiveIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField("出处", max_length=6, choices=Origin.choices, default=Origin.ADMIN)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # All who wrote in the draft; none of them publishes it (casework.versions.wrote).
    writers = writers_field()
    # Who changed the draft last: like its author, never the one who publishes it.
    revised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["key", "-valid_from", "-version", "-id"]

    def __str__(self) -> str:
        return f"{self.title}（{self.key}，自{self.valid_from}）"

    def save(self, *args, **kwargs):
        """Check the text and save. Raises RuleError for one that does not fit its form,
        PublishedTextError for a version that is already published."""
        if self._is_published():
            raise PublishedTextError("文本发布后不能修改，请另建新版本")
        self._filled(self.text())
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete a draft; raises PublishedTextError for a published version."""
        if self._is_published():
            raise PublishedTextError("文本发布后不能删除，请另建新版本")
        return super().delete(*args, **kwargs)

    @classmethod
    def of(cls, text: AgencyText, **columns):
        """An unsaved row for a text as data."""
        return cls(**columns)._filled(text)

    def text(self) -> AgencyText:
        """The text as data, for the rulebook; raises RuleError for a body that is refused."""
        return AgencyText.from_dict(self.body)

    def _filled(self, text: AgencyText):
        """The columns by which rows are found, and the words, from what the text says."""
        self.body = text.to_dict()
        for name in ("key", "place", "title", "content", "sha256", "valid_from", "valid_to"):
            setattr(self, name, getattr(text, name))
        self.mark = text.mark
        return self

    def _is_published(self) -> bool:
        same = type(self).objects.filter(pk=self.pk, state=State.PUBLISHED)
        return self.pk is not None and same.exists()


class NoticeText(DatedText):
    """备案告知书: read and confirmed before the form."""

    class Meta(DatedText.Meta):
        verbose_name = "告知书"
        verbose_name_plural = "告知书"
        constraints = [once("notice_text_once"), two_people("notice_text_by_a_second")]


class PromiseText(DatedText):
    """个人承诺书: stands in for proof where the place allows it."""

    class Meta(DatedText.Meta):
        verbose_name = "承诺书"
        verbose_name_plural = "承诺书"
        constraints = [once("promise_text_once"), two_people("promise_text_by_a_second")]
