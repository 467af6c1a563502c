"""Settlement policies as rows: one dated version a row, a state, two people, a history.

What a policy says is `text`, the YAML that the loader of the engine reads; the columns are
those parts of it by which rows are found and listed. Where a period ends without its own
last day, the next published row of the same area and insurance ends it (`policy_store`).
"""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.versions import writers_field
from reimbursements.settlement import Policy, PolicyError, read_policy
from reimbursements.settlement.terms import INSURANCES, MARKS
from reimbursements.settlement.yamltree import read_tree

# What a refusal calls the text of a row, where a file would be named.
TEXT_NAME = "政策文本"


class PublishedPolicyError(ValueError):
    """Somebody tried to change a published policy; settlements point at it."""


class SettlementPolicy(models.Model):
    """One version of the policy of one area and insurance. Published ones never change."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_REVIEW = "in_review", "待发布"
        PUBLISHED = "published", "已发布"

    class Origin(models.TextChoices):
        YAML = "yaml", "随程序发布"
        ADMIN = "admin", "后台维护"

    area = models.CharField("统筹区", max_length=6)
    insurance = models.CharField("险种", max_length=3, choices=list(INSURANCES.items()))
    label = models.CharField("版本名称", max_length=100)
    valid_from = models.DateField("自")
    # Only where the policy ends by itself; a later version also ends it, the day before.
    valid_to = models.DateField("至", null=True, blank=True)
    # A later edition of the same first day corrects the one before.
    edition = models.PositiveIntegerField("第几稿", default=1)
    mark = models.CharField(
        "标记", max_length=4, blank=True, choices=[(mark, mark) for mark in MARKS]
    )
    source = models.CharField("文号或来源", max_length=500, blank=True)
    text = models.TextField("政策文本（YAML）")
    cases = models.TextField("例子（CSV）", blank=True)
    # Over the canonical form of the whole text: comments, order and layout do not count.
    sha256 = models.CharField("摘要", max_length=64, editable=False, db_index=True)
    # The fingerprint that a settlement keeps of the version it went by.
    version_sha256 = models.CharField("版本摘要", max_length=64, editable=False, db_index=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField("出处", max_length=5, choices=Origin.choices, default=Origin.ADMIN)
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
        verbose_name = "结算政策"
        verbose_name_plural = "结算政策"
        ordering = ["area", "insurance", "-valid_from", "-edition"]
        indexes = [models.Index(fields=["state", "area", "insurance"], name="policy_state_area")]
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
                name="policy_published_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="policy_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["area", "insurance", "valid_from", "edition"], name="policy_edition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.insurance} 自{self.valid_from} 第{self.edition}稿"

    def save(self, *args, **kwargs):
        """Check the text and save. Raises PolicyError (Chinese, with the line) for a text the
        loader refuses, PublishedPolicyError for a row that is already published."""
        if self.pk and _is_published(self.pk):
            raise PublishedPolicyError("已发布的政策不能修改，请另建新版本")
        self._filled()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete a draft; raises PublishedPolicyError for a published row."""
        if _is_published(self.pk):
            raise PublishedPolicyError("已发布的政策不能删除，请另建新版本")
        return super().delete(*args, **kwargs)

    @classmethod
    def of(cls, text: str, **columns) -> "SettlementPolicy":
        """An unsaved row of a text. Raises PolicyError for a text that is refused."""
        return cls(text=text, **columns)._filled()

    def policy(self) -> Policy:
        """The text as the engine takes it. Raises PolicyError with the line."""
        return read_one_version(self.text)

    def _filled(self) -> "SettlementPolicy":
        """The columns by which rows are found, from what the text says."""
        policy = self.policy()
        version = policy.versions[0]
        rule = version.rule
        self.area, self.insurance = policy.place, policy.insurance
        self.label, self.valid_from = version.name[:100], version.valid_from
        self.mark = rule.mark or ""
        self.source = " ".join(part for part in (rule.doc_no, rule.source) if part)[:500]
        self.sha256, self.version_sha256 = canonical_sha256(self.text), version.sha256
        return self


def read_one_version(text: str) -> Policy:
    """The policy of a row's text: six digits of an area, and exactly one version.

    Raises PolicyError (Chinese) with the line, what stands there and what was expected.
    """
    policy = read_policy(text, TEXT_NAME)
    if not (len(policy.place) == 6 and policy.place.isascii() and policy.place.isdigit()):
        line = read_tree(text, TEXT_NAME).value["place"].line
        expected = "统筹区六位代码，例如 530900"
        raise PolicyError(TEXT_NAME, line, "place", f"写的是“{policy.place}”", expected)
    if len(policy.versions) > 1:
        line = policy.versions[1].line
        raise PolicyError(
            TEXT_NAME, line, "versions", "写了不止一个版本", "每份只写一个版本，另一个版本另建一份"
        )
    return policy


def canonical_sha256(text: str) -> str:
    """SHA-256 over the canonical form of a policy text, read without its layout."""
    plain = read_tree(text, TEXT_NAME).plain()
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def _is_published(pk: int | None) -> bool:
    published = SettlementPolicy.State.PUBLISHED
    return SettlementPolicy.objects.filter(pk=pk, state=published).exists()
