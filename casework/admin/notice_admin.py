"""回访与邮寄: messages that no machine delivers, and those that could not be delivered.

A person without a phone gets a call or a letter; a clerk makes it and says so here.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from casework.admin.colleagues import may_decide
from casework.admin.rows import short_area
from casework.models import Case, Notice

PER_PAGE = 50
MIN_NOTE = 2
TO_DO = Q(channel__in=(Notice.Channel.CALL, Notice.Channel.POST), state=Notice.State.WAITING) | Q(
    channel=Notice.Channel.SMS, state=Notice.State.FAILED
)


def tasks_for(user):
    """What this clerk's area still has to tell people by hand, the oldest first."""
    visible = Case.objects.visible_to(user).values("pk")
    return Notice.objects.filter(TO_DO, case__in=visible).order_by("created_at", "id")


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """The list of what is to be done by hand; a message itself is never edited."""

    actions = None

    def get_urls(self):
        done = path(
            "<int:pk>/done/",
            self.admin_site.admin_view(self.done_view),
            name="casework_notice_done",
        )
        return [done, *super().get_urls()]

    def has_module_permission(self, request):
        """Not in the list of tables: the way here is from the queue."""
        return False

    def has_view_permission(self, request, obj=None):
        return may_decide(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return tasks_for(request.user)

    def changelist_view(self, request, extra_context=None):
        """The tasks, oldest first."""
        if not may_decide(request.user):
            raise PermissionDenied
        rows = tasks_for(request.user).select_related("case").defer("case__name", "case__phone")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        for notice in page:
            notice.place = short_area(notice.case.county)
        context = {
            **self.admin_site.each_context(request),
            "title": "回访与邮寄",
            "page": page,
            "min_note": MIN_NOTE,
        }
        return render(request, "admin/casework/notice/tasks.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("admin:casework_notice_changelist")

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:casework_notice_changelist")

    def done_view(self, request, pk: int):
        """Mark a task as done, with what came of it."""
        back = redirect(reverse("admin:casework_notice_changelist"))
        if not may_decide(request.user):
            raise PermissionDenied
        note = request.POST.get("note", "").strip()
        if request.method != "POST":
            return back
        if len(note) < MIN_NOTE:
            messages.error(request, "请写明结果，例如「已接通，已告知」或挂号信号码。")
            return back
        now = timezone.now()
        notice = tasks_for(request.user).filter(pk=pk).first()
        changed = notice and tasks_for(request.user).filter(pk=pk).update(
            state=Notice.State.SENT, sent_at=now, error=""
        )
        if not changed:
            messages.error(request, "这项任务已由他人处理，或不在您的经办范围内。")
            return back
        self.log_change(request, notice, f"已办理：{note[:200]}")
        messages.success(request, "已记录。")
        return back
