"""The papers that go with the original of a bill: a 收据 when it comes in, a stamped 分割单 when
it is given back. Their layout is our own (示例, 待核 against that of a place); amounts in fen.
"""

from casework.clock import local_day
from casework.days import chinese_day
from casework.letters import issue_letter, verify_url
from casework.models import Case, Letter
from facilities.contacts import contact_of, office_name
from reimbursements.codes import KINDS as CARE
from reimbursements.models import Bill, Claim, Settlement
from reimbursements.pages.explained import grouped
from reimbursements.printing import ORIGINALS
from reimbursements.printing.originals import (
    RECEIPT_HEADS,
    SPLIT_HEADS,
    OriginalsPaper,
    PaperTable,
    receipt_row,
    split_row,
)
from reimbursements.printing.sheet import payers_of
from reimbursements.printing.split import (
    PART_HEADS,
    SharedStay,
    method,
    part_rows,
    share_table,
    shared_stay,
)
from reimbursements.settling.rows import bills_of_stay, last_settlement
from residents.personal import mask_id

RECEIPT, SPLIT = "paper_receipt", "split"
TITLES = {RECEIPT: "票据原件收据", SPLIT: "医疗费用分割单"}
ONCE = "同一张票据不能再次向医疗保险申请报销。"
RECKONED_ANEW = "结算以后，这次就医的票据又重新审核过，下面只写明这次就医的结算，不分到单张票据。"
NOT_COUNTED = "以上票据没有计入这次就医的结算，没有由医疗保险支付。"


def issue_receipt(case: Case, ctx, bills: list[Bill]) -> Letter:
    """收据: these originals were handed over, when and to whom."""
    day = chinese_day(local_day(ctx.now))
    said = f"本机构于{day}收到下列票据原件共 {len(bills)} 张，经办人：{_clerk(ctx)}。"
    return _issue(
        case,
        ctx,
        RECEIPT,
        paragraphs=(said,),
        heads=RECEIPT_HEADS,
        rows=tuple(receipt_row(nth, bill) for nth, bill in enumerate(bills, start=1)),
        sums=(_sum(bill.total_fen for bill in bills),),
        closing=("请保管好本收据。原件需要退回的，凭本收据和有效身份证件领取。",),
        signs="交件人签字",
    )


def issue_split(case: Case, ctx, bills: list[Bill]) -> Letter:
    """分割单: these originals are given back, and this is what was paid of them by whom.

    The funds pay for a stay, not for a bill. The paper says of each bill what its amounts were,
    and beside the settlement of the whole stay what of it falls on each bill
    (`reimbursements.bills.shares`), and how that was computed.
    """
    claim = case.claim
    row = last_settlement(claim.stay)
    settled = row is not None and bool(row.output) and row.paid_fen > 0
    shared = shared_stay(claim, row) if settled else None
    counted = settled and (shared is None or any(bill.pk in shared.bills for bill in bills))
    day = chinese_day(local_day(ctx.now))
    said = f"下列票据原件共 {len(bills)} 张，于{day}退还申请人，由本单代替原件说明报销情况。"
    decided = [bill.accepted_fen for bill in bills if bill.decision != Bill.Decision.OPEN]
    return _issue(
        case,
        ctx,
        SPLIT,
        paragraphs=(said, *_not_shared(case, settled, shared, counted)),
        heads=SPLIT_HEADS,
        rows=tuple(split_row(nth, bill) for nth, bill in enumerate(bills, start=1)),
        sums=(_sum(bill.total_fen for bill in bills), _sum(decided) if decided else ""),
        tables=_tables(claim, row, bills, shared if counted else None),
        funds_title=f"{_funds_title(claim, row)}：" if settled and shared is None else "",
        funds=payers_of(claim, row) if settled and shared is None else (),
        closing=(method(shared), ONCE) if counted and shared else (ONCE,) if counted else (),
        signs="领取人签字",
    )


def _tables(
    claim: Claim, row: Settlement | None, bills: list[Bill], shared: SharedStay | None
) -> tuple[PaperTable, ...]:
    """The amounts of each bill, and what of the stay's settlement falls on it."""
    amounts = PaperTable("各张票据的金额构成（元）", PART_HEADS, part_rows(bills, shared))
    if shared is None:
        return (amounts,)
    heads, rows = share_table(claim, row, shared, bills)
    title = f"整次就医的结算，和各张票据分摊的部分（元）。{_funds_title(claim, row)}"
    return amounts, PaperTable(title, heads, rows, sums=2)


def _not_shared(
    case: Case, settled: bool, shared: SharedStay | None, counted: bool
) -> tuple[str, ...]:
    """Why no share stands beside a bill; nothing where one does."""
    if not settled:
        return (_unpaid(case),)
    if shared is None:
        return (RECKONED_ANEW,)
    return () if counted else (NOT_COUNTED,)


def _issue(case: Case, ctx, kind: str, **more) -> Letter:
    contact = contact_of(case.county, case.insurance)
    return issue_letter(
        case,
        ctx,
        kind=kind,
        title=TITLES[kind],
        template=ORIGINALS,
        make=lambda letter: OriginalsPaper(
            title=TITLES[kind],
            number=letter.number,
            case_number=case.number or "",
            agency=office_name(case.county, case.insurance),
            issued_on=local_day(ctx.now),
            facts=_facts(case),
            contact=f"{contact.name} {contact.phone} {contact.address}".strip(),
            verify_url=verify_url(letter),
            **more,
        ),
    )


def _facts(case: Case) -> tuple[tuple[str, str], ...]:
    claim = case.claim
    days = chinese_day(claim.admitted_on)
    if claim.discharged_on != claim.admitted_on:
        days += f"至{chinese_day(claim.discharged_on)}"
    return (
        ("参保人", case.name),
        ("证件号码", mask_id(case.person.id_number)),
        ("医疗机构", claim.institution_name),
        ("就医", f"{CARE[claim.kind]}，{days}"),
    )


def _funds_title(claim: Claim, row: Settlement) -> str:
    """Whose sums the funds are: of all the bills of the stay, by the last settlement."""
    day = chinese_day(local_day(row.at))
    bills = len(bills_of_stay(claim.stay, None))
    total = grouped(row.total_fen)
    return f"这次就医共 {bills} 张票据，总费用 {total} 元，{day}结算，由谁支付"


def _unpaid(case: Case) -> str:
    if case.is_open:
        return "到退还之日，这次就医的费用还没有由医疗保险支付。"
    return "以上票据没有由医疗保险支付。"


def _clerk(ctx) -> str:
    user = ctx.actor.user
    return user.get_full_name()


def _sum(amounts) -> str:
    return grouped(sum(amounts))
