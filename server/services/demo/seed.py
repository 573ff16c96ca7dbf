"""What `run.py demo` makes and prints."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from server.domain.seat import Role
from server.services import bookings
from server.services.context import Context
from server.services.demo import stories
from server.services.demo.bureau import STAFF, UNITS, bureau


async def seed(ctx: Context) -> dict[str, Any]:
    """`{"url", "staff", "session"}`, the first of each role first. Makes only what is missing."""
    passwords = _passwords(ctx.settings.data_dir / "demo.json")
    made = await bureau(ctx, passwords)
    session = await stories.all_of_them(ctx, made)
    return {
        "url": ctx.settings.origin,
        "staff": [
            {
                "role": c.role.value,
                "login": c.login,
                "password": passwords[c.login],
                "name": c.name,
                "organisation": UNITS[c.unit].name,
            }
            for c in STAFF
        ],
        "session": {
            "id": session.id,
            "host_link": bookings.seat_link(ctx, session.main_host),
            "party_links": [
                {"name": seat.name, "side": seat.side, "url": bookings.seat_link(ctx, seat)}
                for seat in session.seats.values()
                if seat.role is Role.PARTY and not seat.claim_of
            ],
        },
    }


def _passwords(file: Path) -> dict[str, str]:
    """Made at random once, and kept where only this account may read them."""
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    missing = [c.login for c in STAFF if c.login not in found]
    if missing:
        found |= {login: secrets.token_urlsafe(9) for login in missing}
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(found, out, indent=1)
        draft.replace(file)
    return found
