"""What the 结算单 prints, from a stored settlement: the rows as they were computed, nothing
computed anew. Amounts in fen until they become words.
"""

from dataclasses import dataclass
from datetime import date

from casework.clock import local_day
from casework.letters import verify_url
from casework.models import Case, Letter
from casework.printing.data import VERIFY_HINT, date_text, qr_or_nothing
from config.bars import stacked
from facilities.areas import UnknownArea, area_name
from facilities.contacts import contact_of, office_name
from reimbursements.bills.accounts import mask_account
from reimbursements.codes import KINDS, SETTLED_AS, STAYS
from reimbursements.models import Adjustment, Claim, Settlement
from reimbursements.pages.explained import grouped
from reimbursements.policy_store import policy_for
from reimbursements.settlement import Policy
from reimbursements.settlement.money import parse_yuan
from reimbursements.settlement.terms import FUNDS, INSURANCES
from reimbursements.settling.previewing import paid_so_far, settled_so_far
from residents.personal import mask_id, mask_name

TITLE = "手工报销结算单"
PARTS = {
    "in_scope": "政策范围内",
    "self_first": "先行自付",
    "over_limit": "超限价",
    "own_expense": "全自费",
}
CATALOGUE = (
    "手工报销按参保地的药品、诊疗项目和医疗服务设施目录计算，结果可能与在医院直接结算的不同。"
)
MARKS = {
    "示例": "本单所依据的政策含示例数字，不是官方标准，仅供演示。",
    "待核": "本单所依据的政策来源有待核实。",
}


@dataclass(frozen=True)
class Step:
    """One row of the settlement; amounts as printed, `source` the number of its rule."""

    text: str
    base: str
    ratio: str
    amount: str
    source: str


@dataclass(frozen=True)
class SettlementSheet:
    """结算单. `parts` and `payers` are (label, fen) and both add up to `total_fen`; `due` are
    (label, fen) that add up to `payable_fen`; `sources` are the rules in the order of their
    numbers.
    """

    dated: date
    number: str
    case_number: str
    agency: str
    facts: tuple[tuple[str, str], ...]
    total_fen: int
    parts: tuple[tuple[str, int], ...]
    payers: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    due: tuple[tuple[str, int], ...]
    payable_fen: int
    mark: str = ""
    account: str = ""
    remedy: str = ""
    contact: str = ""
    verify_url: str = ""

    def __post_init__(self):
        for name, rows, whole in (
            ("parts", self.parts, self.total_fen),
            ("payers", self.payers, self.total_fen),
            ("due", self.due, self.payable_fen),
        ):
            if sum(fen for _, fen in rows) != whole:
                raise ValueError(f"{name} of {self.case_number} do not add up to {whole} fen")

    def to_json(self) -> dict:
        """What settlement.typ reads; a share is (label, fen, words, percent)."""
        shares = stacked([pair for pair in self.payers if pair[1] > 0])
        return {
            "title": TITLE,
            "dated": self.dated.isoformat(),
            "issued": date_text(self.dated),
            "number": self.number,
            "case_number": self.case_number,
            "agency": self.agency,
            "facts": [list(pair) for pair in self.facts],
            "total": grouped(self.total_fen),
            "parts": [[label, grouped(fen)] for label, fen in self.parts],
            "payers": [[label, grouped(fen)] for label, fen in self.payers],
            "shares": [
                [share["label"], share["amount"], grouped(share["amount"]), share["percent"]]
                for share in shares
            ],
            "steps": [
                [step.text, step.base, step.ratio, step.amount, step.source] for step in self.steps
            ],
            "sources": list(self.sources),
            "due": [
                [label, _signed(fen) if place else grouped(fen)]
                for place, (label, fen) in enumerate(self.due)
            ],
            "payable": grouped(self.payable_fen),
            "owed": self.payable_fen < 0,
            "mark": MARKS.get(self.mark, ""),
            "catalogue": CATALOGUE,
            "account": self.account,
            "remedy": self.remedy,
            "contact": self.contact,
            "qr": qr_or_nothing(self.verify_url),
            "verify_hint": VERIFY_HINT,
        }


def sheet_of(case: Case, row: Settlement, letter: Letter, remedy: str) -> SettlementSheet:
    """The sheet of a claim's settlement at the moment it is made, before anything is paid."""
    claim: Claim = case.claim
    output = row.output
    rules = list(dict.fromkeys(_rule_text(step["rule"]) for step in output["rows"] if step["rule"]))
    contact = contact_of(case.county, case.insurance)
    return SettlementSheet(
        dated=local_day(row.at),
        number=letter.number,
        case_number=case.number or "",
        agency=office_name(case.county, case.insurance),
        facts=_facts(case, claim, row),
        total_fen=row.total_fen,
        parts=tuple((label, parse_yuan(output[part])) for part, label in PARTS.items()),
        payers=payers_of(claim, row),
        steps=tuple(_step(step, rules) for step in output["rows"] if step["code"] != "policy_mark"),
        sources=tuple(rules),
        due=_due(claim, row),
        payable_fen=claim.payable_fen,
        mark=_mark(output),
        account=_account(claim),
        remedy=remedy,
        contact=f"{contact.name} {contact.phone} {contact.address}".strip(),
        verify_url=verify_url(letter),
    )


def fund_labels(claim: Claim, row: Settlement) -> dict[str, str]:
    """The names of the funds as the settlement's own policy words them, else the usual ones."""
    policy = policy_of(claim, row)
    return {**FUNDS, **policy.fund_labels} if policy else dict(FUNDS)


def policy_of(claim: Claim, row: Settlement) -> Policy | None:
    """The policy whose version a settlement went by; None where it is not kept any more."""
    for day in (claim.discharged_on, claim.admitted_on, local_day(row.at)):
        policy = policy_for(claim.insured_area, row.insurance, day)
        if policy and row.policy_sha256 in {version.sha256 for version in policy.versions}:
            return policy
    return None


def _facts(case: Case, claim: Claim, row: Settlement) -> tuple[tuple[str, str], ...]:
    long = claim.kind in STAYS or claim.admitted_on != claim.discharged_on
    days = date_text(claim.admitted_on)
    if long:
        days += f"至{date_text(claim.discharged_on)}"
    bills = claim.bills.filter(removed=False).count()
    return (
        ("参保人", case.name),
        ("证件号码", mask_id(case.person.id_number)),
        ("参保地", _place(claim.insured_area)),
        ("险种", INSURANCES.get(claim.insurance, claim.insurance)),
        ("医疗机构", claim.institution_name),
        ("就医地", _place(claim.institution_area)),
        ("就医类别", KINDS.get(claim.kind, claim.kind)),
        ("就医日期", days),
        ("备案情况", SETTLED_AS.get(claim.settled_as, claim.settled_as)),
        ("票据", f"{bills} 张，{grouped(claim.billed_fen)} 元"),
        ("结算日期", date_text(local_day(row.at))),
        ("政策版本", row.policy_version),
    )


def payers_of(claim: Claim, row: Settlement) -> tuple[tuple[str, int], ...]:
    """(label, fen) of everybody who pays for the stay as it was settled; adds up to its total."""
    labels = fund_labels(claim, row)
    account = parse_yuan(row.output["account"])
    payers = [(labels.get(name, name), fen) for name, fen in row.funds.items()]
    if account:
        payers.append(("个人账户", account))
    return (*payers, ("个人现金" if account else "个人负担", row.personal_fen - account))


def _due(claim: Claim, row: Settlement) -> tuple[tuple[str, int], ...]:
    """From what all funds pay for the stay down to what is paid now; zero lines left out."""
    lines = [
        ("这次就医各基金应付合计", row.paid_fen),
        ("减：这次就医此前已结算", -row.paid_before_fen),
        ("加：本申请此前结算的差额", settled_so_far(claim) - row.difference_fen),
    ]
    confirmed = claim.adjustments.filter(state=Adjustment.State.CONFIRMED)
    lines += [(f"人工调整：{each.reason}", each.amount_fen) for each in confirmed]
    lines.append(("减：本申请此前已支付", -paid_so_far(claim)))
    return tuple((label, fen) for place, (label, fen) in enumerate(lines) if fen or place == 0)


def _step(step: dict, rules: list[str]) -> Step:
    rule = step["rule"]
    return Step(
        text=step["text"],
        base=_amount(step["base"]),
        ratio=step["ratio"] or "",
        amount=_amount(step["amount"]),
        source=str(rules.index(_rule_text(rule)) + 1) if rule else "",
    )


def _rule_text(rule: dict) -> str:
    """A rule as it is printed: the place, the version, the number of the document, its title."""
    parts = [rule["place"], f"版本“{rule['version']}”", rule["doc_no"] or "未注明文号"]
    parts += [rule[key] for key in ("source", "mark", "note") if rule[key]]
    return "；".join(parts)


def _amount(text: str | None) -> str:
    """An amount as the engine wrote it, grouped; a cut has a minus."""
    if text is None:
        return ""
    fen = parse_yuan(text.removeprefix("-"))
    return grouped(-fen if text.startswith("-") else fen)


def _mark(output: dict) -> str:
    marks = [step["rule"]["mark"] for step in output["rows"] if step["rule"]]
    return next((mark for mark in MARKS if mark in marks), "")


def _account(claim: Claim) -> str:
    if not claim.bank_number:
        return ""
    return f"{mask_name(claim.bank_holder)}，{mask_account(claim.bank_number)}"


def _place(code: str) -> str:
    try:
        return area_name(code)
    except UnknownArea:
        return code


def _signed(fen: int) -> str:
    return f"+{grouped(fen)}" if fen > 0 else grouped(fen)
