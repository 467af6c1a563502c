"""Who the person of a case is, where neither the account nor the register has proven it."""

from casework.errors import NotAllowed
from casework.models import Case, Notice
from casework.notices import render_notice
from casework.perform import Context
from casework.told import is_ticked
from residents.holdings import HoldingRefused, bind_by_clerk
from residents.models import Holding

# Doubts about who the person is: the clerk who approves says that they were cleared up.
IDENTITY_DOUBTS = frozenset({"identity_unproven", "not_matched"})


def clear_identity(case: Case, ctx: Context, holding: Holding | None) -> None:
    """Where it was not proven who the person is, the clerk says that they compared; the account
    is then bound to the person. `holding`: how it holds them. Raises NotAllowed."""
    if not IDENTITY_DOUBTS & set(case.doubt_codes):
        return
    if not is_ticked(ctx.data, "identity"):
        raise NotAllowed("请先核对身份证件照片与参保人信息一致，并勾选「已核对身份」后再同意")
    if holding is None or holding.is_bound:
        return
    try:
        ended = bind_by_clerk(holding, ctx.actor.user, case.number)
    except HoldingRefused as refused:
        raise NotAllowed(str(refused)) from None
    ctx.event_data = {**ctx.event_data, "holding": holding.pk}
    ctx.notices += [_unbound(case, old, ctx) for old in ended]


def _unbound(case: Case, old: Holding, ctx: Context) -> Notice:
    """To the holder of an account whose hold on the person ended."""
    return Notice(
        recipient_id=old.account_id,
        channel=Notice.Channel.IN_SITE,
        template="holding_ended",
        text=render_notice("holding_ended", {}),
        dedupe_key=f"holding:{old.pk}:ended",
        state=Notice.State.SENT,
        sent_at=ctx.now,
    )
