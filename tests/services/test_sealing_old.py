"""What was readable in a database from before is sealed at the first start, once."""

from __future__ import annotations

from sqlalchemy import select, update

from server.domain.party import Details
from server.services import lookups, sealed, sealing_old
from server.services.context import Context
from server.store import matter_codes, parties, tables
from tests.services.test_sealed import everything
from tests.store.world import World

_party = tables.party


async def with_contacts(ctx: Context, world: World, *contacts: str) -> None:
    async with ctx.store.write() as conn:
        for party, contact in zip(world.case.parties, contacts, strict=True):
            old = update(_party).where(_party.c.id == party.id)
            await conn.execute(old.values(contact=contact))


async def known(ctx: Context, world: World) -> list[Details]:
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, world.case.id)
    return [sealed.details(ctx, world.case.id, p.id, hidden[p.id]) for p in world.case.parties]


async def test_contacts_are_sealed_once(ctx: Context, world: World) -> None:
    await with_contacts(ctx, world, "138 0000 0001", " bob@example.org ")
    assert await sealing_old.seal_old(ctx) == 2
    assert await known(ctx, world) == [
        Details(phone="13800000001"),
        Details(email="bob@example.org"),
    ]
    text = await everything(ctx)
    assert "0000 0001" not in text
    assert "bob@" not in text
    async with ctx.store.read() as conn:
        found = (await conn.execute(select(tables.party_lookup))).all()
        code = await matter_codes.sealed(conn, world.case.id)
    expected = lookups.of(ctx, world.station.tenant, Details(phone="13800000001"))
    assert [(row.kind, row.hash) for row in found] == list(expected.items())
    assert len(sealed.unseal(ctx, world.case.id, "matter_code", code)) == 10
    assert await sealing_old.seal_old(ctx) == 0
    assert await everything(ctx) == text


async def test_what_only_people_understand_is_kept_as_it_is(ctx: Context, world: World) -> None:
    await with_contacts(ctx, world, "ask at the shop", "   ")
    assert await sealing_old.seal_old(ctx) == 2
    assert await known(ctx, world) == [Details(phone="ask at the shop"), Details()]


async def test_what_is_known_already_is_not_lost(ctx: Context, world: World) -> None:
    alice = world.case.parties[0]
    await sealed.new_key(ctx, world.case.id, world.station.tenant)
    before = Details(phone="13900000009", address="East Street 3")
    async with ctx.store.write() as conn:
        hidden = sealed.seal_details(ctx, world.case.id, alice.id, before)
        await parties.replace(conn, alice, hidden, {})
    await with_contacts(ctx, world, "alice@example.org", "")
    assert await sealing_old.seal_old(ctx) == 1
    await with_contacts(ctx, world, "13900000008", "")
    assert await sealing_old.seal_old(ctx) == 1
    found = (await known(ctx, world))[0]
    assert (found.phone, found.email, found.address) == (
        "13900000009 / 13900000008",
        "alice@example.org",
        "East Street 3",
    )
