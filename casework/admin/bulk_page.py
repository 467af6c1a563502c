"""Acting on many cases at once: each is taken through `perform` on its own, with its result.

One transaction a case: a case that is refused, or that a colleague has just decided, is
named with its reason and leaves the others alone.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse

from casework.actors import Actor
from casework.admin.colleagues import colleagues, may_act, may_supervise
from casework.errors import CaseworkError
from casework.kinds import kind_of
from casework.models import Case
from casework.perform import perform

BULK_ACTIONS = ("approve", "assign", "take", "release")
MAX_AT_ONCE = 100
NOT_FOUND = "办件不存在或不在您的经办范围内"


def bulk_view(request):
    """Act on the ticked cases. Approving takes only clean ones: those without a doubt."""
    queue = reverse("admin:casework_case_changelist")
    name = request.POST.get("bulk", "")
    if request.method != "POST" or name not in BULK_ACTIONS:
        return redirect(queue)
    if not may_act(request.user) or (name == "assign" and not may_supervise(request.user)):
        raise PermissionDenied
    back = f"{queue}?{request.POST.get('query', '')}"
    ticked = _ticked(request.POST.getlist("pk"))
    if not ticked or len(ticked) > MAX_AT_ONCE:
        messages.error(request, f"请先勾选办件，一次最多 {MAX_AT_ONCE} 件。")
        return redirect(back)
    data = _data(request, name)
    if data is None:
        messages.error(request, "请选择要分派给哪位经办人员。")
        return redirect(back)
    results = _run(request.user, name, ticked, data)
    context = {
        **admin.site.each_context(request),
        "title": "批量办理结果",
        "results": results,
        "done": sum(1 for _, done, _ in results if done),
        "back": back,
    }
    return render(request, "admin/casework/case/bulk_result.html", context)


def _ticked(values: list[str]) -> dict[int, int | None]:
    """{primary key: version of the page} of ticks written "17" or "17:4"."""
    ticked = {}
    for value in values:
        pk, _, version = value.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) < 16:
            known = version.isascii() and version.isdigit()
            ticked[int(pk)] = int(version) if known else None
    return ticked


def _data(request, name: str) -> dict | None:
    """What the action is told; None when it lacks its receiver."""
    if name != "assign":
        return {}
    receiver = request.POST.get("assignee", "")
    known = receiver.isascii() and receiver.isdigit() and len(receiver) < 16
    if not known or not colleagues(request.user).filter(user_id=int(receiver)).exists():
        return None
    return {"assignee": int(receiver)}


def _run(user, name: str, ticked: dict, data: dict) -> list[tuple]:
    """(number, done, what happened) of each ticked case, in the order of the page."""
    visible = Case.objects.visible_to(user).for_lists().in_bulk(list(ticked))
    actor = Actor.staff(user)
    return [
        (visible[pk].number, *_one(visible[pk], name, actor, version, data))
        if pk in visible
        else (f"#{pk}", False, NOT_FOUND)
        for pk, version in ticked.items()
    ]


def _one(case: Case, name: str, actor: Actor, version, data: dict) -> tuple[bool, str]:
    row = kind_of(case).workflow.by_name.get(name)
    if row is None:
        return False, "这类办件没有这个操作"
    if not row.in_bulk:
        return False, "这类办件须逐件打开、核对材料后办理"
    if name == "approve" and case.doubts:
        return False, "有疑点，请打开办件逐项核对后办理"
    try:
        perform(case, name, actor, version=version, data=dict(data))
    except CaseworkError as error:
        return False, str(error)
    return True, f"已{row.label}"
