"""Texts people read and sign: dated, per place, never changed once loaded."""

from django.db import models

from filings.decision.codes import MARKS
from filings.decision.texts import AgencyText


class DatedText(models.Model):
    """One version of one text. `body` is what the pure loader reads and checks
    (filings.decision.texts); `content` is the whole text as it is read and hashed."""

    key = models.CharField("代码", max_length=100)
    place = models.CharField("适用地", max_length=6)
    title = models.CharField("标题", max_length=100)
    content = models.TextField("全文")
    sha256 = models.CharField("摘要", max_length=64, editable=False)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    mark = models.CharField("标记", max_length=12, choices=list(MARKS.items()), default="none")
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["key", "-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.title}({self.key},自{self.valid_from})"

    def save(self, *args, **kwargs):
        """Add the text. Raises ValueError when it exists: what was signed is never edited."""
        if not self._state.adding:
            raise ValueError("文本发布后不能修改,请另建新版本")
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, text: AgencyText):
        """An unsaved row for a text as data."""
        return cls(
            key=text.key,
            place=text.place,
            title=text.title,
            content=text.content,
            sha256=text.sha256,
            valid_from=text.valid_from,
            valid_to=text.valid_to,
            mark=text.mark,
            body=text.to_dict(),
        )

    def text(self) -> AgencyText:
        """The text as data, for the rulebook."""
        return AgencyText.from_dict(self.body)


class NoticeText(DatedText):
    """备案告知书: read and confirmed before the form."""

    class Meta(DatedText.Meta):
        verbose_name = "告知书"
        verbose_name_plural = "告知书"
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from", "sha256"], name="notice_text_once")
        ]


class PromiseText(DatedText):
    """个人承诺书: stands in for proof where the place allows it."""

    class Meta(DatedText.Meta):
        verbose_name = "承诺书"
        verbose_name_plural = "承诺书"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from", "sha256"], name="promise_text_once"
            )
        ]
