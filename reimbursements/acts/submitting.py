"""Submitting and submitting again: the revision closes, the case takes over its answers."""

from casework.drafts import close_revision, give_number
from casework.errors import NotAllowed
from casework.models import Case, Notice
from casework.notices import render_notice
from casework.perform import Context, also_save
from casework.submitting import mirror
from reimbursements.acts.billing import sync_bills
from reimbursements.answers import Answers
from reimbursements.bills.accounts import check_account
from reimbursements.checks import findings_of
from reimbursements.dossier import Dossier, dossier_of, forget_dossier
from reimbursements.models import Claim, Stay
from reimbursements.settling.estimating import levels_of, stay_columns
from reimbursements.settling.rows import last_settlement

# Columns of the case that mirror answers, so that no list joins another table.
MIRRORED = (
    "city",
    "county",
    "insurance",
    "topic",
    "destination",
    "name",
    "phone",
    "name_hash",
    "phone_hash",
    "revision",
    "documents_count",
)


def submit(case: Case, ctx: Context) -> None:
    """Close the revision, fill the case, its claim and its bills, give the number last."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    claim = save_claim(case, ctx)
    sync_bills(case, claim, ctx)
    give_number(case, ctx.now)
    also_save(case, *MIRRORED, "number")
    ctx.later("casework.tasks.review_case", case.pk)


def resubmit(case: Case, ctx: Context) -> None:
    """Close the corrected revision, look at it again, and tell the clerk who asked."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    claim = save_claim(case, ctx)
    sync_bills(case, claim, ctx)
    case.correction_due = None
    case.correction_items.filter(done_at=None).update(done_at=ctx.now)
    note_findings(case, ctx)
    also_save(case, *MIRRORED)
    tell_clerk(case, ctx)


def save_claim(case: Case, ctx: Context) -> Claim:
    """The detail row as answered, made or brought up to date."""
    dossier = dossier_of(case, ctx.now)
    claim = dossier.claim or Claim(case=case, person_id=case.person_id)
    confirmed = _confirmed(claim, dossier)
    for name, value in _columns(dossier).items():
        setattr(claim, name, value)
    claim.settled_as, claim.filing_confirmed = confirmed or (claim.settled_as, False)
    stay, _ = Stay.objects.get_or_create(
        **stay_columns(dossier.answers, case.person, dossier.area),
        defaults={"institution_area": dossier.where},
    )
    _set_stay(claim, stay)
    claim.save(force_insert=claim._state.adding)
    case.claim = claim
    return claim


def _confirmed(claim: Claim, dossier: Dossier) -> tuple[str, bool] | None:
    """What a clerk has said of the filing stands, as long as the same filing is found."""
    found = (dossier.filed.how, dossier.filed.category)
    if claim.filing_confirmed and found == (claim.filing_how, claim.filing_category):
        return claim.settled_as, True
    return None


def _set_stay(claim: Claim, stay: Stay) -> None:
    """Money was settled for a stay: a claim cannot move to another one, which would be paid
    besides. A late claim goes by what the stay was settled as."""
    if claim.pk and claim.stay_id and claim.stay_id != stay.pk and claim.settlements.exists():
        raise NotAllowed(
            "这件申请已经结算过，不能改成另一次就医；确实填错的，请经办机构冲销后重新申请"
        )
    earlier = last_settlement(stay)
    if claim._state.adding and earlier is not None and earlier.output:
        claim.settled_as = earlier.claim.settled_as
        claim.filing_confirmed = earlier.claim.filing_confirmed
    claim.stay = stay


def _columns(dossier: Dossier) -> dict:
    answers = dossier.answers
    filed = dossier.filed
    level, charging = levels_of(answers)
    return {
        "insured_area": answers.insured_area,
        "area": dossier.area,
        "insurance": answers.insurance,
        "reason": answers.reason,
        "kind": answers.kind,
        "institution": answers.institution,
        "institution_name": _institution_name(dossier),
        "institution_area": answers.institution_area or dossier.where,
        "level": level,
        "charging_level": charging,
        "admitted_on": answers.admitted_on,
        "discharged_on": answers.last_day,
        "nth_stay": answers.nth,
        "diagnosis": answers.diagnosis,
        "third_party": answers.third_party == "yes",
        "other_insurer": answers.other_insurer == "yes",
        "filing_how": filed.how,
        "filing_category": filed.category,
        "filing_effect": filed.effect,
        "filing_number": filed.number,
        "settled_as": dossier.settled_as,
        "deadline": dossier.deadline.day if dossier.deadline else None,
        **bank_columns(answers),
    }


def bank_columns(answers: Answers) -> dict:
    """The account that is to be paid; its number only in digits."""
    number = check_account(answers.bank_number, not_card=answers.bank_not_card)
    return {
        "bank_holder": answers.bank_holder.strip(),
        "bank_number": number,
        "bank_tail": number[-4:],
        "bank_name": answers.bank_name.strip(),
        "bank_relation": answers.bank_relation,
    }


def _institution_name(dossier: Dossier) -> str:
    found = dossier.institution
    return (found.name if found else dossier.answers.institution_name.strip())[:120]


def note_findings(case: Case, ctx: Context) -> None:
    """Run the checks and keep what they found."""
    forget_dossier(case)
    found = findings_of(dossier_of(case, ctx.now))
    case.claim.findings = [
        {"code": each.code, "text": each.text, "target": each.target, "source": each.source}
        for each in found
    ]
    case.claim.save(update_fields=["findings"])
    codes = sorted({each.code for each in found})
    case.doubts = _that_fit(codes)
    ctx.event_data = {**ctx.event_data, "doubts": codes}


def _that_fit(codes: list[str]) -> str:
    """The doubts as the desk filters by them; beyond what the column holds, the findings do."""
    while len(Case.join_doubts(codes)) > Case._meta.get_field("doubts").max_length:
        codes = codes[:-1]
    return Case.join_doubts(codes)


def tell_clerk(case: Case, ctx: Context) -> None:
    """An in-site message to the clerk who has the case: the correction came in."""
    if case.assignee_id is None:
        return
    ctx.notices.append(
        Notice(
            case=case,
            recipient_id=case.assignee_id,
            channel=Notice.Channel.IN_SITE,
            template="staff_claim_resubmitted",
            text=render_notice("staff_claim_resubmitted", {"number": case.number}),
            dedupe_key=f"{case.pk}:{case.event_count + 1}:staff_claim_resubmitted",
            state=Notice.State.SENT,
            sent_at=ctx.now,
        )
    )
