"""A copy of one's own data: 《中华人民共和国个人信息保护法》 art. 45.

Apps above add their sections by `register`; imports run one way only.
"""

from collections.abc import Callable

from django.utils import timezone

from residents import matching
from residents.holdings import holdings_of
from residents.models import Consent

Section = Callable[[object], object]
_sections: dict[str, Section] = {}


def register(title: str, section: Section) -> None:
    """Add a section: `section(account)` returns what json can write."""
    _sections[title] = section


def own_data(account) -> dict:
    """Everything the system holds about an account, as plain data with Chinese keys."""
    data = {
        "导出时间": timezone.localtime().isoformat(timespec="seconds"),
        "账户": _account(account),
        "参保人": [_holding(row) for row in holdings_of(account)],
        "同意记录": [_consent(row) for row in account.consents.order_by("pk")],
    }
    data.update({title: section(account) for title, section in _sections.items()})
    return data


def _account(account) -> dict:
    return {
        "手机号码": account.phone,
        "注册时间": _moment(account.created_at),
        "最近使用": _moment(account.last_seen_at),
        "长辈版": account.elder_mode,
    }


def _holding(holding) -> dict:
    """A person; what the register says only where the account has proven who it is."""
    person = holding.person
    data = {
        "姓名": holding.name,
        "证件类型": person.get_id_kind_display(),
        "证件号码": person.id_number,
        "出生日期": person.birth_date and person.birth_date.isoformat(),
        "手机号码": holding.phone,
        "关系": holding.get_relation_display(),
        "状态": "已核实" if holding.is_bound else "待核实",
        "添加时间": _moment(holding.created_at),
    }
    if holding.is_bound:
        found = matching.match(holding, matching.today()).enrolments
        data["参保登记"] = [_enrolment(row) for row in found]
    return data


def _enrolment(row) -> dict:
    return {
        "参保地": row.insured_area,
        "险种": row.get_insurance_display(),
        "人员类别": row.get_person_group_display(),
        "状态": row.get_state_display(),
        "参保起": row.from_day.isoformat(),
        "参保止": row.to_day and row.to_day.isoformat(),
    }


def _consent(row: Consent) -> dict:
    return {
        "类型": row.get_kind_display(),
        "内容": row.text,
        "内容摘要SHA256": row.text_sha256,
        "同意时间": _moment(row.given_at),
        "撤回时间": _moment(row.withdrawn_at),
        "签名": row.signature,
    }


def _moment(value) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None
