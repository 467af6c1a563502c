"""消息: what the house has told this member of staff, newest first, each with where it leads."""

from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casework.admin.colleagues import may_read, profile_of
from casework.models import Notice

PER_PAGE = 30
# template -> where a message leads that belongs to no single case; apps add their own.
NOTICE_LINKS: dict[str, Callable[[Notice], str]] = {
    "staff_failures": lambda notice: reverse("admin:casework_jobrun_changelist"),
}


def inbox_of(user):
    """The messages of a member of staff."""
    return Notice.objects.filter(recipient=user, channel=Notice.Channel.IN_SITE)


def show(request):
    """The messages; a POST marks all of them as read."""
    if profile_of(request.user) is None:
        raise PermissionDenied
    mine = inbox_of(request.user)
    if request.method == "POST":
        mine.filter(read_at=None).update(read_at=timezone.now())
        return redirect("admin:casework_case_messages")
    page = Paginator(mine.order_by("-id"), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": "消息",
        "page": page,
        "rows": [(notice, _link(notice, request.user)) for notice in page],
        "unread": mine.filter(read_at=None).count(),
        "reads_cases": may_read(request.user),
    }
    return render(request, "admin/casework/notice/inbox.html", context)


def _link(notice: Notice, user) -> str:
    if notice.case_id and may_read(user):
        return reverse("admin:casework_case_change", args=[notice.case_id])
    leads = NOTICE_LINKS.get(notice.template)
    return leads(notice) if leads else ""
