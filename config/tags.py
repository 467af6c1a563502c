"""The `url` tag of all templates: Django's, but a pattern is put together once.

Built in (settings), since a page names twenty addresses and each cost some sixty microseconds.
"""

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as stock_url
from django.utils.html import conditional_escape

from config.addresses import address_of, plain_address

register = template.Library()


class QuickURLNode(URLNode):
    """An address without named arguments, from what is kept."""

    def render(self, context):
        """The address, escaped as Django's tag does."""
        name = self.view_name.resolve(context)
        args = [arg.resolve(context) for arg in self.args]
        address = address_of(name, *args) if args else plain_address(name)
        return conditional_escape(address) if context.autoescape else address


@register.tag
def url(parser, token):
    """As the stock tag is written, and the stock tag itself where arguments are named or the
    address is put into a variable."""
    node = stock_url(parser, token)
    if node.kwargs or node.asvar:
        return node
    return QuickURLNode(node.view_name, node.args, node.kwargs, node.asvar)
