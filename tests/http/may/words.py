"""Who there is, and the usual answers to who may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from server.domain.ids import CaseId, UserId
from tests.http.house import House

THINGS = ("own", "colleague", "elsewhere")
STAFF = ("mediator", "lawyer", "clerk", "supervisor", "administrator", "grid_worker")
EVERYONE = ("anonymous", "party", "host", *STAFF)

May = dict[str, Collection[str]]
"""To whose things each gets through; where a route is about no thing, all three are the same."""

Make = Callable[[House, CaseId, UserId], Awaitable[str]]
"""Makes something in a case, handled by somebody; returns its id."""

ALL = {"own", "colleague"}
READ: May = {"mediator": {"own"}, "lawyer": {"own"}, "clerk": ALL, "supervisor": ALL}
WORK: May = {"mediator": {"own"}, "lawyer": {"own"}, "clerk": ALL}
HOST: May = {"mediator": {"own"}, "lawyer": {"own"}}
ANY: May = dict.fromkeys(EVERYONE, THINGS)
SIGNED_IN: May = dict.fromkeys(STAFF, THINGS)
CASE_READERS: May = dict.fromkeys(READ, THINGS)
CASE_MAKERS: May = dict.fromkeys(WORK, THINGS)
ADMINISTRATORS: May = {"administrator": THINGS}
