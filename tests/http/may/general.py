from __future__ import annotations

from tests.http.may.words import ANY, SIGNED_IN, THINGS, Make, May

MAY: dict[str, May] = {
    "GET /": ANY,
    "GET /sign-in": ANY,
    "POST /sign-in": ANY,
    "POST /sign-in/code": ANY,
    "POST /sign-out": ANY,
    "GET /confirm": SIGNED_IN,
    "POST /confirm": SIGNED_IN,
    "GET /today": SIGNED_IN,
    "GET /healthz": ANY,
    "GET /readyz": ANY,
    "GET /metrics": ANY,
    "GET /quality": {"supervisor": THINGS, "administrator": THINGS},
    "GET /looks": {"supervisor": THINGS, "administrator": THINGS},
    "GET /authority.crt": ANY,
    "GET /static/{name:.+}": ANY,
}
FORMS = {"POST /sign-in": {"login": "nobody", "password": "wrong"}}
MAKES: dict[str, Make] = {}
LAST = {"POST /sign-out": 9}
