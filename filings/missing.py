"""What still stops a filing from being submitted: each gap with its step, field and sentence.

The same list serves the pages (task list, error summary) and the guard of the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.gaps import contact_gaps, identity_wanted, is_county, proxy_gaps
from filings.answers import PROOFS
from filings.decision import FactsError
from filings.decision.codes import (
    CARES,
    CATEGORIES,
    DOCUMENTS,
    IDENTITY_DOCUMENTS,
    INSURANCES,
    NOT_NEEDED,
    PROMISE_LETTER,
    REFUSED,
    SIGNED_FORM,
)
from filings.dossier import Dossier
from filings.rules_store import rulebook

# The steps of the wizard, in order.
TYPE, PLACE, NOTICE, DETAILS, PROOF = "type", "place", "notice", "details", "proof"

# Fields of `Facts` that are answered in another step than "details".
_STEP_OF_FACT = {
    "category": TYPE,
    "answers": TYPE,
    "insured_area": PLACE,
    "insurance": PLACE,
    "destination": PLACE,
    "care": PLACE,
}


@dataclass(frozen=True)
class Missing:
    """One gap: the step that closes it, the field, and what to do."""

    step: str
    field: str
    message: str

    def __iter__(self):
        return iter((self.step, self.field, self.message))


def missing_of(dossier: Dossier) -> list[Missing]:
    """Every gap in the order of the steps; empty when it can be submitted."""
    gaps = [Missing(*gap) for gap in (*_type(dossier), *_place(dossier), *_notice(dossier))]
    gaps += [Missing(*gap) for gap in _details(dossier)]
    if not any(gap.step in (TYPE, PLACE) for gap in gaps):
        gaps += [Missing(*gap) for gap in (*_decided(dossier), *_proof(dossier))]
        gaps += [Missing(*gap) for gap in _counter(dossier)]
    order = (TYPE, PLACE, NOTICE, DETAILS, PROOF)
    return sorted(gaps, key=lambda gap: order.index(gap.step))


def _type(dossier: Dossier) -> Iterator[tuple]:
    if dossier.answers.category not in CATEGORIES:
        yield TYPE, "category", "请选择备案类型，或回答几个问题由系统判断"


def _place(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if not is_county(answers.insured_area):
        yield PLACE, "insured_area", "请选择参保地，要选到区、县或市本级"
    if answers.insurance not in INSURANCES:
        yield PLACE, "insurance", "请选择险种：职工医保或居民医保"
    if not answers.pick:
        yield PLACE, "destination", "请选择就医地，可以按城市或医院名称查找"
    if answers.care not in CARES:
        yield PLACE, "care", "请选择就医方式"


def _notice(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    text = rulebook().notice_for(answers.insured_area, dossier.today) if _placed(dossier) else None
    if text and (answers.notice or {}).get("sha256") != text.sha256:
        again = "告知书有更新，请重新阅读并确认" if answers.notice else "请阅读备案告知书并确认"
        yield NOTICE, "notice", again


def _placed(dossier: Dossier) -> bool:
    return is_county(dossier.answers.insured_area)


def _details(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    if not answers.name.strip():
        yield DETAILS, "name", "请填写参保人姓名"
    yield from ((DETAILS, *gap) for gap in contact_gaps(dossier.answers))
    if answers.start is None and answers.admitted_on is None:
        yield DETAILS, "start", "请填写备案开始日期"
    if answers.in_hospital and answers.admitted_on is None:
        yield DETAILS, "admitted_on", "已经住院的，请填写入院日期"
    if answers.in_hospital and answers.discharged_on:
        yield DETAILS, "discharged_on", "还在住院的，请不要填写出院日期"
    yield from ((DETAILS, *gap) for gap in proxy_gaps(dossier))


def _decided(dossier: Dossier) -> Iterator[tuple]:
    """What `decide` says against it, or what its facts still lack."""
    try:
        decision = dossier.decision
    except FactsError as error:
        key = error.field.partition(".")[0]
        yield _STEP_OF_FACT.get(key, DETAILS), key, error.message
        return
    if decision.outcome == NOT_NEEDED:
        yield PLACE, "destination", f"不需要备案：{decision.reasons[0].text}"
    elif decision.outcome == REFUSED:
        yield TYPE, "category", f"不能办理：{decision.reasons[0].text}"


def _proof(dossier: Dossier) -> Iterator[tuple]:
    try:
        decision, needed = dossier.decision, dossier.needed
    except FactsError:
        return
    answers = dossier.answers
    if answers.proof and answers.proof not in PROOFS:
        yield PROOF, "proof", "请选择上传材料或签署承诺书"
    promised = answers.proof == "promise" and decision.promise_allowed
    if answers.proof == "promise" and not decision.promise_allowed:
        yield PROOF, "proof", "这类备案不能用承诺书代替材料，请上传材料"
    elif promised:
        yield from _promise(dossier)
    for group in needed:
        if PROMISE_LETTER in group or (promised and not _is_identity(group)):
            continue
        if _is_identity(group) and not identity_wanted(dossier):
            continue
        if not set(group) & dossier.documents:
            yield PROOF, group[0], _please(group)


def _counter(dossier: Dossier) -> Iterator[tuple]:
    """What somebody without an account has signed by hand is kept as a scan."""
    counter = dossier.answers.counter or {}
    if counter.get("caller") == "present" and SIGNED_FORM not in dossier.documents:
        yield PROOF, SIGNED_FORM, "请扫描上传本人签字的纸质申请表"
    if counter.get("caller") == "phone" and not str(counter.get("note") or "").strip():
        yield PROOF, "counter", "电话申请请写明回拨记录"


def _is_identity(group: tuple[str, ...]) -> bool:
    return group[0] in IDENTITY_DOCUMENTS


def _please(group: tuple[str, ...]) -> str:
    names = "、".join(DOCUMENTS[code] for code in group)
    return f"请上传{names}" if len(group) == 1 else f"请上传以下材料中的一种：{names}"


def _promise(dossier: Dossier) -> Iterator[tuple]:
    answers = dossier.answers
    text = rulebook().promise_for(answers.insured_area, answers.category, dossier.asked_on)
    signed = answers.promise or {}
    if text is None:
        yield PROOF, "promise", "参保地没有公布承诺书，请上传材料"
    elif not signed.get("letter_id"):
        yield PROOF, "promise", "请签署承诺书"
    elif dossier.case.is_draft and signed.get("sha256") != text.sha256:
        yield PROOF, "promise", "承诺书内容有更新，请重新签署"
