"""The one way to notify: write a message to the outbox, in the case's own transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from casework.bulk import insert_rows, row_class
from casework.kinds import kind_of
from casework.models import Case, Notice
from residents.models import Holding, User

_TEMPLATES: dict[str, str] = {}
NoticeRow = row_class(Notice)
IN_SITE, SMS, CALL = (
    channel.value for channel in (Notice.Channel.IN_SITE, Notice.Channel.SMS, Notice.Channel.CALL)
)
SENT = Notice.State.SENT.value


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


def build_notices(case: Case, template: str, ctx, seq: int | str) -> list[NoticeRow]:
    """The messages of one action to everybody concerned, not saved yet."""
    return build_many([(case, seq)], template, ctx)


class Recipient(NamedTuple):
    """An account as far as a message needs it: making a thousand models costs more than
    the messages."""

    pk: int
    phone: str


def build_many(pairs: list[tuple], template: str, ctx) -> list[NoticeRow]:
    """The messages of one action on many (case, event seq), with two queries in all."""
    cases = [case for case, _ in pairs]
    own = _own_accounts(cases)
    wanted = {case.account_id for case in cases} | {pk for pks in own.values() for pk in pks}
    accounts = _accounts(wanted - {None})
    # What the words of one case found out for the next; a kind may look all of them up at once.
    kept: dict = {"cases": cases}
    return [
        notice
        for case, seq in pairs
        for notice in _for_case(
            case, seq, template, ctx, _told(case, own.get(case.person_id, ()), accounts), kept
        )
    ]


def _told(case: Case, own, accounts: dict[int, Recipient]) -> list[tuple]:
    """(account or None, contact) of everybody to be told: who files, and the person."""
    if case.account_id:
        filer = accounts[case.account_id]
        told = [(filer, Contact(filer.phone))]
    else:
        told = [(None, kind_of(case).contact(case))]
    others = (accounts[pk] for pk in own if pk != case.account_id)
    return told + [(account, Contact(account.phone)) for account in others]


def _for_case(case: Case, seq, template: str, ctx, told, kept: dict) -> list[NoticeRow]:
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
    return [
        notice
        for account, contact in told
        for notice in _for_recipient(case, template, text, key, account, contact, ctx.now)
    ]


def _accounts(ids: set[int]) -> dict[int, Recipient]:
    rows = User.objects.filter(pk__in=ids).values_list("pk", "phone")
    return {pk: Recipient(pk, phone or "") for pk, phone in rows}


def _own_accounts(cases: list[Case]) -> dict[int, list[int]]:
    """Person -> the accounts of the persons themselves, who are told when a proxy acts."""
    own: dict[int, list[int]] = {}
    rows = Holding.objects.filter(
        person_id__in={case.person_id for case in cases},
        relation=Holding.Relation.SELF,
        standing=Holding.Standing.BOUND,
    )
    for person, account in rows.order_by("pk").values_list("person_id", "account_id"):
        own.setdefault(person, []).append(account)
    return own


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


def _for_recipient(case, template, text, key, account, contact, now) -> list[NoticeRow]:
    who = f"u{account.pk}" if account else "contact"
    recipient = account.pk if account else None
    made = []
    if account:
        made.append(
            NoticeRow(
                case_id=case.pk,
                recipient_id=recipient,
                channel=IN_SITE,
                template=template,
                text=text,
                dedupe_key=f"{key}:{who}:{IN_SITE}",
                state=SENT,
                sent_at=now,
            )
        )
    phone = contact.phone or (account.phone if account else "")
    channel = contact.how if contact.how != SMS or phone else CALL
    made.append(
        NoticeRow(
            case_id=case.pk,
            recipient_id=recipient,
            channel=channel,
            template=template,
            text=text,
            phone=phone if channel == SMS else "",
            dedupe_key=f"{key}:{who}:{channel}",
            next_try_at=now if channel == SMS else None,
        )
    )
    return made


def save_notices(notices: list) -> None:
    """Write messages; one whose key is there already is left as it is."""
    insert_rows(notices, ignore_conflicts=True)
