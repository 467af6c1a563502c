from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_rules_area"),
        ("residents", "0002_account_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_city",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_county",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_city_newest",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_county_newest",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=[
                    "city",
                    "queue_rank",
                    "due_at",
                    "id",
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
                    "county",
                ],
                name="case_open_city",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=[
                    "county",
                    "queue_rank",
                    "due_at",
                    "id",
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
                ],
                name="case_open_county",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False), ("is_open", True)),
                fields=["assigned_at", "kind", "status"],
                name="case_taken",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=[
                    "city",
                    "-submitted_at",
                    "-id",
                    "is_open",
                    "kind",
                    "status",
                    "topic",
                    "destination",
                ],
                name="case_city_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=[
                    "county",
                    "-submitted_at",
                    "-id",
                    "is_open",
                    "kind",
                    "status",
                    "topic",
                    "destination",
                ],
                name="case_county_newest",
            ),
        ),
    ]
