"""The case page: answers with their doubts, documents, the decision, the timeline."""

from dataclasses import dataclass
from functools import partial

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from casework.actors import Actor
from casework.admin.rows import TONES, short_area
from casework.admin.targets import correction_targets, read_items
from casework.clock import light, time_left_text
from casework.drafts import answers_of, attachments_at, changed_fields
from casework.errors import CaseworkError, StaleCase
from casework.kinds import kind_of
from casework.models import Case, Reason, Revision, StaffProfile
from casework.notices import render_notice
from casework.perform import available, check_reason, perform
from casework.timeline import timeline
from casework.workdays import current_calendar
from residents.models import AccessLog
from residents.personal import ReasonRequired, log_access, mask_id, mask_name, mask_phone, reveal

Role = StaffProfile.Role
DECIDING = {Role.FIRST, Role.SECOND, Role.APPROVAL, Role.SUPERVISOR}
# Actions that are taken elsewhere: by the resident, by a job, or from a list.
NOT_ON_THE_PAGE = {"take", "release"}
# What staff may see whole, each time with a reason that is logged.
REVEALABLE = {"name": "姓名", "id_number": "证件号码", "phone": "联系电话"}


def may_decide(user) -> bool:
    """Whether this member of staff decides cases at all."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role in DECIDING)


def may_supervise(user) -> bool:
    """Whether this member of staff sees figures and reassigns work."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role == Role.SUPERVISOR)


def urls(wrap) -> list:
    """The addresses of the case page."""
    return [
        path("<int:pk>/do/<slug:name>/", wrap(act), name="casework_case_act"),
        path("<int:pk>/reveal/<slug:field>/", wrap(show_field), name="casework_case_reveal"),
        path("<int:pk>/step/<slug:direction>/", wrap(step), name="casework_case_step"),
    ]


def find(request, pk) -> Case:
    """The case when this clerk may see it, else 404."""
    if not str(pk).isdigit():
        raise Http404
    case = (
        Case.objects.visible_to(request.user)
        .select_related("person", "revision", "account")
        .filter(pk=pk)
        .first()
    )
    if case is None:
        raise Http404
    return case


def show(request, pk, *, typed: dict | None = None, status: int = 200):
    """Show a case; opening it is logged. `typed` is what a refused action had filled in."""
    case = find(request, pk)
    log_access(request.user, AccessLog.Action.OPENED, case.number or "")
    context = {**admin.site.each_context(request), **page_context(request, case, typed or {})}
    return render(request, "admin/casework/case/page.html", context, status=status)


def page_context(request, case: Case, typed: dict) -> dict:
    """Everything the page shows, in at most twelve queries."""
    kind = kind_of(case)
    actor = Actor.staff(request.user)
    now, calendar = timezone.now(), current_calendar()
    answers = answers_of(case.revision)
    findings = kind.findings(case)
    reasons = _reasons(kind.code)
    entries = timeline(case, for_staff=True)
    return {
        "title": f"{kind.label} {case.number}",
        "case": case,
        "kind": kind,
        "state": kind.workflow.states[case.status],
        "topic": kind.topics.get(case.topic, case.topic),
        "origin": short_area(case.county),
        "destination": short_area(case.destination),
        "tone": TONES[light(case.due_at, now, calendar)] if case.is_open else "ended",
        "time_text": time_left_text(case.due_at, now, calendar) if case.is_open else "已办结",
        "masked": {
            "name": mask_name(case.name),
            "id_number": mask_id(case.person.id_number),
            "phone": mask_phone(case.phone) if case.phone else "未留电话",
        },
        "sections": _sections(kind, case, answers, findings, entries),
        "loose_findings": [found for found in findings if not found.target],
        "documents": _documents(kind, case),
        "facts": kind.facts(case),
        "actions": _actions(case, kind, actor, reasons, now),
        "can_take": _can(case, actor, "take", now),
        "can_release": _can(case, actor, "release", now),
        "targets": correction_targets(kind, case, answers),
        "reasons": reasons,
        "timeline": entries,
        "items": list(case.correction_items.all()),
        "letters": list(case.letters.all()),
        "others": _others(request, case),
        "typed": typed,
        "query": request.GET.urlencode(),
        "revealable": REVEALABLE,
    }


@dataclass(frozen=True)
class Action:
    """One action of the decision panel."""

    name: str
    label: str
    help: str
    refusal: str | None
    needs_reason: bool
    dangerous: bool
    asks_items: bool
    preview: str
    reasons: list


def _actions(case, kind, actor, reasons, now) -> list[Action]:
    return [
        Action(
            name=row.name,
            label=row.label,
            help=row.help,
            refusal=refusal,
            needs_reason=row.needs_reason,
            dangerous=row.dangerous,
            asks_items=row.name == "request_correction",
            preview=_preview(case, kind, row),
            reasons=[reason for reason in reasons if reason.action == row.name],
        )
        for row, refusal in available(case, actor, now)
        if row.name not in NOT_ON_THE_PAGE
    ]


def _preview(case, kind, row) -> str:
    """The message the applicant will get, with what is not known yet left open."""
    if not row.notice:
        return ""
    known = {"number": case.number, "matter": kind.label, "url": "", "note": "……"}
    return render_notice(row.notice, _Open(known))


class _Open(dict):
    """Shows an ellipsis for what is known only once the action is taken."""

    def __missing__(self, key):
        return "……"


def _can(case, actor, name: str, now) -> bool:
    return any(row.name == name and not no for row, no in available(case, actor, now))


def _sections(kind, case, answers, findings, entries) -> list[dict]:
    """The answers in groups, each row with its doubts and whether the correction changed it."""
    by_target: dict[str, list] = {}
    for found in findings:
        by_target.setdefault(found.target, []).append(found)
    changed = _changed(case)
    return [
        {
            "title": heading,
            "rows": [
                {
                    "field": name,
                    "label": label,
                    "value": value,
                    "findings": by_target.get(f"field:{name}", []),
                    "changed": name in changed,
                }
                for name, label, value in rows
            ],
        }
        for heading, rows in kind.outline(case, answers)
    ]


def _changed(case) -> dict:
    if case.revision is None or case.revision.number == 1:
        return {}
    before = Revision.objects.filter(case=case, number=case.revision.number - 1).first()
    return changed_fields(before, case.revision)


def _documents(kind, case) -> list[dict]:
    if case.revision is None:
        return []
    return [
        {
            "file": attachment,
            "label": kind.document_labels.get(attachment.document, attachment.document),
            "new": attachment.added_in_id == case.revision_id and case.revision.number > 1,
            "pages": range(attachment.pages),
        }
        for attachment in attachments_at(case.revision)
    ]


def _others(request, case) -> list[Case]:
    found = (
        Case.objects.visible_to(request.user)
        .filter(person_id=case.person_id)
        .exclude(pk=case.pk)
        .for_lists()
        .order_by("-submitted_at")[:10]
    )
    for other in found:
        kind = kind_of(other)
        other.state_word = kind.workflow.states.get(other.status, "")
        other.matter = f"{kind.label} · {kind.topics.get(other.topic, other.topic)}"
        other.place = short_area(other.destination)
    return list(found)


def _reasons(kind_code: str) -> list[Reason]:
    """The maintained reasons of a kind, kept for a minute."""
    return cache.get_or_set(
        f"casework.reasons.{kind_code}",
        partial(_load_reasons, kind_code),
        60,
    )


def _load_reasons(kind_code: str) -> list[Reason]:
    return list(Reason.objects.filter(kind=kind_code, active=True))


def act(request, pk: int, name: str):
    """Take an action. What is written to the applicant with reasons is shown before it is
    sent; a stale page keeps what was typed and changes nothing.
    """
    if request.method != "POST":
        return redirect("admin:casework_case_change", pk)
    case = find(request, pk)
    row = kind_of(case).workflow.by_name.get(name)
    if row is None or not may_decide(request.user):
        raise PermissionDenied
    typed = request.POST
    try:
        items = read_items(typed) if name == "request_correction" else []
        if _is_shown_first(row, items) and "confirm" not in typed:
            return _confirm(request, case, row, items)
        moved = perform(
            case,
            name,
            Actor.staff(request.user),
            reason=typed.get("reason", ""),
            note=typed.get("note", ""),
            version=_version(typed),
            data={**_extra(typed), **({"items": items} if items else {})},
        )
    except StaleCase as error:
        messages.error(request, str(error))
        return show(request, pk, typed=_kept(typed, name), status=409)
    except CaseworkError as error:
        messages.error(request, str(error))
        return show(request, pk, typed=_kept(typed, name), status=422)
    return _after(request, moved, name)


def _version(typed) -> int:
    """The version of the page as posted; -1, which no case has, when it is not a number."""
    text = typed.get("version", "")
    return int(text) if text.isdigit() else -1


def _is_shown_first(row, items) -> bool:
    return bool(items or row.needs_reason or row.dangerous)


def _confirm(request, case, row, items):
    """The page that shows what the applicant will get, before it is sent."""
    kind = kind_of(case)
    version = _version(request.POST)
    if version != case.version:
        raise StaleCase(
            "办件刚刚有了变动,您看到的不是最新内容。您填写的内容已保留,请核对后再操作。"
        )
    code, note = request.POST.get("reason", ""), request.POST.get("note", "").strip()
    if row.needs_reason and not items:
        check_reason(kind, row, code, note)
    listed = {reason.code: reason for reason in _reasons(kind.code) if reason.action == row.name}
    labels = {t.code: t.label for t in correction_targets(kind, case, answers_of(case.revision))}
    context = {
        **admin.site.each_context(request),
        "title": f"{row.label} · {case.number}",
        "case": case,
        "row": row,
        "reason": listed.get(code),
        "note": note,
        "items": [
            {
                "label": labels.get(item["target"], item["target"]),
                "reason": listed.get(item["reason_code"]),
                "text": item["text"],
            }
            for item in items
        ],
        "message": _preview(case, kind, row),
        "posted": [
            (key, value)
            for key in request.POST
            if key != "csrfmiddlewaretoken"
            for value in request.POST.getlist(key)
        ],
    }
    return render(request, "admin/casework/case/confirm.html", context)


def _extra(typed) -> dict:
    return {key[5:]: value for key, value in typed.items() if key.startswith("data-")}


def _kept(typed, name: str) -> dict:
    return {"note": "", "reason": "", **{key: typed.get(key) for key in typed}, "action": name}


def _after(request, case: Case, name: str):
    """After a decision the next case is one click away; after anything else, this one again."""
    row = kind_of(case).workflow.by_name[name]
    messages.success(request, f"办件 {case.number}:已{row.label}。")
    return redirect("admin:casework_case_change", case.pk)


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
        "value": value,
        "case": case,
    }
    response = render(request, "admin/casework/case/reveal.html", context)
    response["Cache-Control"] = "no-store"
    return response


def step(request, pk: int, direction: str):
    """Go to the next or previous case within the filter the clerk came with."""
    from_query = request.GET.urlencode()
    neighbour = _neighbour(request, find(request, pk), direction)
    if neighbour is None:
        messages.info(request, "这个筛选里没有更多办件了。")
        return redirect(f"{reverse('admin:casework_case_changelist')}?{from_query}")
    return redirect(f"{reverse('admin:casework_case_change', args=[neighbour])}?{from_query}")


def _neighbour(request, case: Case, direction: str) -> int | None:
    queue = admin.site._registry[Case].get_changelist_instance(request).queryset
    ids = list(queue.values_list("pk", flat=True)[:1000])
    if case.pk not in ids:
        return ids[0] if ids else None
    at = ids.index(case.pk) + (1 if direction == "next" else -1)
    return ids[at] if 0 <= at < len(ids) else None


__all__ = ["act", "find", "may_decide", "may_supervise", "page_context", "show", "urls"]
