from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from residents import consents, holdings, matching, tell
from residents.idnumber import InvalidIdNumber
from residents.models import AccessLog, Consent, Holding, Person
from residents.sms import MemoryGateway
from tests.residents.factories import (
    EnrolmentFactory,
    HoldingFactory,
    PersonFactory,
    ResidentFactory,
    StaffFactory,
    id_number,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
PHONE = "13800000001"
NUMBER = id_number(1)


def claim(account, relation="self", name="张桂兰", number=NUMBER, **values):
    return holdings.claim_person(account, name=name, id_number=number, relation=relation, **values)


def enrolled(**values):
    return EnrolmentFactory(id_number=NUMBER, phone=PHONE, **values)


def passes(name, number, phone):
    return True


def fails(name, number, phone):
    raise TimeoutError


def test_name_and_number_alone_never_bind():
    EnrolmentFactory(id_number=NUMBER, phone="13900000009")
    result = claim(ResidentFactory(phone=PHONE))
    assert result.holding.standing == "pending"
    assert matching.match(result.holding, DAY).is_matched


def test_without_a_phone_in_the_register_nothing_binds():
    EnrolmentFactory(id_number=NUMBER, phone=None)
    assert not claim(ResidentFactory(phone=PHONE)).holding.is_bound


def test_the_phone_of_the_register_binds():
    enrolled()
    holding = claim(ResidentFactory(phone=PHONE)).holding
    assert (holding.standing, holding.bound_by) == ("bound", "phone")
    assert holding.bound_at is not None


@pytest.mark.parametrize("registered", ["+86 138 0000 0001", "138-0000-0001"])
def test_the_phone_of_the_register_may_be_written_in_another_way(registered):
    EnrolmentFactory(id_number=NUMBER, phone=registered)
    assert claim(ResidentFactory(phone=PHONE)).holding.is_bound


def test_the_phone_without_the_right_name_does_not_bind():
    enrolled(name="李秀英")
    holding = claim(ResidentFactory(phone=PHONE)).holding
    assert not holding.is_bound
    assert not matching.match(holding, DAY).is_matched


def test_the_phone_of_somebody_whose_insurance_ended_does_not_bind():
    enrolled(state="ended", to_day=date(2020, 12, 31))
    assert not claim(ResidentFactory(phone=PHONE)).holding.is_bound


def test_a_phone_typed_for_the_person_is_no_proof():
    enrolled()
    account = ResidentFactory(phone="13700000007")
    claim(account, number=id_number(2), name="李强")
    assert not claim(account, "parent", phone=PHONE, agent_name="李强").holding.is_bound


def test_a_real_name_check_binds_oneself_but_not_family(settings):
    settings.REALNAME_CHECK = f"{__name__}.passes"
    account = ResidentFactory(phone=PHONE)
    own = claim(account).holding
    assert (own.standing, own.bound_by) == ("bound", "realname")
    assert not claim(account, "parent", number=id_number(2)).holding.is_bound


def test_a_real_name_service_that_is_down_stops_nobody(settings):
    settings.REALNAME_CHECK = f"{__name__}.fails"
    assert claim(ResidentFactory(phone=PHONE)).holding.standing == "pending"


def test_a_holding_is_bound_later_when_the_register_arrives():
    account = ResidentFactory(phone=PHONE)
    holding = claim(account).holding
    enrolled()
    assert holdings.settle_pending(account) == 1
    holding.refresh_from_db()
    assert holding.is_bound


def test_claiming_twice_changes_nothing():
    account = ResidentFactory()
    first = claim(account)
    again = claim(account)
    assert (again.created, again.holding) == (False, first.holding)
    assert Holding.objects.count() == 1


def test_the_database_itself_refuses_a_second_live_holding():
    holding = HoldingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        HoldingFactory(account=holding.account, person=holding.person)
    holdings.revoke(holding)
    HoldingFactory(account=holding.account, person=holding.person)


def test_two_accounts_share_one_row_of_the_person():
    claim(ResidentFactory())
    claim(ResidentFactory())
    assert Person.objects.count() == 1


def test_an_account_has_one_self():
    account = ResidentFactory()
    claim(account)
    with pytest.raises(holdings.HoldingRefused, match="本人"):
        claim(account, number=id_number(2))
    assert Person.objects.count() == 1


def test_a_wrong_number_leaves_nothing_behind():
    with pytest.raises(InvalidIdNumber):
        claim(ResidentFactory(), number="530902199902290016")
    assert not Person.objects.exists()
    assert not Consent.objects.exists()


def test_a_second_account_is_contested_and_the_first_holder_is_told():
    enrolled()
    first = claim(ResidentFactory(phone=PHONE)).holding
    second = claim(ResidentFactory(phone="13900000002"))
    assert second.holding.standing == "contested"
    assert second.others == (first,)
    tell.contested(second)
    [(phone, text)] = MemoryGateway.sent
    assert phone == PHONE
    assert "张*兰" in text
    assert "张桂兰" not in text


def test_an_app_above_may_take_over_the_telling(monkeypatch):
    heard = []
    monkeypatch.setattr(tell, "_handlers", [])
    tell.register(heard.append)
    HoldingFactory(person=PersonFactory(id_number=NUMBER), standing="bound")
    result = claim(ResidentFactory())
    tell.contested(result)
    assert heard == [result]
    assert not MemoryGateway.sent


def test_a_failure_to_tell_does_not_fail_the_claim(settings):
    HoldingFactory(person=PersonFactory(id_number=NUMBER), standing="bound")
    settings.SMS_GATEWAY = "tests.residents.test_login.BrokenGateway"
    tell.contested(claim(ResidentFactory()))


def test_even_the_phone_of_the_register_does_not_bind_what_another_holds():
    HoldingFactory(person=PersonFactory(id_number=NUMBER), standing="bound", bound_by="clerk")
    enrolled()
    account = ResidentFactory(phone=PHONE)
    holding = claim(account).holding
    assert holding.standing == "contested"
    assert holdings.settle_pending(account) == 0


def test_two_unproven_claims_do_not_contest_each_other():
    assert claim(ResidentFactory()).holding.standing == "pending"
    second = claim(ResidentFactory())
    assert (second.holding.standing, second.others) == ("pending", ())


def test_an_account_that_is_gone_does_not_stand_in_the_way():
    HoldingFactory(
        person=PersonFactory(id_number=NUMBER),
        standing="bound",
        account=ResidentFactory(is_active=False),
    )
    enrolled()
    assert claim(ResidentFactory(phone=PHONE)).holding.is_bound


def test_after_the_first_holder_left_a_contested_claim_can_be_proven():
    first = HoldingFactory(person=PersonFactory(id_number=NUMBER), standing="bound")
    enrolled()
    account = ResidentFactory(phone=PHONE)
    claim(account)
    holdings.revoke(first)
    assert holdings.settle_pending(account) == 1


def test_a_clerk_binds_and_it_is_logged():
    clerk = StaffFactory()
    holding = HoldingFactory()
    assert holdings.bind_by_clerk(holding, clerk, "YB202603020001") == ()
    holding.refresh_from_db()
    assert (holding.standing, holding.bound_by) == ("bound", "clerk")
    log = AccessLog.objects.get()
    assert (log.actor, log.action, log.case_number) == (clerk, "bound", "YB202603020001")


def test_a_clerk_who_confirms_a_new_self_ends_the_older_one():
    older = HoldingFactory(standing="bound")
    newer = HoldingFactory(person=older.person, standing="contested")
    assert holdings.bind_by_clerk(newer, StaffFactory()) == (older,)
    older.refresh_from_db()
    assert older.standing == "revoked"


def test_a_clerk_who_confirms_a_proxy_leaves_the_person_their_own():
    own = HoldingFactory(standing="bound")
    proxy = HoldingFactory(person=own.person, relation="parent", standing="contested")
    assert holdings.bind_by_clerk(proxy, StaffFactory()) == ()
    own.refresh_from_db()
    assert own.is_bound


def test_only_staff_bind_and_never_what_was_revoked():
    holding = HoldingFactory()
    with pytest.raises(PermissionError):
        holdings.bind_by_clerk(holding, ResidentFactory())
    holdings.revoke(holding)
    with pytest.raises(holdings.HoldingRefused):
        holdings.bind_by_clerk(holding, StaffFactory())


def test_the_person_lets_a_proxy_act_from_their_own_account():
    own = HoldingFactory(standing="bound")
    proxy = HoldingFactory(person=own.person, relation="parent", standing="contested")
    assert list(holdings.proxies_of(own.account)) == [proxy]
    holdings.accept_proxy(proxy, own)
    assert (proxy.standing, proxy.bound_by) == ("bound", "person")


@pytest.mark.parametrize("own", [{"standing": "pending"}, {"relation": "parent"}])
def test_whoever_is_not_proven_to_be_the_person_lets_nobody_act(own):
    own = HoldingFactory(**{"standing": "bound", **own})
    proxy = HoldingFactory(person=own.person, relation="parent")
    assert not holdings.proxies_of(own.account).exists()
    with pytest.raises(holdings.HoldingRefused):
        holdings.accept_proxy(proxy, own)


def test_a_second_self_is_never_accepted_by_the_first():
    own = HoldingFactory(standing="bound")
    other = HoldingFactory(person=own.person, standing="contested")
    with pytest.raises(holdings.HoldingRefused):
        holdings.accept_proxy(other, own)
    assert holdings.other_claims_of_self(own.account) == 1


def test_revoking_withdraws_the_consents_and_keeps_the_rows():
    account = ResidentFactory()
    claim(account)
    holding = claim(account, "parent", number=id_number(2), agent_name="张桂兰").holding
    holdings.revoke(holding)
    holding.refresh_from_db()
    assert holding.standing == "revoked"
    kinds = Consent.objects.filter(withdrawn_at__isnull=False).values_list("kind", flat=True)
    assert sorted(kinds) == ["proxy", "sensitive_data"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    assert list(holdings.holdings_of(account).values_list("relation", flat=True)) == ["self"]


def test_oneself_comes_first_in_the_list():
    account = ResidentFactory()
    HoldingFactory(account=account, relation="child")
    own = HoldingFactory(account=account, relation="self")
    assert holdings.holdings_of(account)[0] == own


def test_what_a_proxy_does_is_told_to_the_person_and_not_to_the_proxy():
    own = HoldingFactory(standing="bound")
    proxy = HoldingFactory(person=own.person, relation="parent", standing="bound")
    assert holdings.people_to_tell(own.person, proxy.account) == [own]
    assert holdings.people_to_tell(own.person, own.account) == []


@pytest.mark.parametrize(
    ("values", "day", "found"),
    [
        ({}, DAY, True),
        ({"from_day": DAY}, DAY, True),
        ({"from_day": DAY + timedelta(days=1)}, DAY, False),
        ({"state": "paused"}, DAY, True),
        ({"state": "ended", "to_day": DAY}, DAY, True),
        ({"state": "ended", "to_day": DAY}, DAY + timedelta(days=1), False),
        ({"state": "ended"}, DAY, False),
        ({"to_day": DAY}, DAY, True),
    ],
)
def test_an_enrolment_counts_on_the_days_it_covers(values, day, found):
    enrolment = EnrolmentFactory(id_number=NUMBER, **values)
    person = PersonFactory(id_number=NUMBER)
    assert holdings.enrolments_for(person, day) == ([enrolment] if found else [])


def test_active_enrolments_come_before_paused_ones():
    paused = EnrolmentFactory(id_number=NUMBER, insurance="310", state="paused")
    active = EnrolmentFactory(id_number=NUMBER, insurance="390", state="active")
    assert holdings.enrolments_for(PersonFactory(id_number=NUMBER), DAY) == [active, paused]


@pytest.mark.parametrize(
    ("relation", "born", "kind"),
    [
        ("self", date(1960, 1, 1), None),
        ("parent", date(1940, 1, 1), "proxy"),
        ("spouse", date(1960, 1, 1), "proxy"),
        ("child", date(2008, 3, 2), "proxy"),
        ("child", date(2008, 3, 3), "guardian"),
        ("child", date(2020, 1, 1), "guardian"),
        ("child", None, "proxy"),
    ],
)
def test_which_consent_a_relation_needs(relation, born, kind):
    assert consents.consent_kind(relation, born, DAY) == kind


def test_the_mandate_names_person_agent_and_relation_and_is_kept_word_by_word():
    account = ResidentFactory()
    holding = claim(account, "parent", agent_name="李强", signature="张桂兰").holding
    consent = holding.proxy_consent
    assert consent.signature == "张桂兰"
    assert "委托人：张桂兰" in consent.text
    assert "代办人：李强" in consent.text
    assert "与委托人关系：子女" in consent.text
    assert len(consent.text_sha256) == 64


def test_adding_a_small_child_makes_one_a_guardian():
    number = id_number(3, date(2020, 5, 5))
    holding = claim(ResidentFactory(), "child", number=number, agent_name="李强").holding
    assert holding.guardian
    assert holding.proxy_consent.kind == "guardian"
