from __future__ import annotations

from server.domain.ids import CaseId, RepresentativeId, UserId
from server.domain.party import Power, Representative, RepresentativeKind
from server.security.ids import new_id
from server.store import cases, parties
from tests.http.house import House
from tests.http.may.words import READ, WORK, Make, May

_ONE = "/cases/{case}/parties/{party}"
MAY: dict[str, May] = {
    "GET /cases/{case}/parties/new": WORK,
    "POST /cases/{case}/parties": WORK,
    "POST /cases/{case}/parties/several": WORK,
    f"GET {_ONE}": READ,
    f"POST {_ONE}": WORK,
    f"POST {_ONE}/leave": WORK,
    f"POST {_ONE}/back": WORK,
    # Supervisors oversee who looks, and don't look themselves.
    f"POST {_ONE}/full": WORK,
    f"POST {_ONE}/speakers": WORK,
    f"POST {_ONE}/speakers/{{speaker}}": WORK,
    f"POST {_ONE}/speakers/{{speaker}}/end": WORK,
    "GET /cases/{case}/about": WORK,
    "POST /cases/{case}/about": WORK,
}
FORMS = {
    "POST /cases/{case}/parties": {"side": "A", "name": "Bob"},
    "POST /cases/{case}/parties/several": {"side": "B", "lines": "Carl, 13900000003"},
    f"POST {_ONE}/leave": {"why": "moved away"},
    f"POST {_ONE}/full": {"why": "contact"},
    f"POST {_ONE}/speakers": {"name": "Lee", "speaker_kind": "lawyer", "power": "general"},
    "POST /cases/{case}/about": {
        "title": "Wall",
        "dispute_type": "neighbours",
        "difficulty": "simple",
        "regime": "peoples",
    },
}


async def _speaker(house: House, case_id: CaseId, _: UserId) -> str:
    """Somebody who speaks for the first party."""
    ctx = house.ctx
    async with ctx.store.write() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        made = Representative(
            RepresentativeId(new_id()),
            case.parties[0].id,
            "Lee",
            RepresentativeKind.LAWYER,
            Power.GENERAL,
            ctx.clock(),
        )
        await parties.insert_representative(conn, made, "")
    return made.id


MAKES: dict[str, Make] = {"speaker": _speaker}
LAST = {f"POST {_ONE}/leave": 1, f"POST {_ONE}/back": 2}
