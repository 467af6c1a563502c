"""A case, its answers, its events.

Everything the desk filters, sorts or counts by lives on `Case`, so that no list
ever joins another table. What a kind of case adds is a one-to-one detail row of
its own app.
"""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from residents.crypto import EncryptedTextField, KeyedHashField

# What the desk narrows and counts by, beside the order: kept in the indexes of its lists.
READ_BY_THE_NEWEST = ("is_open", "kind", "status", "topic", "destination")
READ_BY_THE_QUEUE = (
    "kind",
    "status",
    "assignee",
    "topic",
    "destination",
    "insurance",
    "channel",
    "doubts",
    "submitted_at",
    "number",
)

# What a line of the queue says, decides by or posts: a hundred lines are read at a time.
SAID_BY_THE_QUEUE = (
    "kind",
    "number",
    "status",
    "is_open",
    "version",
    "county",
    "topic",
    "destination",
    "doubts",
    "documents_count",
    "queue_rank",
    "stay_until",
    "due_at",
    "due_provisional",
    "assignee",
)


def read_by(user) -> dict | None:
    """The one equality, {column: area}, that limits the cases this member of staff may see.

    None for whoever sees none: anyone without an active staff profile, and 系统管理.
    """
    profile = getattr(user, "staff_profile", None) if user.is_authenticated else None
    if profile is None or not user.is_staff or not user.is_active or not profile.reads_cases:
        return None
    return profile.scope_filter()


class CaseQuerySet(models.QuerySet):
    """The ways cases are read: by staff within their area, by residents for their own."""

    def for_lists(self):
        """Whole rows, whatever was left out before, without the encrypted columns, which cost
        time and are shown in no list."""
        return self.defer(None).defer("name", "phone")

    def for_queue(self):
        """With what a line of the queue says, and nothing else."""
        return self.only(*SAID_BY_THE_QUEUE)

    def submitted(self):
        """Cases that have a number; drafts are in no staff list."""
        return self.exclude(number=None)

    def visible_to(self, user):
        """Cases this member of staff may see: their county or their city, never drafts.

        The only way staff read cases; the case page asks the same of `read_by`.
        """
        limits = read_by(user)
        return self.none() if limits is None else self.submitted().filter(**limits)

    def of_account(self, account, bound_person_ids=()):
        """Cases a resident may see: what they filed, and all of the persons bound to them.

        A draft is seen only by the account that began it.
        """
        mine = Q(created_by=account) | Q(account=account)
        theirs = Q(person_id__in=list(bound_person_ids)) & ~Q(status=Case.DRAFT)
        return self.filter(mine | theirs)

    def newest_first(self):
        """Newest first, sorted once they are found. Asked for the newest twenty of an account
        by the key itself, PostgreSQL may walk all cases from the end until it has met them."""
        return self.order_by((F("id") + 0).desc())


class Case(models.Model):
    """One matter of one insured person, from draft to closed."""

    DRAFT = "draft"

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        COUNTER = "counter", "窗口"
        PHONE = "phone", "电话"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("事项", max_length=16)
    number = models.CharField("办件编号", max_length=32, null=True, unique=True)
    status = models.CharField("状态", max_length=24, default=DRAFT)
    is_open = models.BooleanField("在办", default=False)
    version = models.PositiveIntegerField(default=0)

    city = models.CharField("参保统筹区", max_length=6)
    county = models.CharField("参保区县", max_length=6)
    insurance = models.CharField("险种", max_length=3, blank=True)
    topic = models.CharField("类别", max_length=16, blank=True)
    destination = models.CharField("就医地", max_length=6, blank=True)
    channel = models.CharField(
        "渠道", max_length=8, choices=Channel.choices, default=Channel.ONLINE
    )
    # Space-separated codes with a space at either end, so that one code is found by LIKE.
    doubts = models.CharField("疑点", max_length=255, blank=True, default="")
    documents_count = models.PositiveSmallIntegerField("材料数", default=0)
    # 0 for people who lie in hospital now, 1 for everybody else.
    queue_rank = models.PositiveSmallIntegerField("排序", default=1)
    stay_until = models.DateField("预计出院", null=True, blank=True)

    allowed_days = models.PositiveSmallIntegerField("时限（工作日）", null=True)
    received_at = models.DateTimeField("受理时间", null=True)
    due_at = models.DateTimeField("应办结", null=True)
    due_provisional = models.BooleanField("时限暂定", default=False)
    # Working days left when the clock was stopped; None while it runs.
    clock_left = models.SmallIntegerField(null=True)
    correction_due = models.DateField("补正期限", null=True)

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_cases",
        verbose_name="经办人",
        db_index=False,
    )
    assigned_at = models.DateTimeField(null=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="cases"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    person = models.ForeignKey("residents.Person", models.PROTECT, related_name="cases")
    draft_key = models.CharField(max_length=32, blank=True, default="")
    # As typed in the case: what the desk shows (masked) and calls. Deferred in every list.
    name = EncryptedTextField("姓名", blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    name_hash = KeyedHashField(kind="name", source="name", blank=True, default="")
    id_hash = KeyedHashField(kind="id", source="id_number", blank=True, default="")
    phone_hash = KeyedHashField(kind="phone", source="phone", blank=True, default="")

    revision = models.ForeignKey(
        "Revision", models.SET_NULL, null=True, related_name="+", verbose_name="当前材料版本"
    )
    event_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=100, blank=True, default="")

    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    reviewed_at = models.DateTimeField("自动审核时间", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    touched_at = models.DateTimeField("最近变动", null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        permissions = [
            ("export_case", "导出办件"),
            ("decide_case", "办理办件"),
            ("supervise_case", "督办与统计"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "person", "kind", "draft_key"],
                condition=Q(status="draft"),
                name="one_draft_per_person_and_type",
            ),
        ]
        indexes = [
            # The queue, its counts and its filters read these alone; only the hundred cases that
            # are shown are read themselves.
            models.Index(
                fields=["city", "queue_rank", "due_at", "id", *READ_BY_THE_QUEUE, "county"],
                condition=Q(is_open=True),
                name="case_open_city",
            ),
            models.Index(
                fields=["county", "queue_rank", "due_at", "id", *READ_BY_THE_QUEUE],
                condition=Q(is_open=True),
                name="case_open_county",
            ),
            models.Index(
                fields=["assignee", "queue_rank", "due_at", "id"],
                condition=Q(is_open=True),
                name="case_open_assignee",
            ),
            # What was taken and forgotten is looked for each minute.
            models.Index(
                fields=["assigned_at", "kind", "status"],
                condition=Q(is_open=True, assignee__isnull=False),
                name="case_taken",
            ),
            models.Index(
                fields=["city", "-submitted_at", "-id", *READ_BY_THE_NEWEST],
                condition=Q(number__isnull=False),
                name="case_city_newest",
            ),
            models.Index(
                fields=["county", "-submitted_at", "-id", *READ_BY_THE_NEWEST],
                condition=Q(number__isnull=False),
                name="case_county_newest",
            ),
            models.Index(fields=["name_hash"], name="case_name_hash"),
            models.Index(fields=["id_hash"], name="case_id_hash"),
            models.Index(fields=["phone_hash"], name="case_phone_hash"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(status="submitted"),
                name="case_waiting_review",
            ),
            models.Index(
                fields=["correction_due"],
                condition=Q(status="correction"),
                name="case_correction_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "草稿"

    @property
    def id_number(self) -> str:
        """The ID number of the person: the source of `id_hash`."""
        return self.person.id_number

    @property
    def is_draft(self) -> bool:
        return self.status == self.DRAFT

    @property
    def doubt_codes(self) -> list[str]:
        return self.doubts.split()

    @staticmethod
    def join_doubts(codes) -> str:
        """The stored form of a set of doubt codes."""
        codes = sorted(set(codes))
        return f" {' '.join(codes)} " if codes else ""


class Revision(models.Model):
    """The answers of a case as they stood: open while a resident writes, closed by submitting."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    # A JSON object of field -> value; personal, therefore encrypted as a whole.
    answers_json = EncryptedTextField(default="{}")
    opened_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at=None), name="one_open_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.case_id} 第 {self.number} 版"


class CaseEvent(models.Model):
    """What happened, never changed: codes and ids only, chained by a keyed hash."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=32)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_role = models.CharField(max_length=16)
    reason_code = models.CharField(max_length=32, blank=True)
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once")]
        # The figures of a day are counted from the events of that day.
        indexes = [models.Index(fields=["at"], name="event_of_a_day")]
        ordering = ["case_id", "seq"]

    def __str__(self) -> str:
        return f"#{self.case_id}/{self.seq} {self.code}"


class CaseNote(models.Model):
    """Free text that belongs to an event; encrypted, since people write names into it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    event_seq = models.PositiveIntegerField()
    text = EncryptedTextField()
    public = models.BooleanField("申请人可见", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "event_seq"], name="one_note_an_event")
        ]

    def __str__(self) -> str:
        return f"#{self.case_id}/{self.event_seq}"


class CorrectionItem(models.Model):
    """One thing a resident has to correct, tied to a field or a document."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="correction_items")
    event_seq = models.PositiveIntegerField()
    target = models.CharField("对应项", max_length=64)  # "field:start" or "document:residence"
    reason_code = models.CharField(max_length=32)
    text = EncryptedTextField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"#{self.case_id} {self.target}"


class NumberCounter(models.Model):
    """The last running number of a county and day; locked last, and only for a moment."""

    county = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="one_counter_a_day")]

    def __str__(self) -> str:
        return f"{self.county} {self.day}: {self.last}"


def new_token() -> str:
    """An unguessable token of 192 bits for addresses printed on paper."""
    return secrets.token_urlsafe(24)
