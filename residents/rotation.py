"""Moving every encrypted column and keyed hash of every app to the newest keys.

Rows are walked by primary key in chunks, one transaction each. What is already under the
newest keys is skipped, so that a run may be broken off and begun again at any time, and a
second run changes nothing. While it runs, both keys are readable and looked up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ExpressionWrapper, F, Q, QuerySet, TextField

from residents import adapters
from residents.crypto import (
    DecryptionError,
    EncryptedTextField,
    KeyedHashField,
    current_prefix,
    decrypt,
    encrypt,
    hash_keys,
    keyed_hash,
)

CHUNK = 1000
_RAW = "_raw_"


@dataclass
class Progress:
    """Rows of one table: looked at, moved, and those that could not be (key → reason)."""

    table: str
    seen: int = 0
    moved: int = 0
    failed: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The columns of one model that rotate."""

    model: type[models.Model]
    encrypted: tuple[EncryptedTextField, ...]
    hashed: tuple[KeyedHashField, ...]

    @property
    def needs_instances(self) -> bool:
        """Whether a hash is made of something else than an encrypted column of the row."""
        names = {column.name for column in self.encrypted}
        return any(column.rotate_from not in names for column in self.hashed)


def plans() -> list[Plan]:
    """One plan for each table of every app, history tables among them."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        local = model._meta.local_concrete_fields
        encrypted = tuple(column for column in local if isinstance(column, EncryptedTextField))
        hashed = tuple(
            column for column in local if isinstance(column, KeyedHashField) and column.rotate_from
        )
        if model._meta.managed and not model._meta.proxy and (encrypted or hashed):
            found.append(Plan(model, encrypted, hashed))
    return found


def left_behind() -> dict[str, int]:
    """How many rows each column holds under an older key that nothing can move: hashes whose
    value is kept nowhere stay under the key they were made with."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.local_concrete_fields:
            if isinstance(column, KeyedHashField) and not column.rotate_from:
                newest = Q(**{f"{column.name}__startswith": f"{hash_keys()[0].id}:"})
                rows = model._base_manager.exclude(newest).exclude(**{column.name: ""})
                if count := rows.count():
                    found[f"{model._meta.db_table}.{column.column}"] = count
    return found


def rotate(plan: Plan, tell: Callable[[Progress], None], *, dry_run: bool = False) -> Progress:
    """Move one table; `tell` hears of every chunk. A dry run only counts."""
    progress, last = Progress(plan.model._meta.db_table), None
    while True:
        last = _rotate_chunk(plan, last, progress, dry_run)
        if last is None:
            return progress
        tell(progress)


def _rotate_chunk(plan: Plan, after, progress: Progress, dry_run: bool):
    """Move the rows after a primary key; returns the last key seen, None at the end."""
    with transaction.atomic():
        rows = _chunk(plan, after)
        progress.seen += len(rows)
        changes = list(_changes(plan, rows, progress))
        if not dry_run:
            _write(plan, changes, progress)
        progress.moved += len(changes)
    return rows[-1].pk if rows else None


def _chunk(plan: Plan, after) -> list[models.Model]:
    """The next rows, locked, with what the columns really hold beside them.

    A plain QuerySet: managers may hide rows, append-only ones refuse to write.
    """
    raw = {
        _RAW + column.name: ExpressionWrapper(F(column.name), output_field=TextField())
        for column in plan.encrypted
    }
    rows = QuerySet(model=plan.model).annotate(**raw).order_by("pk")
    rows = rows.select_for_update(of=("self",))
    if not plan.needs_instances:
        rows = rows.only("pk", *(column.name for column in plan.hashed))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows[:CHUNK])


def _changes(plan: Plan, rows, progress: Progress) -> Iterator[tuple[object, dict]]:
    """(primary key, column → new stored value) of each row that is not up to date."""
    for row in rows:
        try:
            changed = {**_new_ciphertexts(plan, row), **_new_hashes(plan, row)}
        except DecryptionError as error:
            progress.failed[row.pk] = str(error)
            continue
        if changed:
            yield row.pk, changed


def _new_ciphertexts(plan: Plan, row) -> dict[str, str]:
    prefix = current_prefix()
    changed = {}
    for column in plan.encrypted:
        stored = getattr(row, _RAW + column.name)
        if stored and not stored.startswith(prefix):
            changed[column.column] = encrypt(decrypt(stored, column.bound_to), column.bound_to)
    return changed


def _new_hashes(plan: Plan, row) -> dict[str, str]:
    newest = f"{hash_keys()[0].id}:"
    changed = {}
    for column in plan.hashed:
        stored = getattr(row, column.attname)
        if stored and not stored.startswith(newest):
            value = _source_value(plan, row, column)
            if value:
                changed[column.column] = keyed_hash(column.kind, value)
    return changed


def _source_value(plan: Plan, row, column: KeyedHashField):
    """The plain value of a hash, from the ciphertext beside it or from the row."""
    source = next((item for item in plan.encrypted if item.name == column.rotate_from), None)
    if source is None:
        return getattr(row, column.rotate_from)
    stored = getattr(row, _RAW + source.name)
    return decrypt(stored, source.bound_to) if stored else None


def _write(plan: Plan, changes: list[tuple[object, dict]], progress: Progress) -> None:
    """Store the new values; a row that collides with another is named, the rest go on."""
    by_columns: dict[tuple[str, ...], list] = {}
    for key, changed in changes:
        by_columns.setdefault(tuple(changed), []).append((key, changed))
    for columns, group in by_columns.items():
        values = [[*changed.values(), key] for key, changed in group]
        try:
            with transaction.atomic():
                _update(plan, columns, values)
        except IntegrityError:
            _write_singly(plan, columns, values, progress)


def _write_singly(plan: Plan, columns, values, progress: Progress) -> None:
    for row in values:
        try:
            with transaction.atomic():
                _update(plan, columns, [row])
        except IntegrityError as error:
            progress.failed[row[-1]] = str(error)
            progress.moved -= 1


def _update(plan: Plan, columns: tuple[str, ...], values: list[list]) -> None:
    """UPDATE by primary key, many rows in one call; names are those of the model."""
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(column)} = %s" for column in columns)
    table, key = quote(plan.model._meta.db_table), quote(plan.model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {assignments} WHERE {key} = %s", values)


def rotate_second_factors(*, dry_run: bool = False) -> Progress:
    """Move the secrets of the staff's devices, which lie inside a JSON column."""
    progress = Progress(Authenticator._meta.db_table)
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            device = Authenticator.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            progress.seen += 1
            if device and _rotate_device(device, progress, dry_run):
                progress.moved += 1
    return progress


def _rotate_device(device: Authenticator, progress: Progress, dry_run: bool) -> bool:
    stored = device.data.get("secret", "")
    if not stored or stored.startswith(current_prefix()):
        return False
    try:
        secret = decrypt(stored, adapters.TOTP_BOUND_TO)
    except DecryptionError as error:
        progress.failed[device.pk] = str(error)
        return False
    if not dry_run:
        device.data["secret"] = encrypt(secret, adapters.TOTP_BOUND_TO)
        device.save(update_fields=["data"])
    return True
