"""What still stops a registration from being submitted: each gap with its step and sentence.

The same list serves the pages (task list, error summary) and the guard of the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.gaps import contact_gaps, identity_wanted, is_county, proxy_gaps
from registrations.decision import FactsError
from registrations.decision.codes import (
    DISEASES,
    DOCUMENTS,
    IDENTITY_DOCUMENTS,
    INSURANCES,
    REFUSED,
)
from registrations.dossier import Dossier

# The steps of the wizard, in order.
DISEASE, INSURED, NOTICE, HOSPITAL = "disease", "insured", "notice", "hospital"
DETAILS, PROOF = "details", "proof"
IDENTITY = ("insurance_code", "id_document", "social_card")


@dataclass(frozen=True)
class Missing:
    """One gap: the step that closes it, the field, and what to do."""

    step: str
    field: str
    message: str


def missing_of(dossier: Dossier) -> list[Missing]:
    """Every gap in the order of the steps; empty when it can be submitted."""
    gaps = list(_who_and_what(dossier))
    if not gaps:
        gaps += _decided(dossier)
    gaps += [*_notice(dossier), *_details(dossier)]
    if not any(gap.step in (DISEASE, INSURED) for gap in gaps):
        gaps += _proof(dossier)
    return gaps


def needed_groups(dossier: Dossier) -> list[tuple[str, ...]]:
    """The groups of documents that are asked for, each "any one of": who the person is, where
    that is not proven, and what proves the disease. Raises FactsError."""
    groups = list(dossier.decision.rule.documents)
    wanted = identity_wanted(dossier) or set(IDENTITY) & dossier.documents
    return [IDENTITY, *groups] if wanted else groups


def _who_and_what(dossier: Dossier) -> Iterator[Missing]:
    answers = dossier.answers
    if answers.disease not in DISEASES:
        yield Missing(DISEASE, "disease", "请选择要认定的病种")
    if not is_county(answers.insured_area):
        yield Missing(INSURED, "insured_area", "请选择参保地，要选到区、县或市本级")
    if answers.insurance not in INSURANCES:
        yield Missing(INSURED, "insurance", "请选择险种：职工医保或居民医保")


def _decided(dossier: Dossier) -> Iterator[Missing]:
    """What `decide` says against it, or what its facts still lack."""
    try:
        decision = dossier.decision
    except FactsError as error:
        step = DETAILS if error.field == "diagnosed_on" else DISEASE
        yield Missing(step, error.field, error.message)
        return
    if decision.outcome == REFUSED:
        yield Missing(DISEASE, "disease", f"现在不能办理：{decision.reasons[0].text}")


def _notice(dossier: Dossier) -> Iterator[Missing]:
    answers = dossier.answers
    text = dossier.notice if is_county(answers.insured_area) else None
    if text and (answers.notice or {}).get("sha256") != text.sha256:
        again = "告知书有更新，请重新阅读并确认" if answers.notice else "请阅读告知书并确认"
        yield Missing(NOTICE, "notice", again)


def _details(dossier: Dossier) -> Iterator[Missing]:
    answers = dossier.answers
    if not answers.hospital_name.strip():
        yield Missing(HOSPITAL, "hospital", "请选择或填写确诊的医院")
    if answers.diagnosed_on is None:
        yield Missing(DETAILS, "diagnosed_on", "请填写确诊日期")
    if not answers.name.strip():
        yield Missing(DETAILS, "name", "请填写参保人姓名")
    for field, message in (*contact_gaps(answers), *proxy_gaps(dossier)):
        yield Missing(DETAILS, field, message)


def _proof(dossier: Dossier) -> Iterator[Missing]:
    try:
        groups = needed_groups(dossier)
    except FactsError:
        return
    for group in groups:
        if group[0] in IDENTITY_DOCUMENTS and not identity_wanted(dossier):
            continue
        if not set(group) & dossier.documents:
            yield Missing(PROOF, group[0], _please(group))


def _please(group: tuple[str, ...]) -> str:
    names = "、".join(DOCUMENTS[code] for code in group)
    return f"请上传{names}" if len(group) == 1 else f"请上传以下材料中的一种：{names}"
