"""Submitting and submitting again: the revision closes, the case takes over its answers."""

from casework.drafts import close_revision, give_number
from casework.models import Case, Notice
from casework.notices import render_notice
from casework.perform import Context, also_save
from casework.submitting import keep_findings, mirror
from filings.checks import findings_of
from filings.dossier import dossier_of
from filings.models import Filing
from residents.crypto import keyed_hash

# Columns of the case that mirror answers, so that no list joins another table.
MIRRORED = (
    "city",
    "county",
    "insurance",
    "topic",
    "destination",
    "stay_until",
    "queue_rank",
    "name",
    "phone",
    "name_hash",
    "phone_hash",
    "revision",
    "documents_count",
)


def submit(case: Case, ctx: Context) -> None:
    """Close the revision, fill the case and its filing, give the number last."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    save_filing(case, ctx)
    note_promise(case, ctx)
    give_number(case, ctx.now)
    also_save(case, *MIRRORED, "number")
    ctx.later("casework.tasks.review_case", case.pk)


def note_promise(case: Case, ctx: Context) -> None:
    """The chain of events holds the hash of a signed promise, so that it cannot be changed."""
    letter_id = (dossier_of(case, ctx.now).answers.promise or {}).get("letter_id")
    letter = case.letters.filter(pk=letter_id, kind="promise").first() if letter_id else None
    if letter:
        ctx.event_data = {**ctx.event_data, "promise": [letter.pk, letter.sha256]}


def resubmit(case: Case, ctx: Context) -> None:
    """Close the corrected revision, look at it again, and tell the clerk who asked."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    filing = save_filing(case, ctx)
    case.correction_due = None
    case.correction_items.filter(done_at=None).update(done_at=ctx.now)
    note_findings(case, filing, ctx)
    note_promise(case, ctx)
    filing.save()
    also_save(case, *MIRRORED)
    tell_clerk(case, ctx)


def save_filing(case: Case, ctx: Context) -> Filing:
    """The detail row as answered, made or brought up to date."""
    dossier = dossier_of(case, ctx.now)
    answers, decision = dossier.answers, dossier.decision
    filing = dossier.filing or Filing(case=case, person_id=case.person_id)
    filing.category = decision.category
    filing.scope = decision.scope
    filing.insurance = answers.insurance
    filing.insured_area = answers.insured_area
    filing.destination_area = decision.destination_area
    filing.institution = answers.institution
    filing.care = answers.care
    filing.start = decision.valid_from or answers.start or dossier.asked_on
    filing.valid_to = decision.valid_to
    filing.admitted_on = answers.admitted_on
    filing.discharged_on = answers.discharged_on
    filing.in_hospital = answers.in_hospital
    filing.expected_discharge = answers.expected_discharge
    proxy_number = (answers.proxy or {}).get("id_number")
    filing.proxy_hash = keyed_hash("id", proxy_number) if proxy_number else ""
    # With its key given, Django would first try whether there is a row to update.
    filing.save(force_insert=filing._state.adding)
    return filing


def note_findings(case: Case, filing: Filing, ctx: Context) -> None:
    """Run the checks and keep what they found; the caller saves the filing."""
    keep_findings(case, filing, findings_of(dossier_of(case, ctx.now)), ctx)


def tell_clerk(case: Case, ctx: Context) -> None:
    """An in-site message to the clerk who has the case: the correction came in."""
    if case.assignee_id is None:
        return
    ctx.notices.append(
        Notice(
            case=case,
            recipient_id=case.assignee_id,
            channel=Notice.Channel.IN_SITE,
            template="staff_resubmitted",
            text=render_notice("staff_resubmitted", {"number": case.number}),
            dedupe_key=f"{case.pk}:{case.event_count + 1}:staff_resubmitted",
            state=Notice.State.SENT,
            sent_at=ctx.now,
        )
    )
