import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reimbursements", "0009_recoveries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StageDelegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("county", models.CharField(max_length=6, verbose_name="区县")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("intake", "受理"),
                            ("first_review", "初审"),
                            ("second_review", "复审"),
                            ("approval", "审批"),
                        ],
                        max_length=16,
                        verbose_name="环节",
                    ),
                ),
                ("from_day", models.DateField(verbose_name="起始日")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="截止日")),
                ("document", models.CharField(max_length=120, verbose_name="文号或事由")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "环节委托",
                "verbose_name_plural": "环节委托",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["county", "stage"],
                        name="delegation_not_ended",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day", None), ("to_day__gte", models.F("from_day")), _connector="OR"
                        ),
                        name="delegation_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="delegation_ended_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("to_day", None)),
                        fields=("county", "stage"),
                        name="one_open_delegation",
                    ),
                ],
            },
        ),
    ]
