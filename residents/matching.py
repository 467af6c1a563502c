"""A person somebody names, compared with the agency's register.

Name and ID number alone never bind a person to an account: everyone in a family, at work
or at a copy shop may know them. What binds is a phone that the register holds for this
very person, a real-name check, or a clerk.
"""

import logging
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import CharField, DateField
from django.utils import timezone
from django.utils.module_loading import import_string

from residents.crypto import keyed_hashes, normalise
from residents.models import Enrolment, Holding
from residents.prepared import Prepared, Slot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Match:
    """The enrolments of the person under the typed name on a day, and how far the account
    has proven that it may act for them. Never shown to a resident."""

    enrolments: tuple[Enrolment, ...]
    standing: str

    @property
    def is_matched(self) -> bool:
        """Whether the register knows this name and number on that day."""
        return bool(self.enrolments)


def match(holding: Holding, on_day: date) -> Match:
    """Compare a holding with the register as of `on_day` (a date in Shanghai)."""
    names = set(keyed_hashes("name", holding.name))
    found = enrolments_on(holding.person, on_day)
    return Match(tuple(row for row in found if row.name_hash in names), holding.standing)


def enrolments_on(person, on_day: date) -> list[Enrolment]:
    """Every enrolment of the person that covers the day, active ones first."""
    hashes = keyed_hashes("id", person.id_number)
    asked = {f"hash{n}": found for n, found in enumerate(hashes)}
    rows = _begun_by(len(hashes)).all(**asked, day=on_day)
    covering = [row for row in rows if _covers(row, on_day)]
    return sorted(covering, key=lambda row: (row.state != Enrolment.State.ACTIVE, row.pk))


@cache
def _begun_by(hashes: int) -> Prepared:
    """The enrolments under any of so many hashes, one for each live key, that began by a day."""
    known = [Slot(f"hash{n}", CharField()) for n in range(hashes)]
    return Prepared(
        Enrolment.objects.filter(id_hash__in=known, from_day__lte=Slot("day", DateField()))
    )


def _covers(row: Enrolment, day: date) -> bool:
    if row.to_day is None:
        return row.state != Enrolment.State.ENDED
    return day <= row.to_day


def proof_of(holding: Holding, on_day: date) -> str | None:
    """What proves, without a clerk, that the account may act for the person.

    Asks the register first, then the real-name service of the settings, for oneself only.
    Returns a Holding.BoundBy value or None. May call a network service: never inside a
    transaction.
    """
    if _phone_matches(holding, match(holding, on_day).enrolments):
        return Holding.BoundBy.PHONE
    if holding.relation == Holding.Relation.SELF and _real_name_passes(holding):
        return Holding.BoundBy.REALNAME
    return None


def _phone_matches(holding: Holding, enrolments: tuple[Enrolment, ...]) -> bool:
    if not holding.account.phone:
        return False
    mine = normalise("phone", holding.account.phone)
    return any(row.phone and normalise("phone", row.phone) == mine for row in enrolments)


def _real_name_passes(holding: Holding) -> bool:
    """Ask `settings.REALNAME_CHECK`, a callable (name, id_number, phone) -> bool, if any."""
    path = getattr(settings, "REALNAME_CHECK", "")
    if not path:
        return False
    try:
        check = import_string(path)
        return bool(check(holding.name, holding.person.id_number, holding.account.phone))
    except Exception as error:  # a service that is down proves nothing and stops nothing
        logger.error("realname_failed", exc_info=error)
        return False


def today():
    """The day in Shanghai."""
    return timezone.localdate()
