"""Writing many institutions at once: only what differs, a batch in one transaction."""

from collections import defaultdict

from django.db import connection, transaction

from facilities.importing import Importer
from facilities.institution_rows import Record, parse
from facilities.models import Institution, InstitutionService

_FIELDS = [field for field in Institution._meta.concrete_fields if not field.primary_key]
_ATTRIBUTES = [field.attname for field in _FIELDS]
# What the others are derived from; comparing these is enough.
_OWN = [field.attname for field in _FIELDS if field.editable]

# Plain SQL: three rows for each institution, and an object for each costs as much as all else.
_INSERT_SERVICE = (
    "INSERT INTO facilities_institutionservice (institution_id, service, disease_id)"
    " VALUES (%s, %s, %s)"
)


def importer() -> Importer:
    """How rows of an institution table are loaded."""
    return Importer(parse=parse, key_of=lambda record: record.code, write=write)


def write(records: list[Record]) -> dict[str, int]:
    """Create or update a batch; returns how many were 新增, 更新 and 未变.

    The services of an institution are replaced by those of its row. Codes must
    differ within the batch.
    """
    with transaction.atomic():
        codes = [record.code for record in records]
        held = _held(codes)
        missing = [record for record in records if record.code not in held]
        opened = _opened(held.keys())
        differing = [record for record in records if opened[record.code] != record.services]
        changed = [r for r in records if r.code in held and held[r.code] != _values(r)]
        moved = {record.code: record for record in missing + changed + differing}
        _save(list(moved.values()))
        _replace_services(differing, opened)
    return {
        "新增": len(missing),
        "更新": len(moved) - len(missing),
        "未变": len(records) - len(moved),
    }


def _held(codes: list[str]) -> dict[str, tuple]:
    """What the database holds of these institutions."""
    rows = Institution.objects.filter(pk__in=codes).values_list("pk", *_OWN)
    return {row[0]: row[1:] for row in rows}


def _values(record: Record) -> tuple:
    return tuple(getattr(record.institution, name) for name in _OWN)


def _opened(codes) -> dict[str, set[tuple[str, str]]]:
    """What the database holds as opened by these institutions."""
    held: dict[str, set] = defaultdict(set)
    rows = InstitutionService.objects.filter(institution__in=codes)
    for code, service, disease in rows.values_list("institution_id", "service", "disease_id"):
        held[code].add((service, disease or ""))
    return held


def _save(records: list[Record]) -> None:
    Institution.objects.bulk_create(
        [record.institution.derive(record.services) for record in records],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[field.name for field in _FIELDS],
    )


def _replace_services(records: list[Record], opened: dict[str, set]) -> None:
    """Bring the services of these institutions in line with their rows."""
    stale = [record.code for record in records if opened[record.code]]
    InstitutionService.objects.filter(institution__in=stale).delete()
    rows = [
        (record.code, service, disease or None)
        for record in records
        for service, disease in sorted(record.services)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT_SERVICE, rows)
