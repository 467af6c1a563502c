"""Personal data on a screen: masked by default, whole only with a reason that is logged.

Masking keeps what a person needs to recognise their own data and no more: the family
name and the last character of a name (only the family name of a two-character one), the
first and the last four characters of an ID number (no birth date, no place), the first
three and last four digits of a phone number.
"""

from residents.addresses import current_address
from residents.models.accesslog import AccessLog

MASK = "*"
# Family names of two characters still common enough to be met at a counter.
DOUBLE_FAMILY_NAMES = frozenset(
    {
        *("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒"),
        *("夏侯", "东方", "宇文", "长孙", "南宫", "独孤", "端木", "轩辕", "百里", "呼延"),
        *("东郭", "司空", "太史", "申屠", "澹台", "濮阳", "赫连", "钟离", "闻人", "公冶"),
        *("鲜于", "闾丘", "淳于", "单于", "完颜", "西门", "万俟", "拓跋", "仲孙", "宗政"),
    }
)
NAME_DOTS = "·•・‧."
MIN_REASON = 4


class ReasonRequired(ValueError):
    """Somebody wanted to see a whole value without saying why."""


def mask_name(name: str) -> str:
    """张*兰 or 张* or 欧阳*娜: enough to recognise, not to identify."""
    name = (name or "").strip()
    if any(dot in name for dot in NAME_DOTS):
        return _mask_long(name)
    if name.isascii():
        return name[:1] + MASK * min(len(name) - 1, 6) if name else ""
    family = 2 if name[:2] in DOUBLE_FAMILY_NAMES and len(name) > 2 else 1
    given = name[family:]
    if len(given) <= 1:
        return name[:family] + MASK * len(given)
    return name[:family] + MASK * (len(given) - 1) + given[-1]


def _mask_long(name: str) -> str:
    """A name with a dot: the first and the last character stay. The rest is short, whatever
    the length of the name: a row of stars says nothing and breaks over lines."""
    return name[:1] + MASK * 3 + name[-1:]


def mask_id(number: str) -> str:
    """5*************1234: the first and the last four characters of an ID number."""
    number = (number or "").strip()
    if len(number) <= 5:
        return MASK * len(number)
    return number[0] + MASK * (len(number) - 5) + number[-4:]


def mask_phone(phone: str) -> str:
    """138****0001; a landline keeps its last four digits only."""
    phone = (phone or "").strip()
    if len(phone) < 7:
        return MASK * len(phone)
    if len(phone) == 11 and phone.startswith("1"):
        return f"{phone[:3]}****{phone[-4:]}"
    return MASK * (len(phone) - 4) + phone[-4:]


def log_access(
    actor, action: str, case_number: str = "", detail: str = "", reason: str = ""
) -> AccessLog:
    """Write down that `actor` looked. `action` is one of AccessLog.Action; the address of
    the request being answered is noted by itself."""
    return AccessLog.objects.create(
        actor=actor,
        action=AccessLog.Action(action),
        case_number=case_number,
        field=detail[:60],
        reason=reason[:200],
        ip=current_address(),
    )


def reveal(actor, record, field: str, reason: str, case_number: str = "") -> str:
    """The whole value of one field of `record`, after logging who looked and why.

    The one way staff read an unmasked value. Raises ReasonRequired (Chinese) for a reason
    of fewer than four characters, PermissionError for anyone who is not staff.
    """
    if not (actor.is_authenticated and actor.is_active and actor.is_staff):
        raise PermissionError("只有工作人员可以查看完整信息。")
    reason = (reason or "").strip()
    if len(reason) < MIN_REASON:
        raise ReasonRequired(f"请写明查看完整信息的理由（至少 {MIN_REASON} 个字）。")
    value = getattr(record, field)
    label = f"{record._meta.label}:{record.pk}:{field}"
    log_access(actor, AccessLog.Action.REVEALED, case_number, label, reason)
    return value or ""
