"""What a clerk does from the case page: act, look at a value, step to the next case."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html

from casework.actors import Actor
from casework.admin.case_page import REVEALABLE, find, show
from casework.admin.colleagues import may_act
from casework.admin.panel import preview, reasons_of
from casework.admin.targets import correction_targets
from casework.admin.typed import Typed
from casework.drafts import answers_of
from casework.errors import CaseworkError, StaleCase
from casework.kinds import kind_of
from casework.models import Case
from casework.perform import check_reason, perform
from residents.personal import ReasonRequired, reveal

STALE = "办件刚刚有了变动，您看到的不是最新内容。您填写的内容已保留，请核对后再操作。"
# How far into the filtered queue the next and the previous case are looked for.
STEP_WITHIN = 1000


def urls(wrap) -> list:
    """The addresses of the case page."""
    return [
        path("<int:pk>/do/<slug:name>/", wrap(act), name="casework_case_act"),
        path("<int:pk>/reveal/<slug:field>/", wrap(show_field), name="casework_case_reveal"),
        path("<int:pk>/step/<slug:direction>/", wrap(step), name="casework_case_step"),
    ]


def act(request, pk: int, name: str):
    """Take an action. What is written to the applicant with reasons is shown before it is
    sent; a stale or refused page keeps everything that was typed and changes nothing.
    """
    if request.method != "POST":
        return redirect("admin:casework_case_change", pk)
    case = find(request, pk)
    kind = kind_of(case)
    row = kind.workflow.by_name.get(name)
    if row is None or not row.in_panel or not may_act(request.user, kind):
        raise PermissionDenied
    typed = Typed.of(request.POST, name)
    if "edit" in request.POST:
        return show(request, pk, typed=typed)
    try:
        items = typed.items() if row.item_reasons else []
        if _is_shown_first(row) and "confirm" not in request.POST:
            return _confirm(request, case, row, typed, items)
        moved = perform(
            case,
            name,
            Actor.staff(request.user),
            reason=typed.reason,
            note=typed.note,
            version=typed.version,
            data={**typed.data, **({"items": items} if items else {})},
        )
    except StaleCase as error:
        messages.error(request, str(error))
        return show(request, pk, typed=typed, status=409)
    except CaseworkError as error:
        messages.error(request, str(error))
        return show(request, pk, typed=typed, status=422)
    return _after(request, case, moved, row)


def _is_shown_first(row) -> bool:
    return bool(row.item_reasons or row.needs_reason or row.dangerous)


def _confirm(request, case, row, typed: Typed, items: list[dict]):
    """The page that shows what the applicant will get, before it is sent."""
    kind = kind_of(case)
    if typed.version != case.version:
        raise StaleCase(STALE)
    if row.needs_reason:
        check_reason(kind, row, typed.reason, typed.note)
    reasons = reasons_of(kind.code)
    listed = {reason.code: reason for reason in reasons if reason.action == row.name}
    context = {
        **admin.site.each_context(request),
        "title": f"{row.label} · {case.number}",
        "case": case,
        "row": row,
        "reason": listed.get(typed.reason),
        "note": typed.note,
        "items": _items_in_words(kind, case, row, items, reasons),
        "told": _told_in_words(row, typed),
        "message": preview(case, kind, row, {}),
        "query": request.GET.urlencode(),
        "posted": [
            (key, value)
            for key in request.POST
            if key != "csrfmiddlewaretoken"
            for value in request.POST.getlist(key)
        ],
    }
    return render(request, "admin/casework/case/confirm.html", context)


def _items_in_words(kind, case, row, items, reasons) -> list[dict]:
    listed = {reason.code: reason for reason in reasons if reason.action == row.item_reasons}
    labels = {t.code: t.label for t in correction_targets(kind, case, answers_of(case.revision))}
    return [
        {
            "label": labels.get(item["target"], item["target"]),
            "reason": listed.get(item["reason_code"]),
            "text": item["text"],
        }
        for item in items
    ]


def _told_in_words(row, typed: Typed) -> list[tuple[str, str]]:
    """(label, value) of what the action was told besides its reason."""
    return [
        (ask.label, dict(ask.choices).get(value, "是" if ask.kind == "check" else value))
        for ask in row.asks
        if (value := typed.data.get(ask.name, "").strip())
    ]


def _after(request, before: Case, case: Case, row):
    """Say what was done; where the case has left the clerk's hands, the next one is one
    click or key away."""
    query = request.GET.urlencode()
    said = f"办件 {case.number}：已{row.label}。"
    if case.status != before.status or not case.is_open:
        link = f"{reverse('admin:casework_case_step', args=[case.pk, 'next'])}?{query}"
        said = format_html('{} <a href="{}" data-key="n">办理下一件 <kbd>n</kbd></a>', said, link)
    messages.success(request, said)
    return redirect(f"{reverse('admin:casework_case_change', args=[case.pk])}?{query}")


def show_field(request, pk: int, field: str):
    """Show one value whole: a POST with a reason, logged."""
    case = find(request, pk)
    if request.method != "POST" or field not in REVEALABLE:
        raise Http404
    record = case.person if field == "id_number" else case
    try:
        value = reveal(request.user, record, field, request.POST.get("why", ""), case.number or "")
    except ReasonRequired as error:
        messages.error(request, str(error))
        return redirect("admin:casework_case_change", pk)
    context = {
        **admin.site.each_context(request),
        "title": f"{REVEALABLE[field]} · {case.number}",
        "label": REVEALABLE[field],
        "value": value or "没有填写",
        "case": case,
    }
    response = render(request, "admin/casework/case/reveal.html", context)
    response["Cache-Control"] = "no-store"
    return response


def step(request, pk: int, direction: str):
    """Go to the next or previous case within the filter the clerk came with."""
    query = request.GET.urlencode()
    neighbour = _neighbour(request, find(request, pk), direction)
    if neighbour is None:
        messages.info(request, "这个筛选里没有更多办件了。")
        return redirect(f"{reverse('admin:casework_case_changelist')}?{query}")
    return redirect(f"{reverse('admin:casework_case_change', args=[neighbour])}?{query}")


def _neighbour(request, case: Case, direction: str) -> int | None:
    """The case before or after this one; the first of the queue when this one has left it."""
    queue = admin.site.get_model_admin(Case).get_changelist_instance(request).queryset
    ids = list(queue.values_list("pk", flat=True)[:STEP_WITHIN])
    if case.pk not in ids:
        return ids[0] if ids else None
    at = ids.index(case.pk) + (1 if direction == "next" else -1)
    return ids[at] if 0 <= at < len(ids) else None
