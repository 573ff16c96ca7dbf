"""A form that comes when its sender is signed out: it goes back to them, to be sent once more.

The browser would not keep it: fields that must not be suggested to others (names, telephones, ID
numbers) are empty again after *Back* from a page that may not be cached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from server.domain.errors import Refused
from server.http import uploads
from server.http.forms import posted

SECRET = frozenset({"password", "old", "new", "code"})
"""What people know and nobody writes down: a form that has one of these is not given back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`files`: the fields whose files have to be chosen again, since no page can hold them."""

    fields: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.files)


class SignedOut(Refused):
    def __init__(self, kept: Kept) -> None:
        super().__init__("sign_in_first")
        self.kept = kept


async def refusal(request: web.Request, *, upload: bool) -> SignedOut:
    """Raises Refused for what could not be sent again either: no form, too much."""
    if upload:
        fields, files = await uploads.typed(request)
        return SignedOut(Kept(list(fields.items()), files))
    data = await posted(request)
    if SECRET & set(data):
        return SignedOut(Kept(()))
    return SignedOut(Kept([(name, str(value)) for name, value in data.items()]))
