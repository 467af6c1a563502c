"""Telling somebody that their person was claimed by another account.

An app above may take this over by `register`; until then it is a text message, sent at
once and best effort: what is shown on the page of persons stays there in any case.
"""

import logging
from collections.abc import Callable

from django.conf import settings

from residents import sms
from residents.holdings import ClaimResult
from residents.personal import mask_name

logger = logging.getLogger(__name__)

Handler = Callable[[ClaimResult], None]
_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    """Let `handler` tell the holders in `ClaimResult.others`; called after commit."""
    _handlers.append(handler)


def contested(result: ClaimResult) -> None:
    """Tell every other holder of a claimed person. Never fails the request."""
    if not result.others:
        return
    for handler in _handlers or [_by_text_message]:
        try:
            handler(result)
        except Exception as error:  # the claim stands whether or not it could be told
            logger.error("contested_not_told", exc_info=error)


def _by_text_message(result: ClaimResult) -> None:
    for other in result.others:
        if other.account.phone:
            sms.gateway().send(
                other.account.phone,
                f"【{settings.SITE_NAME}】另一个账户申请为 {mask_name(other.name)} 办理医保事项，"
                "将由工作人员核实。如非您或家人操作，请登录后在“我的家人”查看，"
                "或拨打参保地区号 + 12393。",
            )
