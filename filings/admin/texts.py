"""告知书 and 承诺书 at the desk: read by all who may, drafted anew, published by a second person.

What residents read or signed is never edited: cases point at it by its hash.
"""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone

from casework.admin.versions import MarkFilter, PlaceFilter, VersionAdmin
from casework.reading import blocks, minutes
from casework.versions import Publishing, PublishRefused, changed_lines
from filings.admin.keeping import keeps, places_for, places_of_texts
from filings.admin.text_form import FORMS, form_of
from filings.decision.codes import CATEGORIES
from filings.decision.errors import RuleError
from filings.models import NoticeText, PromiseText
from filings.models.texts import DatedText
from filings.rule_words import in_words, shown
from filings.texts_publishing import create_draft, draft_from, publishing_of, revise_draft


class TextAdmin(VersionAdmin):
    """A published text is read only; a draft is edited, previewed as residents see it, and
    published by a second person."""

    list_display = (
        "place_name",
        "title",
        "valid_from",
        "valid_to",
        "state",
        "marked",
        "numbered",
    )
    list_display_links = ("place_name", "title")
    list_filter = ("state", PlaceFilter, MarkFilter)
    published_words = "已发布，从写明的那一天起给居民看。"
    refused = (RuleError,)

    def get_queryset(self, request):
        """The list needs no text."""
        return super().get_queryset(request).defer("content", "body")

    @admin.display(description="适用地", ordering="place")
    def place_name(self, text):
        return self.place_in_words(text.place)

    def own_pages(self) -> list[tuple]:
        return [("preview", "preview/", self.preview_view)]

    def publishing(self) -> Publishing:
        return publishing_of(self.model)

    def place_in_words(self, code: str) -> str:
        return shown("place", code)

    def may_edit(self, request, row: DatedText) -> bool:
        allowed = request.user.has_perm(f"filings.change_{self.opts.model_name}")
        return allowed and keeps(request.user, row.place)

    def places(self, request, row: DatedText) -> tuple[str, ...]:
        return places_for(request.user, row.place) if self.has_add_permission(request) else ()

    def begin(self, row: DatedText, actor, place: str) -> DatedText:
        begins = max(timezone.localdate(), row.valid_from).isoformat()
        return draft_from(row, actor, place=place, valid_from=begins)

    def in_words(self, error: Exception) -> str:
        return in_words(str(error))

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
                return self.begun(request, row, "新建")
        context = {**self.page_context(request, f"新建{self.opts.verbose_name}"), "form": form}
        status = 422 if form.errors else 200
        return render(request, "admin/filings/text/add.html", context, status=status)

    def show(self, request, row: DatedText, editable: bool):
        return self._page(request, row, form_of(row) if editable else None)

    def save_draft(self, request, row: DatedText):
        form = FORMS[self.model](request.POST)
        if form.is_valid() and self._revised(request, row, form):
            return self.saved(request, row)
        return self._page(request, row, form, status=422)

    def preview_view(self, request, pk: int):
        """The text as residents see it, in their own frame."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self.find(pk)
        text = row.text()
        context = {
            "row": row,
            "text": text,
            "blocks": blocks(text.body),
            "minutes": minutes(*text.first, text.body),
            "is_notice": self.model is NoticeText,
            "back_url": self.url("change", pk),
        }
        return render(request, "admin/filings/text/preview.html", context)

    def _revised(self, request, row, form) -> bool:
        """Whether the draft took what was typed; the refusals stand in the form."""
        try:
            revise_draft(row, request.user, **form.typed())
        except RuleError as error:
            form.refuse(error)
        except PublishRefused as refused:
            form.add_error(None, str(refused))
        return not form.errors

    def _page(self, request, row, form=None, status=200):
        before, after = self.publishing().neighbours(row)
        context = {
            **self.page_context(request, row.title, row),
            "form": form,
            "place": self.place_in_words(row.place),
            "categories": [CATEGORIES[code] for code in row.body["categories"]],
            "before": before,
            "after": after,
            "opts_change": f"admin:filings_{self.opts.model_name}_change",
            "changed": changed_lines(before.content, row.content) if before else [],
            "entries": self._log(row),
            "preview_url": self.url("preview", row.pk),
        }
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

    list_display = ("place_name", "title", "kinds", *TextAdmin.list_display[2:])

    def get_queryset(self, request):
        """The kinds of filing stand in the body."""
        return VersionAdmin.get_queryset(self, request).defer("content")

    @admin.display(description="备案类型")
    def kinds(self, text):
        return "、".join(CATEGORIES[code] for code in text.body["categories"]) or "所有类型"
