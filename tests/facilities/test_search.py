import json

import pytest

from facilities import areas, institution_search
from facilities.institution_search import Wanted, find_institutions
from facilities.search import destination, search_destinations
from tests.facilities.factories import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospitals():
    """Few enough to know by heart; 华西 and 同济 are in 成都 and 昆明."""
    make = InstitutionFactory
    return {
        "west": make(
            name="示例华西医院(成都)", place="510104", opened=["inpatient", "outpatient", "M03900"]
        ),
        "clinic": make(
            name="示例华西社区卫生服务中心", place="510107", level="11", opened=["outpatient"]
        ),
        "kunming": make(name="示例同济医院", place="530102", level="05", opened=["inpatient"]),
        "closed": make(name="示例华西旧医院", place="510104", valid=False),
        "haikou": make(name="示例海口医院", place="460105", opened=["inpatient"]),
        "wuzhishan": make(name="示例五指山医院", place="469001", opened=["inpatient"]),
        "pharmacy": make(
            code="P51010400001",
            name="示例华西大药房",
            place="510104",
            level="11",
            kind="pharmacy",
            opened=["pharmacy"],
        ),
    }


def names(text="", place=None, **wanted):
    place = areas.division(place) if place else None
    return [row.name for row in find_institutions(Wanted(text, place, **wanted))]


def test_a_part_of_a_name_finds_the_higher_grade_first_and_never_what_is_not_in_force(hospitals):
    assert names("华西") == ["示例华西医院(成都)", "示例华西社区卫生服务中心", "示例华西大药房"]


@pytest.mark.parametrize(
    "text", ["华西医院", "华西医院（成都）", " 华西 医院 ", "hxyy", "HXYY", "slhxyycd"]
)
def test_names_are_found_in_whatever_way_they_are_written(hospitals, text):
    assert names(text) == ["示例华西医院(成都)"]


def test_characters_that_stand_apart_in_a_name_do_not_make_it_fit(hospitals):
    InstitutionFactory(name="示例华山西医院华西")
    assert "示例华山西医院华西" not in names("华西医院")


def test_two_letters_are_the_beginning_of_the_initials(hospitals):
    InstitutionFactory(name="协和示例医院")
    assert names("xh") == ["协和示例医院"]


def test_one_character_is_the_beginning_of_the_name(hospitals):
    InstitutionFactory(name="协和示例医院")
    assert names("协") == ["协和示例医院"]
    assert names("和") == []


def test_a_rare_character_is_found_wherever_it_stands(hospitals):
    InstitutionFactory(name="示例𬭼化医院")
    assert names("𬭼") == names("𬭼化") == names("例𬭼") == ["示例𬭼化医院"]


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("%", ""),
        ("_", ""),
        ("'", ""),
        ('"*', ""),
        ("华\\西", "华西"),
        ("华_西", "华西"),
        ("医院')--", "医院"),
        ("华西 OR 同济", "没有"),
    ],
)
def test_signs_of_query_languages_mean_nothing(hospitals, text, same_as):
    assert names(text) == names(same_as)


def test_a_place_narrows_down_to_province_city_or_county(hospitals):
    assert len(names("华西", "510000")) == 3
    assert len(names("华西", "510100")) == 3
    assert names("华西", "510107") == ["示例华西社区卫生服务中心"]
    assert names("华西", "530100") == []


def test_a_city_of_a_province_that_is_one_pooling_area_holds_its_own_only(hospitals):
    assert names(place="460100") == ["示例海口医院"]
    assert names(place="469001") == ["示例五指山医院"]
    assert set(names(place="460000")) == {"示例海口医院", "示例五指山医院"}


def test_a_place_in_front_of_a_name_is_understood(hospitals):
    assert names("成都华西医院") == ["示例华西医院(成都)"]
    assert names("昆明华西医院") == []
    assert names("昆明医院") == ["示例同济医院"]


def test_grade_and_service_are_filters(hospitals):
    assert names("华西", grade="3") == ["示例华西医院(成都)"]
    assert names("华西", grade="0", service="outpatient") == ["示例华西社区卫生服务中心"]
    assert names(service="chronic", disease="M03900") == ["示例华西医院(成都)"]
    assert names(service="chronic", disease="M01600") == []
    assert names(service="pharmacy") == ["示例华西大药房"]


def test_where_too_many_fit_the_highest_grades_are_shown(hospitals, monkeypatch):
    monkeypatch.setattr(institution_search, "MOST", 1)
    monkeypatch.setattr(institution_search, "in_order", lambda: False)
    assert names("华西") == ["示例华西医院(成都)"]
    assert names("示例", grade="2") == ["示例同济医院"]


def test_names_in_which_the_text_stands_apart_do_not_hide_those_that_hold_it(monkeypatch):
    monkeypatch.setattr(institution_search, "_FEW", 2)
    for number in range(9):
        InstitutionFactory(name=f"示例{number}华山西医华西", level="01")
    InstitutionFactory(name="示例华西医院", level="11")
    InstitutionFactory(name="示例西医华西医院", level="11")
    assert names("西医华西医") == ["示例西医华西医院"]
    assert names("华西医") == ["示例华西医院", "示例西医华西医院"]


def test_pages_follow_one_another_without_gap_or_repeat(hospitals):
    pages = [find_institutions(Wanted("示例"), offset=at, limit=2) for at in (0, 2, 4, 6)]
    codes = [row.code for page in pages for row in page]
    assert len(codes) == len(set(codes)) == 6


def test_a_page_behind_the_last_of_a_name_is_empty_and_not_another_search(hospitals):
    InstitutionFactory(name="成都华西示例医院", place="510104")
    assert len(find_institutions(Wanted("成都华西"), limit=5)) == 1
    assert find_institutions(Wanted("成都华西"), offset=5, limit=5) == []


def test_search_takes_few_queries_however_many_rows_it_shows(hospitals, django_assert_num_queries):
    for number in range(15):
        InstitutionFactory(name=f"示例华西{number}医院", place="510104", opened=["inpatient"])
    with django_assert_num_queries(3):  # terms, rows, their services
        assert len(find_institutions(Wanted("华西"))) == 18
    with django_assert_num_queries(3):
        find_institutions(Wanted("", areas.division("510100")))


def test_one_box_finds_cities_first_and_hospitals_after(hospitals):
    found = search_destinations("成都")
    assert (found[0].kind, found[0].name) == ("area", "成都市")
    assert ("institution", "示例华西医院(成都)") in [(d.kind, d.name) for d in found]
    assert len(found) <= 10


def test_a_hospital_says_what_it_opened_and_where_one_files_to(hospitals):
    [found] = search_destinations("hxyy")
    assert (found.kind, found.code) == ("institution", hospitals["west"].code)
    assert (found.area, found.area_name) == ("510100", "四川省成都市")
    opened = {entry.label: entry.opened for entry in found.opened}
    assert opened["住院"] and opened["普通门诊"] and opened["高血压"]
    assert not opened["糖尿病"]
    assert found.opened[0].words == "住院 已开通"


def test_a_pharmacy_is_not_said_to_lack_beds(hospitals):
    [found] = search_destinations("华西大药房")
    assert [entry.words for entry in found.opened] == ["药店购药 已开通"]


def test_a_county_is_filed_to_its_pooling_area(hospitals):
    found = search_destinations("锦江区")[0]
    assert (found.name, found.area, found.area_name) == ("锦江区", "510100", "四川省成都市")


def test_a_province_stands_for_the_areas_one_can_file_to(hospitals):
    found = search_destinations("四川", limit=5)
    assert all(d.area != "510000" for d in found)
    assert [d.kind for d in found] == ["area"] * 5


def test_a_province_that_is_one_area_stands_for_itself(hospitals):
    assert search_destinations("北京")[0].area == "110000"


def test_codes_find_exactly_one_destination(hospitals):
    assert [d.code for d in search_destinations("530902")] == ["530902"]
    code = hospitals["west"].code
    assert [d.code for d in search_destinations(code.lower())] == [code]
    assert destination(code).name == "示例华西医院(成都)"
    assert destination("530902").area == "530900"
    assert destination("530000") is None
    assert destination("H99999999999") is None
    assert destination(hospitals["closed"].code) is None


@pytest.mark.parametrize("text", ["", "  ", "？！", "没有这样的地方和医院", "1234567"])
def test_nothing_is_found_for_nothing_or_nonsense(hospitals, text):
    assert search_destinations(text) == []


def test_the_box_takes_at_most_four_queries(hospitals, django_assert_max_num_queries):
    for text in ("成都", "华西", "hxyy", "成都华西医院", "四川", "530902", "没有"):
        with django_assert_max_num_queries(4):
            search_destinations(text)


def test_the_box_answers_htmx_with_radio_buttons_and_scripts_with_json(client, hospitals):
    page = client.get("/places/destinations/", {"q": "华西医院"}).content.decode()
    assert f'name="destination" value="{hospitals["west"].code}"' in page
    assert "住院 ✓已开通" in page
    assert "糖尿病 ✗未开通" in page
    assert "备案到 四川省成都市" in page
    data = json.loads(client.get("/places/destinations.json", {"q": "华西医院"}).content)
    assert data["destinations"][0]["code"] == hospitals["west"].code
    assert "没有找到" in client.get("/places/destinations/", {"q": "没有"}).content.decode()
