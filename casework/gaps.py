"""What still stops a case of any kind from being submitted: who it is for, how they are reached.

Asked of the dossier of a case, which knows its `answers` and its `holding`.
"""

from collections.abc import Iterator

from casework.asking import CONTACT_WAYS
from facilities.areas import UnknownArea, counties_of, division
from residents.idnumber import InvalidIdNumber, parse
from residents.models import Holding
from residents.phones import InvalidPhone, contact_phone, parse_mobile


def is_county(code: str) -> bool:
    """Whether this is a county, or the own level of a pooling area."""
    try:
        return division(code) is not None and code in {c.code for c in counties_of(code)}
    except UnknownArea:
        return False


def contact_gaps(answers) -> Iterator[tuple[str, str]]:
    """What is missing of how the person is reached: (field, sentence)."""
    if answers.contact_how not in CONTACT_WAYS:
        yield "contact_how", "请选择联系方式：短信、电话或邮寄"
    elif answers.contact_how == "post" and not answers.address.strip():
        yield "address", "选择邮寄的，请填写联系地址"
    try:
        contact_phone(answers.phone, answers.contact_how)
    except InvalidPhone as error:
        yield "phone", str(error)


def proxy_gaps(dossier) -> Iterator[tuple[str, str]]:
    """What is missing of who files for somebody else: (field, sentence)."""
    proxy = dossier.answers.proxy
    if proxy is None:
        holding = dossier.holding
        if holding and holding.relation != Holding.Relation.SELF:
            yield "proxy", "您在为家人办理，请填写代办人的姓名、证件号码、电话和关系"
        return
    if not str(proxy.get("name") or "").strip():
        yield "proxy_name", "请填写代办人姓名"
    if not proxy.get("relation"):
        yield "proxy_relation", "请选择代办人与参保人的关系"
    try:
        parse(proxy.get("id_number") or "")
    except InvalidIdNumber as error:
        yield "proxy_id_number", f"代办人证件号码：{error}"
    try:
        parse_mobile(proxy.get("phone") or "")
    except InvalidPhone as error:
        yield "proxy_phone", f"代办人电话：{error}"


def identity_wanted(dossier) -> bool:
    """A paper of identity is needed where neither the account nor a clerk has proven it."""
    if (dossier.answers.counter or {}).get("caller") == "present":
        return False
    return not (dossier.holding and dossier.holding.is_bound)
