"""Residents, persons and enrolments for tests. All numbers are synthetic."""

import re
from datetime import date

import factory
from django.test import Client

from residents import staff
from residents.idnumber import check_digit, parse
from residents.models import Enrolment, Holding, Person, User
from residents.sms import MemoryGateway


def id_number(sequence: int, birth: date = date(1960, 1, 1), area: str = "530902") -> str:
    """A valid synthetic ID number; a different one for each sequence from 0 to 999."""
    first17 = f"{area}{birth:%Y%m%d}{sequence % 1000:03}"
    return first17 + check_digit(first17)


class ResidentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"r-test-{n}")
    phone = factory.Sequence(lambda n: f"138{n:08}")
    password = "!"


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"clerk{n}")
    name = "王经办"
    is_staff = True

    @factory.post_generation
    def raw_password(self, create, extracted, **kwargs):
        self.set_password(extracted or "correct horse battery")
        self.save()


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    id_number = factory.Sequence(id_number)
    id_kind = "resident"
    birth_date = factory.LazyAttribute(lambda row: parse(row.id_number).birth_date)
    sex = factory.LazyAttribute(lambda row: parse(row.id_number).sex)


class HoldingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Holding

    account = factory.SubFactory(ResidentFactory)
    person = factory.SubFactory(PersonFactory)
    name = "张桂兰"
    relation = "self"


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    id_number = factory.Sequence(id_number)
    name = "张桂兰"
    phone = None
    insured_area = "530902"
    insurance = "310"
    person_group = "working"
    state = "active"
    from_day = date(2015, 1, 1)


def logged_in(user) -> Client:
    """A browser in which the resident `user` is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def logged_in_staff(user) -> Client:
    """A browser in which `user` has shown password and second factor."""
    client = logged_in(user)
    session = client.session
    staff.mark_second_factor(session, user)
    return client


def last_code() -> str:
    """The code in the last message sent."""
    return re.search(r"验证码 (\d{6})", MemoryGateway.sent[-1][1])[1]
