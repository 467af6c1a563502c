from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residents.idnumber import (
    CHECK_DIGITS,
    WEIGHTS,
    InvalidIdNumber,
    check_digit,
    parse,
)

TODAY = date(2026, 6, 1)

# typed, normalised, kind, birth date, sex
VALID = [
    ("11010519491231002X", "11010519491231002X", "resident", date(1949, 12, 31), "female"),
    ("11010519491231002x", "11010519491231002X", "resident", date(1949, 12, 31), "female"),
    ("５３０９０２19500101００１５", "530902195001010015", "resident", date(1950, 1, 1), "male"),
    ("11010519491231002ｘ", "11010519491231002X", "resident", date(1949, 12, 31), "female"),
    (" 110105 19491231 002X ", "11010519491231002X", "resident", date(1949, 12, 31), "female"),
    ("110105-19491231-002X", "11010519491231002X", "resident", date(1949, 12, 31), "female"),
    ("440524188001010014", "440524188001010014", "resident", date(1880, 1, 1), "male"),
    ("530902195001010015", "530902195001010015", "resident", date(1950, 1, 1), "male"),
    ("810000199003070015", "810000199003070015", "permit", date(1990, 3, 7), "male"),
    ("820000199003070025", "820000199003070025", "permit", date(1990, 3, 7), "female"),
    ("830000199003070035", "830000199003070035", "permit", date(1990, 3, 7), "male"),
    ("CHN110108012345", "CHN110108012345", "foreign", None, None),
    ("chn110108012345", "CHN110108012345", "foreign", None, None),
]  # fmt: skip

# typed, a part of the message that says what is wrong
INVALID = [
    ("", "请填写"),
    ("   ", "请填写"),
    ("530902199902290016", "不存在"),  # 29 February 1999, though the checksum is right
    ("530902195001010014", "校验位"),
    ("530902195001010005", "校验位"),
    ("130503670401001", "15 位"),
    ("53090219500101001", "17 位"),
    ("5309021950010100155", "19 位"),
    ("53090219500101001Y", "字母 X"),
    ("X30902195001010015", "字母 X"),
    ("990902295001010015", "出生日期"),
    ("000000195001010015", "前 6 位"),
    ("160000195001010015", "前 6 位"),
    ("840000195001010015", "前 6 位"),
    ("530902184912310015", "出生日期"),
    ("530902202700010015", "不存在"),
    ("٥٣٠٩٠٢١٩٥٠٠١٠١٠٠١٥", "只能是数字"),
    ("张三张三张三张三张三张三张三张三张三", "只能是数字"),
]


@pytest.mark.parametrize(("typed", "number", "kind", "birth_date", "sex"), VALID)
def test_a_valid_number_is_normalised_and_taken_apart(typed, number, kind, birth_date, sex):
    parsed = parse(typed, TODAY)
    assert (parsed.number, parsed.kind, parsed.birth_date, parsed.sex) == (
        number, kind, birth_date, sex,
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "part"), INVALID)
def test_an_invalid_number_is_refused_with_a_message_that_says_why(typed, part):
    with pytest.raises(InvalidIdNumber, match=part):
        parse(typed, TODAY)


def test_the_textbook_weights_and_map_are_those_of_the_standard():
    assert WEIGHTS == (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    assert CHECK_DIGITS == "10X98765432"
    assert check_digit("11010519491231002") == "X"


def test_a_permanent_resident_card_of_the_2023_form_is_read():
    first17 = "91115619800101001"
    parsed = parse(first17 + check_digit(first17), TODAY)
    assert (parsed.kind, parsed.birth_date) == ("foreign", date(1980, 1, 1))


def test_somebody_born_today_is_accepted_and_somebody_born_tomorrow_is_not():
    def number(day):
        first17 = f"530902{day:%Y%m%d}001"
        return first17 + check_digit(first17)

    assert parse(number(TODAY), TODAY).birth_date == TODAY
    with pytest.raises(InvalidIdNumber, match="出生日期"):
        parse(number(TODAY + timedelta(days=1)), TODAY)


numbers = st.builds(
    lambda area, day, sequence: f"{area}{day:%Y%m%d}{sequence:03}",
    st.sampled_from(["110105", "530902", "150102", "659001", "810000", "830000"]),
    st.dates(date(1850, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(numbers)
def test_every_real_date_with_its_check_digit_is_accepted(first17):
    parsed = parse(first17 + check_digit(first17), TODAY)
    assert parsed.birth_date == date(int(first17[6:10]), int(first17[10:12]), int(first17[12:14]))
    assert parsed.sex == ("male" if int(first17[16]) % 2 else "female")


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first17, position, shift):
    number = first17 + check_digit(first17)
    wrong = str((int(number[position]) + shift) % 10)
    with pytest.raises(InvalidIdNumber):
        parse(number[:position] + wrong + number[position + 1 :], TODAY)


@given(numbers, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_always_found(first17, position):
    number = first17 + check_digit(first17)
    a, b = number[position], number[position + 1]
    if a != b:
        swapped = number[:position] + b + a + number[position + 2 :]
        with pytest.raises(InvalidIdNumber):
            parse(swapped, TODAY)


@given(st.text(max_size=30))
def test_whatever_is_typed_gets_an_answer_or_a_chinese_message(text):
    try:
        parse(text, TODAY)
    except InvalidIdNumber as error:
        assert any("\u4e00" <= char <= "\u9fff" for char in str(error))
