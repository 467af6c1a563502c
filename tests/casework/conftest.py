import pytest

from casework.actors import Actor
from casework.drafts import start_draft
from casework.models import StaffProfile
from residents.models import Person, User
from tests.casework.toy import register_toy

ID_NUMBER = "530902195001010015"


@pytest.fixture(autouse=True)
def toy_kind():
    register_toy()


@pytest.fixture
def resident(db):
    return User.objects.create_resident("13800000001")


@pytest.fixture
def person(db):
    return Person.objects.create(id_number=ID_NUMBER, id_kind="resident")


@pytest.fixture
def draft(resident, person):
    return start_draft(
        resident,
        person,
        "toy",
        "a",
        {"name": "张示例"},
        account=resident,
        city="530900",
        county="530902",
        name="张示例",
        phone="13800000001",
    )


@pytest.fixture
def clerk_of(db):
    """A maker of clerks: clerk_of("530902") -> Actor."""

    def make(area="530902", scope="county", role="first", **own) -> Actor:
        count = User.objects.count()
        user = User.objects.create_staff(f"clerk{count}", None, name=f"经办员{count}")
        StaffProfile.objects.create(user=user, role=role, scope=scope, area=area, **own)
        return Actor.staff(user)

    return make
