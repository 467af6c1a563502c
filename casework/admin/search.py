"""Searching the desk by number, phone, ID or full name, exactly, through keyed hashes.

What is typed is posted, never put into an address: the address carries the keyed hash,
which says nothing to whoever reads a log.
"""

import re

from residents.crypto import keyed_hashes
from residents.idnumber import InvalidIdNumber, parse

HASH_COLUMNS = {"id": "id_hash", "phone": "phone_hash", "name": "name_hash"}
NUMBER = re.compile(r"^[1-9]\d{20,23}$")
PHONE = re.compile(r"^1\d{10}$")


def recognise(text: str) -> tuple[str, str]:
    """What a typed search means: ("number" | "phone" | "id" | "name", normalised text)."""
    plain = re.sub(r"[\s-]", "", text)
    if NUMBER.match(plain):
        return "number", plain
    if PHONE.match(plain):
        return "phone", plain
    try:
        return "id", parse(plain).number
    except InvalidIdNumber:
        return "name", text.strip()


def search_query(text: str) -> dict[str, str]:
    """The query parameters under which the queue shows what was searched for."""
    kind, value = recognise(text)
    if kind == "number":
        return {"number": value}
    return {"by": kind, "key": keyed_hashes(kind, value)[0], "also": _older(kind, value)}


def _older(kind: str, value: str) -> str:
    return ",".join(keyed_hashes(kind, value)[1:])


def narrow(queryset, params):
    """Apply the parameters of `search_query`; anything else is left alone."""
    if number := params.get("number"):
        return queryset.filter(number=number)
    column = HASH_COLUMNS.get(params.get("by", ""))
    if column and params.get("key"):
        keys = [params["key"], *filter(None, params.get("also", "").split(","))]
        return queryset.filter(**{f"{column}__in": keys})
    return queryset
