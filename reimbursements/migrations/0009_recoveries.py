import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reimbursements", "0008_settlement_taken_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("transfer", "银行转账"),
                    ("cash", "现金缴款"),
                    ("card", "刷卡或扫码"),
                    ("other", "其他"),
                ],
                max_length=8,
                verbose_name="追回方式",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="receipt_number",
            field=models.CharField(blank=True, max_length=40, verbose_name="收款凭证号"),
        ),
        migrations.AddField(
            model_name="payment",
            name="received_on",
            field=models.DateField(null=True, verbose_name="到账日期"),
        ),
        migrations.AddField(
            model_name="payment",
            name="recovers",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="reimbursements.payment",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "待支付"),
                    ("sent", "已送银行"),
                    ("paid", "已支付"),
                    ("failed", "未成功"),
                    ("cancelled", "已作废"),
                    ("due", "待追回"),
                    ("met", "已全部追回"),
                    ("recovered", "已收到退款"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("kind", "recovery"), ("recovers", None)),
                fields=["state", "id"],
                name="recovery_by_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "recovered"), _negated=True),
                    models.Q(
                        ("kind", "recovery"),
                        ("received_on__isnull", False),
                        ("recovers__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="recovered_says_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "recovered")),
                fields=("recovers", "receipt_number"),
                name="receipt_once",
            ),
        ),
    ]
