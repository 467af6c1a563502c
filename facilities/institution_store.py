"""Writing many institutions at once: only what differs, a batch in one transaction."""

from collections import defaultdict

from django.db import transaction

from facilities.importing import Importer
from facilities.institution_rows import Record, parse
from facilities.models import Institution, InstitutionService

_FIELDS = [field for field in Institution._meta.concrete_fields if not field.primary_key]
_ATTRIBUTES = [field.attname for field in _FIELDS]
# What the others are derived from; comparing these is enough.
_OWN = [field.attname for field in _FIELDS if field.editable]


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
        changed = [
            record
            for record in records
            if record.code in held and held[record.code] != _values(record)
        ]
        _save(missing, changed)
        replaced = _replace_services(records, set(codes) & held.keys())
    updated = {record.code for record in changed} | replaced
    return {
        "新增": len(missing),
        "更新": len(updated),
        "未变": len(records) - len(missing) - len(updated),
    }


def _held(codes: list[str]) -> dict[str, tuple]:
    """What the database holds of these institutions."""
    rows = Institution.objects.filter(pk__in=codes).values_list("pk", *_OWN)
    return {row[0]: row[1:] for row in rows}


def _values(record: Record) -> tuple:
    return tuple(getattr(record.institution, name) for name in _OWN)


def _save(missing: list[Record], changed: list[Record]) -> None:
    Institution.objects.bulk_create(
        [record.institution.derive() for record in missing + changed],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[field.name for field in _FIELDS],
    )


def _replace_services(records: list[Record], existing: set[str]) -> set[str]:
    """Bring the services in line; returns the codes of existing ones that changed."""
    held: dict[str, set] = defaultdict(set)
    rows = InstitutionService.objects.filter(institution__in=existing)
    for code, service, disease in rows.values_list("institution_id", "service", "disease_id"):
        held[code].add((service, disease or ""))
    differing = [record for record in records if held[record.code] != record.services]
    stale = [record.code for record in differing if held[record.code]]
    InstitutionService.objects.filter(institution__in=stale).delete()
    InstitutionService.objects.bulk_create(
        InstitutionService(institution_id=record.code, service=service, disease_id=disease or None)
        for record in differing
        for service, disease in sorted(record.services)
    )
    return {record.code for record in differing} & existing
