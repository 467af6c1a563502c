"""An undefined variable in one of our templates fails instead of printing nothing."""

import sys

from django.template.base import FilterExpression, Node

from tests.strict import is_ours

# `{{ x|default:"-" }}` says that x may be missing.
EXCUSING_FILTERS = ("default", "default_if_none")


class UndefinedVariable(AssertionError):
    """A template printed or passed on a variable that is not in its context."""


class Undefined(str):
    """Stands for `string_if_invalid` (config/settings/test.py).

    Django asks whether it is true only when a variable could not be resolved.
    """

    def __bool__(self):
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression) or _excused(expression):
            return False
        node = _node_above(frame)
        name = getattr(getattr(node, "origin", None), "name", "")
        if is_ours(str(name)):
            raise UndefinedVariable(f"未定义的模板变量 {expression.token}({name})")
        return False


def _excused(expression: FilterExpression) -> bool:
    return any(function.__name__ in EXCUSING_FILTERS for function, _ in expression.filters)


def _node_above(frame) -> Node | None:
    """The node being rendered; it knows its template, whatever extends or includes it."""
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, Node) and getattr(owner, "origin", None):
            return owner
        frame = frame.f_back
    return None
