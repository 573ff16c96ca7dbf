"""Every text people read, in their language: ids are the English text, Chinese is in a catalogue.

A message names its values, `_("Hello %(name)s", name=name)`, and has no other `%` in it.
"""

from __future__ import annotations

import gettext as library
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages import mofile, pofile

LANGUAGES = ("zh", "en")
CATALOGUE = Path(__file__).parents[1] / "web/locale/zh_CN/LC_MESSAGES/heyi.po"

speaking: ContextVar[str] = ContextVar("speaking", default="zh")
"""The language of the request at hand; whoever answers it sets this first."""


def choose(*asked: str | None, accept: str = "", default: str = "zh") -> str:
    """The first of `asked` (address, cookie) that is spoken here, else what a browser accepts.

    `accept` is an Accept-Language header, in order of its weights; at the end `default`.
    """
    weighed = []
    for part in accept.split(","):
        tag, _, parameters = part.partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighed.append((-weight, tag))
    wanted = [tag or "" for tag in asked]
    wanted += [tag for _, tag in sorted(weighed, key=lambda pair: pair[0])]
    for tag in wanted:
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return default


@cache
def _catalogue(language: str) -> library.NullTranslations:
    if language != "zh":
        return library.NullTranslations()
    compiled = io.BytesIO()
    with CATALOGUE.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale="zh_CN"))
    compiled.seek(0)
    return library.GNUTranslations(compiled)


def gettext(message: str, /, **values: object) -> str:
    """The message in the language being spoken, with its values."""
    text = _catalogue(speaking.get()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The message for `n` things; the number is also the value `num`, as in Jinja."""
    text = _catalogue(speaking.get()).ngettext(one, many, n)
    return text % {"num": n, **values}


def N_(message: str) -> str:
    """Mark a message that is kept in a table and translated where it is shown."""
    return message
