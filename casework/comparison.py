"""Who is this? What was typed of the person, beside what the register knows, both masked.

For the clerk who approves a case whose person was not proven or not found.
"""

from casework.asking import INSURANCES
from casework.identity import IDENTITY_DOUBTS
from casework.kinds import Compared
from facilities.areas import UnknownArea, area_name, pooling_area_of
from residents.crypto import keyed_hashes
from residents.models import Enrolment
from residents.personal import mask_id, mask_name, mask_phone

NOT_THERE = "参保登记中没有"


def person_comparison(dossier) -> list[Compared]:
    """The lines to compare, from the dossier of a case; empty where the person is not in doubt."""
    if not IDENTITY_DOUBTS & set(dossier.case.doubt_codes):
        return []
    line = dossier.enrolments[0] if dossier.enrolments else None
    return [*_register(dossier, line), _holding(dossier)]


def _register(dossier, line: Enrolment | None) -> list[Compared]:
    answers, number = dossier.answers, mask_id(dossier.case.person.id_number)
    if line is None:
        rows = (
            ("姓名", mask_name(answers.name)),
            ("证件号码", number),
            ("参保地", _area(answers.insured_area)),
        )
        return [Compared(label, typed, NOT_THERE, False) for label, typed in rows]
    phone = line.phone or ""
    return [
        Compared(
            "姓名",
            mask_name(answers.name),
            mask_name(line.name),
            line.name_hash in keyed_hashes("name", answers.name),
        ),
        Compared("证件号码", number, mask_id(line.id_number), True),
        Compared(
            "手机号码",
            mask_phone(answers.phone),
            mask_phone(phone) or "没有登记",
            phone == answers.phone if phone else None,
        ),
        Compared(
            "参保地",
            _area(answers.insured_area),
            _area(line.insured_area),
            _pooling(answers.insured_area) == _pooling(line.insured_area),
        ),
        Compared(
            "险种",
            INSURANCES.get(answers.insurance, "—"),
            INSURANCES.get(line.insurance, "—"),
            answers.insurance == line.insurance,
        ),
        Compared(
            "参保状态",
            "—",
            line.get_state_display(),
            line.state == Enrolment.State.ACTIVE,
        ),
    ]


def _holding(dossier) -> Compared:
    """How the account stands to the person."""
    holding = dossier.holding
    if holding is None:
        said = "代录" if dossier.answers.counter else "账户中已没有这位参保人"
        return Compared("账户与参保人", said, "没有核实", None)
    return Compared(
        "账户与参保人",
        holding.get_relation_display(),
        holding.get_standing_display(),
        holding.is_bound,
    )


def _area(code: str) -> str:
    try:
        return area_name(code) if code else "—"
    except UnknownArea:
        return code


def _pooling(code: str) -> str:
    try:
        return pooling_area_of(code)
    except UnknownArea:
        return ""
