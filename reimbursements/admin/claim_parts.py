"""The claim on the case page: its bills beside their documents, what is computed of them, the
filing, the adjustments, who did which stage, and the other claims of the stay.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from casework.actors import Actor
from casework.admin.case_html import options
from casework.admin.panel import reasons_of
from casework.admin.parts import NO_PARTS, DeskParts
from casework.kinds import Finding, kind_of
from casework.models import Case
from casework.perform import Context, refusal_of
from casework.workdays import current_calendar
from reimbursements.admin.bill_html import bill_list, lines_to_cut, lines_to_read
from reimbursements.admin.claim_bills import (
    BillDetail,
    BillRow,
    bill_rows,
    chosen,
    detail,
    findings_by_bill,
)
from reimbursements.admin.claim_forms import SAME_FORM, Field, fields_of
from reimbursements.admin.claim_money import Money, money_of
from reimbursements.admin.claim_people import (
    Done,
    names_of,
    separation,
    stages_done,
)
from reimbursements.admin.claim_reading import read_at_once
from reimbursements.admin.reports_proposals import Shown, proposal_for_desk
from reimbursements.codes import FILING_HOW, SETTLED_AS
from reimbursements.dossier import Dossier, dossier_of
from reimbursements.models import Adjustment, Bill, Claim
from reimbursements.scanning import found_among, found_for
from reimbursements.settlement import Settlement
from reimbursements.settlement.bill import NATIONAL_CLASSES
from reimbursements.settlement.money import yuan
from reimbursements.settling.inputs import read_lines

CLAIM = "claim"
ELSEWHERE = "另一统筹区/区县的申请"
# Each form and what it does; what may not be done says why.
ACTS = (
    "accept_bill",
    "cut_bill",
    "open_bill",
    "classify_line",
    "note_paper",
    "set_filing",
    "propose_adjustment",
    "confirm_adjustment",
)


@dataclass(frozen=True)
class Sibling:
    """Another claim of the same stay; `pk` None where this clerk may not see it."""

    pk: int | None
    number: str
    state: str
    billed: str


@dataclass(frozen=True)
class AdjustmentRow:
    """One manual adjustment; the amount in yuan with its sign."""

    pk: int
    amount: str
    reason: str
    state: str
    made_by: str
    approved_by: str
    waits: bool
    refused: str  # why this clerk does not confirm it


@dataclass(frozen=True)
class ClaimDesk:
    """Everything the templates of the claim's parts read."""

    bills: list[BillRow]
    bill_list: SafeString
    bill: BillDetail | None
    lines: SafeString
    undecided: int
    billed: str
    accepted: str
    reasons: SafeString
    classes: list[str]
    money: Money | None
    adjustments: list[AdjustmentRow]
    filing: dict
    stages: list[Done]
    separation: str
    proposal: Shown | None
    siblings: list[Sibling]
    may: dict[str, bool]
    refused: dict[str, str]
    form: str
    error: str
    rest: bool
    fields: dict[str, dict[str, Field]]


def claim_parts(case: Case, user, findings: list[Finding], asked: dict) -> DeskParts:
    """What a claim adds to the case page; see casework.admin.parts."""
    dossier = dossier_of(case)
    if dossier.claim is None:
        return NO_PARTS
    actor = Actor.staff(user)
    read_at_once(dossier)
    bill = chosen(dossier.bills, asked.get("at", ""))
    money = money_of(dossier)
    names = names_of(dossier)
    reasons = reasons_of(CLAIM)
    if bill:
        read_lines([bill])
    rows = bill_rows(dossier.bills, findings_by_bill(findings), bill.pk if bill else 0)
    shown = _bill(dossier, bill, rows, findings, names, reasons, asked) if bill else None
    return DeskParts(
        before="admin/reimbursements/claim_bills.html",
        beside="admin/reimbursements/report_beside.html",
        data=_desk(dossier, actor, names, rows, shown, money, reasons, asked),
        styles=("reimbursements/desk-claim.css",),
        files_first=tuple(shown.files) if shown else (),
        placed=frozenset({"bill", "line", "proposal"}),
        wide=True,
    )


def _desk(
    dossier: Dossier,
    actor: Actor,
    names: dict,
    rows: list[BillRow],
    shown: BillDetail | None,
    money: Money | None,
    reasons: list,
    asked: dict,
) -> ClaimDesk:
    claim, bills = dossier.claim, dossier.bills
    refused = _refusals(dossier.case, actor)
    as_lines = lines_to_read if refused["accept_bill"] else lines_to_cut
    fields = fields_of(asked.get("form", ""), asked.get("typed", {}), asked.get("errors", {}))
    return ClaimDesk(
        bills=rows,
        bill_list=bill_list(rows, asked.get("query", "")),
        bill=shown,
        lines=as_lines(shown.lines if shown else ()),
        undecided=sum(bill.decision == Bill.Decision.OPEN for bill in bills),
        billed=yuan(claim.billed_fen),
        accepted=yuan(claim.accepted_fen),
        reasons=_reasons(reasons, fields["cut_bill"]["reason"].value),
        classes=_classes(dossier),
        money=money,
        adjustments=[_adjustment(row, names, actor) for row in dossier.adjustments],
        filing=_filing(claim, fields["set_filing"]["settled_as"].value),
        stages=stages_done(dossier, names, actor),
        separation=separation(dossier, actor),
        proposal=proposal_for_desk(claim),
        siblings=_siblings(claim, actor) if dossier.figures.has_siblings else [],
        may={name: not why for name, why in refused.items()},
        refused=refused,
        form=SAME_FORM.get(asked.get("form", ""), asked.get("form", "")),
        error=asked.get("error", ""),
        rest="rest" in asked.get("typed", {}),
        fields=fields,
    )


def _bill(
    dossier: Dossier,
    bill: Bill,
    rows: list[BillRow],
    findings: list[Finding],
    names: dict,
    reasons: list,
    asked: dict,
) -> BillDetail:
    answer = next((each for each in dossier.answers.all_bills if each.key == bill.key), None)
    scans = found_among(dossier.files, answer.files) if answer and answer.files else {}
    about = findings_by_bill(findings)
    mine = asked.get("form") in ("accept_bill", "cut_bill")
    return detail(
        bill,
        next(row for row in rows if row.current),
        answer,
        found_for(answer, scans) if scans else None,
        about.get(bill.key, []),
        {reason.code: reason.text for reason in reasons},
        names,
        asked.get("typed", {}) if mine else {},
        asked.get("errors", {}),
    )


def _refusals(case: Case, actor: Actor) -> dict[str, str]:
    """{action: why not, or ""} for this clerk now."""
    workflow = kind_of(case).workflow
    # No guard asks for the calendar, which is one more look into the cache.
    ctx = Context(actor, timezone.now(), SimpleLazyObject(current_calendar))
    return {name: refusal_of(case, workflow.by_name[name], ctx) or "" for name in ACTS}


def _classes(dossier: Dossier) -> list[str]:
    """The classes of the policy's catalogue and the national ones."""
    preview = dossier.__dict__.get("preview")
    settled = getattr(preview, "settlement", None)
    own = settled.version.catalogue if isinstance(settled, Settlement) else ()
    return list(dict.fromkeys([*own, *NATIONAL_CLASSES]))


def _reasons(reasons: list, chosen: str) -> SafeString:
    """The reasons for which a bill may be cut, as options."""
    listed = [(each.code, each.text) for each in reasons if each.action == "cut_bill"]
    return options([*listed, ("other", "其他（在说明里写明）")], chosen)


def _filing(claim: Claim, typed: str) -> dict:
    """What filings say of the day of admission, and what the stay is settled as; `typed` is
    the category that a refused form held, if any."""
    found = FILING_HOW[claim.filing_how]
    if claim.filing_category:
        found = f"{found}：{SETTLED_AS.get(claim.filing_category, claim.filing_category)}"
    return {
        "found": found,
        "number": claim.filing_number,
        "word": SETTLED_AS[claim.settled_as],
        "confirmed": claim.filing_confirmed,
        "presumed": claim.settled_as not in (claim.filing_category, "unfiled"),
        "options": options(SETTLED_AS.items(), typed or claim.settled_as),
    }


def _adjustment(row: Adjustment, names: dict, actor: Actor) -> AdjustmentRow:
    waits = row.state == Adjustment.State.PROPOSED
    own = waits and row.made_by_id == actor.user.pk
    sign = "+" if row.amount_fen > 0 else "−"
    return AdjustmentRow(
        pk=row.pk,
        amount=f"{sign}{yuan(abs(row.amount_fen))}",
        reason=row.reason,
        state=row.get_state_display(),
        made_by=names.get(row.made_by_id, ""),
        approved_by=names.get(row.approved_by_id, ""),
        waits=waits,
        refused="由您提出，须由其他人员确认" if own else "",
    )


def _siblings(claim: Claim, actor: Actor) -> list[Sibling]:
    """The other claims of the stay. Those outside the clerk's area show no number."""
    rows = (
        Claim.objects.filter(stay_id=claim.stay_id)
        .exclude(pk=claim.pk)
        .select_related("case")
        .defer("case__name", "case__phone")
        .order_by("pk")
    )
    return [_sibling(row, actor) for row in rows]


def _sibling(row: Claim, actor: Actor) -> Sibling:
    seen = actor.covers(row.case)
    return Sibling(
        pk=row.pk if seen else None,
        number=row.case.number if seen else ELSEWHERE,
        state=kind_of(row.case).workflow.states[row.case.status],
        billed=yuan(row.billed_fen) if seen else "",
    )
