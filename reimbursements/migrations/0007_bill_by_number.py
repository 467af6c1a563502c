"""A bill is looked for by its number under every kind, so the number comes first in the index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reimbursements", "0006_claim_stat_and_proposal")]

    operations = [
        migrations.RemoveIndex(model_name="bill", name="bill_by_number"),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(
                fields=["number_norm", "code_norm", "kind"],
                condition=~Q(number_norm=""),
                name="bill_by_number",
            ),
        ),
    ]
