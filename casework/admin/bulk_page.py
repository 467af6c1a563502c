"""Acting on many cases at once: each is checked on its own, with a result for each."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from casework.actors import Actor
from casework.kinds import kind_of
from casework.models import Case, StaffProfile
from casework.perform import perform_many

BULK_ACTIONS = ("approve", "assign", "take", "release")
MAX_AT_ONCE = 200


def colleagues(user):
    """The staff to whom this clerk may hand a case: those of the same area who decide."""
    profile = user.staff_profile
    deciding = (StaffProfile.Role.FIRST, StaffProfile.Role.SECOND, StaffProfile.Role.SUPERVISOR)
    return (
        StaffProfile.objects.filter(
            scope=profile.scope, area=profile.area, role__in=deciding, user__is_active=True
        )
        .select_related("user")
        .order_by("user__name")
    )


def bulk_view(request):
    """Act on the ticked cases. Approving takes only clean ones: those without a doubt."""
    queue = reverse("admin:casework_case_changelist")
    name = request.POST.get("bulk", "")
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isdigit()]
    if request.method != "POST" or name not in BULK_ACTIONS:
        return redirect(queue)
    if not getattr(request.user, "staff_profile", None):
        raise PermissionDenied
    if not ids or len(ids) > MAX_AT_ONCE:
        messages.error(request, f"请先勾选办件,一次最多 {MAX_AT_ONCE} 件。")
        return redirect(queue)
    context = {
        **admin.site.each_context(request),
        "title": "批量办理结果",
        "results": _run(request, name, ids),
        "back": f"{queue}?{request.POST.get('query', '')}",
    }
    return render(request, "admin/casework/case/bulk_result.html", context)


def _run(request, name: str, ids: list[int]) -> list[tuple]:
    """(number, done, what happened) of each ticked case, in the order of the page."""
    visible = Case.objects.visible_to(request.user).for_lists().in_bulk(ids)
    outcome = {pk: (False, "办件不存在或不在您的经办范围内") for pk in ids}
    by_kind: dict[str, list[int]] = {}
    for pk, case in visible.items():
        if name == "approve" and case.doubts:
            outcome[pk] = (False, "有疑点,请打开办件逐项核对后办理")
        else:
            by_kind.setdefault(case.kind, []).append(pk)
    for code, group in by_kind.items():
        outcome |= _run_kind(request, name, code, group)
    return [(visible[pk].number if pk in visible else f"#{pk}", *outcome[pk]) for pk in ids]


def _run_kind(request, name: str, code: str, ids: list[int]) -> dict:
    row = kind_of(code).workflow.by_name.get(name)
    if row is None:
        return dict.fromkeys(ids, (False, "这类办件没有这个操作"))
    data = {}
    if name == "assign":
        receiver = colleagues(request.user).filter(user_id=request.POST.get("assignee") or 0)
        if not receiver.exists():
            return dict.fromkeys(ids, (False, "请选择要分派给哪位经办人员"))
        data["assignee"] = int(request.POST["assignee"])
    done = perform_many(ids, name, Actor.staff(request.user), kind_code=code, data=data)
    return {
        **{pk: (True, f"已{row.label}") for pk in done.done},
        **{pk: (False, why) for pk, why in done.skipped.items()},
    }
