import pytest
from django.core.management import call_command
from django.test import override_settings

from facilities import areas
from facilities.models import Agency, Disease, Division, Institution, PoolingArea

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(capsys):
    call_command("load_reference")
    return capsys.readouterr().out


def test_everything_is_loaded_with_a_line_for_each_step(loaded):
    assert [f"({step}/4)" in loaded for step in (1, 2, 3, 4)] == [True] * 4
    assert PoolingArea.objects.count() == len(areas.pooling_areas())
    assert Division.objects.count() == len(areas.divisions())
    assert Disease.objects.count() == 10
    assert Agency.objects.count() == 9


def test_loading_again_writes_nothing(loaded, capsys, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        call_command("load_reference")
    lines = capsys.readouterr().out.splitlines()[:4]
    assert all("新增0，更新0" in line for line in lines)


def test_what_was_spoilt_is_mended_and_what_is_gone_is_kept_as_not_current(loaded, capsys):
    Division.objects.filter(code="530902").update(name="旧名", current=False)
    old = Division.objects.create(code="530901", name="旧区", full_name="旧区", level="county")
    call_command("load_reference")
    assert "更新1，未变3703" in capsys.readouterr().out
    mended = Division.objects.get(code="530902")
    assert (mended.name, mended.current) == ("临翔区", True)
    old.refresh_from_db()
    assert not old.current


def test_an_agency_changed_in_the_admin_is_not_overwritten(loaded, capsys):
    Agency.objects.filter(pk="530902").update(phone_employee="0883-1", edited=True)
    Agency.objects.filter(pk="530921").update(phone_employee="0883-1")
    call_command("load_reference")
    assert "更新1，未变7，后台修改过而保留1" in capsys.readouterr().out
    assert Agency.objects.get(pk="530902").phone_employee == "0883-1"
    assert Agency.objects.get(pk="530921").phone_employee == "0883-4219775"


@override_settings(DEMONSTRATION=True)
def test_demonstration_institutions_are_marked_in_name_and_flag(loaded, capsys):
    call_command("load_demo_institutions")
    call_command("load_demo_institutions")
    assert "新增0，更新0，未变68" in capsys.readouterr().out
    rows = list(Institution.objects.prefetch_related("services"))
    assert len(rows) == 68
    assert all(row.demonstration and "示例" in row.name for row in rows)
    provinces = {areas.province_of(row.division_id) for row in rows}
    assert {"510000", "530000", "150000", "110000", "310000", "500000", "440000"} <= provinces
    inpatient_only = [
        row for row in rows if {s.service for s in row.services.all()} == {"inpatient"}
    ]
    assert len(inpatient_only) > 5


@override_settings(DEMONSTRATION=False)
def test_a_real_system_takes_no_demonstration_institutions(capsys):
    with pytest.raises(SystemExit):
        call_command("load_demo_institutions")
    assert "import_institutions" in capsys.readouterr().err
    assert not Institution.objects.exists()
