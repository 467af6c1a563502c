"""The rows of the queue: what one line says, from the columns of `Case` alone."""

from dataclasses import dataclass
from functools import lru_cache

from casework.clock import light, time_left_text
from casework.kinds import all_kinds, kind_of
from casework.models import Case
from config.addresses import address_of
from facilities.areas import UnknownArea, area_name, division
from residents.models import User

TONES = {"red": "late", "yellow": "waiting", "green": "done", "": "ended"}
SHOWN_DOUBTS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue as text: a hundred are rendered, and a template pays for every
    look-up, number and address.
    """

    case: Case
    key: str  # what a tick posts: primary key and version
    url: str
    number: str
    documents: str
    hospital: str
    tone: str
    time_text: str
    state: str
    matter: str
    origin: str
    destination: str
    first_doubts: list[str]  # as many as a line has room for
    more_doubts: list[str]  # the others, shown on hover and focus
    clerk: str


@lru_cache(maxsize=4096)
def short_area(code: str) -> str:
    """The name of an area, empty for an empty or unknown code."""
    try:
        return area_name(code) if code else ""
    except UnknownArea:
        return code


@lru_cache(maxsize=4096)
def own_name(code: str) -> str:
    """The name of a place alone, as those who work there say it: 新城区, 成都市."""
    place = division(code) if code else None
    return place.name if place else code


def queue_rows(cases: list[Case], now, calendar) -> list[Row]:
    """Lines for the cases of one page; one query, for the names of the clerks."""
    ids = {case.assignee_id for case in cases} - {None}
    users = User.objects.filter(pk__in=ids).only("name", "username") if ids else ()
    names = {user.pk: user.get_full_name() for user in users}
    return [_row(case, names, now, calendar) for case in cases]


def _row(case: Case, names: dict, now, calendar) -> Row:
    kind = kind_of(case)
    doubts = [kind.doubts.get(code, code) for code in case.doubt_codes]
    return Row(
        case=case,
        key=f"{case.pk}:{case.version}",
        url=address_of("admin:casework_case_change", case.pk),
        number=case.number,
        documents=str(case.documents_count),
        hospital=_hospital(case),
        tone=TONES[light(case.due_at, now, calendar)] if case.is_open else "ended",
        time_text=_time(case, now, calendar),
        state=kind.workflow.states.get(case.status, case.status),
        matter=_matter(kind, case),
        origin=own_name(case.county),
        destination=own_name(case.destination),
        first_doubts=doubts[:SHOWN_DOUBTS],
        more_doubts=doubts[SHOWN_DOUBTS:],
        clerk=names.get(case.assignee_id, ""),
    )


def _hospital(case: Case) -> str:
    """For somebody who lies in hospital now; empty for everybody else."""
    if case.queue_rank:
        return ""
    until = case.stay_until
    return f"住院至 {until.month}-{until.day}" if until else "住院中"


def _matter(kind, case: Case) -> str:
    """The category, and the kind too where there is more than one."""
    topic = kind.topics.get(case.topic, case.topic)
    return f"{kind.label} · {topic}" if len(all_kinds()) > 1 or not topic else topic


def _time(case: Case, now, calendar) -> str:
    if not case.is_open:
        return "已办结"
    text = time_left_text(case.due_at, now, calendar)
    return f"{text}（暂定）" if case.due_provisional else text
