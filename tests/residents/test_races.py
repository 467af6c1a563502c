"""Two people at the same moment, on two real connections."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from residents import codes, holdings
from residents.models import Enrolment, Holding, Person, PhoneCode, User
from residents.views.login import find_or_create
from tests.residents.factories import (
    EnrolmentFactory,
    PersonFactory,
    ResidentFactory,
    id_number,
    last_code,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PHONES = ("13800000001", "13800000002")
NUMBER = id_number(1)


def at_once(*actions) -> list:
    """What each action gave, or the exception it ended with, all begun together."""
    results, start = [None] * len(actions), Barrier(len(actions))

    def run(index, action):
        start.wait()
        try:
            results[index] = action()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def claim(account):
    return lambda: holdings.claim_person(account, name="张桂兰", id_number=NUMBER, relation="self")


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_prove_the_same_person_one_is_bound_and_one_is_for_a_clerk(attempt):
    for phone, insurance in zip(PHONES, Enrolment.Insurance.values, strict=True):
        EnrolmentFactory(id_number=NUMBER, phone=phone, insurance=insurance)
    accounts = [ResidentFactory(phone=phone) for phone in PHONES]
    results = at_once(*map(claim, accounts))
    assert not any(isinstance(result, Exception) for result in results), results
    standings = sorted(Holding.objects.values_list("standing", flat=True))
    assert standings == ["bound", "contested"]
    assert Person.objects.count() == 1
    assert sum(len(result.others) for result in results) == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_a_double_click_adds_a_person_once(is_known):
    account = ResidentFactory()
    if is_known:
        PersonFactory(id_number=NUMBER)
    results = at_once(claim(account), claim(account))
    assert Holding.objects.filter(account=account).count() == 1
    assert all(not isinstance(result, Exception) for result in results), results


def test_one_code_in_two_windows_counts_once():
    record = codes.send_code(PHONES[0], None)
    code = last_code()
    results = at_once(*[lambda: codes.check_code(record.pk, code, None)] * 2)
    assert sorted(isinstance(result, PhoneCode) for result in results) == [False, True]


def test_guesses_at_the_same_moment_share_the_five_attempts():
    record = codes.send_code(PHONES[0], None)
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06}"
    at_once(*[lambda: codes.check_code(record.pk, wrong, None)] * 8)
    record.refresh_from_db()
    assert record.attempts == codes.MAX_ATTEMPTS


def test_a_first_visit_in_two_windows_makes_one_account():
    results = at_once(*[lambda: find_or_create(PHONES[0])] * 2)
    assert User.objects.count() == 1
    assert results[0] == results[1]
