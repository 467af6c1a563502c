"""What the house adds to the accounts of residents: their cases in the copy of their own
data, and messages through the outbox when somebody else claims their person.
"""

from django.utils import timezone

from casework.access import cases_of
from casework.drafts import answers_of, open_revision
from casework.kinds import kind_of
from casework.models import Case, Notice
from casework.notices import save_notices
from casework.publish import publish_later
from residents import export, tell
from residents.holdings import ClaimResult
from residents.personal import mask_name

CLAIMED = (
    "另一个账户申请为 {name} 办理医保事项，将由工作人员核实。如非您或家人操作，"
    "请登录后在“本人与家人”查看，或拨打参保地区号 + 12393。"
)


def register_for_residents() -> None:
    """Called once, when the app is ready."""
    export.register("办件", own_cases)
    export.register("消息", own_messages)
    tell.register(tell_claimed)


def own_cases(account) -> list[dict]:
    """Every case of the account with its answers, files and events, for its own copy."""
    cases = cases_of(account).select_related("person", "revision").order_by("pk")
    return [_case(case) for case in cases]


def _case(case: Case) -> dict:
    kind = kind_of(case)
    revision = open_revision(case) or case.revision
    return {
        "事项": kind.label,
        "办件编号": case.number,
        "状态": kind.workflow.states[case.status],
        "提交时间": _moment(case.submitted_at),
        "填写的内容": answers_of(revision),
        "材料": [
            {
                "名称": kind.document_labels.get(file.document, file.document),
                "上传时间": _moment(file.created_at),
                "摘要": file.sha256,
            }
            for file in case.attachments.all()
        ],
        "文书": [
            {"名称": letter.title, "编号": letter.number, "签发时间": _moment(letter.issued_at)}
            for letter in case.letters.all()
        ],
        "经过": [
            {"时间": _moment(event.at), "事件": kind.event_labels.get(event.code, event.code)}
            for event in case.events.all()
        ],
    }


def own_messages(account) -> list[dict]:
    """Every message the account got."""
    rows = Notice.objects.filter(recipient=account).order_by("pk")
    return [
        {"时间": _moment(row.created_at), "渠道": row.get_channel_display(), "内容": row.text}
        for row in rows
    ]


def tell_claimed(result: ClaimResult) -> None:
    """A message to every other holder of a person who was claimed: in-site and by SMS."""
    now = timezone.now()
    made = []
    for other in result.others:
        text = CLAIMED.format(name=mask_name(other.name))
        key = f"claim:{result.holding.pk}:{other.pk}"
        common = {"recipient": other.account, "template": "person_claimed", "text": text}
        made.append(
            Notice(
                **common,
                channel=Notice.Channel.IN_SITE,
                dedupe_key=f"{key}:in_site",
                state=Notice.State.SENT,
                sent_at=now,
            )
        )
        if other.account.phone:
            made.append(
                Notice(
                    **common,
                    channel=Notice.Channel.SMS,
                    phone=other.account.phone,
                    dedupe_key=f"{key}:sms",
                    next_try_at=now,
                )
            )
    save_notices(made)
    publish_later("casework.tasks.deliver_outbox")


def _moment(moment) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
