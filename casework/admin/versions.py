"""The pages of dated versions that rules, texts and policies share: a list, a draft of one's
own place as a form, a new version, and the moves from draft to published (`casework.versions`).

What a kind of version says, how its form is read and what its page shows stays its own.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from casework.versions import Publishing, PublishRefused, State, wrote

MOVES = {
    "review": (Publishing.send_to_review, "已送审，请另一名工作人员发布。"),
    "back": (Publishing.send_back, "已退回草稿。"),
    "publish": (Publishing.publish, "已发布。"),
}
DRAFTED = "已建草稿。改好后送审，由另一名工作人员发布。"
# What the log says of a draft that was changed.
REVISED = "修改草稿"


class MarkFilter(admin.SimpleListFilter):
    """What still has to be verified, and what is an example."""

    title, parameter_name = "标记", "mark"

    def lookups(self, request, model_admin):
        choices = model_admin.opts.get_field("mark").flatchoices
        return [(code, word or "无") for code, word in choices]

    def queryset(self, request, queryset):
        return queryset.filter(mark=self.value()) if self.value() else queryset


class PlaceFilter(admin.SimpleListFilter):
    """The places that have rows of this model; `parameter_name` is the column."""

    title, parameter_name = "适用地", "place"

    def lookups(self, request, model_admin):
        rows = model_admin.model.objects.order_by(self.parameter_name)
        codes = rows.values_list(self.parameter_name, flat=True).distinct()
        return [(code, model_admin.place_in_words(code)) for code in codes]

    def queryset(self, request, queryset):
        code = self.value()
        return queryset.filter(**{self.parameter_name: code}) if code else queryset


class VersionAdmin(admin.ModelAdmin):
    """A published version is read only; a draft is edited by those who keep its place, and
    published by a second person.

    `place_column` says where a version holds, `noun` is the word for one on its page (that of
    the model where it is empty), `published_words` follow a publication,
    `number_word` the number of a version, and `refused` are the errors that keep a new
    version from being begun.
    """

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None
    empty_value_display = "—"
    # One order, by place and the newest first; where a row stands is found by the filters.
    sortable_by = ()
    place_column = "place"
    noun = ""
    published_words = MOVES["publish"][1]
    number_word = "版"
    refused: tuple[type[Exception], ...] = (PublishRefused,)

    # --- what a kind says -----------------------------------------------------------

    def publishing(self) -> Publishing:
        """How the versions of this model are published."""
        raise NotImplementedError

    def place_in_words(self, code: str) -> str:
        """A place as people call it."""
        raise NotImplementedError

    def may_edit(self, request, row) -> bool:
        """Whether this member of staff keeps the versions of the row's place."""
        raise NotImplementedError

    def places(self, request, row) -> tuple[str, ...]:
        """Where a version that starts from this row may be begun."""
        raise NotImplementedError

    def begin(self, row, actor, place: str):
        """A new draft that starts from this row. Raises one of `refused`."""
        raise NotImplementedError

    def show(self, request, row, editable: bool):
        """The page of a version, its form where it is editable."""
        raise NotImplementedError

    def save_draft(self, request, row):
        """The answer to a form that was sent; `saved` where the draft took it."""
        raise NotImplementedError

    def own_pages(self) -> list[tuple]:
        """(name, route below a version, view) of the kind's further pages."""
        return []

    def in_words(self, error: Exception) -> str:
        """A refusal with names in Chinese."""
        return str(error)

    # --- the list -------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        """The list under its own name: whoever only reads chooses nothing to change."""
        title = self.opts.verbose_name_plural
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description="标记", empty_value="无")
    def marked(self, row):
        """待核, 示例 or nothing."""
        return row.get_mark_display() or None

    @admin.display(description="版本")
    def numbered(self, row):
        """Which version of its first day."""
        return f"第 {getattr(row, self.publishing().number)} {self.number_word}"

    # --- the pages ------------------------------------------------------------------

    def get_urls(self):
        own = [self._path(*page) for page in (("version", "version/", self.version_view),)]
        own += [self._path(*page) for page in self.own_pages()]
        # The last of the stock addresses takes whatever is left; the moves come before it.
        *stock, rest = super().get_urls()
        return [*own, *stock, self._path("move", "<slug:move>/", self.move_view), rest]

    def url(self, page: str, *args) -> str:
        """The address of a page of this model."""
        return reverse(f"admin:{self._name(page)}", args=args)

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft of one's own place as a form, anything else to read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.find(object_id)
        editable = row.state == State.DRAFT and self.may_edit(request, row)
        if request.method != "POST":
            return self.show(request, row, editable)
        if not editable:
            raise PermissionDenied
        return self.save_draft(request, row)

    def history_view(self, request, object_id, extra_context=None):
        """Who did what stands on the page of the version itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(self.url("change", object_id))

    def version_view(self, request, pk: int):
        """A new draft that starts from this version: of its place, or of a kept one below."""
        row = self.find(pk)
        if request.method != "POST":
            return redirect(self.url("change", pk))
        places = self.places(request, row)
        place = request.POST.get("place") or next(iter(places), "")
        if place not in places:
            raise PermissionDenied
        try:
            draft = self.begin(row, request.user, place)
        except self.refused as error:
            messages.error(request, f"不能另建新版本：{self.in_words(error)}")
            return redirect(self.url("change", pk))
        return self.begun(request, draft, "另建新版本")

    def move_view(self, request, pk: int, move: str):
        """Send to review, send back, publish."""
        if move not in MOVES:
            raise Http404
        row = self.find(pk)
        if request.method != "POST":
            return redirect(self.url("change", pk))
        if not self.may_edit(request, row):
            raise PermissionDenied
        act, said = MOVES[move]
        try:
            act(self.publishing(), row, request.user)
        except PublishRefused as refused:
            messages.error(request, self.in_words(refused))
        else:
            said = self.published_words if move == "publish" else said
            self.log_change(request, row, said)
            messages.success(request, said)
        return redirect(self.url("change", pk))

    def find(self, pk):
        """The version, with the people it names; 404 where there is none."""
        rows = self.model.objects.select_related("created_by", "revised_by", "published_by")
        row = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if row is None:
            raise Http404
        return row

    def begun(self, request, draft, said: str):
        """To the page of a new draft; `said` stands in the log."""
        self.log_addition(request, draft, said)
        messages.success(request, DRAFTED)
        return redirect(self.url("change", draft.pk))

    def saved(self, request, row):
        """To the page of a draft that took what was typed."""
        self.log_change(request, row, REVISED)
        messages.success(request, "已保存草稿。")
        return redirect(self.url("change", row.pk))

    def page_context(self, request, title: str, row=None) -> dict:
        """What every page of a version, or of a first one, is given."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "noun": self.noun or self.opts.verbose_name,
            "list_url": self.url("changelist"),
        }
        if row is None:
            return context
        return {
            **context,
            "row": row,
            "may_move": self.may_edit(request, row),
            "is_author": wrote(row, request.user),
            "starts": [(code, self.place_in_words(code)) for code in self.places(request, row)],
            "own_place": getattr(row, self.place_column),
            "version_url": self.url("version", row.pk),
            "moves": {move: self.url("move", row.pk, move) for move in MOVES},
        }

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _path(self, name: str, route: str, view):
        return path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=self._name(name))
