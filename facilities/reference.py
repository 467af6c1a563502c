"""Loading what every installation needs: divisions, pooling areas, diseases, agencies.

Each loader writes only what differs from the database, so that loading twice
changes nothing the second time.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db import models

from facilities import areas
from facilities.diseases import DISEASES
from facilities.models import Agency, Disease, Division, PoolingArea
from facilities.pinyin import full, initials

AGENCIES = Path(__file__).parent / "data" / "agencies.yaml"


@dataclass
class Loaded:
    """What a loader did, in rows. `kept` were changed in the admin and left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0

    def __str__(self):
        kept = f"，后台修改过而保留{self.kept}" if self.kept else ""
        return f"新增{self.created}，更新{self.updated}，未变{self.unchanged}{kept}"


def load_pooling_areas() -> Loaded:
    """Every pooling area of `facilities.areas`."""
    return _synchronise(
        PoolingArea(
            code=area.code,
            name=areas.area_name(area.code),
            province=area.province,
            to_verify=area.to_verify,
        )
        for area in areas.pooling_areas()
    )


def load_divisions() -> Loaded:
    """Every division; one that is in the table no longer is kept, marked as not current."""
    loaded = _synchronise(_division(place) for place in areas.divisions())
    known = [place.code for place in areas.divisions()]
    Division.objects.filter(current=True).exclude(code__in=known).update(current=False)
    return loaded


def load_diseases() -> Loaded:
    """The ten diseases of 门诊慢特病 settled across provinces."""
    return _synchronise(
        Disease(
            code=disease.code,
            name=disease.name,
            short_name=disease.short_name,
            position=position,
            note=disease.note,
        )
        for position, disease in enumerate(DISEASES, start=1)
    )


def load_agencies(path: Path = AGENCIES) -> Loaded:
    """The agencies of the data file; those changed in the admin are kept as they are."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    common = {name: data[name] for name in ("source", "as_of", "to_verify", "note")}
    edited = set(Agency.objects.filter(edited=True).values_list("pk", flat=True))
    wanted = [_agency(entry, common) for entry in data["agencies"]]
    loaded = _synchronise(agency for agency in wanted if agency.pk not in edited)
    loaded.kept = sum(agency.pk in edited for agency in wanted)
    return loaded


def _division(place: areas.Division) -> Division:
    return Division(
        code=place.code,
        name=place.name,
        full_name=areas.area_name(place.code),
        short_name=place.short_name,
        initials=initials(place.name),
        pinyin=full(place.name),
        level=place.level,
        parent_id=place.parent,
        pooling_area_id=place.pooling_area,
        to_verify=place.to_verify,
    )


def _agency(entry: dict, common: dict) -> Agency:
    return Agency(
        division_id=entry["division"],
        name=entry["name"],
        address=entry["address"],
        phone_employee=entry["310"],
        phone_resident=entry["390"],
        **common,
    )


def _synchronise(rows) -> Loaded:
    """Create the rows that are missing and update those that differ."""
    wanted = list(rows)
    if not wanted:
        return Loaded()
    model = type(wanted[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    held = {row[0]: row[1:] for row in model.objects.values_list("pk", *names)}
    missing = [row for row in wanted if row.pk not in held]
    differing = [row for row in wanted if row.pk in held and held[row.pk] != _values(row, names)]
    model.objects.bulk_create(missing)
    model.objects.bulk_update(differing, [_field(model, name) for name in names], batch_size=200)
    unchanged = len(wanted) - len(missing) - len(differing)
    return Loaded(len(missing), len(differing), unchanged)


def _values(row: models.Model, names: list[str]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _field(model: type[models.Model], attname: str) -> str:
    """The name of the field that has this attribute."""
    return next(field.name for field in model._meta.concrete_fields if field.attname == attname)
