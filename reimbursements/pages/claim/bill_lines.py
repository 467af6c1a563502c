"""The lines of a bill, imported from the list of the hospital."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from casework.errors import CaseworkError
from filings.pages.filer import filer_required
from filings.pages.wizard import errors_of
from reimbursements.bills import lines as lines_file
from reimbursements.bills.lines import LinesRead, read_lines
from reimbursements.dossier import Dossier
from reimbursements.pages.claim import bill_store
from reimbursements.pages.claim.bill_form import BillForm, LinesForm
from reimbursements.pages.claim.bills import bill_context, bill_url, initial_of, stored_bill
from reimbursements.pages.claim.claimer import draft_dossier, writable_draft
from reimbursements.pages.explained import grouped
from reimbursements.policy_store import policy_for
from reimbursements.settlement import StayError
from reimbursements.settlement.engine import version_on

MAX_LINES = 2000  # of one bill; a long stay has some hundreds
MAX_OF_STAY = lines_file.MAX_LINES


@filer_required
@require_POST
def lines(request, public_id, key):
    """Import the lines of a bill, all or nothing, or drop them."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    stored = stored_bill(dossier, key)
    if not stored.form and not stored.files:
        raise Http404
    if "drop" in request.POST:
        return _keep(request, case, key, [], "明细已删除。")
    form, problems = LinesForm(request.POST, request.FILES), []
    if form.is_valid():
        table = form.cleaned_data["table"]
        room = min(MAX_LINES, MAX_OF_STAY - _elsewhere(dossier, key))
        result = read_lines(table.read(), table.name[:60], _classes(dossier), max(room, 0))
        problems = _problems(result)
        if not problems:
            rows = [line.as_answer() for line in result.lines]
            return _keep(request, case, key, rows, _taken(result))
        form.add_error("table", "这个文件没有导入，请按下面的说明改正后重新选择。")
    bare = BillForm(bill=stored, others=[], initial=initial_of(stored))
    context = bill_context(case, dossier, stored, bare, lines_form=form, problems=problems)
    context |= {"has_errors": True, "errors": errors_of([form]), "lines_open": True}
    return render(request, "reimbursements/claim/bill.html", context, status=422)


def _classes(dossier: Dossier) -> tuple[str, ...]:
    """The words for classes that the policy of the place has besides the national ones."""
    answers = dossier.answers
    if not dossier.area or answers.last_day is None:
        return ()
    policy = policy_for(dossier.area, answers.insurance, answers.last_day)
    try:
        return tuple(version_on(policy, answers.last_day).catalogue) if policy else ()
    except StayError:
        return ()


def _problems(result: LinesRead) -> list[str]:
    """Why nothing of a file is taken, by line."""
    found = [str(each) for each in result.problems]
    if result.unlisted:
        found.append(f"还有 {result.unlisted} 处问题没有列出。")
    return found


def _taken(result: LinesRead) -> str:
    """What was taken, and what of it a clerk has to classify."""
    text = f"已导入 {len(result.lines)} 行明细，合计 {grouped(result.total)} 元。"
    without = sum(not line.cls and line.ratio is None for line in result.lines)
    if without:
        text += f"其中 {without} 行没有写类别，由经办人员归类；估算时暂按自费。"
    return text


def _elsewhere(dossier: Dossier, key: str) -> int:
    """How many lines the other bills of the claim have."""
    return sum(len(bill.lines) for bill in dossier.answers.all_bills if bill.key != key)


def _keep(request, case, key: str, rows: list[dict], text: str):
    try:
        bill_store.change_bill(case, key, {"lines": rows})
        messages.success(request, text)
    except CaseworkError as error:
        messages.error(request, str(error))
    return redirect(bill_url(case, key))
