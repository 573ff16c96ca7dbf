"""What people type into forms: kept as typed, checked field by field by the domain's own rules.

A form that is not right is shown again with everything in it; `errors` has the code for each field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, cast

from aiohttp import web
from multidict import MultiMapping

from server.domain.errors import Refused
from server.domain.text import keepable
from server.security.ids import new_secret_id

T = TypeVar("T")
Data = MultiMapping[str]

MOST_ROWS = 12


async def posted(request: web.Request) -> Data:
    """The form of a request, which `read_form` has read. Without files every field is text."""
    return cast(Data, await request.post())


async def read_form(request: web.Request) -> None:
    """Read the form of a request whole, once for all who ask for it after.

    Raises Refused("bad_request") for what is no form, or holds what no database can.
    """
    try:
        data = await request.post()
    except (ValueError, LookupError):
        # aiohttp's ways to say so: broken parts, bytes that are no text, an unheard-of charset.
        raise Refused("bad_request") from None
    typed = [part for pair in data.items() for part in pair if isinstance(part, str)]
    if not all(map(keepable, typed)):
        raise Refused("bad_request")


async def sent(request: web.Request) -> dict[str, Any]:
    """The object that a script has sent as JSON. Raises Refused("bad_request")."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refused("bad_request") from None
    if not isinstance(body, dict):
        raise Refused("bad_request")
    return body


def text(data: Data, name: str) -> str:
    """What was typed into a field, or nothing."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Form:
    """`key` makes a form that is sent twice one thing: it stays when the form is shown again."""

    key: str = field(default_factory=new_secret_id)
    errors: dict[str, str] = field(default_factory=dict)
    fields: ClassVar[dict[str, str]] = {}
    """To which field a refusal of the service belongs, by the beginning of its code."""

    def check(self, name: str, rule: Callable[[], T]) -> T | None:
        """The value the rule gives; if it refuses, the code is noted for the field."""
        try:
            return rule()
        except Refused as refused:
            self.errors[name] = refused.code
            return None

    def refuse(self, code: str) -> None:
        """Note what the service has refused; what fits no field stands above the form."""
        found = (name for start, name in self.fields.items() if code.startswith(start))
        self.errors[next(found, "form")] = code


def mendable(refused: Refused) -> str:
    """The code, to be shown with the form; what no form can mend is raised, for the error page."""
    if refused.code in ("not_found", "not_allowed", "bad_request"):
        raise refused
    return refused.code


def key_of(data: Data) -> str:
    return text(data, "key")[:64] or new_secret_id()


def rows_of(data: Data, *names: str) -> list[tuple[str, ...]]:
    """Fields that come once a row, put together again."""
    columns = [[str(value) for value in data.getall(name, [])] for name in names]
    return list(zip(*columns, strict=False))[:MOST_ROWS]


def more_of(data: Data) -> bool:
    """Whether the button was *another row*, and not the one that sends the form."""
    return text(data, "action") == "more"
