"""The one way to notify: write a message to the outbox, in the case's own transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone

from casework.kinds import kind_of
from casework.models import Case, Notice
from residents.models import Holding

_TEMPLATES: dict[str, str] = {}


@dataclass(frozen=True)
class Contact:
    """How the person of a case is reached: `how` is "sms", "call" or "post"."""

    phone: str = ""
    how: str = "sms"


def register_notices(templates: dict[str, str]) -> None:
    """Make message texts known by code. Placeholders: {number} {matter} {url} {note} and
    whatever the action puts into `ctx.notice_context`.
    """
    _TEMPLATES.update(templates)


def render_notice(template: str, context: dict) -> str:
    """The text of a message; KeyError when the code or a placeholder is unknown."""
    return _TEMPLATES[template].format_map(context)


def build_notices(case: Case, template: str, ctx, seq: int | str) -> list[Notice]:
    """The messages of one action to everybody concerned, not saved yet."""
    return build_many([(case, seq)], template, ctx)


def build_many(pairs: list[tuple], template: str, ctx) -> list[Notice]:
    """The messages of one action on many (case, event seq), with two queries in all."""
    cases = [case for case, _ in pairs]
    prefetch_related_objects(cases, "account")
    holders = _own_holders(cases)
    return [
        notice
        for case, seq in pairs
        for notice in _for_case(case, seq, template, ctx, holders.get(case.person_id, ()))
    ]


def _for_case(case: Case, seq, template: str, ctx, holders) -> list[Notice]:
    kind = kind_of(case)
    context = {
        "number": case.number or "",
        "matter": kind.label,
        "url": settings.PUBLIC_URL + kind.record_url(case),
        "note": ctx.note,
        **kind.words(case),
        **ctx.notice_context,
    }
    text = render_notice(template, context)
    key = f"{case.pk}:{seq}:{template}"
    told = [(case.account, Contact(case.account.phone) if case.account else kind.contact(case))]
    told += [(user, Contact(user.phone)) for user in holders if user.pk != case.account_id]
    return [
        notice
        for user, contact in told
        for notice in _for_recipient(case, template, text, key, user, contact, ctx.now)
    ]


def _own_holders(cases: list[Case]) -> dict[int, list]:
    """The accounts of the persons themselves: who is told when a proxy acts for them."""
    holders: dict[int, list] = {}
    own = Holding.objects.filter(
        person_id__in={case.person_id for case in cases},
        relation=Holding.Relation.SELF,
        standing=Holding.Standing.BOUND,
    ).select_related("account")
    for holding in own:
        holders.setdefault(holding.person_id, []).append(holding.account)
    return holders


def notify(
    case: Case, template: str, context: dict, dedupe_key: str, now: datetime | None = None
) -> None:
    """Write the messages of something that is not an action (a reminder), once for each key."""
    ctx = _Bare(note="", notice_context=context, now=now or timezone.now())
    save_notices(build_notices(case, template, ctx, dedupe_key))


def build_reminders(pairs: list[tuple], template: str, context: dict, now: datetime):
    """The same for a chunk of (case, dedupe key), not saved yet."""
    return build_many(pairs, template, _Bare(note="", notice_context=context, now=now))


@dataclass
class _Bare:
    note: str
    notice_context: dict
    now: datetime


def _for_recipient(case, template, text, key, user, contact, now) -> list[Notice]:
    who = f"u{user.pk}" if user else "contact"
    made = []
    if user:
        made.append(
            Notice(
                case=case,
                recipient=user,
                channel=Notice.Channel.IN_SITE,
                template=template,
                text=text,
                dedupe_key=f"{key}:{who}:in_site",
                state=Notice.State.SENT,
                sent_at=now,
            )
        )
    phone = contact.phone or (user.phone if user else "")
    channel = contact.how if contact.how != "sms" or phone else "call"
    made.append(
        Notice(
            case=case,
            recipient=user,
            channel=channel,
            template=template,
            text=text,
            phone=phone if channel == "sms" else "",
            dedupe_key=f"{key}:{who}:{channel}",
            next_try_at=now if channel == "sms" else None,
        )
    )
    return made


def save_notices(notices: list[Notice]) -> None:
    """Write messages; one whose key is there already is left as it is."""
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)
