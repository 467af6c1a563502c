import pytest

from facilities import areas
from facilities.area_search import destinations_in, find_places, resolve_place, split_place


def names(places):
    return [areas.area_name(place.code) for place in places]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("成都", "四川省成都市"),
        ("成都市", "四川省成都市"),
        ("chengdu", "四川省成都市"),
        ("hhht", "内蒙古自治区呼和浩特市"),
        ("昆明", "云南省昆明市"),
        ("双江", "云南省临沧市双江拉祜族佤族布朗族傣族自治县"),
        ("530902", "云南省临沧市临翔区"),
        ("云南省临沧市", "云南省临沧市"),
        ("兵团", "新疆生产建设兵团"),
        ("朝阳", "辽宁省朝阳市"),
    ],
)
def test_the_best_place_comes_first(text, first):
    assert names(find_places(text, limit=1)) == [first]


def test_initials_find_every_city_that_bears_them():
    assert {"四川省成都市", "河北省承德市", "湖南省常德市"} <= set(
        names(find_places("cd", limit=8))
    )


@pytest.mark.parametrize("text", ["", "   ", "()", "没有这个地方", "000000"])
def test_nothing_is_found_for_nothing_or_nonsense(text):
    assert find_places(text) == []


def test_own_levels_are_found_only_where_they_make_sense():
    assert "云南省临沧市本级" not in names(find_places("临沧"))
    assert "云南省临沧市本级" in names(find_places("临沧", own_level=True))


def test_a_city_is_meant_before_the_districts_of_its_name_which_are_offered():
    place, others = resolve_place("朝阳")
    assert areas.area_name(place.code) == "辽宁省朝阳市"
    assert "北京市朝阳区" in names(others)


def test_letters_that_fit_several_cities_decide_nothing():
    place, others = resolve_place("cd")
    assert place is None
    assert "四川省成都市" in names(others)


def test_the_full_name_that_a_link_carries_is_exact():
    place, others = resolve_place("北京市朝阳区")
    assert place.code == "110105"
    assert others == []


def test_a_place_in_front_is_split_off_and_the_longest_wins():
    place, rest = split_place("成都市华西医院")
    assert (place.code, rest) == ("510100", "华西医院")
    assert split_place("华西医院") == (None, "华西医院")
    assert split_place("成都") == (None, "成都")


def test_a_province_stands_for_its_pooling_areas_and_a_city_for_itself():
    assert len(destinations_in(areas.division("530000"))) == 16
    assert [area.code for area in destinations_in(areas.division("530902"))] == ["530900"]
    assert [area.code for area in destinations_in(areas.division("460105"))] == ["460000"]
