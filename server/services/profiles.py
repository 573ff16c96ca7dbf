"""What members of staff say of themselves, and what visitors see of those who wish it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import DisputeType
from server.domain.document import FileType
from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.profile import LARGEST_PHOTO, Profile
from server.domain.rights import RULES, Verb
from server.domain.user import User
from server.security import file_types, passwords, pictures, tokens
from server.services import second_factor, staff
from server.services.context import Context
from server.store import accounts, audit, organisations, profiles, sign_ins, users
from server.store.sign_ins import SignIn
from server.store.users import Given

PHOTOS = (FileType.JPEG, FileType.PNG, FileType.WEBP)
"""What every browser shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the profile's form says, checked."""

    name: str
    phone: str
    email: str
    expertise: Sequence[DisputeType]
    languages: Sequence[str]
    licence: str
    introduction: str
    listed: bool


@dataclass(frozen=True, slots=True)
class OwnRole:
    """`since` is None for roles from before there was a record; `by` is then empty, as it is for
    those that the operator gave.
    """

    given: Given
    since: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """`here`: the id of the sign-in that asks. `listable`: handles cases, so may be chosen."""

    profile: Profile
    login: str
    second_factor: bool
    recovery_codes: int
    sign_ins: tuple[SignIn, ...]
    here: str
    listable: bool
    roles: tuple[OwnRole, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    type: FileType
    content: bytes


async def own(ctx: Context, user: User, token: str) -> OwnPage:
    async with ctx.store.read() as conn:
        profile, account = await profiles.get(conn, user.id), await accounts.find(conn, user.id)
        alive = await sign_ins.of_user(conn, user.id, ctx.clock())
        here = await sign_ins.find(conn, tokens.secret_hash(token))
        codes = await accounts.recovery_codes_left(conn, user.id)
        roles = await _roles(conn, user.id)
    assert profile is not None
    assert account is not None
    return OwnPage(
        profile=profile,
        login=account.login,
        second_factor=account.second_factor,
        recovery_codes=codes,
        sign_ins=tuple(one for one in alive if not _unused(ctx, one)),
        here=here.id if here else "",
        listable=listable(user),
        roles=roles,
    )


async def _roles(conn: AsyncConnection, user_id: UserId) -> tuple[OwnRole, ...]:
    """As the record tells them: nobody gets or gives a role unseen."""
    roles = (await users.roles_of(conn, [user_id])).get(user_id, [])
    chains = {f"org:{given.organisation}" for given in roles}
    verbs = ("user.added", "user.role_given")
    last: dict[tuple[str, str], audit.Entry] = {}
    for chain, entry in await audit.about(conn, chains, user_id, verbs):
        for role in entry.body.get("roles") or [entry.body.get("role")]:
            last[chain, role] = entry
    names = await users.names(conn, {UserId(entry.actor) for entry in last.values()})
    found = []
    for given in roles:
        told = last.get((f"org:{given.organisation}", given.role))
        by = names.get(UserId(told.actor), "") if told else ""
        found.append(OwnRole(given, told.at if told else None, by))
    return tuple(found)


def listable(user: User) -> bool:
    """Only who hosts meetings is chosen by visitors."""
    return any(Verb.HOST in RULES[grant.role] for grant in user.grants)


async def change(ctx: Context, user: User, said: Said) -> None:
    """The audit names what was changed, not what it says."""
    listed = said.listed and listable(user)
    values = {
        "name": said.name,
        "phone": said.phone,
        "email": said.email,
        "expertise": [str(kind) for kind in said.expertise],
        "languages": list(said.languages),
        "licence": said.licence,
        "introduction": said.introduction,
        "listed": listed,
    }
    async with ctx.store.write() as conn:
        before = await profiles.get(conn, user.id)
        assert before is not None
        known = {name: getattr(before, name) for name in values}
        known["expertise"] = [str(kind) for kind in DisputeType if kind in before.expertise]
        known["languages"] = list(before.languages)
        changed = sorted(name for name, value in values.items() if known[name] != value)
        if not changed:
            return
        await profiles.set_fields(conn, user.id, values)
        body = {"fields": changed}
        chain = f"org:{user.organisation}"
        await audit.append(conn, chain, "user.profile", ctx.clock(), user.id, user.id, body)


# ---- the photo ----------------------------------------------------------------------------------


async def set_photo(ctx: Context, user: User, chunks: AsyncIterator[bytes]) -> None:
    """Kept without what the picture tells of where and with what it was taken.

    Raises Refused: `photo_unusable`, `photo_too_large`.
    """
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_PHOTO:
            raise Refused("photo_too_large")
    clean = await asyncio.to_thread(_cleaned, bytes(content))
    stored = await ctx.blobs.put_bytes(ctx.keys.own_key, clean)
    await _keep_photo(ctx, user, stored.id)


async def remove_photo(ctx: Context, user: User) -> None:
    await _keep_photo(ctx, user, None)


async def photo(ctx: Context, user: User | None, person_id: UserId) -> Photo:
    """Of somebody on the public list for everyone, of all others for those signed in.

    Raises Refused("not_found").
    """
    async with ctx.store.read() as conn:
        person, profile = await users.find(conn, person_id), await profiles.get(conn, person_id)
    if person is None or profile is None or profile.photo is None:
        raise Refused("not_found")
    public = _public(person, profile)
    tenant = person.path.partition("/")[0]
    if not public and (user is None or user.path.partition("/")[0] != tenant):
        raise Refused("not_found")
    try:
        chunks = [c async for c in ctx.blobs.get(ctx.keys.own_key, profile.photo)]
    except FileNotFoundError:
        raise Refused("not_found") from None
    content = b"".join(chunks)
    found = file_types.found(content)
    if found not in PHOTOS or found is None:
        raise Refused("not_found")
    return Photo(found, content)


async def shows_photo(conn: AsyncConnection, person_id: UserId) -> bool:
    """Whether there is a photo that everyone may see."""
    person, profile = await users.find(conn, person_id), await profiles.get(conn, person_id)
    return bool(person and profile and profile.photo and _public(person, profile))


def _public(person: User, profile: Profile) -> bool:
    return profile.listed and listable(person) and not person.left


def _cleaned(content: bytes) -> bytes:
    found = file_types.found(content)
    if found not in PHOTOS or found is None:
        raise Refused("photo_unusable")
    try:
        return pictures.cleaned(found, content)
    except pictures.Broken:
        raise Refused("photo_unusable") from None


async def _keep_photo(ctx: Context, user: User, blob: str | None) -> None:
    async with ctx.store.write() as conn:
        before = await profiles.get(conn, user.id)
        await profiles.set_fields(conn, user.id, {"photo": blob})
        body = {"fields": ["photo"]}
        chain = f"org:{user.organisation}"
        await audit.append(conn, chain, "user.profile", ctx.clock(), user.id, user.id, body)
    if before is not None and before.photo is not None:
        await ctx.blobs.delete(before.photo)


# ---- password and sign-ins ----------------------------------------------------------------------


async def change_password(ctx: Context, user: User, token: str, old: str, new: str) -> None:
    """All other sign-ins end. Raises Refused: `password_wrong`, `password_too_short`,
    `password_too_long`, `too_many`.
    """
    await staff.check_password(ctx, user.id, old)
    hashed, here = await passwords.hash_password(new), tokens.secret_hash(token)
    async with ctx.store.write() as conn:
        await accounts.set_password(conn, user.id, hashed)
        await accounts.void_invitations(conn, user.id)
        await sign_ins.close_all(conn, user.id, but=here)
        await sign_ins.confirm(conn, here, ctx.clock())
        chain, verb = f"org:{user.organisation}", "staff.changed_password"
        await audit.append(conn, chain, verb, ctx.clock(), user.id, user.id, {})


async def second_factor_off(ctx: Context, user: User, password: str) -> None:
    """Raises Refused: `password_wrong`, `too_many`."""
    await staff.check_password(ctx, user.id, password)
    async with ctx.store.write() as conn:
        await second_factor.switch_off(ctx, conn, user.id, user.id)


async def end_sign_in(ctx: Context, user: User, sign_in: str) -> None:
    """One of one's own. Twice is once."""
    async with ctx.store.write() as conn:
        if await sign_ins.close_one(conn, user.id, sign_in):
            chain, verb = f"org:{user.organisation}", "staff.sign_in_ended"
            await audit.append(conn, chain, verb, ctx.clock(), user.id, user.id, {})


async def end_other_sign_ins(ctx: Context, user: User, token: str) -> None:
    async with ctx.store.write() as conn:
        ended = await sign_ins.close_all(conn, user.id, but=tokens.secret_hash(token))
        chain, verb = f"org:{user.organisation}", "staff.sign_ins_ended"
        body = {"count": ended}
        await audit.append(conn, chain, verb, ctx.clock(), user.id, user.id, body)


def _unused(ctx: Context, one: SignIn) -> bool:
    """Over because nobody has used it for too long."""
    return staff.idle_since(ctx) >= one.seen_at


# ---- the public list ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """`languages`: all that somebody on the list speaks, to choose from."""

    people: tuple[Profile, ...]
    languages: tuple[str, ...]


async def listed(ctx: Context, expertise: DisputeType | None = None, language: str = "") -> Listed:
    """Those who wish it, of every tenant of this server; without telephones and addresses."""
    async with ctx.store.read() as conn:
        roots = await organisations.roots(conn)
        found = [one for root in roots for one in await profiles.listed(conn, root.id)]
    languages = sorted({word for one in found for word in one.languages})
    return Listed(
        people=tuple(
            one
            for one in found
            if (expertise is None or expertise in one.expertise)
            and (not language or language in one.languages)
        ),
        languages=tuple(languages),
    )
