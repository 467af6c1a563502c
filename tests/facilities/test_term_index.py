import pytest
from django.db import connection

from facilities.models import Institution
from facilities.searchtext import grams_of_query
from facilities.term_index import codes_with
from tests.facilities.factories import InstitutionFactory

pytestmark = pytest.mark.django_db


def found(text):
    return codes_with(grams_of_query(text), 100)


def test_new_rows_are_found_however_they_were_written():
    one = InstitutionFactory(name="示例华西医院", code="H53090200001")
    two = InstitutionFactory.build(name="示例华西药店", code="P53090200001", division=one.division)
    Institution.objects.bulk_create([two.derive()])
    assert sorted(found("华西")) == ["H53090200001", "P53090200001"]
    assert found("华西药") == ["P53090200001"]


def test_a_renamed_row_is_found_by_its_new_name_only():
    row = InstitutionFactory(name="示例华西医院")
    row.name = "示例同济医院"
    row.save()
    assert found("华西") == []
    assert found("同济") == [row.code]


def test_an_upsert_renames_too():
    row = InstitutionFactory(name="示例华西医院")
    row.name = "示例同济医院"
    Institution.objects.bulk_create(
        [row.derive()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "search_name", "initials", "terms"],
    )
    assert found("华西") == []
    assert found("同济") == [row.code]


def test_a_deleted_row_is_found_no_more():
    InstitutionFactory(name="示例华西医院").delete()
    InstitutionFactory(name="示例协和医院")
    assert found("华西") == []


def test_codes_with_leading_zeros_and_of_pharmacies_come_back_whole():
    InstitutionFactory(code="H11010500007", place="110105", name="示例甲医院")
    InstitutionFactory(code="P11010500007", place="110105", name="示例甲药店")
    assert sorted(found("例甲")) == ["H11010500007", "P11010500007"]


def test_no_more_than_asked_for_are_given():
    for number in range(5):
        InstitutionFactory(name=f"示例华西医院{number}")
    assert len(codes_with(grams_of_query("华西"), 3)) == 3


def test_the_highest_grades_come_first_and_the_rest_fills_up():
    for number, level in enumerate(["05", "02", "05", "02", "11"]):
        InstitutionFactory(code=f"H5309020000{number}", name=f"示例华西{number}", level=level)
    codes = codes_with(grams_of_query("华西"), 3)
    assert sorted(codes[:2]) == ["H53090200001", "H53090200003"]
    assert codes[2] in ("H53090200000", "H53090200002")


def test_another_grade_moves_an_institution_in_the_order():
    one, two = InstitutionFactory(level="05"), InstitutionFactory(level="08")
    two.level = "01"
    two.save()
    assert codes_with(["inforce"], 9) == [two.code, one.code]
    assert codes_with(["grade1"], 9) == []


def test_what_is_opened_later_or_closed_again_is_found_so():
    row = InstitutionFactory(opened=["inpatient", "M03900"])
    assert codes_with(["openedm03900"], 9) == codes_with(["openedchronic"], 9) == [row.code]
    row.services.get(disease="M03900").delete()
    assert codes_with(["openedm03900"], 9) == codes_with(["openedchronic"], 9) == []
    assert codes_with(["openedinpatient"], 9) == [row.code]


def test_an_institution_out_of_force_is_found_by_nothing_until_it_is_back():
    row = InstitutionFactory(name="示例华西医院", valid=False)
    assert found("华西") == codes_with(["inforce"], 9) == []
    row.valid = True
    row.save()
    assert found("华西") == codes_with(["inforce"], 9) == [row.code]


def test_no_terms_name_nothing():
    InstitutionFactory()
    assert codes_with([], 9) == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its index itself")
def test_the_triggers_that_feed_the_index_are_there_after_all_migrations():
    """A later migration that rebuilds the table would drop them without a word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}
    assert {
        "facilities_institution_added",
        "facilities_institution_removed",
        "facilities_institution_changed",
    } <= triggers
