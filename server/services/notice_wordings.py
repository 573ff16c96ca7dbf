"""Organisations' own wording of notices, as administrators write it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import OrganisationId
from server.domain.notice import NoticeName, Wording, checked_wording
from server.domain.organisation import Organisation
from server.domain.rights import Thing, Verb, may, scope
from server.domain.text import checked_text
from server.domain.user import User
from server.services import notice_texts, notices
from server.services.context import Context
from server.store import audit, notice_templates, organisations, users
from server.store.notice_templates import Own
from server.words import LANGUAGES

PROVIDER_TEMPLATE_LENGTH = 64

EXAMPLES = {
    "zh": {
        "code": "7K3M-9QX2-4D",
        "number": "（2026）和人调字第12号",
        "mediator": "王敏",
        "phone": "0571-12345678",
        "reason": "不属于调解范围",
        "elsewhere": "劳动仲裁委员会",
        "title": "围墙",
        "what": "首次联系",
        "on": "2026-11-30",
        "until": "2026-11-30",
        "outcome": "达成协议",
        "at": "2026-11-30T09:30",
        "was": "2026-11-27T14:00",
        "minutes": "60",
        "link": "https://heyi.example/j/…",
    },
    "en": {
        "code": "7K3M-9QX2-4D",
        "number": "(2026) No. 12",
        "mediator": "Wang Min",
        "phone": "0571-12345678",
        "reason": "it is not for mediation",
        "elsewhere": "the labour arbitration commission",
        "title": "Boundary wall",
        "what": "first contact",
        "on": "2026-11-30",
        "until": "2026-11-30",
        "outcome": "agreed",
        "at": "2026-11-30T09:30",
        "was": "2026-11-27T14:00",
        "minutes": "60",
        "link": "https://heyi.example/j/…",
    },
}
"""Invented values, by language, to look at a wording with."""


@dataclass(frozen=True, slots=True)
class WordingLine:
    """`own`: whose wording it is, this organisation's or that of one above; None: ours."""

    name: NoticeName
    language: str
    words: Wording
    own: OrganisationId | None


@dataclass(frozen=True, slots=True)
class Wordings:
    """`choices`: the organisations this user looks after."""

    organisation: Organisation
    choices: tuple[Organisation, ...]
    lines: tuple[WordingLine, ...]


@dataclass(frozen=True, slots=True)
class Version:
    own: Own
    by: str


@dataclass(frozen=True, slots=True)
class OneWording:
    """`words` are in force; `above` are in force when this organisation has none of its own.
    `version`: of its own newest, 0 if it never had one.
    """

    organisation: Organisation
    name: NoticeName
    language: str
    words: Wording
    above: Wording
    versions: tuple[Version, ...]

    @property
    def version(self) -> int:
        return self.versions[0].own.wording.version if self.versions else 0


async def listing(ctx: Context, user: User, organisation: str = "") -> Wordings:
    """Of this organisation, or of the first that the user looks after. Raises Refused."""
    async with ctx.store.read() as conn:
        choices = [await organisations.get(conn, i) for i in _granted(user)]
        where = await _managed(conn, user, organisation or next(iter(_granted(user)), ""))
        own = await notice_templates.current(conn, where.path)
    lines = [
        WordingLine(
            name,
            language,
            notice_texts.over(notice_texts.ours(name, language), found.wording if found else None),
            found.organisation if found else None,
        )
        for name in NoticeName
        for language in LANGUAGES
        for found in [own.get((name, language))]
    ]
    return Wordings(where, tuple(choices), tuple(lines))


async def one(ctx: Context, user: User, organisation: str, name: str, language: str) -> OneWording:
    """Raises Refused."""
    async with ctx.store.read() as conn:
        where = await _managed(conn, user, organisation or next(iter(_granted(user)), ""))
        key = _key(name, language)
        words = await notice_texts.wording(conn, where.path, *key)
        parent = where.path.removesuffix(f"{where.id}/")
        above = await notice_texts.wording(conn, parent, *key)
        versions = await notice_templates.history(conn, where.id, key)
        names = await users.names(conn, {own.by for own in versions})
    found = tuple(Version(own, names.get(own.by, "")) for own in versions)
    return OneWording(where, *key, words, above, found)


async def save(
    ctx: Context,
    user: User,
    was: OneWording,
    subject: str,
    body: str,
    provider_template: str,
    version: int,
) -> None:
    """A new version. Without subject and body it is again what is in force above.

    `version`: the one that was edited. Raises Refused.
    """
    if subject.strip() or body.strip():
        subject, body = checked_wording(was.name, subject, body)
    if provider_template.strip():
        provider_template = checked_text(
            provider_template, PROVIDER_TEMPLATE_LENGTH, "", "notice_template_unusable"
        )
    if version != was.version:
        raise Refused("edited_meanwhile")
    wording = Wording(subject.strip(), body.strip(), version + 1, provider_template.strip())
    key, now = (was.name, was.language), ctx.clock()
    try:
        async with ctx.store.write() as conn:
            where = await _managed(conn, user, was.organisation.id)
            await notice_templates.insert_next(conn, where.id, key, wording, user.id, now)
            said = {"language": was.language, "version": wording.version, "own": bool(body)}
            chain = f"org:{where.id}"
            await audit.append(conn, chain, "notice.worded", now, user.id, was.name, said)
    except IntegrityError:
        raise Refused("edited_meanwhile") from None


def preview(ctx: Context, was: OneWording, subject: str, body: str) -> tuple[str, str]:
    """Subject and text with invented values."""
    given = dict(EXAMPLES[was.language])
    words = Wording(subject, body, 0)
    name = {"zh": "张三", "en": "Alice Green"}[was.language]
    made = notices.content(ctx, was.organisation, name, was.language, words, given)
    return made["subject"], made["text"]


def _key(name: str, language: str) -> tuple[NoticeName, str]:
    if name not in set(NoticeName) or language not in LANGUAGES:
        raise Refused("not_found")
    return NoticeName(name), language


def _granted(user: User) -> list[OrganisationId]:
    """Where the user was made an administrator."""
    paths = dict.fromkeys(clause.path for clause in scope(user, Verb.MANAGE))
    return [OrganisationId(path.rstrip("/").rpartition("/")[2]) for path in paths]


async def _managed(conn: AsyncConnection, user: User, organisation: str) -> Organisation:
    found = await organisations.find(conn, OrganisationId(organisation))
    if found is None:
        raise Refused("not_found")
    if not may(user, Verb.MANAGE, Thing(found.path)):
        raise Refused("not_allowed")
    return found
