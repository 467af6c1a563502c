"""Where care and filing happen: divisions, pooling areas, agencies, institutions.

What is shown together is kept together: an institution's row holds everything that
lists filter and sort by, so that no list joins.
"""

from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from facilities import areas, facets
from facilities.searchtext import clean_name, forms_of_name

CODE_PATTERN = r"^[HP][0-9]{11}$"
PHONE_PATTERN = r"^[0-9][0-9\-]{4,24}$"

institution_code = RegexValidator(CODE_PATTERN, "请填写12位编码：H 或 P 加 11 位数字。")
phone_number = RegexValidator(PHONE_PATTERN, "请填写电话号码，只用数字和“-”，例如 0883-2165105。")


class Insurance(models.TextChoices):
    """Insurance types (险种) that file; the national codes."""

    EMPLOYEE = "310", "职工基本医疗保险"
    RESIDENT = "390", "城乡居民基本医疗保险"


class PoolingArea(models.Model):
    """统筹区: within it one insurance scheme; filings are made to it."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=60)
    province = models.CharField("省级代码", max_length=6)
    to_verify = models.BooleanField("待核", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "统筹区"
        ordering = ["code"]

    def __str__(self):
        return self.name


class Division(models.Model):
    """A division of the country, as `facilities.areas` knows it, with its pinyin."""

    class Level(models.TextChoices):
        PROVINCE = areas.PROVINCE, "省级"
        PREFECTURE = areas.PREFECTURE, "市级"
        COUNTY = areas.COUNTY, "县级"
        OWN_LEVEL = areas.OWN_LEVEL, "本级"

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=40)
    full_name = models.CharField("全称", max_length=60)
    short_name = models.CharField("简称", max_length=40)
    initials = models.CharField("拼音首字母", max_length=40)
    pinyin = models.CharField("拼音", max_length=120)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="上级", related_name="children"
    )
    pooling_area = models.ForeignKey(
        PoolingArea, models.PROTECT, null=True, blank=True, verbose_name="统筹区"
    )
    to_verify = models.BooleanField("待核", default=False)
    current = models.BooleanField("现行", default=True, help_text="撤销的区划保留，供历史办件使用")

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self):
        return self.full_name


class Agency(models.Model):
    """经办机构: where people of a place are helped, with a phone for each insurance."""

    division = models.OneToOneField(
        Division, models.PROTECT, primary_key=True, verbose_name="参保地", related_name="agency"
    )
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=120)
    phone_employee = models.CharField("职工医保电话", max_length=25, validators=[phone_number])
    phone_resident = models.CharField("居民医保电话", max_length=25, validators=[phone_number])
    note = models.CharField("说明", max_length=200, blank=True)
    source = models.CharField("来源", max_length=200)
    as_of = models.CharField("资料时间", max_length=10, help_text="年、年-月或年-月-日")
    to_verify = models.BooleanField("待核", default=False)
    edited = models.BooleanField(
        "已在后台修改", default=False, help_text="后台修改过的，装载基础数据时不再覆盖"
    )

    class Meta:
        verbose_name = verbose_name_plural = "经办机构"
        ordering = ["division"]

    def __str__(self):
        return self.name

    def phone(self, insurance: str) -> str:
        """The phone for an insurance type ("310" or "390")."""
        employee = insurance == Insurance.EMPLOYEE
        return self.phone_employee if employee else self.phone_resident


class Disease(models.Model):
    """One of the diseases settled across provinces as 门诊慢特病 (docs/sources.md)."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=30)
    short_name = models.CharField("简称", max_length=10)
    position = models.PositiveSmallIntegerField("次序", unique=True)
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "门诊慢特病病种"
        ordering = ["position"]

    def __str__(self):
        return self.name


class Institution(models.Model):
    """定点医药机构. `search_name` and what follows it are derived by `derive()`."""

    class Level(models.TextChoices):
        """Grades from the highest down; the codes are the project's own (待核)."""

        L3_SPECIAL = "01", "三级特等"
        L3_A = "02", "三级甲等"
        L3_B = "03", "三级乙等"
        L3_C = "04", "三级丙等"
        L2_A = "05", "二级甲等"
        L2_B = "06", "二级乙等"
        L2_C = "07", "二级丙等"
        L1_A = "08", "一级甲等"
        L1_B = "09", "一级乙等"
        L1_C = "10", "一级丙等"
        NONE = "11", "未定级"

    class ChargingLevel(models.TextChoices):
        """起付线等级: what settlement policies sort institutions by, in their own words."""

        PROVINCIAL = "省部属", "省部属"
        THIRD = "三级", "三级"
        SECOND = "二级", "二级"
        FIRST = "一级", "一级"
        PRIMARY = "基层", "基层"
        NONE = "未定级", "未定级"

    class Kind(models.TextChoices):
        GENERAL = "general", "综合医院"
        SPECIALIST = "specialist", "专科医院"
        TCM = "tcm", "中医医院"
        MATERNITY = "maternity", "妇幼保健院"
        PRIMARY = "primary", "社区或乡镇卫生机构"
        CLINIC = "clinic", "诊所、门诊部"
        PHARMACY = "pharmacy", "药店"
        OTHER = "other", "其他"

    code = models.CharField(
        "机构编码", max_length=12, primary_key=True, validators=[institution_code]
    )
    name = models.CharField("机构名称", max_length=100)
    level = models.CharField("医院等级", max_length=2, choices=Level)
    charging_level = models.CharField("起付线等级", max_length=3, choices=ChargingLevel)
    kind = models.CharField("机构类型", max_length=10, choices=Kind)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name="所在区划", related_name="+", db_index=False
    )
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=50, blank=True)
    demonstration = models.BooleanField("示例", default=False)
    valid = models.BooleanField("有效", default=True)

    pooling_area = models.ForeignKey(
        PoolingArea,
        models.PROTECT,
        verbose_name="统筹区",
        related_name="+",
        db_index=False,
        editable=False,
    )
    search_name = models.CharField(max_length=100, editable=False)
    initials = models.CharField("拼音首字母", max_length=100, editable=False)
    # What the search index holds: grams of the name, and facets (facilities.facets);
    # nothing once out of force.
    terms = models.TextField(editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "定点医药机构"
        ordering = ["level", "code"]
        indexes = [
            # These few are in no search index; the desk still finds them.
            models.Index(fields=["code"], name="institution_out_of_force", condition=Q(valid=False))
        ]
        constraints = [
            # The full-text index on SQLite counts on this form.
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN), name="institution_code_form"
            ),
            models.CheckConstraint(condition=~Q(search_name=""), name="institution_derived"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def derive(self, services: Iterable[tuple[str, str]] | None = None) -> "Institution":
        """Fill what follows from the other fields; bulk writers call it themselves.

        `services` are (service, disease code or ""); without them they are read from
        the database. Raises areas.UnknownArea for a division in no pooling area.
        """
        self.name = clean_name(self.name)
        self.pooling_area_id = areas.pooling_area_of(self.division_id)
        forms = forms_of_name(self.name)
        self.search_name, self.initials = forms.name, forms.initials
        if services is None:
            services = [] if self._state.adding else self.opened()
        terms = (*forms.grams, *facets.of_institution(self, services)) if self.valid else ()
        self.terms = " ".join(terms)
        return self

    def opened(self) -> list[tuple[str, str]]:
        """What is opened, as (service, disease code or "")."""
        return [(row.service, row.disease_id or "") for row in self.services.all()]


class InstitutionService(models.Model):
    """What an institution has opened for direct settlement of people from elsewhere."""

    class Service(models.TextChoices):
        INPATIENT = "inpatient", "住院"
        OUTPATIENT = "outpatient", "普通门诊"
        CHRONIC = "chronic", "门诊慢特病"
        PHARMACY = "pharmacy", "药店购药"

    institution = models.ForeignKey(
        Institution, models.CASCADE, verbose_name="机构", related_name="services"
    )
    service = models.CharField("业务", max_length=10, choices=Service)
    disease = models.ForeignKey(
        Disease, models.PROTECT, null=True, blank=True, verbose_name="病种", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "已开通的异地直接结算业务"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "disease"],
                condition=Q(disease__isnull=False),
                name="institution_disease_once",
            ),
            models.UniqueConstraint(
                fields=["institution", "service"],
                condition=Q(disease__isnull=True),
                name="institution_service_once",
            ),
            models.CheckConstraint(
                condition=Q(service="chronic", disease__isnull=False)
                | (~Q(service="chronic") & Q(disease__isnull=True)),
                name="institution_service_disease",
            ),
        ]

    def __str__(self):
        return str(self.disease) if self.disease_id else self.get_service_display()

    def save(self, *args, **kwargs):
        """The institution is found by what it has opened, so its row follows."""
        super().save(*args, **kwargs)
        self.institution.save(update_fields=["terms"])

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        self.institution.save(update_fields=["terms"])
        return deleted
