import pytest

from facilities.management.commands.make_pinyin_table import table
from facilities.pinyin import TABLE, full, initials
from facilities.searchtext import clean_name, forms_of_name, grams_of_query, search_form


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("临沧", "lincang"),
        ("重庆", "chongqing"),
        ("重症医学", "zhongzhengyixue"),
        ("长治", "changzhi"),
        ("长子县", "zhangzixian"),
        ("朝阳", "chaoyang"),
        ("乐山", "leshan"),
        ("乐清", "yueqing"),
        ("六安", "luan"),
        ("蚌埠", "bengbu"),
        ("番禺", "panyu"),
        ("单县", "shanxian"),
        ("绿春", "lvchun"),
        ("西藏", "xizang"),
        ("厦门", "xiamen"),
        ("成都", "chengdu"),
        ("东阿", "donge"),
    ],
)
def test_names_of_places_are_read_as_they_are_called(name, letters):
    assert full(name) == letters


def test_initials_keep_latin_letters_and_digits():
    assert initials("示例ABC医院3号") == "slabcyy3h"


def test_the_committed_table_is_the_one_that_the_package_gives():
    assert TABLE.read_text(encoding="utf-8") == table()


def test_a_name_is_kept_without_full_width_signs_and_blanks():
    assert clean_name(" 示例医院 （成都）　ＡＢ ") == "示例医院(成都)AB"


def test_the_search_form_has_neither_brackets_nor_capitals():
    assert search_form("示例·医院（成都）_ABC") == "示例医院成都abc"


def test_a_name_holds_the_grams_of_each_part_of_it_and_of_its_beginning():
    held = set(forms_of_name("示例第一人民医院(成都)").grams)
    for part in ("第一人民", "人民医院", "医院(成都", "rmyy", "sld", "示", "s", "sl"):
        assert set(grams_of_query(search_form(part))) <= held
    for part in ("华西", "例", "l", "dl"):
        assert not set(grams_of_query(search_form(part))) <= held


def test_a_rare_character_is_a_gram_of_its_own():
    forms = forms_of_name("𬭼化医院")
    assert forms.name == "𬭼化医院"
    assert "化医" in forms.grams
    assert set(grams_of_query("𬭼化")) <= set(forms.grams)
    assert not set(grams_of_query("𬭸化")) <= set(forms.grams)
    assert not any("𬭼" in gram for gram in forms.grams if not gram.startswith("start"))


@pytest.mark.parametrize("text", ["云", "c", "cd", "𬭼"])
def test_a_text_however_short_has_grams(text):
    assert grams_of_query(text)


def test_no_text_has_no_grams():
    assert grams_of_query("") == []


def test_no_gram_can_be_taken_for_a_facet():
    facets = ("inforce", "level", "grade", "prov", "city", "dist", "opened")
    for gram in forms_of_name("inforce level02 grade3 prov53 city5309 openedchronic医院").grams:
        assert not gram.startswith(facets)
