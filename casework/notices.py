"""The one way to notify: write a message to the outbox, in the case's own transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from casework.bulk import insert_rows
from casework.kinds import kind_of
from casework.models import Case, Notice
from residents.models import Holding, User

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
    _load_accounts(cases)
    holders = _own_holders(cases)
    kept: dict = {}
    return [
        notice
        for case, seq in pairs
        for notice in _for_case(case, seq, template, ctx, holders.get(case.person_id, ()), kept)
    ]


def _for_case(case: Case, seq, template: str, ctx, holders, kept: dict) -> list[Notice]:
    kind = kind_of(case)
    context = {
        "number": case.number or "",
        "matter": kind.label,
        "url": settings.PUBLIC_URL + kind.record_url(case),
        "note": ctx.note,
        **kind.words(case, kept),
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


def _load_accounts(cases: list[Case]) -> None:
    """Put the account on each case; split as the database needs (a prefetch of a thousand
    rows is refused by SQLite)."""
    field = Case._meta.get_field("account")
    bare = [case for case in cases if case.account_id and not field.is_cached(case)]
    users = User.objects.only("phone").in_bulk({case.account_id for case in bare})
    for case in bare:
        case.account = users[case.account_id]


def _own_holders(cases: list[Case]) -> dict[int, list]:
    """Accounts of the persons themselves, other than the one that files: who is told when a
    proxy acts for them."""
    filing = {case.person_id: case.account_id for case in cases}
    own = Holding.objects.filter(
        person_id__in=filing,
        relation=Holding.Relation.SELF,
        standing=Holding.Standing.BOUND,
    ).values_list("person_id", "account_id")
    others = [pair for pair in own if filing[pair[0]] != pair[1]]
    users = User.objects.only("phone").in_bulk({account for _, account in others})
    holders: dict[int, list] = {}
    for person, account in others:
        holders.setdefault(person, []).append(users[account])
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
    insert_rows(notices, ignore_conflicts=True)
