"""Two people editing one thing: nobody's words are lost, and nobody's are overwritten unseen.

A form carries the stamp of what it was filled from. Whoever saves second with an older stamp is
shown both versions and the newer stamp, and decides.
"""

from __future__ import annotations

import hashlib
import json

from server.domain.errors import Refused

MEANWHILE = "edited_meanwhile"


def stamp(*saved: object) -> str:
    """Of what is saved now, as it stands in the database: sealed fields stay sealed in it."""
    text = json.dumps(saved, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def still(seen: str, now: str) -> None:
    """Raises Refused("edited_meanwhile") unless the stamp a form carried is the one of now."""
    if seen != now:
        raise Refused(MEANWHILE)
