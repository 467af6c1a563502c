"""Insured persons, who acts for them, where they are insured, and what they agreed to."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from residents.crypto import EncryptedTextField, KeyedHashField


class Person(models.Model):
    """A human being, once per ID number. The name is what each holder typed: see Holding."""

    class IdKind(models.TextChoices):
        RESIDENT = "resident", "居民身份证"
        PERMIT = "permit", "港澳台居民居住证"
        FOREIGN = "foreign", "外国人永久居留身份证"

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    id_number = EncryptedTextField("证件号码")
    id_hash = KeyedHashField(kind="id", source="id_number", unique=True)
    id_kind = models.CharField("证件类型", max_length=10, choices=IdKind.choices)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "参保人"
        verbose_name_plural = "参保人"

    def __str__(self):
        return f"参保人 {self.pk}"


class Consent(models.Model):
    """What was agreed to: the very text, its hash, when, and the signature if one was given."""

    class Kind(models.TextChoices):
        SENSITIVE_DATA = "sensitive_data", "处理敏感个人信息的单独同意"
        PROXY = "proxy", "代办委托"
        GUARDIAN = "guardian", "监护人同意"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name="账户"
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name="参保人",
    )
    kind = models.CharField("类型", max_length=16, choices=Kind.choices)
    text = models.TextField("同意的内容")
    text_sha256 = models.CharField("内容摘要", max_length=64, editable=False)
    given_at = models.DateTimeField("同意时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    # A typed name, or a PNG drawn by finger as a data URL.
    signature = EncryptedTextField("签名", blank=True, default="")

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_drawn(self) -> bool:
        """Whether the signature is an image rather than a typed name."""
        return self.signature.startswith("data:image/png;base64,")


class Holding(models.Model):
    """An account acts for a person. Only `bound` shows anything that is older than itself."""

    class Relation(models.TextChoices):
        SELF = "self", "本人"
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        PARENT = "parent", "父母"
        OTHER = "other", "其他亲属"

    class Standing(models.TextChoices):
        PENDING = "pending", "待核实"
        BOUND = "bound", "已核实"
        REVOKED = "revoked", "已解除"
        CONTESTED = "contested", "有争议，待核实"

    class BoundBy(models.TextChoices):
        PHONE = "phone", "手机号码与参保登记一致"
        REALNAME = "realname", "实名核验"
        CLERK = "clerk", "经办人员核对"
        PERSON = "person", "本人在自己的账户中同意"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings", verbose_name="账户"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="holdings", verbose_name="参保人"
    )
    name = EncryptedTextField("姓名")
    name_hash = KeyedHashField(kind="name", source="name", db_index=True)
    # The person's own phone, where it is not the account's.
    phone = EncryptedTextField("参保人手机号码", null=True, blank=True)
    phone_hash = KeyedHashField(kind="phone", source="phone", null=True, db_index=True)
    relation = models.CharField("与本人关系", max_length=8, choices=Relation.choices)
    guardian = models.BooleanField("以监护人身份", default=False)
    standing = models.CharField(
        "状态", max_length=10, choices=Standing.choices, default=Standing.PENDING
    )
    bound_by = models.CharField("核实方式", max_length=10, choices=BoundBy.choices, blank=True)
    bound_at = models.DateTimeField("核实时间", null=True, blank=True)
    revoked_at = models.DateTimeField("解除时间", null=True, blank=True)
    proxy_consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代办委托"
    )
    created_at = models.DateTimeField("添加时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "账户与参保人"
        verbose_name_plural = "账户与参保人"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"],
                condition=~Q(standing="revoked"),
                name="one_live_holding",
                violation_error_message="该参保人已在您的账户中。",
            )
        ]

    def __str__(self):
        return f"持有 {self.pk}"

    @property
    def is_bound(self) -> bool:
        """Whether the account has proven that it may act for this person."""
        return self.standing == self.Standing.BOUND

    @property
    def is_live(self) -> bool:
        return self.standing != self.Standing.REVOKED


AREA = RegexValidator(r"^[1-9][0-9]{5}$", "参保地应为 6 位区划代码。")


class Enrolment(models.Model):
    """One line of the agency's register: this person, insured here, under this insurance."""

    class Insurance(models.TextChoices):
        EMPLOYEE = "310", "职工基本医疗保险"
        RESIDENT = "390", "城乡居民基本医疗保险"

    class PersonGroup(models.TextChoices):
        WORKING = "working", "在职"
        RETIRED = "retired", "退休"
        ADULT = "adult", "居民成年"
        MINOR = "minor", "未成年"
        STUDENT = "student", "学生"
        ELDERLY = "elderly", "居民老年"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        ACTIVE = "active", "正常"
        PAUSED = "paused", "暂停"
        ENDED = "ended", "终止"

    id_number = EncryptedTextField("证件号码")
    id_hash = KeyedHashField(kind="id", source="id_number")
    name = EncryptedTextField("姓名")
    name_hash = KeyedHashField(kind="name", source="name")
    phone = EncryptedTextField("登记手机号码", null=True, blank=True)
    phone_hash = KeyedHashField(kind="phone", source="phone", null=True)
    insured_area = models.CharField("参保地", max_length=6, validators=[AREA])
    insurance = models.CharField("险种", max_length=3, choices=Insurance.choices)
    person_group = models.CharField("人员类别", max_length=8, choices=PersonGroup.choices)
    state = models.CharField("参保状态", max_length=6, choices=State.choices)
    from_day = models.DateField("参保起")
    to_day = models.DateField("参保止", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", default=timezone.now)

    class Meta:
        verbose_name = "参保登记"
        verbose_name_plural = "参保登记"
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash", "insured_area", "insurance"], name="one_enrolment_per_insurance"
            )
        ]

    def __str__(self):
        return f"参保登记 {self.pk}"
