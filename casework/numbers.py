"""办件编号: county, window, day and a running number."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from casework.models import NumberCounter

WINDOW = "001"


def next_number(county: str, day: date) -> str:
    """The next case number of a county and day, e.g. 530902001202611220000001.

    Called last inside the submitting transaction: the counter row is the one lock that
    all submits of a county share. Layout as seen in provincial systems (docs/sources.md).
    """
    updated = NumberCounter.objects.filter(county=county, day=day).update(last=F("last") + 1)
    if not updated:
        try:
            with transaction.atomic():
                NumberCounter.objects.create(county=county, day=day, last=0)
        except IntegrityError:
            pass  # another submit of the same moment made the row
        NumberCounter.objects.filter(county=county, day=day).update(last=F("last") + 1)
    last = NumberCounter.objects.values_list("last", flat=True).get(county=county, day=day)
    return f"{county}{WINDOW}{day:%Y%m%d}0{last:06d}"
