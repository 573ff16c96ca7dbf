from tests.http import test_rights as t
from tests.http.may import deciding
async def test_mine(house, monkeypatch):
    mine=[r for r in t.ROUTES if f"{r.method} {r.path}" in deciding.MAY or r.path in ("/today","/cases/{case}","/cases/{case}/sessions/new")]
    monkeypatch.setattr(t,"ROUTES",mine)
    try:
        await t.test_everyone_gets_exactly_as_far_as_they_may(house)
    except AssertionError as e:
        print("WRONG", str(e)[:3000]); raise
