"""Submitting and submitting again: the revision closes, the case takes over its answers."""

from casework.drafts import close_revision, give_number
from casework.having import in_site
from casework.models import Case
from casework.perform import Context, also_save
from casework.submitting import keep_findings, mirror
from registrations.checks import findings_of
from registrations.dossier import dossier_of
from registrations.models import DiseaseRegistration
from residents.crypto import keyed_hash

# Columns of the case that mirror answers, so that no list joins another table.
MIRRORED = (
    *("city", "county", "insurance", "topic", "name", "phone", "name_hash", "phone_hash"),
    *("revision", "documents_count"),
)


def submit(case: Case, ctx: Context) -> None:
    """Close the revision, fill the case and its registration, give the number last."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    save_registration(case, ctx)
    give_number(case, ctx.now)
    also_save(case, *MIRRORED, "number")
    ctx.later("casework.tasks.review_case", case.pk)


def resubmit(case: Case, ctx: Context) -> None:
    """Close the corrected revision, look at it again, and tell the clerk who asked."""
    close_revision(case, ctx.now)
    mirror(case, dossier_of(case, ctx.now).answers)
    registration = save_registration(case, ctx)
    case.correction_due = None
    case.correction_items.filter(done_at=None).update(done_at=ctx.now)
    note_findings(case, registration, ctx)
    registration.save()
    also_save(case, *MIRRORED)
    if case.assignee_id:
        ctx.notices.append(in_site(case, case.assignee_id, "staff_resubmitted", ctx))


def save_registration(case: Case, ctx: Context) -> DiseaseRegistration:
    """The detail row as answered, made or brought up to date."""
    dossier = dossier_of(case, ctx.now)
    answers = dossier.answers
    registration = dossier.registration or DiseaseRegistration(case=case, person_id=case.person_id)
    registration.disease = answers.disease
    registration.insurance = answers.insurance
    registration.insured_area = answers.insured_area
    registration.diagnosed_on = answers.diagnosed_on
    registration.hospital, registration.hospital_name = answers.hospital, answers.hospital_name
    registration.treatment = answers.treatment
    registration.treatment_name = answers.treatment_name
    proxy_number = (answers.proxy or {}).get("id_number")
    registration.proxy_hash = keyed_hash("id", proxy_number) if proxy_number else ""
    # With its key given, Django would first try whether there is a row to update.
    registration.save(force_insert=registration._state.adding)
    return registration


def note_findings(case: Case, registration: DiseaseRegistration, ctx: Context) -> None:
    """Run the checks and keep what they found; the caller saves the registration."""
    keep_findings(case, registration, findings_of(dossier_of(case, ctx.now)), ctx)
