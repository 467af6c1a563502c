"""Which persons an account acts for: claim, prove, switch, revoke."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, IntegerField, Value, When
from django.utils import timezone

from residents import consents, matching
from residents.crypto import keyed_hashes
from residents.idnumber import IdNumber, parse
from residents.models import AccessLog, Consent, Enrolment, Holding, Person
from residents.personal import log_access, mask_name
from residents.prepared import Prepared, Slot

SESSION_KEY = "holding"
UNPROVEN = (Holding.Standing.PENDING, Holding.Standing.CONTESTED)
LIVE = (*UNPROVEN, Holding.Standing.BOUND)


class HoldingRefused(Exception):
    """The wish cannot be granted; the Chinese text says why and what to do."""


@dataclass(frozen=True)
class ClaimResult:
    """What came of a claim. `others` are holdings of other accounts whose holders are to
    be told that somebody else claimed the same person; casework notifies them."""

    holding: Holding
    created: bool
    others: tuple[Holding, ...] = ()


def holdings_of(account):
    """The live holdings of an account, oneself first; persons are loaded with them."""
    own_first = Case(
        When(relation=Holding.Relation.SELF, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Holding.objects.filter(account=account, standing__in=LIVE)
    return rows.select_related("person").order_by(own_first, "pk")


def current_holding(request) -> Holding | None:
    """The holding that the resident acts under now: the chosen one, else oneself, else the
    first; None for staff, visitors and accounts without a person. One query a request."""
    rows = my_holdings(request)
    chosen = request.session.get(SESSION_KEY) if rows else None
    return next((row for row in rows if row.pk == chosen), rows[0] if rows else None)


def my_holdings(request) -> list[Holding]:
    """The live holdings of whoever asks, oneself first; read once a request. Empty for
    staff and visitors."""
    if not hasattr(request, "_holdings"):
        user = request.user
        resident = user.is_authenticated and not user.is_staff
        request._holdings = _live().all(account=user.pk) if resident else []
    return request._holdings


@cache
def _live() -> Prepared:
    """The holdings of an account as every page of a resident asks for them."""
    return Prepared(holdings_of(Slot("account", BigIntegerField())))


def acting_for(request) -> dict | None:
    """What base.html shows of the current holding: masked name and relation."""
    holding = current_holding(request)
    if holding is None:
        return None
    return {"name": mask_name(holding.name), "relation": holding.get_relation_display()}


def switch_to(request, holding: Holding) -> None:
    """Act for another person from now on, in this session."""
    request.session[SESSION_KEY] = holding.pk
    request.__dict__.pop("_holdings", None)


def enrolments_for(person: Person, on_day: date) -> list[Enrolment]:
    """Every enrolment of the person that covers the day, active ones first. Compares the
    ID number only: `matching.match` compares the name too."""
    return matching.enrolments_on(person, on_day)


def person_for(number: IdNumber) -> Person:
    """The one row of this ID number, made when it is new."""
    found = _find_person(number)
    if found:
        return found
    try:
        with transaction.atomic():
            return Person.objects.create(
                id_number=number.number,
                id_kind=number.kind,
                birth_date=number.birth_date,
                sex=number.sex or "",
            )
    except IntegrityError:  # somebody else was first
        return _find_person(number)


def _find_person(number: IdNumber) -> Person | None:
    return Person.objects.filter(id_hash__in=keyed_hashes("id", number.number)).first()


def claim_person(
    account,
    *,
    name: str,
    id_number: str,
    relation: str,
    phone: str | None = None,
    agent_name: str = "",
    signature: str = "",
) -> ClaimResult:
    """Add a person to an account, with the consents that go with the relation.

    Binds at once only where `matching.proof_of` finds a proof and nobody else holds the
    person; a person whom another account holds becomes `contested`, for a clerk. Calling
    it again for the same person changes nothing. Raises InvalidIdNumber, HoldingRefused.
    """
    number = parse(id_number)
    with transaction.atomic():
        person = _locked(person_for(number))
        existing = holdings_of(account).filter(person=person).first()
        if existing:
            return ClaimResult(existing, created=False)
        _require_room_for(account, relation)
        holding = _create(account, person, name, relation, phone, agent_name, signature)
    if settle(holding):
        return ClaimResult(holding, created=True)
    return ClaimResult(holding, created=True, others=_contest(holding))


def _locked(person: Person) -> Person:
    """The person's row, held until the transaction ends: claims follow one another."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _contest(holding: Holding) -> tuple[Holding, ...]:
    """Mark an unproven holding whose person somebody else holds; those others."""
    others = tuple(_bound_elsewhere(holding))
    if others:
        holding.standing = Holding.Standing.CONTESTED
        holding.save(update_fields=["standing"])
    return others


def _require_room_for(account, relation: str) -> None:
    if relation != Holding.Relation.SELF:
        return
    if holdings_of(account).filter(relation=Holding.Relation.SELF).exists():
        raise HoldingRefused("您的账户已经登记了本人。为家人办理，请选择与您的关系。")


def _create(account, person, name, relation, phone, agent_name, signature) -> Holding:
    day = matching.today()
    kind = consents.consent_kind(relation, person.birth_date, day)
    consents.record(account, Consent.Kind.SENSITIVE_DATA, consents.SENSITIVE_DATA, person)
    proxy = None
    if kind:
        text = consents.proxy_text(kind, name, agent_name, relation)
        proxy = consents.record(account, kind, text, person, signature)
    return Holding.objects.create(
        account=account,
        person=person,
        name=name,
        relation=relation,
        phone=phone or None,
        guardian=kind == Consent.Kind.GUARDIAN,
        proxy_consent=proxy,
    )


def _bound_elsewhere(holding: Holding):
    """Bound holdings of the same person in other accounts that can still be used."""
    rows = Holding.objects.filter(
        person=holding.person, standing=Holding.Standing.BOUND, account__is_active=True
    )
    return rows.exclude(account=holding.account).select_related("account", "person")


def settle(holding: Holding) -> bool:
    """Bind a holding whose proof there is by now and whose person nobody else holds;
    True when it was bound."""
    if holding.standing not in UNPROVEN:
        return False
    proof = matching.proof_of(holding, matching.today())
    if not proof:
        return False
    with transaction.atomic():
        _locked(holding.person)
        if _bound_elsewhere(holding).exists():
            return False
        _bind(holding, proof)
    return True


def settle_pending(account) -> int:
    """Try each pending holding of an account again, as after a log-in; how many were bound."""
    pending = holdings_of(account).filter(standing__in=UNPROVEN)
    return sum(settle(holding) for holding in pending.select_related("account", "person"))


def _bind(holding: Holding, proof: str) -> None:
    holding.standing = Holding.Standing.BOUND
    holding.bound_by = proof
    holding.bound_at = timezone.now()
    holding.save(update_fields=["standing", "bound_by", "bound_at"])


def bind_by_clerk(holding: Holding, actor, case_number: str = "") -> tuple[Holding, ...]:
    """A clerk has compared the papers and confirms the holding; logged.

    A person has one account of their own: confirming a new one as oneself ends the older,
    and those ended are returned so that their holders can be told. Raises PermissionError
    for anyone who is not staff, HoldingRefused for a revoked holding.
    """
    if not actor.is_staff:
        raise PermissionError("只有经办人员可以核实参保人与账户。")
    with transaction.atomic():
        _locked(holding.person)
        holding.refresh_from_db()
        if not holding.is_live:
            raise HoldingRefused("该参保人已从账户中移除，不能核实。")
        ended = _end_older_self(holding)
        _bind(holding, Holding.BoundBy.CLERK)
        log_access(actor, AccessLog.Action.BOUND, case_number, f"Holding:{holding.pk}")
    return ended


def _end_older_self(holding: Holding) -> tuple[Holding, ...]:
    if holding.relation != Holding.Relation.SELF:
        return ()
    older = tuple(_bound_elsewhere(holding).filter(relation=Holding.Relation.SELF))
    for other in older:
        revoke(other)
    return older


def accept_proxy(holding: Holding, own: Holding) -> None:
    """The person, from their own proven account (`own`), lets another account act for them.

    Raises HoldingRefused when `own` proves nothing about this person.
    """
    proven = own.is_bound and own.relation == Holding.Relation.SELF
    if not proven or own.person_id != holding.person_id or own.account_id == holding.account_id:
        raise HoldingRefused("只有本人账户核实身份后，才能同意他人代办。")
    if not holding.is_live or holding.relation == Holding.Relation.SELF:
        raise HoldingRefused("这项代办已经不在，请刷新页面。")
    _bind(holding, Holding.BoundBy.PERSON)


def proxies_of(account):
    """Holdings by which other accounts act for the owner of this one, who is proven."""
    own = Holding.objects.filter(
        account=account, relation=Holding.Relation.SELF, standing=Holding.Standing.BOUND
    )
    rows = Holding.objects.filter(person__in=own.values("person"), standing__in=LIVE)
    rows = rows.exclude(account=account).exclude(relation=Holding.Relation.SELF)
    return rows.select_related("account", "person").order_by("pk")


def other_claims_of_self(account) -> int:
    """How many other accounts say they are the proven owner of this one; for a warning."""
    own = Holding.objects.filter(
        account=account, relation=Holding.Relation.SELF, standing=Holding.Standing.BOUND
    )
    claims = Holding.objects.filter(
        person__in=own.values("person"),
        relation=Holding.Relation.SELF,
        standing__in=UNPROVEN,
        account__is_active=True,
    )
    return claims.exclude(account=account).count()


def people_to_tell(person: Person, acting_account=None) -> list[Holding]:
    """The person's own proven holdings other than of the account that acts: whoever does
    something for a person, the person is told (casework notifies these accounts)."""
    rows = Holding.objects.filter(
        person=person, relation=Holding.Relation.SELF, standing=Holding.Standing.BOUND
    ).select_related("account")
    return [row for row in rows if acting_account is None or row.account_id != acting_account.pk]


@transaction.atomic
def revoke(holding: Holding) -> None:
    """End a holding and withdraw the consents it rests on. What was done stays done."""
    if not holding.is_live:
        return
    holding.standing = Holding.Standing.REVOKED
    holding.revoked_at = timezone.now()
    holding.save(update_fields=["standing", "revoked_at"])
    given = Consent.objects.filter(
        account_id=holding.account_id, person_id=holding.person_id, withdrawn_at=None
    )
    given.update(withdrawn_at=holding.revoked_at)
