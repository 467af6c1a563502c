"""Who the measured pages belong to: clerks, an account with many cases, residents who file."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from bench.bulk import Table
from casework.demo.people import HOHHOT, LINXIANG, made_up_name, make_staff
from casework.models import StaffProfile
from facilities.areas import counties_of
from residents.crypto import encrypt, keyed_hash
from residents.idnumber import CHECK_DIGITS, WEIGHTS
from residents.models import Enrolment, Holding, Person, User

BORN = date(1930, 1, 1)
# Accounts, persons and holdings of the bench have primary keys from here on, all the same.
FIRST = 10_000


@dataclass(frozen=True)
class Sealed:
    """A person as stored: the same text encrypted once for each column that holds it."""

    pk: int
    name: str  # for Case.name
    phone: str  # for Case.phone
    name_hash: str
    id_hash: str
    phone_hash: str


def id_number(n: int) -> str:
    """The n-th ID number, with a right check digit; as many as needed, none twice."""
    body = f"110101{BORN + timedelta(days=n // 999):%Y%m%d}{n % 999 + 1:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


def phone(n: int) -> str:
    """The n-th phone number."""
    return f"15{n:09d}"


def name(n: int) -> str:
    """A usual name."""
    return made_up_name(n)


class People:
    """Accounts with one person each, written in bulk; kept in memory as `Sealed`."""

    def __init__(self):
        self.tables = {model: Table(model) for model in (User, Person, Holding)}
        self.all: list[Sealed] = []

    def grow(self, size: int, chunk: int = 10_000) -> None:
        """Until there are `size` of them."""
        while len(self.all) < size:
            first = len(self.all)
            self._write(range(first, min(size, first + chunk)))

    def _write(self, numbers: range) -> None:
        now = timezone.now()
        users, persons, holdings = [], [], []
        for n in numbers:
            pk, said, spoken = FIRST + n, name(n), phone(n)
            found = Sealed(
                pk,
                encrypt(said, "casework_case.name"),
                encrypt(spoken, "casework_case.phone"),
                keyed_hash("name", said),
                keyed_hash("id", id_number(n)),
                keyed_hash("phone", spoken),
            )
            self.all.append(found)
            users.append(self._user(pk, spoken, found, now))
            persons.append(self._person(pk, n, found))
            holdings.append(self._holding(pk, said, found, now))
        for model, rows in ((User, users), (Person, persons), (Holding, holdings)):
            self.tables[model].write(rows)

    def _user(self, pk, spoken, found, now):
        return self.tables[User].row(
            id=pk,
            username=f"b-{pk}",
            password="!",
            phone=encrypt(spoken, "residents_user.phone"),
            phone_hash=found.phone_hash,
            is_active=True,
            last_seen_at=now,
        )

    def _person(self, pk, n, found):
        return self.tables[Person].row(
            id=pk,
            id_number=encrypt(id_number(n), "residents_person.id_number"),
            id_hash=found.id_hash,
            id_kind=Person.IdKind.RESIDENT,
            birth_date=BORN + timedelta(days=n // 999),
            sex=Person.Sex.FEMALE,
        )

    def _holding(self, pk, said, found, now):
        return self.tables[Holding].row(
            id=pk,
            account_id=pk,
            person_id=pk,
            name=encrypt(said, "residents_holding.name"),
            name_hash=found.name_hash,
            relation=Holding.Relation.SELF,
            standing=Holding.Standing.BOUND,
            bound_by=Holding.BoundBy.PHONE,
            bound_at=now,
        )


def staff() -> list[User]:
    """Every role in two agencies and three more clerks in each county of the measured city."""
    make_staff()
    for county in counties_of(HOHHOT):
        for n in range(3):
            user, made = User.objects.get_or_create(
                username=f"bench-{county.code}-{n}",
                defaults={"name": f"示例经办{county.code}{n}", "is_staff": True, "password": "!"},
            )
            if made:
                StaffProfile.objects.create(
                    user=user, role="first", scope=StaffProfile.Scope.COUNTY, area=county.code
                )
    return list(User.objects.filter(is_staff=True).order_by("pk"))


def filers(area: str = LINXIANG, insurance: str = "310") -> Iterator[Holding]:
    """Residents whom the register knows and who have filed nothing yet, one after another."""
    while True:
        mark = uuid.uuid4()
        spoken = f"17{mark.int % 10**9:09d}"
        number = _random_id(mark.int)
        account = User.objects.create_resident(spoken, last_seen_at=timezone.now())
        person = Person.objects.create(
            id_number=number, id_kind=Person.IdKind.RESIDENT, birth_date=date(1958, 3, 2)
        )
        Enrolment.objects.create(
            id_number=number,
            name="王秀兰示例",
            phone=spoken,
            insured_area=area,
            insurance=insurance,
            person_group=Enrolment.PersonGroup.RETIRED,
            state=Enrolment.State.ACTIVE,
            from_day=date(2010, 1, 1),
        )
        yield Holding.objects.create(
            account=account,
            person=person,
            name="王秀兰示例",
            relation=Holding.Relation.SELF,
            standing=Holding.Standing.BOUND,
            bound_by=Holding.BoundBy.PHONE,
            bound_at=timezone.now(),
        )


def _random_id(seed: int) -> str:
    born = date(1940, 1, 1) + timedelta(days=seed % 18_000)
    body = f"530902{born:%Y%m%d}{seed // 18_000 % 999 + 1:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]
