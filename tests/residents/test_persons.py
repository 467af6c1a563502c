import base64
import io
from datetime import date

import pytest
from django.urls import reverse
from PIL import Image

from residents.models import AccountSession, Consent, Holding
from residents.sms import MemoryGateway
from residents.views import persons
from tests.residents.factories import (
    EnrolmentFactory,
    HoldingFactory,
    PersonFactory,
    ResidentFactory,
    id_number,
    logged_in,
)

pytestmark = pytest.mark.django_db

PHONE = "13800000001"
LIST, ADD = reverse("residents:persons"), reverse("residents:person_add")
CONSENT = reverse("residents:person_consent")
SELF = {"relation": "self", "name": "张桂兰", "id_number": id_number(1)}
PARENT = {"relation": "parent", "name": "李大山", "id_number": id_number(2, date(1938, 4, 5))}


def png(width=300, height=120) -> str:
    data = io.BytesIO()
    Image.new("L", (width, height), 255).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


@pytest.fixture
def account():
    return ResidentFactory(phone=PHONE)


@pytest.fixture
def client(account):
    return logged_in(account)


def with_self(account):
    return HoldingFactory(account=account, person=PersonFactory(id_number=id_number(1)))


def add(client, person, **consent):
    assert client.post(ADD, person)["Location"] == CONSENT
    return client.post(CONSENT, {"agree_sensitive": "on", **consent})


def text(response) -> str:
    return response.content.decode()


def test_one_adds_oneself_with_a_separate_consent_whose_text_is_kept(client, account):
    assert add(client, SELF)["Location"] == LIST
    holding = Holding.objects.get(account=account)
    assert (holding.name, holding.relation, holding.standing) == ("张桂兰", "self", "pending")
    consent = Consent.objects.get(kind="sensitive_data")
    assert consent.person == holding.person
    assert "敏感个人信息" in consent.text


def test_without_the_consent_nothing_is_stored(client):
    client.post(ADD, SELF)
    page = text(client.post(CONSENT, {}))
    assert "不同意处理敏感个人信息就无法在线办理" in page
    assert not Holding.objects.exists()
    assert not Consent.objects.exists()


def test_what_was_typed_lies_encrypted_in_the_session(client):
    client.post(ADD, SELF)
    stored = AccountSession.objects.get().get_decoded()[persons.ADD_KEY]
    assert SELF["id_number"] not in stored
    assert "张桂兰" not in stored


def test_the_consent_page_needs_a_person_first(client):
    assert client.get(CONSENT)["Location"] == ADD


@pytest.mark.parametrize(
    ("change", "anchor", "part"),
    [
        ({"name": ""}, "id_name", "请填写姓名"),
        ({"name": "张"}, "id_name", "至少两个字"),
        ({"name": "张3兰"}, "id_name", "不能有“3”"),
        ({"name": "张" * 51}, "id_name", "最多 50"),
        ({"id_number": "530902195001010014"}, "id_id_number", "校验位"),
        ({"id_number": ""}, "id_id_number", "请填写证件号码"),
        ({"relation": "boss"}, "div_id_relation", "请选择与您的关系"),
        ({"relation": ""}, "div_id_relation", "请选择与您的关系"),
        ({"relation": "parent"}, "div_id_relation", "请先添加本人"),
        ({"phone": "123"}, "id_phone", "11 位"),
        ({"id_number": id_number(9, date(2020, 1, 1))}, "id_id_number", "监护人"),
    ],
)
def test_each_mistake_is_told_at_the_top_and_at_the_field(client, change, anchor, part):
    page = text(client.post(ADD, {**SELF, **change}))
    assert part in page
    assert f'href="#{anchor}"' in page
    for field, value in {**SELF, **change}.items():
        assert field == "relation" or f'value="{value}"' in page or not value


@pytest.mark.parametrize(
    "name", ["阿依古丽·买买提", "张𠮷兰", "\ue863小明", "Maria Silva", "张 桂 兰"]
)
def test_rare_and_foreign_names_are_accepted(client, name):
    add(client, {**SELF, "name": name})
    assert Holding.objects.get().name == name.replace(" ", "") or "Silva" in name


def test_a_lower_case_x_is_accepted(client):
    add(client, {**SELF, "id_number": "11010519491231002x"})
    assert Holding.objects.get().person.id_number == "11010519491231002X"


def test_a_second_self_and_the_same_person_again_are_refused(client, account):
    with_self(account)
    assert "已经登记了本人" in text(client.post(ADD, {**SELF, "id_number": id_number(5)}))
    again = {**PARENT, "id_number": id_number(1)}
    assert "已经有这位参保人" in text(client.post(ADD, again))


def test_a_parent_consents_by_typing_the_name_on_the_childs_phone(client, account):
    with_self(account)
    assert add(client, PARENT, agree_proxy="on", typed="李大山").status_code == 302
    holding = Holding.objects.get(relation="parent")
    assert holding.proxy_consent.signature == "李大山"
    assert "代办人：张桂兰" in holding.proxy_consent.text


def test_a_parent_consents_by_drawing_the_name(client, account):
    with_self(account)
    assert add(client, PARENT, agree_proxy="on", drawn=png()).status_code == 302
    consent = Holding.objects.get(relation="parent").proxy_consent
    assert consent.is_drawn
    page = text(client.get(reverse("residents:consent", args=[consent.pk])))
    assert "data:image/png;base64," in page


@pytest.mark.parametrize(
    ("consent", "part"),
    [
        ({"agree_proxy": "on"}, "请手写签名，或输入"),
        ({"agree_proxy": "on", "typed": "张桂兰"}, "与签名人不一致"),
        ({"typed": "李大山"}, "勾选同意"),
        ({"agree_proxy": "on", "drawn": "data:image/png;base64,AAAA"}, "无法识别"),
        ({"agree_proxy": "on", "drawn": "data:text/html;base64,AAAA"}, "无法识别"),
        ({"agree_proxy": "on", "drawn": "data:image/png;base64,*"}, "无法识别"),
        ({"agree_proxy": "on", "drawn": png(5000, 10)}, "过大"),
    ],
)
def test_a_mandate_without_a_signature_that_can_be_used_is_refused(client, account, consent, part):
    with_self(account)
    assert part in text(add(client, PARENT, **consent))
    assert Holding.objects.count() == 1


def test_a_guardian_signs_for_a_small_child_with_their_own_name(client, account):
    with_self(account)
    child = {"relation": "child", "name": "张小宝", "id_number": id_number(3, date(2020, 5, 5))}
    assert "与签名人不一致" in text(add(client, child, agree_proxy="on", typed="张小宝"))
    assert add(client, child, agree_proxy="on", typed="张桂兰").status_code == 302
    holding = Holding.objects.get(relation="child")
    assert holding.guardian


def test_the_answer_is_the_same_whether_or_not_the_person_is_insured_or_held():
    pages = []
    for case in ("unknown", "insured", "held"):
        number = {"unknown": id_number(21), "insured": id_number(22), "held": id_number(23)}[case]
        if case != "unknown":
            EnrolmentFactory(id_number=number, phone="13911111111")
        if case == "held":
            HoldingFactory(person=PersonFactory(id_number=number), standing="bound")
        client = logged_in(ResidentFactory(phone=PHONE[:-1] + str(len(pages) + 3)))
        answer = add(client, {**SELF, "id_number": number})
        page = text(client.get(LIST)).replace(number[-4:], "####")
        pages.append((answer.status_code, answer["Location"], _anonymous(page)))
    assert pages[0] == pages[1] == pages[2]


def _anonymous(page: str) -> str:
    pk = Holding.objects.latest("pk").pk
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    page = "\n".join(lines)
    return page.replace(f"person-{pk}", "person-N").replace(f"/{pk}/", "/N/")


def test_the_first_holder_gets_a_message_when_somebody_else_claims(client):
    HoldingFactory(
        account=ResidentFactory(phone="13911111111"),
        person=PersonFactory(id_number=SELF["id_number"]),
        standing="bound",
    )
    add(client, SELF)
    assert [phone for phone, _ in MemoryGateway.sent] == ["13911111111"]


def test_adding_is_limited_a_day(client, account, monkeypatch):
    monkeypatch.setattr(persons, "ADDS_PER_DAY", 1)
    add(client, SELF)
    page = text(add(client, PARENT, agree_proxy="on", typed="李大山"))
    assert "今天添加的人数过多" in page


def test_the_list_shows_masked_data_only(client, account):
    with_self(account)
    page = text(client.get(LIST))
    assert "张*兰" in page
    assert "张桂兰" not in page
    assert id_number(1) not in page


def test_whom_one_acts_for_shows_on_every_page_and_can_be_switched(client, account):
    with_self(account)
    parent = HoldingFactory(account=account, relation="parent", name="李大山")
    profile = reverse("residents:profile")
    assert "张*兰" in text(client.get(profile))
    client.post(reverse("residents:person_switch", args=[parent.pk]))
    page = text(client.get(profile))
    assert "李*山" in page
    assert "张*兰" not in page


def test_switching_and_revoking_take_a_post(client, account):
    own = with_self(account)
    assert client.get(reverse("residents:person_switch", args=[own.pk])).status_code == 405
    page = client.get(reverse("residents:person_revoke", args=[own.pk]))
    assert "确认移除" in text(page)
    own.refresh_from_db()
    assert own.is_live


def test_after_revoking_the_person_is_gone_from_the_session_too(client, account):
    own = with_self(account)
    parent = HoldingFactory(account=account, relation="parent", name="李大山")
    client.post(reverse("residents:person_switch", args=[parent.pk]))
    client.post(reverse("residents:person_revoke", args=[parent.pk]))
    assert "holding" not in client.session
    assert "李*山" not in text(client.get(LIST))
    own.refresh_from_db()
    assert own.is_live


@pytest.mark.parametrize("name", ["person_switch", "person_revoke", "person_accept"])
def test_nobody_touches_the_persons_of_another_account(client, name):
    other = HoldingFactory()
    address = reverse(f"residents:{name}", args=[other.pk])
    assert client.post(address).status_code == 404
    other.refresh_from_db()
    assert other.is_live


def test_the_person_sees_who_acts_for_them_and_may_agree_or_end_it(client, account):
    own = HoldingFactory(account=account, standing="bound")
    son = ResidentFactory(phone="13977776666")
    proxy = HoldingFactory(account=son, person=own.person, relation="parent")
    page = text(client.get(LIST))
    assert "139****6666" in page
    assert "同意为我代办" in page
    client.post(reverse("residents:person_accept", args=[proxy.pk]))
    proxy.refresh_from_db()
    assert proxy.bound_by == "person"
    assert "139****6666" in text(client.get(reverse("residents:person_revoke", args=[proxy.pk])))
    client.post(reverse("residents:person_revoke", args=[proxy.pk]))
    proxy.refresh_from_db()
    assert proxy.standing == "revoked"


def test_whoever_only_says_they_are_the_person_sees_no_proxies(client, account):
    own = HoldingFactory(account=account, standing="pending")
    HoldingFactory(person=own.person, relation="parent")
    assert "谁可以为我代办" not in text(client.get(LIST))


def test_a_proven_holder_is_warned_of_another_who_claims_to_be_them(client, account):
    own = HoldingFactory(account=account, standing="bound")
    HoldingFactory(person=own.person, standing="contested")
    assert "有其他账户声称是您本人" in text(client.get(LIST))


def test_withdrawing_a_consent_ends_acting_for_the_person(client, account):
    add(client, SELF)
    consent = Consent.objects.get()
    address = reverse("residents:consent", args=[consent.pk])
    assert "撤回同意" in text(client.get(address))
    client.post(address)
    consent.refresh_from_db()
    assert consent.withdrawn_at
    assert Holding.objects.get().standing == "revoked"
    assert "已撤回" in text(client.get(reverse("residents:consents")))


def test_nobody_reads_or_withdraws_the_consent_of_another(client):
    other = Consent.objects.create(account=ResidentFactory(), kind="proxy", text="x")
    address = reverse("residents:consent", args=[other.pk])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_the_list_costs_few_queries(client, account, django_assert_num_queries):
    HoldingFactory(account=account, standing="bound")
    HoldingFactory.create_batch(4, account=account, relation="child")
    with django_assert_num_queries(4):  # session, account, persons, proxies, claims
        client.get(LIST)
