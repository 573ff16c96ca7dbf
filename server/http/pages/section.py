"""The page of a case is made of sections: each noun brings its own, and its own forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from server.domain.user import User
from server.services.cases import CasePage
from server.services.context import Context


@dataclass(frozen=True, slots=True)
class Section:
    """`load` gives what the template finds as `section`; None: there is nothing to show this user.

    `template` is a part of case.html in web/templates/case/; it also has all that the page has
    (`page`, `user`). `side`: it stands in the narrow column.
    """

    id: str
    template: str
    load: Callable[[Context, User, CasePage], Awaitable[Any]]
    side: bool = False
