"""代录: whose counter entry a case is. One clerk begins it; another of the same agency may take
it over, and then it is theirs to write, until somebody takes it over again.

An entry is a case without an account: a draft, or what a correction asks for. Whoever ever
typed in it is remembered (`typists`), since a kind may keep them from deciding.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.guards import all_of, counter_clerk, own
from casework.models import Case, CounterTakeover
from casework.perform import Context, perform
from casework.workflow import COUNTER, Transition
from residents.models import AccessLog
from residents.personal import log_access

CORRECTION = "correction"
# The name of the row of a kind's table by which a correction is taken over.
TAKE_OVER = "take_over_entry"
LOGGED = "接手代录"


def holder_of(case: Case) -> int:
    """The clerk who writes this entry now: who took it over last, else who began it."""
    last = CounterTakeover.objects.filter(case=case).order_by("-pk").values_list("user_id")
    found = last.first()
    return found[0] if found else case.created_by_id


def writes_entry(user, case: Case) -> bool:
    """Whether this clerk writes the entry now: nobody else at the desk does."""
    entered = case.account_id is None and case.status in (Case.DRAFT, CORRECTION)
    return entered and counter_clerk(user) and holder_of(case) == user.pk


def typists(case: Case) -> frozenset[int]:
    """Everybody who began this case or took its entry over; asked once for an instance."""
    if case.account_id is not None:
        return frozenset({case.created_by_id})
    if "_typists" not in case.__dict__:
        read_typists([case])
    return case.__dict__["_typists"]


def read_typists(cases: Iterable[Case]) -> None:
    """Have each of these cases know who typed it in, by one query for those of the counter."""
    entered = {case.pk: case for case in cases if case.account_id is None}
    users = {pk: {case.created_by_id} for pk, case in entered.items()}
    if entered:
        rows = CounterTakeover.objects.filter(case__in=list(entered)).order_by("pk")
        for pk, user in rows.values_list("case_id", "user_id"):
            users[pk].add(user)
    for pk, case in entered.items():
        case.__dict__["_typists"] = frozenset(users[pk])


def typed_by(user, kind: str) -> QuerySet[Case]:
    """The entries of a kind that this clerk ever typed in."""
    mine = CounterTakeover.objects.filter(user=user)
    return Case.objects.filter(
        Q(created_by=user) | Q(pk__in=mine.values("case_id")), account=None, kind=kind
    )


def entries_of(user, kind: str) -> QuerySet[Case]:
    """What this clerk has to write now: drafts and corrections of this kind."""
    return _held(typed_by(user, kind)).filter(holder=user.pk)


def entries_to_take(user, kind: str) -> QuerySet[Case]:
    """What others of the same agency have to write: drafts that they began, and corrections of
    cases in the area; each with `holder`."""
    profile = user.staff_profile
    colleagues = {
        "created_by__staff_profile__scope": profile.scope,
        "created_by__staff_profile__area": profile.area,
    }
    near = Q(status=Case.DRAFT, **colleagues) | Q(status=CORRECTION, **profile.scope_filter())
    own = profile.own_hashes()
    cases = Case.objects.filter(near, account=None, kind=kind)
    cases = cases.exclude(id_hash__in=own).exclude(phone_hash__in=own)
    return _held(cases).exclude(holder=user.pk)


def take_over(user, case: Case, now: datetime | None = None) -> None:
    """Make this clerk the one who writes the entry; logged, and for a case that was submitted
    an event of its chain. Raises NotAllowed."""
    now = now or timezone.now()
    if not counter_clerk(user):
        raise NotAllowed("您的角色不能代录")
    with transaction.atomic():
        if case.status == CORRECTION:
            perform(case, TAKE_OVER, Actor(COUNTER, user, user.staff_profile), now=now)
        else:
            _take_draft(user, case, now)
        log_access(user, AccessLog.Action.OPENED, case.number or "", LOGGED)


def takeover_row(*guards) -> Transition:
    """The row of a kind's table by which the entry of a correction is taken over; `guards` are
    what the kind asks besides."""
    return Transition(
        TAKE_OVER,
        "接手代录",
        (CORRECTION,),
        None,
        frozenset({COUNTER}),
        "entry_taken_over",
        guard=all_of(own, may_take_over, *guards),
        effect=note_takeover,
        in_panel=False,
        help="原来代录的人员不在时，由本机构其他人员接着录入补正。",
    )


def may_take_over(case: Case, ctx: Context) -> str | None:
    """The guard of that row: an entry, and not the actor's own already."""
    if case.account_id is not None:
        return "这件申请由参保人自己的账户填写，不能代录"
    return "这件代录已经由您填写" if holder_of(case) == ctx.actor.user.pk else None


def note_takeover(case: Case, ctx: Context) -> None:
    """The effect of that row: who has it now, and from whom."""
    ctx.event_data = {"from": holder_of(case)}
    CounterTakeover.objects.create(case=case, user=ctx.actor.user, at=ctx.now)


def _held(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Entries that are being written, each with who writes it."""
    last = CounterTakeover.objects.filter(case=OuterRef("pk")).order_by("-pk")
    last = Subquery(last.values("user_id")[:1])
    holder = Coalesce(last, F("created_by_id"), output_field=BigIntegerField())
    return cases.filter(status__in=(Case.DRAFT, CORRECTION)).annotate(holder=holder)


def _take_draft(user, case: Case, now: datetime) -> None:
    """A draft has no chain of events yet: the row and the log say who took it."""
    locked = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk)
    if locked.filter(status=Case.DRAFT).first() is None:
        raise NotAllowed("这件代录已经提交或删除，请刷新后再看")
    if not entries_to_take(user, case.kind).filter(pk=case.pk).exists():
        raise NotAllowed("这件代录不能由您接手：须是本机构其他人员的代录，且不是您本人的申请")
    CounterTakeover.objects.create(case=case, user=user, at=now)
