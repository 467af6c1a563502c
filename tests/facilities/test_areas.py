import pytest

from facilities import areas
from facilities.areas import UnknownArea
from facilities.shortnames import short_name


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("530900", "530900"),
        ("530902", "530900"),
        ("530999", "530900"),
        ("510107", "510100"),
        ("110105", "110000"),
        ("110000", "110000"),
        ("110100", "110000"),
        ("500237", "500000"),
        ("460105", "460000"),
        ("460400", "460000"),
        ("469001", "460000"),
        ("540102", "540000"),
        ("549900", "540000"),
        ("419001", "419001"),
        ("429004", "429004"),
        ("441900", "441900"),
        ("441999", "441900"),
        ("620200", "620200"),
        ("659001", "660000"),
        ("660000", "660000"),
        ("650102", "650100"),
        ("539900", "539900"),
        ("530099", "539900"),
        (" 530902 ", "530900"),
        ("５３０９０２", "530900"),
    ],
)
def test_every_kind_of_place_has_its_pooling_area(code, area):
    assert areas.pooling_area_of(code) == area


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("530000", "多个统筹区"),
        ("999999", "没有区划代码"),
        ("429000", "不是一个具体的地方"),
        ("", "没有区划代码"),
        ("临沧", "没有区划代码"),
    ],
)
def test_a_code_that_is_no_pooling_area_is_refused_in_chinese(code, hint):
    with pytest.raises(UnknownArea, match=hint):
        areas.pooling_area_of(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("530900", "云南省临沧市"),
        ("530902", "云南省临沧市临翔区"),
        ("530999", "云南省临沧市本级"),
        ("539900", "云南省本级"),
        ("110000", "北京市"),
        ("110105", "北京市朝阳区"),
        ("429004", "湖北省仙桃市"),
        ("659001", "新疆生产建设兵团石河子市"),
        ("999999", "未收录的区划（999999）"),
    ],
)
def test_full_names_start_at_the_province(code, name):
    assert areas.area_name(code) == name


@pytest.mark.parametrize(
    ("home", "away", "scope"),
    [
        ("530902", "510100", "inter_province"),
        ("530902", "530100", "intra_province"),
        ("530902", "H53010200001", "intra_province"),
        ("530902", "h51010400001", "inter_province"),
        ("530902", "530921", "same_area"),
        ("530999", "530900", "same_area"),
        ("110105", "110108", "same_area"),
        ("460105", "469001", "same_area"),
        ("539900", "530100", "intra_province"),
        ("650100", "659001", "inter_province"),
    ],
)
def test_scope_follows_from_the_two_pooling_areas(home, away, scope):
    assert areas.scope_between(home, away) == scope


def test_a_destination_may_be_an_institution_of_either_kind():
    assert areas.destination_area("H53090200001") == "530900"
    assert areas.destination_area("p11010500001") == "110000"


@pytest.mark.parametrize("code", ["H5309020001", "X53090200001", "成都", "5309021", ""])
def test_a_destination_of_another_form_is_refused(code):
    with pytest.raises(UnknownArea, match="12位"):
        areas.destination_area(code)


def test_an_institution_in_an_unknown_division_is_refused():
    with pytest.raises(UnknownArea):
        areas.destination_area("H99999900001")


def test_counties_of_an_area_include_its_own_level():
    names = [place.name for place in areas.counties_of("530902")]
    assert len(names) == 9
    assert names[0] == "临翔区"
    assert names[-1] == "临沧市本级"


def test_the_pooling_areas_of_a_province_are_its_cities_its_own_counties_and_its_own_level():
    names = [area.name for area in areas.pooling_areas("420000")]
    assert {"武汉市", "恩施土家族苗族自治州", "仙桃市", "神农架林区", "湖北省本级"} <= set(names)
    assert [area.code for area in areas.pooling_areas("110000")] == ["110000"]


def test_every_division_belongs_to_a_place_that_exists():
    for place in areas.divisions():
        assert place.parent is None or areas.division(place.parent)
        assert areas.division(place.province).level == areas.PROVINCE
        if place.pooling_area:
            assert areas.pooling_area_of(place.pooling_area) == place.pooling_area
        else:
            assert place.level == areas.PROVINCE


def test_every_prefecture_has_an_own_level_of_the_same_area():
    for place in areas.divisions():
        if place.level == areas.PREFECTURE:
            own = areas.division(place.code[:4] + "99")
            assert own.level == areas.OWN_LEVEL
            assert own.pooling_area == place.pooling_area


def test_what_was_assumed_about_the_corps_is_marked():
    assert areas.division("660000").to_verify
    assert areas.division("659001").to_verify
    assert not areas.division("530900").to_verify


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("临沧市", "临沧"),
        ("云县", "云县"),
        ("芒市", "芒市"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("东乡族自治县", "东乡"),
        ("鄂温克族自治旗", "鄂温克"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("龙胜各族自治县", "龙胜"),
        ("浦东新区", "浦东"),
        ("清新区", "清新"),
        ("神农架林区", "神农架"),
        ("大兴安岭地区", "大兴安岭"),
        ("锡林郭勒盟", "锡林郭勒"),
    ],
)
def test_short_names_are_what_people_say(name, short):
    assert short_name(name) == short
