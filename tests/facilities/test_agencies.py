import pytest

from facilities.agencies import agency_for, contacts_in
from facilities.areas import UnknownArea
from facilities.reference import load_agencies
from tests.facilities.factories import AgencyFactory, division

pytestmark = pytest.mark.django_db
# As published for 临沧: 职工, 居民.
PUBLISHED = {
    "530999": ("0883-2165105", "0883-2165105"),
    "530902": ("0883-2139692", "0883-2123475"),
    "530921": ("0883-4219775", "0883-4214641"),
    "530922": ("0883-3225527", "0883-3225527"),
    "530923": ("0883-5215997", "0883-5215997"),
    "530924": ("0883-6630472", "0883-6630418"),
    "530925": ("0883-7624510", "0883-7626496"),
    "530926": ("0883-6127359", "0883-6127359"),
    "530927": ("0883-7126329", "0883-7126329"),
}


@pytest.fixture
def lincang():
    for code in PUBLISHED:
        division(code)
    load_agencies()


@pytest.mark.parametrize("code", PUBLISHED)
def test_each_office_of_lincang_answers_each_insurance_with_its_published_phone(lincang, code):
    assert (agency_for(code, "310").phone, agency_for(code, "390").phone) == PUBLISHED[code]


def test_an_office_says_where_it_is_and_how_old_the_news_is(lincang):
    contact = agency_for("530902", "310")
    assert contact.address == "临沧市临翔区园林北巷4-1号三楼"
    assert "资料时间2022，待核" in contact.note
    assert "云南省临沧市异地就医备案联系电话" in contact.source
    assert not contact.general


def test_the_area_itself_is_answered_by_the_office_of_the_city(lincang):
    contact = agency_for("530900", "390")
    assert contact.name == "临沧市本级医保经办机构"
    assert "市级经办机构" not in contact.note


def test_a_county_without_an_office_is_sent_to_the_city_and_told_so():
    AgencyFactory(place="530999")
    contact = agency_for("530902", "310")
    assert contact.phone == "0883-1111111"
    assert "市级经办机构" in contact.note


@pytest.mark.parametrize(
    ("code", "phone"),
    [
        ("150102", "0471-12393"),
        ("110105", "010-12393"),
        ("460105", "0898-12393"),
        ("530900", "0883-12393"),
    ],
)
def test_where_no_office_is_known_the_hotline_is_given_with_its_area_code(code, phone):
    contact = agency_for(code, "310")
    assert contact.phone == phone
    assert contact.general
    assert "全国统一的医保服务热线" in contact.note


def test_where_the_area_code_is_not_known_one_is_told_to_dial_it_first():
    contact = agency_for("530300", "390")
    assert contact.phone == "12393"
    assert "请先拨参保地区号，再拨12393" in contact.note


def test_whom_to_call_takes_one_query(lincang, django_assert_num_queries):
    with django_assert_num_queries(1):
        agency_for("530902", "310")
    with django_assert_num_queries(1):
        contacts_in("530900")


def test_an_unknown_place_or_insurance_is_refused():
    with pytest.raises(UnknownArea):
        agency_for("999999", "310")
    with pytest.raises(ValueError, match="510"):
        agency_for("530902", "510")


def test_the_places_of_an_area_come_with_the_city_first_and_one_phone_once(lincang):
    places = contacts_in("530902")
    assert [entry.place.code for entry in places][:2] == ["530999", "530902"]
    assert [len(entry.contacts) for entry in places][:2] == [1, 2]
    assert len(places) == 9


def test_an_area_without_offices_gives_its_hotline():
    [entry] = contacts_in("510104")
    assert entry.place.code == "510100"
    assert entry.contacts[0].phone == "028-12393"
