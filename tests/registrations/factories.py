"""Registrations in the situations that tests need, told as `tests.factories` tells filings."""

from datetime import timedelta

from django.utils import timezone

from casework.actors import Actor
from casework.models import Case
from casework.perform import perform
from casework.reviewing import review
from registrations.dossier import dossier_of
from registrations.missing import needed_groups
from registrations.models import DiseaseRegistration
from registrations.service import save, start_registration, submit_registration
from residents.models import Holding
from tests.factories import HOHHOT, LINXIANG, XINCHENG, add_document, clerk, proven_holding

HYPERTENSION, DIABETES, HEPATITIS = "M03900", "M01600", "M00200"
WHY = {"reason": "other", "note": "检查报告达不到认定条件"}


def draft_registration(
    holding: Holding | None = None, disease: str = HYPERTENSION, *, papers: bool = True, **changes
) -> Case:
    """A registration with every answer given, the notice read and every paper there, ready to
    submit. `changes` are answers as stored."""
    area = changes.get("insured_area", LINXIANG)
    holding = holding or proven_holding(area, changes.get("insurance", "310"))
    case = start_registration(holding.account, holding, disease)
    answers = {
        "insured_area": area,
        "insurance": "310",
        "hospital_name": "示例市第一人民医院",
        "treatment_asked": True,
        "diagnosed_on": "2026-10-08",
        "phone": holding.account.phone,
        "contact_how": "sms",
        "address": "示例街 1 号",
        **changes,
    }
    save(case, answers)
    text = dossier_of(case).notice
    save(case, {"notice": {"key": text.key, "sha256": text.sha256, "read_at": "2026-11-23"}})
    for group in needed_groups(dossier_of(case)) if papers else ():
        add_document(case, group[0])
    case.__dict__.pop("_dossier", None)
    return case


def submitted_registration(holding: Holding | None = None, disease=HYPERTENSION, **changes) -> Case:
    """A registration that was submitted and waits for the automatic review."""
    case = draft_registration(holding, disease, **changes)
    return submit_registration(case, Actor.resident(case.account))


def queued_registration(holding: Holding | None = None, disease=HYPERTENSION, **changes) -> Case:
    """A registration of 呼和浩特 that waits for a clerk."""
    return review(submitted_registration(holding, disease, **{"insured_area": XINCHENG, **changes}))


def approved_registration(
    holding: Holding | None = None, disease=HYPERTENSION, user=None, data=None, **changes
) -> Case:
    """A registration of 呼和浩特 that a clerk approved."""
    case = queued_registration(holding, disease, **changes)
    actor = Actor.staff(user or clerk(area=case.city))
    return perform(case, "approve", actor, version=case.version, data=data or {})


def corrected_registration(user=None, due_days: int | None = 10, targets=("field:address",)):
    """A registration of 呼和浩特 that waits for the resident's correction."""
    case = queued_registration()
    items = [{"target": each, "reason_code": "other", "text": "请写明"} for each in targets]
    data = {"items": items, "due_days": due_days}
    actor = Actor.staff(user or clerk(area=HOHHOT))
    return perform(case, "request_correction", actor, version=case.version, data=data)


def rejected_registration(user=None) -> Case:
    """A registration of 呼和浩特 that was refused."""
    case = queued_registration()
    actor = Actor.staff(user or clerk(area=HOHHOT))
    return perform(case, "reject", actor, version=case.version, **WHY)


def to_be_revoked(user=None) -> Case:
    """An approved registration whose revocation was announced, the time for answering over."""
    case = approved_registration()
    head = Actor.staff(user or clerk("supervisor", HOHHOT))
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    case = perform(case, "announce_revocation", head, data={"answer_by": until}, **WHY)
    DiseaseRegistration.objects.filter(pk=case.pk).update(
        revoke_answer_by=timezone.localdate() - timedelta(days=1)
    )
    return Case.objects.get(pk=case.pk)
