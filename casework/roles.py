"""Roles are groups defined in code, created idempotently after migrate."""

from django.contrib.auth.models import Group, Permission

from casework.models import StaffProfile

Role = StaffProfile.Role

# role -> "app.codename" of what its members may do in the admin
CASE_READ = ("casework.view_case", "casework.export_case")
ROLE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.FIRST: (*CASE_READ, "casework.decide_case"),
    Role.SECOND: (*CASE_READ, "casework.decide_case"),
    Role.APPROVAL: (*CASE_READ, "casework.decide_case"),
    Role.FINANCE: CASE_READ,
    Role.SUPERVISOR: (
        *CASE_READ,
        "casework.decide_case",
        "casework.supervise_case",
        "casework.view_jobrun",
        "casework.view_reason",
        "casework.add_reason",
        "casework.change_reason",
        "filings.view_filingrule",
        "filings.add_filingrule",
        "filings.change_filingrule",
        "filings.view_noticetext",
        "filings.add_noticetext",
        "filings.change_noticetext",
        "filings.view_promisetext",
        "filings.add_promisetext",
        "filings.change_promisetext",
        "reimbursements.view_settlementpolicy",
        "reimbursements.add_settlementpolicy",
        "reimbursements.change_settlementpolicy",
    ),
    Role.AUDITOR: (
        *CASE_READ,
        "casework.view_jobrun",
        "residents.view_accesslog",
        "filings.view_filingrule",
        "filings.view_noticetext",
        "filings.view_promisetext",
        "reimbursements.view_settlementpolicy",
    ),
    Role.SYSADMIN: (
        "residents.view_user",
        "residents.add_user",
        "residents.change_user",
        "casework.view_jobrun",
        "casework.view_staffprofile",
        "casework.add_staffprofile",
        "casework.change_staffprofile",
        "casework.view_workday",
        "casework.add_workday",
        "casework.change_workday",
        "casework.delete_workday",
        "facilities.view_agency",
        "facilities.add_agency",
        "facilities.change_agency",
        "facilities.view_institution",
        "facilities.change_institution",
        "facilities.view_institutionservice",
        "facilities.add_institutionservice",
        "facilities.change_institutionservice",
        "facilities.delete_institutionservice",
        "facilities.view_division",
        "facilities.view_poolingarea",
        "facilities.view_disease",
    ),
}


def group_name(role: str) -> str:
    """The name of the group of a role, as the admin shows it."""
    return str(Role(role).label)


def ensure_roles() -> None:
    """Create or correct every group; permissions that do not exist yet are left for later."""
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=group_name(role))
        group.permissions.set(by_name[name] for name in names if name in by_name)


def assign_role(profile: StaffProfile) -> None:
    """Put the user of a profile into the one group of their role."""
    group, _ = Group.objects.get_or_create(name=group_name(profile.role))
    profile.user.groups.set([group])
