"""告知书 and 承诺书 at the desk: read by all who may, drafted anew, published by a second person.

What residents read or signed is never edited: cases point at it by its hash.
"""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from casework.reading import blocks, minutes
from casework.versions import PublishRefused, State, changed_lines, wrote
from filings.admin.keeping import (
    MarkFilter,
    PlaceFilter,
    keeps,
    places_for,
    places_of_texts,
)
from filings.admin.text_form import FORMS, form_of
from filings.decision.codes import CATEGORIES
from filings.decision.errors import RuleError
from filings.models import NoticeText, PromiseText
from filings.models.texts import DatedText
from filings.rule_words import in_words, shown
from filings.texts_publishing import create_draft, draft_from, publishing_of, revise_draft

MOVES = {
    "review": "已送审，请另一名工作人员发布。",
    "back": "已退回草稿。",
    "publish": "已发布，从写明的那一天起给居民看。",
}
DRAFTED = "已建草稿。改好后送审，由另一名工作人员发布。"


class TextAdmin(admin.ModelAdmin):
    """A published text is read only; a draft is edited, previewed as residents see it, and
    published by a second person."""

    list_display = ("title", "place_name", "valid_from", "valid_to", "state", "mark", "version")
    list_filter = ("state", PlaceFilter, MarkFilter)
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"filings_{self.opts.model_name}"
        own = [
            path("<int:pk>/version/", view(self.version_view), name=f"{name}_version"),
            path("<int:pk>/preview/", view(self.preview_view), name=f"{name}_preview"),
            path("<int:pk>/<slug:move>/", view(self.move_view), name=f"{name}_move"),
        ]
        stock = super().get_urls()
        return [*own[:2], *stock[:-1], own[2], stock[-1]]

    def get_queryset(self, request):
        """The list needs no text."""
        return super().get_queryset(request).defer("content", "body")

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="适用地", ordering="place")
    def place_name(self, text):
        return shown("place", text.place)

    def add_view(self, request, form_url="", extra_context=None):
        """The first text of a place."""
        places = places_of_texts(request.user)
        if not self.has_add_permission(request) or not places:
            raise PermissionDenied
        posted = (request.POST,) if request.method == "POST" else ()
        form = FORMS[self.model](*posted, places=places, initial={"mark": "none"})
        if posted and form.is_valid():
            try:
                row = create_draft(self.model, request.user, **form.typed())
            except RuleError as error:
                form.refuse(error)
            else:
                self.log_addition(request, row, "新建")
                messages.success(request, DRAFTED)
                return redirect(self._url("change", row.pk))
        context = self._context(request, f"新建{self.opts.verbose_name}", form=form)
        status = 422 if form.errors else 200
        return render(request, "admin/filings/text/add.html", context, status=status)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft of one's own place as a form, anything else to read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self._find(object_id)
        editable = row.state == State.DRAFT and self._may_edit(request, row)
        if request.method != "POST":
            return self._page(request, row, form_of(row) if editable else None)
        if not editable:
            raise PermissionDenied
        form = FORMS[self.model](request.POST)
        if form.is_valid() and self._revised(request, row, form):
            self.log_change(request, row, "修改草稿")
            messages.success(request, "已保存草稿。")
            return redirect(self._url("change", row.pk))
        return self._page(request, row, form, status=422)

    def history_view(self, request, object_id, extra_context=None):
        """Who did what stands on the page of the text itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(self._url("change", object_id))

    def version_view(self, request, pk: int):
        """A new draft that starts from this version: of its place, or of a kept one below."""
        row = self._find(pk)
        if request.method != "POST":
            return redirect(self._url("change", pk))
        places = self._places(request, row)
        place = request.POST.get("place") or next(iter(places), "")
        if place not in places:
            raise PermissionDenied
        begins = max(timezone.localdate(), row.valid_from).isoformat()
        try:
            draft = draft_from(row, request.user, place=place, valid_from=begins)
        except RuleError as error:
            messages.error(request, f"不能另建新版本：{in_words(str(error))}")
            return redirect(self._url("change", pk))
        self.log_addition(request, draft, "另建新版本")
        messages.success(request, DRAFTED)
        return redirect(self._url("change", draft.pk))

    def preview_view(self, request, pk: int):
        """The text as residents see it, in their own frame."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self._find(pk)
        text = row.text()
        context = {
            "row": row,
            "text": text,
            "blocks": blocks(text.body),
            "minutes": minutes(*text.first, text.body),
            "is_notice": self.model is NoticeText,
            "back_url": reverse(self._url("change"), args=[pk]),
        }
        return render(request, "admin/filings/text/preview.html", context)

    def move_view(self, request, pk: int, move: str):
        """Send to review, send back, publish."""
        if move not in MOVES:
            raise Http404
        row = self._find(pk)
        if request.method != "POST":
            return redirect(self._url("change", pk))
        if not self._may_edit(request, row):
            raise PermissionDenied
        publishing = publishing_of(self.model)
        act = {
            "review": publishing.send_to_review,
            "back": publishing.send_back,
            "publish": publishing.publish,
        }[move]
        try:
            act(row, request.user)
        except PublishRefused as refused:
            messages.error(request, in_words(str(refused)))
        else:
            self.log_change(request, row, MOVES[move])
            messages.success(request, MOVES[move])
        return redirect(self._url("change", pk))

    def _find(self, pk) -> DatedText:
        rows = self.model.objects.select_related("created_by", "revised_by", "published_by")
        row = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if row is None:
            raise Http404
        return row

    def _may_edit(self, request, row: DatedText) -> bool:
        allowed = request.user.has_perm(f"filings.change_{self.opts.model_name}")
        return allowed and keeps(request.user, row.place)

    def _places(self, request, row: DatedText) -> tuple[str, ...]:
        return places_for(request.user, row.place) if self.has_add_permission(request) else ()

    def _revised(self, request, row, form) -> bool:
        """Whether the draft took what was typed; the refusals stand in the form."""
        try:
            revise_draft(row, request.user, **form.typed())
        except RuleError as error:
            form.refuse(error)
        except PublishRefused as refused:
            form.add_error(None, str(refused))
        return not form.errors

    def _url(self, page: str, pk=None):
        name = f"admin:filings_{self.opts.model_name}_{page}"
        return name if pk is None else reverse(name, args=[pk])

    def _context(self, request, title: str, **more) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "noun": self.opts.verbose_name,
            "list_url": reverse(self._url("changelist")),
            **more,
        }

    def _page(self, request, row, form=None, status=200):
        before, after = publishing_of(self.model).neighbours(row)
        context = self._context(
            request,
            row.title,
            row=row,
            form=form,
            place=shown("place", row.place),
            categories=[CATEGORIES[code] for code in row.body["categories"]],
            may_move=self._may_edit(request, row),
            is_author=wrote(row, request.user),
            starts=[(place, shown("place", place)) for place in self._places(request, row)],
            before=before,
            after=after,
            opts_change=self._url("change"),
            changed=changed_lines(before.content, row.content) if before else [],
            entries=self._log(row),
            urls={page: reverse(self._url(page), args=[row.pk]) for page in ("version", "preview")},
            moves={move: reverse(self._url("move"), args=[row.pk, move]) for move in MOVES},
        )
        return render(request, "admin/filings/text/page.html", context, status=status)

    def _log(self, row):
        """Who did what to it, newest first."""
        kind = ContentType.objects.get_for_model(self.model)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
        return entries.select_related("user").order_by("-action_time", "-pk")


@admin.register(NoticeText)
class NoticeTextAdmin(TextAdmin):
    """备案告知书."""


@admin.register(PromiseText)
class PromiseTextAdmin(TextAdmin):
    """个人承诺书."""

    list_display = (
        "title",
        "place_name",
        "kinds",
        *TextAdmin.list_display[2:],
    )

    def get_queryset(self, request):
        """The kinds of filing stand in the body."""
        return admin.ModelAdmin.get_queryset(self, request).defer("content")

    @admin.display(description="备案类型")
    def kinds(self, text):
        return "、".join(CATEGORIES[code] for code in text.body["categories"]) or "所有类型"
