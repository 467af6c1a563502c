"""Taking in what the bank answered: all of a file or nothing, and the same file twice is
the same as once.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.errors import CaseworkError
from casework.perform import OTHER, perform
from facilities.tabular import TableError
from reimbursements.models import Payment, PaymentBatch
from reimbursements.payments.access import held_batch
from reimbursements.payments.batches import close_if_answered
from reimbursements.payments.returnfile import Answer, Problem, read_return
from reimbursements.settlement.money import yuan

State = Payment.State
DONE = {State.PAID: "已支付", State.FAILED: "未成功"}


@dataclass
class ReturnReport:
    """What became of a file: counts of payments, or the problems for which nothing was done.

    `known` were taken in before, `waiting` are those the bank has not answered for yet.
    """

    problems: list[Problem] = field(default_factory=list)
    paid: int = 0
    failed: int = 0
    known: int = 0
    waiting: int = 0

    @property
    def taken_in(self) -> bool:
        """Whether the file was taken in."""
        return not self.problems


class _Stop(Exception):
    """A line that its claim's own table refuses: everything is rolled back."""

    def __init__(self, problem: Problem):
        super().__init__(problem.text)
        self.problem = problem


def import_return(user, pk: int, path: Path, now: datetime | None = None) -> ReturnReport:
    """Take in the bank's answer to a released list, in one transaction.

    Paid ones go to `pay`, the others to `fail`, whose residents are asked for another
    account. With any problem nothing is changed and the report names each line. Raises
    PaymentRefused for a list that is not this person's.
    """
    now = now or timezone.now()
    try:
        answers, problems = read_return(path)
    except TableError as error:
        return ReturnReport([Problem(0, str(error))])
    try:
        with transaction.atomic():
            batch = held_batch(user, pk)
            return _take_in(batch, answers, problems, Actor.staff(user), now)
    except _Stop as stop:
        return ReturnReport([stop.problem])


def _take_in(
    batch: PaymentBatch, answers: list[Answer], problems: list[Problem], actor: Actor, now
) -> ReturnReport:
    payments = _payments(batch)
    problems = problems + _misfits(batch, answers, payments)
    if problems:
        return ReturnReport(sorted(problems, key=lambda problem: problem.line))
    report = ReturnReport()
    for answer in answers:
        payment = payments[answer.number]
        if payment.state in DONE:
            report.known += 1
            continue
        settle_answer(payment, answer, actor, now)
        report.paid += answer.paid
        report.failed += not answer.paid
    close_if_answered(batch, now)
    report.waiting = batch.payments.filter(live=True).count()
    return report


def settle_answer(payment: Payment, answer: Answer, actor: Actor, now: datetime) -> None:
    """Take one claim through its own table, as the bank answered."""
    case = payment.claim.case
    try:
        if answer.paid:
            perform(case, "pay", actor, now=now)
        else:
            perform(case, "fail", actor, reason=OTHER, note=answer.reason, now=now)
    except CaseworkError as error:
        text = f"办件 {answer.number}：{error}"
        raise _Stop(Problem(answer.line, text)) from error


def _payments(batch: PaymentBatch) -> dict[str, Payment]:
    rows = batch.payments.exclude(state=State.CANCELLED).select_related("claim__case")
    return {row.claim.case.number: row for row in rows.order_by("pk")}


def _misfits(
    batch: PaymentBatch, answers: list[Answer], payments: dict[str, Payment]
) -> list[Problem]:
    if batch.state not in (PaymentBatch.State.RELEASED, PaymentBatch.State.ANSWERED):
        return [Problem(0, f"批次{batch.get_state_display()}，不能导入回盘")]
    found = [(answer, _misfit(batch, answer, payments.get(answer.number))) for answer in answers]
    return [Problem(answer.line, text) for answer, text in found if text]


def _misfit(batch: PaymentBatch, answer: Answer, payment: Payment | None) -> str:
    """Why an answer does not fit the list, or ""."""
    if answer.batch and answer.batch != batch.number:
        return f"批次号是 {answer.batch[:32]}，不是这个批次"
    if payment is None:
        return f"办件 {answer.number[:32]} 不在这个批次中"
    if payment.amount_fen != answer.fen:
        return f"金额 {yuan(answer.fen)} 元，批次里是 {yuan(payment.amount_fen)} 元"
    said = State.PAID if answer.paid else State.FAILED
    if payment.state in DONE and payment.state != said:
        return f"结果是{DONE[said]}，但此前已登记为{DONE[State(payment.state)]}，请与银行核对"
    return ""
