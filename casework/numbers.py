"""办件编号: county, window, day and a running number."""

from datetime import date

from django.db import connection

WINDOW = "001"
# The first number of a county and day makes the row; one statement either way.
_NEXT = """
    INSERT INTO casework_numbercounter (county, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (county, day) DO UPDATE SET last = casework_numbercounter.last + 1
    RETURNING last
"""


def next_number(county: str, day: date) -> str:
    """The next case number of a county and day, e.g. 530902001202611220000001.

    Called last inside the submitting transaction: the counter row is the one lock that
    all submits of a county share. Layout as seen in provincial systems (docs/sources.md).
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [county, connection.ops.adapt_datefield_value(day)])
        last = cursor.fetchone()[0]
    return f"{county}{WINDOW}{day:%Y%m%d}0{last:06d}"
