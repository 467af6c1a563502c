"""Residents and staff of the demonstration. Names carry 示例; the numbers are made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from casework.models import StaffProfile
from casework.roles import assign_role, ensure_roles
from residents.holdings import person_for
from residents.idnumber import CHECK_DIGITS, WEIGHTS, parse
from residents.models import Enrolment, Holding, User
from residents.staff import enrol_totp

PASSWORD = "shili-2026-demo"
FIRST_PHONE = 13800000001
LINXIANG, LINCANG, XINCHENG, HOHHOT = "530902", "530900", "150102", "150100"
AGENCIES = (("lincang", LINCANG), ("hohhot", HOHHOT))
CITIES = {LINCANG: "临沧", HOHHOT: "呼和浩特"}
ROLES = (
    ("first", StaffProfile.Role.FIRST),
    ("first2", StaffProfile.Role.FIRST),
    ("second", StaffProfile.Role.SECOND),
    ("approval", StaffProfile.Role.APPROVAL),
    ("finance", StaffProfile.Role.FINANCE),
    ("finance2", StaffProfile.Role.FINANCE),
    ("supervisor", StaffProfile.Role.SUPERVISOR),
    ("auditor", StaffProfile.Role.AUDITOR),
    ("sysadmin", StaffProfile.Role.SYSADMIN),
)
# 130 combinations of a surname and a given name, in the order of the list.
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马"
GIVEN = ("秀兰", "建国", "桂英", "志强", "玉兰", "国华", "凤英", "德明", "淑珍", "文斌")


@dataclass(frozen=True)
class Resident:
    """An account of the demonstration and the person it is bound to."""

    account: User
    holding: Holding


def made_up_name(n: int) -> str:
    """The n-th name: a usual one that ends in 示例."""
    return f"{SURNAMES[n % len(SURNAMES)]}{GIVEN[n // len(SURNAMES) % len(GIVEN)]}示例"


def made_up_id(area: str, n: int) -> str:
    """A number with a right check digit, for a birthday between 1946 and 1990."""
    born = date(1946, 1, 1) + timedelta(days=(n * 397) % 16000)
    body = f"{area}{born:%Y%m%d}{900 + n % 100:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


def make_resident(n: int, area: str, insurance: str, known: bool = True) -> Resident:
    """The n-th resident: account and person; enrolment and a proven holding when `known`.
    Idempotent.
    """
    phone = str(FIRST_PHONE + n)
    account = User.objects.resident_with_phone(phone) or User.objects.create_resident(
        phone, last_seen_at=timezone.now()
    )
    name, number = made_up_name(n), made_up_id(area, n)
    person = person_for(parse(number))
    holding, _ = Holding.objects.get_or_create(
        account=account,
        person=person,
        defaults={
            "name": name,
            "relation": Holding.Relation.SELF,
            **(_proven() if known else {}),
        },
    )
    if known:
        enrol(number, name, phone, area, insurance)
    return Resident(account, holding)


def _proven() -> dict:
    return {
        "standing": Holding.Standing.BOUND,
        "bound_by": Holding.BoundBy.PHONE,
        "bound_at": timezone.now(),
    }


def enrol(number: str, name: str, phone: str, area: str, insurance: str) -> None:
    """A line of the register, once."""
    known = Enrolment.objects.filter(insured_area=area, insurance=insurance)
    if any(row.id_number == number for row in known):
        return
    group = Enrolment.PersonGroup.RETIRED if insurance == "310" else Enrolment.PersonGroup.ADULT
    Enrolment.objects.create(
        id_number=number,
        name=name,
        phone=phone,
        insured_area=area,
        insurance=insurance,
        person_group=group,
        state=Enrolment.State.ACTIVE,
        from_day=date(2010, 1, 1),
    )


def make_staff() -> list[User]:
    """Every role in two agencies, each with a password and a second factor. Idempotent."""
    ensure_roles()
    return [
        _make_clerk(prefix, area, word, role) for prefix, area in AGENCIES for word, role in ROLES
    ]


@cache
def _hashed_password() -> str:
    """Hashed once: the demonstration's accounts share the password that is printed."""
    return make_password(PASSWORD)


def _make_clerk(prefix: str, area: str, word: str, role: str) -> User:
    username = f"{prefix}-{word}"
    found = User.objects.filter(username=username).first()
    if found:
        return found
    label = StaffProfile.Role(role).label
    user = User.objects.create_staff(username, None, name=f"示例{CITIES[area]}{label}")
    user.password = _hashed_password()
    user.save(update_fields=["password"])
    profile = StaffProfile.objects.create(
        user=user, role=role, scope=StaffProfile.Scope.CITY, area=area
    )
    assign_role(profile)
    enrol_totp(user)
    return user
