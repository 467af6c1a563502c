"""The groups of the roles, as a new installation has them."""

import pytest
from django.contrib.auth.models import Permission

from casework.roles import ROLE_PERMISSIONS, group_name

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_after_the_first_migration_a_group_has_every_permission_of_its_role(role):
    rows = Permission.objects.filter(group__name=group_name(role)).select_related("content_type")
    had = {f"{row.content_type.app_label}.{row.codename}" for row in rows}
    assert had == set(ROLE_PERMISSIONS[role])
