"""What pages ask of the domain of claims: begin, save, what is missing, submit, decide a bill.

Everything that moves a status goes through `casework.perform` with the names of
`reimbursements.workflow`; the functions here prepare and explain it.
"""

from django.utils import timezone

from casework.actors import Actor
from casework.drafts import answers_of, open_revision, save_answers, start_draft, with_writing
from casework.errors import NotAllowed, StaleCase
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from casework.workflow import COUNTER
from facilities.areas import UnknownArea, pooling_area_of
from reimbursements.answers import Answers
from reimbursements.dossier import dossier_of, forget_dossier
from reimbursements.missing import Missing, missing_of
from reimbursements.models import Bill
from reimbursements.settling import preview_settlement
from residents.holdings import enrolments_for
from residents.models import Enrolment, Holding, Person

KIND = "claim"
# Drafts of one person and account, one for each stay; a number of ours that nobody needs more.
MAX_DRAFTS = 10
DRAFT_KEYS = (KIND, *(f"{KIND}-{number}" for number in range(2, MAX_DRAFTS + 1)))
# The answers that Answers.columns reads: only these are worth a look at the case.
MIRRORED_ANSWERS = frozenset(
    {"kind", "insured_area", "insurance", "institution", "institution_area"}
)
# What a further claim takes over from an old one: always, and with its bills.
KEPT = (
    *("kind", "institution", "institution_name", "institution_area", "level", "charging_level"),
    *("insured_area", "insurance", "address", "contact_how"),
    *("bank_holder", "bank_number", "bank_name", "bank_relation", "bank_not_card"),
)
KEPT_WITH_BILLS = (
    *("reason", "admitted_on", "discharged_on", "diagnosis", "nth_stay"),
    *("third_party", "other_insurer", "note"),
)
BILL_ACTIONS = {
    Bill.Decision.ACCEPTED: "accept_bill",
    Bill.Decision.CUT: "cut_bill",
    Bill.Decision.OPEN: "open_bill",
}

__all__ = [
    "KIND",
    "Incomplete",
    "answers_now",
    "claim_again",
    "counter_actor",
    "decide_bill",
    "missing",
    "preview_settlement",
    "save",
    "start_claim",
    "submit_at_counter",
    "submit_claim",
]


class Incomplete(NotAllowed):
    """The claim cannot be submitted yet; `missing` lists every gap."""

    def __init__(self, missing: list[Missing]):
        super().__init__(missing[0].text)
        self.missing = missing


def counter_actor(user) -> Actor:
    """A clerk who files for somebody at the counter or on the phone."""
    return Actor(role=COUNTER, user=user, profile=user.staff_profile)


def start_claim(
    creator,
    account,
    holding: Holding | None = None,
    person: Person | None = None,
    channel: str = Case.Channel.ONLINE,
    **prefilled,
) -> Case:
    """A draft for one stay of this person: the one in which nothing was said yet, or a new one.

    The person is that of the `holding`, or `person` at the counter. `prefilled` are answers
    known already. Two clicks at the same moment begin one draft. Raises NotAllowed when no
    person is given, and beyond MAX_DRAFTS.
    """
    person = holding.person if holding else person
    if person is None:
        raise NotAllowed("请先选择为谁办理")
    drafts = drafts_for(creator, person)
    untouched = next((case for case in drafts if _untouched(answers_now(case))), None)
    if untouched is not None:
        if prefilled:
            save(untouched, prefilled)
        return untouched
    taken = {case.draft_key for case in drafts}
    key = next((key for key in DRAFT_KEYS if key not in taken), None)
    if key is None:
        raise NotAllowed(f"没有提交的申请已有 {MAX_DRAFTS} 件，请先提交或删除一件，再开始新的申请")
    answers = Answers(**_known(person, holding, account)).with_changes(**prefilled)
    columns = {"city": "", "county": "", **answers.columns()}
    return start_draft(
        creator,
        person,
        KIND,
        key,
        answers.to_dict(),
        account=account,
        channel=channel,
        **columns,
    )


def drafts_for(creator, person: Person) -> list[Case]:
    """The drafts of this person's claims that this account began, each with its answers."""
    drafts = Case.objects.filter(created_by=creator, person=person, kind=KIND, status=Case.DRAFT)
    return list(with_writing(drafts).order_by("pk"))


def claim_again(case: Case, account, holding: Holding) -> Case:
    """A draft with the answers of an old claim that still make sense, for the same account.

    Bills that are free again come along without their photographs, which belong to the old
    claim, and then the stay does too; after a claim that keeps its bills only place, contact
    and account do. A draft that holds just that already is given back. Raises NotAllowed
    beyond MAX_DRAFTS.
    """
    old = answers_now(case)
    alive = Bill.objects.filter(claim_id=case.pk, alive=True).exists()
    names = KEPT if alive else (*KEPT, *KEPT_WITH_BILLS)
    prefilled = {name: getattr(old, name) for name in names}
    if not alive:
        prefilled["bills"] = [{**bill, "files": []} for bill in old.bills]
    for draft in drafts_for(account, holding.person):
        begun = answers_now(draft)
        if all(getattr(begun, name) == value for name, value in prefilled.items()):
            return draft
    return start_claim(account, account, holding, **prefilled)


def save(case: Case, changes: dict) -> Answers:
    """Save changed answers into the open revision, with the columns that mirror them.

    `changes` are values as stored (dates as ISO text). Raises NotAllowed when the case takes
    no answers any more, InvalidAnswers for a key the contract does not know.
    """
    Answers.from_dict(changes)
    mirrored = case.is_draft and not MIRRORED_ANSWERS.isdisjoint(changes)
    stored = Answers.from_dict(save_answers(case, changes, mirror=_columns if mirrored else None))
    forget_dossier(case)
    return stored


def answers_now(case: Case) -> Answers:
    """The answers of the revision being written, else of the one submitted."""
    return Answers.from_dict(answers_of(open_revision(case) or case.revision))


def missing(case: Case) -> list[Missing]:
    """Everything that still stops submitting, in the order of the steps."""
    return missing_of(dossier_of(case))


def submit_claim(case: Case, actor: Actor, version: int | None = None) -> Case:
    """Submit a draft, or a corrected case again; a second click finds it submitted.

    Raises Incomplete with every gap, StaleCase, or NotAllowed: for a bill that another claim
    has, with the number of that claim where it is the same person's or account's.
    """
    name = "submit" if case.status == Case.DRAFT else _resubmit(case)
    try:
        return perform(case, name, actor, version=version)
    except (NotAllowed, StaleCase):
        now = Case.objects.select_related("person", "account", "revision").get(pk=case.pk)
        if name == "submit" and now.number and now.status != Case.DRAFT:
            return now
        gaps = missing(now) if now.status in (Case.DRAFT, "correction") else []
        if gaps:
            raise Incomplete(gaps) from None
        raise


def submit_at_counter(
    case: Case, user, version: int | None = None, papers_in: bool = False
) -> Case:
    """Submit a draft that a clerk has entered, look at it at once, since at the counter nobody
    waits for the worker (whose task then finds the work done), and with `papers_in` record
    that every paper original was handed over, with a receipt.

    Raises what `submit_claim` raises. What was submitted stays so, whatever comes after.
    """
    case = review(submit_claim(case, counter_actor(user), version))
    papers = Bill.objects.filter(claim_id=case.pk, form="paper", paper=Bill.Paper.AWAITED)
    waiting = list(papers.values_list("pk", flat=True)) if papers_in else []
    if waiting:
        data = {"bills": waiting, "state": Bill.Paper.RECEIVED}
        case = perform(case, "note_paper", Actor.staff(user), data=data)
    return case


def decide_bill(
    case: Case,
    bill: Bill,
    actor: Actor,
    decision: str,
    amount: int = 0,
    reason: str = "",
    *,
    note: str = "",
    parts: dict[str, int] | None = None,
    lines: dict[int, int] | None = None,
    version: int | None = None,
) -> Case:
    """Accept or cut one bill in the first review, or open it again; one event in the chain.

    `amount` is what is cut in fen, `reason` the code of a maintained reason (or "other" with
    a `note`), `parts` the parts of the bill in fen where the clerk states or corrects them
    (own_expense, over_limit, self_first, in_scope), `lines` {nth: fen cut of that line}, whose
    sum is then the amount. Raises NotAllowed, StaleCase, InvalidReason. Ask
    `preview_settlement` afterwards for the recomputed figures.
    """
    data = {"bill": bill.pk, "amount": amount, "parts": parts or {}, "lines": lines or {}}
    name = BILL_ACTIONS.get(decision)
    if name is None:
        raise NotAllowed("请选择认可、核减还是重审")
    version = case.version if version is None else version
    return perform(case, name, actor, reason=reason, note=note, version=version, data=data)


def _untouched(answers: Answers) -> bool:
    """Whether nothing of a stay was said yet."""
    return not (answers.reason or answers.kind or answers.bills)


def _resubmit(case: Case) -> str:
    claim = getattr(case, "claim", None)
    return "resubmit_in_review" if claim and claim.accepted_at else "resubmit"


def _columns(stored: dict) -> dict:
    return Answers.from_dict(stored).columns()


def _known(person: Person, holding: Holding | None, account) -> dict:
    """What need not be asked: the name, the phone, and once proven where they are insured."""
    known = {}
    if holding:
        known["name"] = holding.name
        known["phone"] = holding.phone or (account.phone if account else "") or ""
    if holding and holding.is_bound:
        for row in enrolments_for(person, timezone.localdate()):
            if row.state == Enrolment.State.ACTIVE and _is_area(row.insured_area):
                return {**known, "insured_area": row.insured_area, "insurance": row.insurance}
    return known


def _is_area(code: str) -> bool:
    try:
        return bool(pooling_area_of(code))
    except UnknownArea:
        return False
