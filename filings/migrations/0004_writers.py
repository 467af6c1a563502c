"""Everybody who ever wrote in a draft, kept with it: until now its author and its last writer."""

from django.db import migrations, models

REVISED = "修改草稿"


def column():
    return models.JSONField(default=list, editable=False, verbose_name="编写、修改过的人")


def fill(apps, schema_editor):
    """Unpublished versions get their writers: rules from the history, which texts lack, texts
    from the log of the admin, the only place where a draft of theirs is changed."""
    history = apps.get_model("filings", "HistoricalFilingRule").objects
    for row in _unpublished(apps.get_model("filings", "FilingRule")):
        entries = history.filter(id=row.pk).order_by("history_date", "history_id")
        found, former = [], None
        for user, said in entries.values_list("history_user_id", "sha256"):
            if said != former:
                found.append(user)
            former = said
        _write(row, found)
    log = apps.get_model("admin", "LogEntry").objects
    for name in ("noticetext", "promisetext"):
        entries = log.filter(content_type__app_label="filings", content_type__model=name)
        for row in _unpublished(apps.get_model("filings", name)):
            changed = entries.filter(object_id=str(row.pk), change_message=REVISED)
            _write(row, changed.order_by("pk").values_list("user_id", flat=True))


def _unpublished(model):
    return model.objects.exclude(state="published")


def _write(row, users):
    known = [row.created_by_id, *users, row.revised_by_id]
    row.writers = list(dict.fromkeys(user for user in known if user is not None))
    row.save(update_fields=["writers"])


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0003_texts_as_versions"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AddField("filingrule", "writers", column()),
        migrations.AddField("noticetext", "writers", column()),
        migrations.AddField("promisetext", "writers", column()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
