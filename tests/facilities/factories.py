"""Made-up rows of `facilities`; divisions come from the real table, one chain at a time."""

import factory

from facilities import areas
from facilities.diseases import DISEASES
from facilities.models import (
    Agency,
    Disease,
    Division,
    Institution,
    InstitutionService,
    PoolingArea,
)


def division(code: str) -> Division:
    """The row of a division, with its parents and its pooling area."""
    place = areas.division(code)
    area = place.pooling_area
    if area:
        PoolingArea.objects.get_or_create(
            code=area, defaults={"name": areas.area_name(area), "province": place.province}
        )
    parent = division(place.parent) if place.parent else None
    row, _ = Division.objects.get_or_create(
        code=place.code,
        defaults={
            "name": place.name,
            "full_name": areas.area_name(place.code),
            "short_name": place.short_name,
            "level": place.level,
            "parent": parent,
            "pooling_area_id": area,
        },
    )
    return row


def disease(code: str) -> Disease:
    """The row of one of the ten diseases."""
    position, fact = next((n, d) for n, d in enumerate(DISEASES) if d.code == code)
    row, _ = Disease.objects.get_or_create(
        code=code, defaults={"name": fact.name, "short_name": fact.short_name, "position": position}
    )
    return row


class InstitutionFactory(factory.django.DjangoModelFactory):
    """A hospital in 临翔区; `opened` lists services, diseases by their code."""

    class Meta:
        model = Institution
        skip_postgeneration_save = True

    class Params:
        place = "530902"

    code = factory.LazyAttributeSequence(lambda o, n: f"H{o.place}{n % 100000:05d}")
    name = factory.Sequence(lambda n: f"示例医院{n}号")
    level = Institution.Level.L3_A
    charging_level = Institution.ChargingLevel.THIRD
    kind = Institution.Kind.GENERAL
    division = factory.LazyAttribute(lambda o: division(o.place))

    @factory.post_generation
    def opened(self, create, extracted, **kwargs):
        for name in extracted or ():
            if name.startswith("M"):
                self.services.create(service="chronic", disease=disease(name))
            else:
                self.services.create(service=InstitutionService.Service(name))


class AgencyFactory(factory.django.DjangoModelFactory):
    """An office with a phone for each insurance."""

    class Meta:
        model = Agency

    class Params:
        place = "530902"

    division = factory.LazyAttribute(lambda o: division(o.place))
    name = factory.LazyAttribute(lambda o: f"{areas.division(o.place).name}示例经办机构")
    address = "示例路1号"
    phone_employee = "0883-1111111"
    phone_resident = "0883-2222222"
    source = "示例"
    as_of = "2022"
