import re

import pytest

from tests.facilities.factories import AgencyFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
SEARCH = "/places/institutions/"
AGENCIES = "/places/agencies/"


def page(client, url, status=200, **query):
    answer = client.get(url, query)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def hospitals():
    InstitutionFactory(
        name="示例华西医院(成都)",
        place="510104",
        opened=["inpatient", "M03900"],
        demonstration=True,
    )
    InstitutionFactory(name="示例同济医院", place="530102", level="05", opened=["outpatient"])


def test_anybody_may_search_and_the_first_visit_tells_how(client):
    text = page(client, SEARCH)
    assert "怎么查" in text
    assert 'method="get"' in text


def test_results_say_in_words_what_is_opened_and_what_is_not(client, hospitals):
    text = page(client, SEARCH, city="成都", q="华西")
    assert "四川省成都市的查询结果" in text
    assert "示例华西医院(成都)" in text
    assert "示例同济医院" not in text
    for words in ("住院 已开通", "普通门诊 未开通", "高血压 已开通", "糖尿病 未开通"):
        assert words in text
    assert "示例，不是真实机构" in text


def test_the_disease_that_was_asked_for_is_shown_too(client, hospitals):
    InstitutionFactory(name="示例透析医院", place="510104", opened=["M07800"])
    text = page(client, SEARCH, service="chronic:M07800")
    assert "示例透析医院" in text
    assert "透析 已开通" in text
    assert "示例华西医院" not in text


def test_a_line_counts_the_diseases_it_does_not_show(client):
    InstitutionFactory(name="示例肿瘤医院", opened=["inpatient", "M00500", "M07800"])
    assert "还开通了 2 个病种" in page(client, SEARCH, q="肿瘤")


def test_an_empty_result_says_what_to_do(client, hospitals):
    assert "请少写几个字再试" in page(client, SEARCH, q="没有这家")


def test_an_unknown_city_is_an_error_at_its_field_and_what_was_typed_stays(client):
    text = page(client, SEARCH, city="没有城", q="华西")
    assert "没有找到“没有城”" in text
    assert "error-summary" in text
    assert 'value="没有城"' in text
    assert 'value="华西"' in text


def test_letters_of_several_cities_are_answered_with_a_choice(client, hospitals):
    text = page(client, SEARCH, city="cd", q="华西")
    assert "您要找的是哪里" in text
    link = re.search(r'href="([^"]+)">四川省成都市<', text)[1].replace("&amp;", "&")
    assert "示例华西医院(成都)" in page(client, link)


@pytest.mark.parametrize(
    "query",
    [{"grade": "9"}, {"service": "nothing"}, {"q": "长" * 51}, {"city": "长" * 51}],
)
def test_values_that_were_never_offered_get_a_chinese_message(client, query):
    text = page(client, SEARCH, **query)
    assert "error-summary" in text
    assert re.search(r"请从列表中选择一项|请写短一些", text)


def test_pages_lead_on_and_back_and_keep_the_question(client):
    for number in range(45):
        InstitutionFactory(name=f"示例{number}医院")
    first = page(client, SEARCH, q="示例")
    assert first.count("<article") == 20
    assert "上一页" not in first
    assert "q=%E7%A4%BA%E4%BE%8B&amp;page=2" in first
    last = page(client, SEARCH, q="示例", page="3")
    assert last.count("<article") == 5
    assert "下一页" not in last


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999", "１", "²", "3.5"])
def test_an_odd_page_number_is_no_error(client, hospitals, number):
    page(client, SEARCH, q="示例", page=number)


def test_an_institution_shows_every_service_and_where_one_files_to(client, hospitals):
    found = re.search(r'href="(/places/institutions/H\d+/)"', page(client, SEARCH, q="华西"))[1]
    text = page(client, found)
    assert text.count("已开通</li>") == 2
    assert text.count("未开通</li>") == 10
    assert "四川省成都市锦江区" in text
    assert "没有登记" in text


def test_an_institution_no_longer_in_force_says_so_and_an_unknown_one_is_not_found(client):
    row = InstitutionFactory(valid=False)
    assert "已不是定点医药机构" in page(client, f"{SEARCH}{row.code}/")
    page(client, f"{SEARCH}H99999999999/", status=404)


def test_agency_phones_are_given_for_each_insurance_the_place_asked_for_first(client):
    AgencyFactory(place="530999")
    AgencyFactory(place="530902")
    text = page(client, AGENCIES, city="临翔")
    assert text.index("临翔区示例经办机构") < text.index("临沧市本级示例经办机构")
    assert "职工基本医疗保险" in text and "0883-1111111" in text
    assert "城乡居民基本医疗保险" in text and "0883-2222222" in text


def test_a_place_without_an_office_gets_the_hotline_which_says_what_it_is(client):
    text = page(client, AGENCIES, city="呼和浩特")
    assert "0471-12393" in text
    assert "全国统一的医保服务热线" in text


def test_agencies_can_be_found_by_province_without_typing(client):
    start = page(client, AGENCIES)
    province = re.search(r'href="([^"]+)">云南省<', start)[1]
    cities = page(client, province)
    city = re.search(r'href="([^"]+)">云南省昆明市<', cities)[1]
    assert "0871-12393" in page(client, city)


def test_pages_take_few_queries(client, hospitals, django_assert_num_queries):
    with django_assert_num_queries(3):  # terms, rows, their services
        page(client, SEARCH, q="华西")
    with django_assert_num_queries(3):
        page(client, SEARCH, city="成都")
    with django_assert_num_queries(1):
        page(client, AGENCIES, city="临沧")
    with django_assert_num_queries(0):
        page(client, AGENCIES)
        page(client, SEARCH)


@pytest.mark.parametrize("url", [SEARCH, AGENCIES, "/places/destinations/"])
def test_nothing_is_changed_by_posting(client, url):
    assert client.post(url).status_code == 405
