"""A policy from draft to published: two people, its examples, and no overlap in time.

A published row is never edited. A later version ends the one before it on the day before
it begins; a later edition of the same first day corrects the one before.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from casework.versions import LoadReport, Publishing, PublishRefused
from reimbursements.models import SettlementPolicy
from reimbursements.policy_files import (
    ShippedVersion,
    examples_of,
    in_words,
    plain_text,
    refusal,
)
from reimbursements.policy_store import forget_policies
from reimbursements.settlement import CaseTableError, PolicyError

State = SettlementPolicy.State


def create_draft(
    text: str, actor, *, cases: str = "", valid_to: date | None = None
) -> SettlementPolicy:
    """A draft of a text. Raises PolicyError, CaseTableError for what does not fit."""
    row = SettlementPolicy.of(
        plain_text(text), cases=plain_text(cases), valid_to=valid_to, created_by=actor
    )
    _check_end(row)
    examples_of(row.policy(), row.cases)
    return PUBLISHING.stored(row, actor)


def draft_from(row: SettlementPolicy, actor) -> SettlementPolicy:
    """A new draft that starts from `row`: the same text, examples and last day."""
    return create_draft(row.text, actor, cases=row.cases, valid_to=row.valid_to)


def revise_draft(
    row: SettlementPolicy, actor, *, text: str, cases: str, valid_to: date | None
) -> SettlementPolicy:
    """Change a draft, never whose policy it is.

    Raises PolicyError, CaseTableError for what does not fit, PublishRefused for anything
    but a draft.
    """
    with transaction.atomic():
        held = PUBLISHING.editable(row)
        revised = SettlementPolicy.of(plain_text(text), valid_to=valid_to)
        if (revised.area, revised.insurance) != (held.area, held.insurance):
            raise PublishRefused("草稿里不能改统筹区（place）和险种（insurance），请另建一份")
        _check_end(revised)
        examples_of(revised.policy(), plain_text(cases))
        day_before = held.valid_from
        held.text, held.cases, held.valid_to = revised.text, plain_text(cases), valid_to
        held.valid_from = revised.valid_from
        return PUBLISHING.revised(held, actor, day_before)


def load_versions(versions: list[ShippedVersion]) -> LoadReport:
    """Bring the versions of files into the database; run twice, it changes nothing.

    What was published in the admin stays: from the day such a version begins, the files
    say nothing any more about that area and insurance. Raises PublishRefused when an
    example of a new version fails.
    """
    added, unchanged, kept = 0, 0, []
    with transaction.atomic():
        for version in versions:
            row = SettlementPolicy.of(
                version.text,
                cases=version.cases,
                state=State.PUBLISHED,
                origin=SettlementPolicy.Origin.YAML,
                published_at=timezone.now(),
            )
            published = PUBLISHING.published_of(row)
            newest = next((one for one in published if one.valid_from == row.valid_from), None)
            if newest and newest.sha256 == row.sha256:
                unchanged += 1
            elif any(_by_admin(one) and one.valid_from <= row.valid_from for one in published):
                kept.append(f"{row.area} {row.insurance} {row.label}")
            else:
                _refuse_failing(row)
                PUBLISHING.stored(row, None)
                added += 1
        transaction.on_commit(forget_policies)
    forget_policies()
    return LoadReport(added, unchanged, tuple(kept))


# --- steps --------------------------------------------------------------------------


def _by_admin(row: SettlementPolicy) -> bool:
    return row.origin == SettlementPolicy.Origin.ADMIN


def _check_end(row: SettlementPolicy) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise PublishRefused(f"有效至 {row.valid_to} 早于首日 {row.valid_from}，请改晚或留空")


def _refuse_misfit(row: SettlementPolicy) -> None:
    """Raise PublishRefused unless its time fits between its neighbours, its text is still
    read, and its examples pass."""
    try:
        row.policy()
    except PolicyError as error:
        raise PublishRefused(f"政策文本有误，请退回草稿改正。{refusal(error)}") from None
    _check_end(row)
    others = [one for one in PUBLISHING.published_of(row) if one.valid_from != row.valid_from]
    before = [one for one in others if one.valid_from < row.valid_from]
    after = [one for one in others if one.valid_from > row.valid_from]
    if before:
        earlier = max(before, key=lambda one: (one.valid_from, one.edition))
        _refuse_seam(earlier, row, earlier.valid_to)
    if after:
        later = min(after, key=lambda one: one.valid_from)
        _refuse_seam(row, later, row.valid_to)
    _refuse_failing(row)


def _refuse_seam(earlier: SettlementPolicy, later: SettlementPolicy, stated: date | None) -> None:
    """A stated last day is the eve of the version that follows, as in a policy file."""
    eve = later.valid_from - timedelta(days=1)
    if stated is None or stated == eve:
        return
    word = "重叠" if stated > eve else "之间有空缺"
    raise PublishRefused(
        f"版本“{earlier.label}”有效至 {stated}，版本“{later.label}”自 {later.valid_from} 起，"
        f"两者{word}；有效至应为 {eve} 或留空"
    )


def _refuse_failing(row: SettlementPolicy) -> None:
    if not row.cases.strip() and _by_admin(row):
        raise PublishRefused("没有例子，不能发布：请写至少一个算好的例子，证明政策文本与文件一致")
    try:
        results = examples_of(row.policy(), row.cases)
    except CaseTableError as error:
        raise PublishRefused(str(error)) from None
    failing = [result for result in results if result.problems]
    if failing:
        first = failing[0]
        more = f"（共 {len(failing)} 个例子没有通过）" if len(failing) > 1 else ""
        said = "；".join(in_words(row.policy(), first))
        raise PublishRefused(f"例子第 {first.row} 行“{first.name}”没有通过：{said}{more}")


PUBLISHING = Publishing(
    SettlementPolicy,
    noun="政策",
    same=("area", "insurance"),
    beside=("area", "insurance"),
    number="edition",
    refuse_misfit=_refuse_misfit,
    published=forget_policies,
)
send_to_review = PUBLISHING.send_to_review
send_back = PUBLISHING.send_back
publish_policy = PUBLISHING.publish
neighbours = PUBLISHING.neighbours
