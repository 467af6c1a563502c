"""Everybody who ever wrote in a draft, kept with it: until now its author and its last writer."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Unpublished policies get their writers from the history."""
    history = apps.get_model("reimbursements", "HistoricalSettlementPolicy").objects
    policies = apps.get_model("reimbursements", "SettlementPolicy").objects
    for row in policies.exclude(state="published"):
        entries = history.filter(id=row.pk).order_by("history_date", "history_id")
        found, former = [row.created_by_id], None
        for user, *said in entries.values_list("history_user_id", "text", "cases", "valid_to"):
            if said != former:
                found.append(user)
            former = said
        found.append(row.revised_by_id)
        row.writers = list(dict.fromkeys(user for user in found if user is not None))
        row.save(update_fields=["writers"])


class Migration(migrations.Migration):
    dependencies = [("reimbursements", "0010_stage_delegation")]

    operations = [
        migrations.AddField(
            "settlementpolicy",
            "writers",
            models.JSONField(default=list, editable=False, verbose_name="编写、修改过的人"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
