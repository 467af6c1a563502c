"""Filing rules as rows: versions with a state, two people, and a history.

What a rule says is `body`, checked by the pure loader (filings.decision.rulebook); the
columns are those parts of it by which rows are found and listed.
"""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.versions import State, writers_field
from filings.decision.codes import CATEGORIES, INSURANCES, MARKS, SCOPES
from filings.decision.rules import Rule
from filings.decision.sources import SOURCES

MIRRORED = (
    "key",
    "place",
    "category",
    "scope",
    "insurance",
    "variant",
    "valid_from",
    "valid_to",
    "mark",
    "note",
)


class PublishedRuleError(ValueError):
    """Somebody tried to change a published rule; old cases point at it."""


class FilingRule(models.Model):
    """One version of one rule. Published versions are never edited or deleted."""

    State = State

    class Origin(models.TextChoices):
        YAML = "yaml", "随程序发布"
        ADMIN = "admin", "后台维护"

    # place:category:scope:insurance[:variant], alike in every version.
    key = models.CharField("规则", max_length=80, editable=False)
    place = models.CharField("适用地", max_length=6)
    category = models.CharField("备案类型", max_length=12, choices=list(CATEGORIES.items()))
    scope = models.CharField("范围", max_length=16, choices=list(SCOPES.items()))
    insurance = models.CharField("险种", max_length=3, choices=list(INSURANCES.items()))
    variant = models.CharField("细分", max_length=32, blank=True, default="")
    # As written in this version; a later version also ends it, the day before it begins.
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    body = models.JSONField("规则内容", default=dict)
    sha256 = models.CharField("摘要", max_length=64, editable=False, default="")
    version = models.PositiveIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField("出处", max_length=6, choices=Origin.choices, default=Origin.ADMIN)
    source = models.CharField("文号或来源", max_length=500, blank=True)
    mark = models.CharField("标记", max_length=12, choices=list(MARKS.items()), default="none")
    note = models.TextField("说明", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
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

    history = HistoricalRecords(excluded_fields=["created_at", "writers"])

    class Meta:
        verbose_name = "备案规则"
        verbose_name_plural = "备案规则"
        ordering = ["key", "-valid_from", "-version"]
        indexes = [models.Index(fields=["state", "key"], name="rule_state_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="yaml")
                | ~Q(state="published")
                | (
                    Q(published_by__isnull=False)
                    & Q(created_by__isnull=False)
                    & ~Q(published_by=F("created_by"))
                    & (Q(revised_by__isnull=True) | ~Q(published_by=F("revised_by")))
                ),
                name="published_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["key", "valid_from", "version"], name="rule_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} 自{self.valid_from} 第{self.version}版"

    def save(self, *args, **kwargs):
        """Check the body and save. Raises RuleError for a body that does not fit its form,
        PublishedRuleError for a version that is already published."""
        if self.pk and _is_published(self.pk):
            raise PublishedRuleError("已发布的规则不能修改，请另建新版本")
        self._filled(self.rule())
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete a draft; raises PublishedRuleError for a published version."""
        if _is_published(self.pk):
            raise PublishedRuleError("已发布的规则不能删除，请另建新版本")
        return super().delete(*args, **kwargs)

    @classmethod
    def of(cls, rule: Rule, **columns) -> "FilingRule":
        """An unsaved row for a rule as data."""
        return cls(**columns)._filled(rule)

    def rule(self) -> Rule:
        """What this version says; raises RuleError (Chinese, with the field) for a bad body."""
        return Rule.from_dict(self.body)

    def _filled(self, rule: Rule) -> "FilingRule":
        """The columns by which rows are found, from what the rule says."""
        self.body = rule.to_dict()
        for name in MIRRORED:
            setattr(self, name, getattr(rule, name))
        self.sha256 = body_hash(self.body)
        self.source = rule.legal_basis or SOURCES[rule.source]
        return self


def _is_published(pk: int) -> bool:
    return FilingRule.objects.filter(pk=pk, state=FilingRule.State.PUBLISHED).exists()


def body_hash(body: dict) -> str:
    """The SHA-256 over the canonical form of a rule."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
