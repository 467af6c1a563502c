"""The case page: answers with their doubts, documents, the decision, the timeline."""

from functools import partial

from django.contrib import admin
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from casework.actors import Actor
from casework.admin import case_html
from casework.admin.case_reading import case_for, items_of, letters_of, others_of
from casework.admin.colleagues import NOBODY, receivers
from casework.admin.mentions import seen_by
from casework.admin.panel import panel
from casework.admin.parts import parts_of
from casework.admin.rows import TONES, short_area
from casework.admin.targets import correction_targets
from casework.admin.typed import NOTHING, Typed
from casework.clock import light, time_left_text
from casework.drafts import answers_of, changed_names, documents_of
from casework.kinds import kind_of
from casework.models import Case
from casework.timeline import timeline
from casework.workdays import current_calendar
from residents.models import AccessLog
from residents.personal import log_access, mask_id, mask_name, mask_phone

# What staff may see whole, each time with a reason that is logged.
REVEALABLE = {"name": "姓名", "id_number": "证件号码", "phone": "联系电话"}
OTHERS_SHOWN = 10
# The parameter by which a part of a page says where on it one was; the queue ignores it.
PLACE = "at"


def find(request, pk) -> Case:
    """The case when this clerk may see it, else 404."""
    case = case_for(request.user, pk)
    if case is None:
        raise Http404
    return case


def show(request, pk, *, typed: Typed = NOTHING, asked: dict | None = None, status: int = 200):
    """Show a case; opening it is logged. `typed` is what a refused action had filled in, and
    `asked` the same for a form of the kind's own parts."""
    case = find(request, pk)
    log_access(request.user, AccessLog.Action.OPENED, case.number or "")
    own = page_context(request, case, typed, asked or {})
    context = {**admin.site.each_context(request), **own}
    return render(request, "admin/casework/case/page.html", context, status=status)


def page_context(request, case: Case, typed: Typed, asked: dict) -> dict:
    """Everything the page shows, in at most twelve queries and those of the kind's parts."""
    kind = kind_of(case)
    actor = Actor.staff(request.user)
    now, calendar = timezone.now(), current_calendar()
    answers = answers_of(case.revision)
    findings = seen_by(request.user, case, kind.findings(case))
    query = _queue_query(request)
    told = {PLACE: request.GET.get(PLACE, ""), "query": query, **asked}
    parts = parts_of(case, request.user, findings, told)
    sections = _sections(kind, case, answers, findings)
    entries = timeline(case, for_staff=True)
    targets = partial(correction_targets, kind, case, answers)
    doubtful = {found.target for found in findings if found.target}
    panel_context = panel(case, kind, actor, now, targets, doubtful, typed)
    documents = _documents(kind, case, parts.files_first)
    return {
        "title": f"{kind.label} {case.number}",
        "case": case,
        "kind": kind,
        "own_case": actor.concerns_own(case),
        "clerk": case.assignee_id and _clerk_of(case, request.user),
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
        "sections": sections,
        "loose_findings": _loose(findings, sections, parts),
        "parts": parts,
        "compared": kind.compare(case) if case.is_open else [],
        "documents": documents,
        "documents_html": case_html.documents(documents),
        "facts": kind.facts(case),
        "events_html": case_html.events(entries),
        "items": _items(kind, case, entries),
        "letters": letters_of(case),
        "others": _others(request, case),
        "query": query,
        "revealable": REVEALABLE,
        **panel_context,
        "receivers": (
            receivers(request.user, case, now) if panel_context["can_assign"] else NOBODY
        ),
    }


def _clerk_of(case: Case, user) -> str:
    """Who has the case; asked of the database only when it is somebody else."""
    if case.assignee_id == user.pk:
        return "您本人"
    return case.assignee.get_full_name()


def _sections(kind, case, answers, findings) -> list[dict]:
    """The answers in groups, each row with its doubts and whether the correction changed it."""
    by_target: dict[str, list] = {}
    for found in findings:
        by_target.setdefault(found.target, []).append(found)
    changed = _changed(case, answers)
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


def _loose(findings: list, sections: list[dict], parts) -> list:
    """The findings that stand beside no answer and in no part of the kind's own."""
    shown = {f"field:{row['field']}" for section in sections for row in section["rows"]}
    return [
        found
        for found in findings
        if found.target not in shown and found.target.partition(":")[0] not in parts.placed
    ]


def _queue_query(request) -> str:
    """The filter one came with, without the place on this page."""
    query = request.GET.copy()
    query.pop(PLACE, None)
    return query.urlencode()


def _changed(case, answers: dict) -> set[str]:
    """The fields that the last correction changed."""
    return changed_names(case.answers_before, answers) if case.answers_before else set()


def _documents(kind, case, first: tuple[int, ...]) -> list[dict]:
    """The documents, those that the kind's parts are about before the others."""
    if case.revision is None:
        return []
    place = {pk: at for at, pk in enumerate(first)}
    files = sorted(documents_of(case.revision), key=lambda file: place.get(file.pk, len(place)))
    return [
        {
            "file": attachment,
            "label": kind.document_labels.get(attachment.document, attachment.document),
            "new": attachment.added_in_id == case.revision_id and case.revision.number > 1,
            "pages": range(attachment.pages),
        }
        for attachment in files
    ]


def _items(kind, case, entries) -> list:
    """What was asked to be corrected; not looked for where nothing ever was."""
    asking = {row.event for row in kind.workflow.transitions if row.item_reasons}
    asked = any(entry.code in asking for entry in entries)
    return items_of(case) if asked else []


def _others(request, case) -> list[Case]:
    """The newest other cases of the person, in words."""
    found = others_of(request.user, case, OTHERS_SHOWN)
    for other in found:
        kind = kind_of(other)
        other.state_word = kind.workflow.states.get(other.status, "")
        other.matter = f"{kind.label} · {kind.topics.get(other.topic, other.topic)}"
        other.place = short_area(other.destination)
    return found
