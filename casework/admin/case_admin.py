"""The queue: what is due next first, within the clerk's area. Querying is the stock
ChangeList's; the table is our own template.
"""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from casework import desk
from casework.admin import (
    acting,
    bulk_page,
    case_page,
    export_page,
    inbox_page,
    search,
    supervise_page,
)
from casework.admin.colleagues import may_act, may_decide, may_read, may_supervise
from casework.admin.filters import FILTERS, colleagues_once
from casework.admin.paging import CappedPaginator
from casework.admin.parts import CASE_PAGES
from casework.admin.row_html import lines
from casework.admin.rows import queue_rows
from casework.errors import CaseworkError
from casework.kinds import all_kinds, kind_of
from casework.models import Case, SavedFilter
from casework.workdays import current_calendar
from residents.models import AccessLog
from residents.personal import log_access

TABS = {
    "mine": "待我处理",
    "waiting": "待领取",
    "correction": "补正中",
    "closed": "已办结",
    "all": "全部",
}
# Parameters that the ChangeList must not take for lookups.
OWN_PARAMETERS = ("tab", "number", "by", "key", "also", case_page.PLACE)


class QueueChangeList(ChangeList):
    """The ChangeList with tabs, our search, and an order that the indexes hold."""

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        return {key: value for key, value in found.items() if key not in OWN_PARAMETERS}

    def get_ordering(self, request, queryset):
        if current_tab(request) in ("closed", "all"):
            return ["-submitted_at", "-id"]
        return ["queue_rank", "due_at", "id"]

    def apply_select_related(self, queryset):
        return queryset

    def get_results(self, request):
        """The stock list reads a single page past the paginator; ours reads it by its keys."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list


def current_tab(request) -> str:
    """The tab asked for; a search without a tab looks everywhere."""
    tab = request.GET.get("tab", "")
    if tab in TABS:
        return tab
    return "all" if request.GET.get("key") or request.GET.get("number") else "waiting"


def in_tab(queryset, tab: str, user, *, any_clerk: bool = False):
    """Narrow a queryset of cases to one tab: what waits is what waits for this user's role and
    desk. `any_clerk` when a filter names the clerk: then all that waits for anybody."""
    opened = Q(is_open=True)
    role = None if any_clerk else desk.role_of(user)
    waiting = desk.waiting_for(role) & opened
    free = waiting
    if not any_clerk:
        free = desk.waiting_for_clerk(user) & opened & Q(assignee=None)
    return {
        "mine": lambda: queryset.filter(waiting, assignee=user),
        "waiting": lambda: queryset.filter(free),
        "correction": lambda: queryset.filter(is_open=True, status="correction"),
        "closed": lambda: queryset.filter(is_open=False),
        "all": lambda: queryset,
    }[tab]()


def tab_counts(queryset, user) -> dict[str, int]:
    """How many cases each open tab holds, in one query over the index of open cases: grouped
    there, sorted into tabs here, which costs a third of asking for each tab. A second query,
    of few rows, where another desk does some of what waits for the role."""
    opened = queryset.filter(is_open=True)
    counts = _by_tab(opened, user)
    elsewhere = desk.waits_elsewhere(user)
    if elsewhere is not None:
        counts["waiting"] -= _by_tab(opened.filter(elsewhere), user)["waiting"]
    return counts


def _by_tab(opened, user) -> dict[str, int]:
    groups = (
        opened.values_list("kind", "status", _is(Q(assignee=None)), _is(Q(assignee=user)))
        .annotate(n=Count("id"))
        .order_by()
    )
    waiting = desk.waiting_states(desk.role_of(user))
    counts = {"mine": 0, "waiting": 0, "correction": 0}
    for kind, status, free, own, n in groups:
        if status == "correction":
            counts["correction"] += n
        if status in waiting.get(kind, ()):
            counts["waiting"] += n if free else 0
            counts["mine"] += n if own else 0
    return counts


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """Cases as staff see them. Nothing is edited here: actions go through `perform`."""

    list_filter = FILTERS
    list_per_page = 100
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    change_list_template = "admin/casework/case/queue.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("next/", view(self.take_next_view), name="casework_case_take_next"),
            path("search/", view(self.search_view), name="casework_case_search"),
            path("filters/", view(self.save_filter_view), name="casework_case_save_filter"),
            path("bulk/", view(bulk_page.bulk_view), name="casework_case_bulk"),
            path("export/", view(export_page.export_view), name="casework_case_export"),
            path("supervise/", view(supervise_page.show), name="casework_case_supervise"),
            path("messages/", view(inbox_page.show), name="casework_case_messages"),
            *acting.urls(view),
            *(page for pages in CASE_PAGES for page in pages(view)),
        ]
        return own + super().get_urls()

    # Who may come here follows from the staff profile, which is loaded once.
    def has_module_permission(self, request):
        return may_read(request.user)

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def history_view(self, request, object_id, extra_context=None):
        """The timeline of the case page is the history; there is no other."""
        raise Http404

    def get_queryset(self, request):
        return Case.objects.visible_to(request.user).for_queue()

    def get_changelist(self, request, **kwargs):
        return _changelist_for(self)

    def get_search_results(self, request, queryset, search_term):
        return queryset, False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return case_page.show(request, object_id)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.GET.get("key"):
            log_access(request.user, AccessLog.Action.SEARCHED, "", request.GET.get("by", ""))
        response = super().changelist_view(request, extra_context)
        if hasattr(response, "context_data") and "cl" in response.context_data:
            response.context_data.update(self._page(request, response.context_data["cl"]))
        return response

    def _page(self, request, changelist) -> dict:
        counts = tab_counts(Case.objects.visible_to(request.user), request.user)
        tab = current_tab(request)
        kept = {k: v for k, v in request.GET.items() if k not in ("p", "tab", *OWN_PARAMETERS)}
        cases = list(changelist.result_list)
        # What is the same in every row of a tab is left out.
        shown = {
            "shows_state": tab in ("closed", "all") or _has_stages(cases),
            "shows_clerk": tab != "mine" and (tab != "waiting" or "assignee" in request.GET),
        }
        rows = queue_rows(cases, timezone.now(), current_calendar())
        query = request.GET.urlencode()
        return {
            "title": "办件队列",
            "lines": lines(rows, query, ticks=may_act(request.user), **shown),
            **shown,
            "tab": tab,
            "tabs": [
                (code, word, counts.get(code), urlencode({"tab": code, **kept}))
                for code, word in TABS.items()
            ],
            "chips": _chips(changelist, request),
            "problems": [spec.problem for spec in changelist.filter_specs if spec.problem],
            "saved_filters": list(SavedFilter.objects.filter(user=request.user)),
            "query": query,
            "searched": bool(request.GET.get("key") or request.GET.get("number")),
            "may_act": may_act(request.user),
            "may_decide": may_decide(request.user),
            "may_export": export_page.may_export(request.user),
            "colleagues": colleagues_once(request),
            "more_links": more_links(request.user),
            **_pages(request, changelist),
        }

    def take_next_view(self, request):
        """领取下一件: the case due first that nobody has, opened at once."""
        if request.method != "POST":
            return redirect("admin:casework_case_changelist")
        try:
            case = desk.take_next(request.user)
        except CaseworkError as error:
            messages.error(request, str(error))
            return redirect("admin:casework_case_changelist")
        if case is None:
            messages.info(request, "目前没有您可以领取的办件。")
            return redirect("admin:casework_case_changelist")
        return redirect("admin:casework_case_change", case.pk)

    def search_view(self, request):
        """Turn what was typed into keyed hashes, so that no address holds personal data."""
        text = request.POST.get("text", "").strip()
        if request.method != "POST" or not text:
            return redirect("admin:casework_case_changelist")
        query = {"tab": "all", **search.search_query(text)}
        return redirect(f"{reverse('admin:casework_case_changelist')}?{urlencode(query)}")

    def save_filter_view(self, request):
        """Keep the filter in force under a name, or drop a kept one."""
        if request.method == "POST":
            _keep_filter(request)
        query = request.POST.get("query", "")
        return redirect(f"{reverse('admin:casework_case_changelist')}?{query}")


def _has_stages(cases: list[Case]) -> bool:
    """Whether the lines differ in what is to be done, or a kind among them goes by stages."""
    kinds = {case.kind for case in cases}
    staged = any(kind_of(code).workflow.stages for code in kinds)
    return staged or len({case.status for case in cases}) > 1


def _pages(request, changelist) -> dict:
    """The addresses of the page before and the page after."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["p"] = str(number)
        return f"?{query.urlencode()}"

    page = changelist.page_num
    last = changelist.paginator.num_pages if changelist.multi_page else page
    return {
        "previous_page": address(page - 1),
        "next_page": address(page + 1),
        "has_next_page": page < last,
    }


# (words, url name, who sees it) of the other pages of the desk; kinds add their own.
MORE_LINKS: list[tuple] = [
    ("回访与邮寄", "admin:casework_notice_changelist", may_decide),
    ("督办与统计", "admin:casework_case_supervise", may_supervise),
]


def more_links(user) -> list[tuple[str, str]]:
    """The links beside the tabs that this member of staff may use."""
    links = [*MORE_LINKS, *(link for kind in all_kinds() for link in kind.desk_links)]
    return [(words, reverse(name)) for words, name, allowed in links if allowed(user)]


def _changelist_for(model_admin):
    class Bound(QueueChangeList):
        def get_queryset(self, request, exclude_parameters=None):
            found = super().get_queryset(request, exclude_parameters)
            named = bool(request.GET.get("assignee"))
            found = in_tab(found, current_tab(request), request.user, any_clerk=named)
            return search.narrow(found, request.GET)

    return Bound


def _chips(changelist, request) -> list[dict]:
    """The filters in force, each with the address that drops it."""
    chips = []
    for spec in changelist.filter_specs:
        if spec.value():
            rest = request.GET.copy()
            rest.pop(spec.parameter_name, None)
            rest.pop("p", None)
            chips.append({"title": spec.title, "word": spec.word(), "drop": rest.urlencode()})
    return chips


def _keep_filter(request) -> None:
    if drop := request.POST.get("drop"):
        SavedFilter.objects.filter(user=request.user, pk=drop).delete()
        return
    name = request.POST.get("name", "").strip()[:40]
    if not name:
        messages.error(request, "请给筛选起个名字，例如「成都 待补正」。")
        return
    query = request.POST.get("query", "")[:500]
    if "key=" in query:
        messages.error(request, "含个人信息的查询不能保存为筛选。")
        return
    SavedFilter.objects.update_or_create(user=request.user, name=name, defaults={"query": query})
    messages.success(request, f"已保存筛选「{name}」。")
