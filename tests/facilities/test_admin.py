import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import RequestFactory

from facilities.admin import CappedPaginator
from facilities.models import Agency, Division, Institution
from tests.facilities.factories import AgencyFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


class Anybody(AnonymousUser):
    """Somebody with every permission, without a row in the database."""

    is_active = is_staff = True

    def has_perm(self, perm, obj=None):
        return True


def request(**query):
    made = RequestFactory().get("/admin/", query)
    made.user, made.session, made.htmx = Anybody(), SessionStore(), False
    made._messages = FallbackStorage(made)
    return made


def shown(model, **query):
    """The rows of a changelist, with what they show of other tables."""
    changes = site._registry[model].get_changelist_instance(request(**query))
    return [(row.name, str(row.division)) for row in changes.result_list]


def test_loaded_tables_are_never_edited_by_hand():
    admin = site._registry[Division]
    asked = request()
    assert not admin.has_add_permission(asked)
    assert not admin.has_change_permission(asked)
    assert not admin.has_delete_permission(asked)


@pytest.mark.parametrize("term", ["华西", "hxyy", "H53090200001", "h53090200001"])
def test_an_institution_is_found_by_part_of_its_name_initials_or_code(term):
    InstitutionFactory(code="H53090200001", name="示例华西医院")
    InstitutionFactory(code="H53090200002", name="示例同济中心")
    InstitutionFactory(code="H53090200003", name="示例同济旧院", valid=False)
    assert [row[0] for row in shown(Institution, q=term)] == ["示例华西医院"]


@pytest.mark.parametrize("term", ["同济旧", "tjjy", "H53090200003"])
def test_the_desk_finds_an_institution_that_is_out_of_force(term):
    InstitutionFactory(code="H53090200003", name="示例同济旧院", valid=False)
    assert [row[0] for row in shown(Institution, q=term)] == ["示例同济旧院"]


def test_lists_take_the_same_queries_for_three_rows_and_for_thirty(django_assert_max_num_queries):
    for number in range(30):
        InstitutionFactory(name=f"示例{number}医院")
    with django_assert_max_num_queries(4):
        assert len(shown(Institution)) == 30
    AgencyFactory(place="530902")
    AgencyFactory(place="530921")
    with django_assert_max_num_queries(4):
        assert len(shown(Agency)) == 2


def test_an_agency_saved_by_hand_is_kept_when_reference_data_is_loaded_again():
    agency = AgencyFactory(place="530902")
    site._registry[Agency].save_model(request(), agency, form=None, change=True)
    call_command("load_reference")
    agency.refresh_from_db()
    assert agency.phone_employee == "0883-1111111"


def test_a_long_list_is_counted_only_so_far(monkeypatch):
    monkeypatch.setattr("facilities.admin.COUNT_UP_TO", 3)
    for _ in range(5):
        InstitutionFactory()
    assert CappedPaginator(Institution.objects.order_by("code"), 2).count == 3


def test_the_code_of_an_institution_is_not_changed_once_it_is_there():
    admin = site._registry[Institution]
    assert "code" in admin.get_readonly_fields(request(), InstitutionFactory())
    assert "code" not in admin.get_readonly_fields(request())


def test_the_page_of_an_institution_shows_what_it_has_opened():
    row = InstitutionFactory(opened=["inpatient", "M03900"])
    page = site._registry[Institution].change_view(request(), row.pk).render().content.decode()
    assert row.code in page
    assert page.count('<option value="M03900" selected>') == 1
    assert page.count('<option value="inpatient" selected>') == 1
