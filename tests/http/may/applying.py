from __future__ import annotations

from server.domain.ids import CaseId, UserId
from tests.http.house import House
from tests.http.may.words import ANY, WORK, Make, May

MAY: dict[str, May] = {
    "GET /ask": ANY,
    "GET /apply": ANY,
    "POST /apply": ANY,
    "GET /apply/review": ANY,
    "POST /apply/send": ANY,
    "GET /apply/sent": ANY,
    "GET /apply/forget": ANY,
    "POST /apply/forget": ANY,
    "POST /apply/files": ANY,
    "POST /apply/files/{file}/remove": ANY,
    "GET /apply/{step}": ANY,
    "POST /apply/{step}": ANY,
    "GET /status": ANY,
    "POST /status": ANY,
    "GET /status/view": ANY,
    "POST /status/leave": ANY,
    "GET /status/withdraw": ANY,
    "POST /status/withdraw": ANY,
    "POST /status/files": ANY,
    "POST /cases/{case}/code": WORK,
    "POST /cases/{case}/code/renew": WORK,
}
FORMS = {
    "POST /apply/{step}": {"dispute_type": "neighbours"},
    "POST /status": {"code": "0000-0000-00"},
}


async def _file(_house: House, _case: CaseId, _handler: UserId) -> str:
    return "nobodys"


async def _step(_house: House, _case: CaseId, _handler: UserId) -> str:
    return "about"


MAKES: dict[str, Make] = {"file": _file, "step": _step}
LAST = {"POST /apply": -1, "POST /apply/forget": 8}
