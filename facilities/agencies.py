"""Whom to call: the agency of a place, or the general hotline where none is known."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from facilities import areas
from facilities.areas import Division
from facilities.models import Agency, Insurance

HOTLINE = "12393"
_AREA_CODES = Path(__file__).parent / "data" / "area_codes.yaml"
_GENERAL = "本系统还没有收录当地经办机构的电话，这是全国统一的医保服务热线"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an agency. `general` marks the hotline instead of an office.

    `phone` can be dialled as it stands, except the bare hotline where the area
    code is not known: then `note` says to dial it first.
    """

    name: str
    phone: str
    insurance: str
    area: str
    address: str = ""
    note: str = ""
    source: str = ""
    as_of: str = ""
    general: bool = False
    to_verify: bool = False

    @property
    def hours(self) -> str:
        """Office hours: none are published for any office so far."""
        return ""

    @property
    def insurance_name(self) -> str:
        return str(Insurance(self.insurance).label)


@dataclass(frozen=True, slots=True)
class PlaceContacts:
    """The contacts of one place: one for both insurances, or one for each."""

    place: Division
    contacts: tuple[Contact, ...]


def agency_for(code: str, insurance: str) -> Contact:
    """Whom somebody insured in this place calls about this insurance ("310" or "390").

    The office of the county; else that of the 市本级; else 区号+12393, which says
    that it is the general hotline. One query. Raises areas.UnknownArea for a code
    that names no pooling area, ValueError for another insurance.
    """
    insurance = Insurance(insurance)
    area = areas.pooling_area_of(code)
    place = areas.division(code)
    wanted = [place.code, _own_level(area)]
    offices = {agency.pk: agency for agency in Agency.objects.filter(pk__in=wanted)}
    for found in wanted:
        if found in offices:
            return _office(offices[found], insurance, area, asked=place.code)
    return _hotline(area, insurance)


def contacts_in(area: str) -> list[PlaceContacts]:
    """Every place of a pooling area with its contacts, 本级 first. One query.

    Places without an office of their own are left out; where no place has one the
    area itself is given with the hotline. Raises areas.UnknownArea.
    """
    area = areas.pooling_area_of(area)
    own_first = sorted(areas.counties_of(area), key=lambda p: (p.level != areas.OWN_LEVEL, p.code))
    offices = {agency.pk: agency for agency in Agency.objects.filter(division__pooling_area=area)}
    found = [
        PlaceContacts(place, _both(offices[place.code], area))
        for place in own_first
        if place.code in offices
    ]
    if found:
        return found
    place = areas.division(area)
    return [PlaceContacts(place, (_hotline(area, Insurance.EMPLOYEE),))]


def _own_level(area: str) -> str:
    """The 本级 of a pooling area, or the area itself where it has none."""
    own = [place.code for place in areas.counties_of(area) if place.level == areas.OWN_LEVEL]
    return min(own, default=area)


def _both(agency: Agency, area: str) -> tuple[Contact, ...]:
    """The contact of each insurance; one, when one phone serves both."""
    contacts = tuple(_office(agency, insurance, area) for insurance in Insurance)
    one_phone = agency.phone_employee == agency.phone_resident
    return contacts[:1] if one_phone else contacts


def _office(agency: Agency, insurance: str, area: str, *, asked: str = "") -> Contact:
    """An office as a contact; said to be the city's where a county was asked for."""
    notes = [agency.note, f"资料时间{agency.as_of}" + ("，待核" if agency.to_verify else "")]
    if asked and asked not in (agency.pk, area):
        notes.insert(0, "这是市级经办机构，本系统还没有收录县（区）的电话")
    return Contact(
        agency.name,
        agency.phone(insurance),
        str(insurance),
        area,
        agency.address,
        "；".join(note for note in notes if note),
        agency.source,
        agency.as_of,
        to_verify=agency.to_verify,
    )


def _hotline(area: str, insurance: str) -> Contact:
    """区号+12393, and that it is the general hotline."""
    area_code = _area_codes().get(area)
    name = f"{areas.area_name(area)}医保服务热线"
    if area_code:
        phone, note = f"{area_code}-{HOTLINE}", f"{_GENERAL}（区号{area_code}+{HOTLINE}）。"
    else:
        phone, note = HOTLINE, f"{_GENERAL}。请先拨参保地区号，再拨{HOTLINE}。"
    return Contact(name, phone, str(insurance), area, note=note, general=True)


@cache
def _area_codes() -> dict[str, str]:
    """Telephone area codes by pooling area, read once."""
    return yaml.safe_load(_AREA_CODES.read_text(encoding="utf-8"))
