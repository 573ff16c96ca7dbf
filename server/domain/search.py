"""How words are found: Chinese by pairs of characters, everything else by whole words.

A two-character word (租赁) is one pair; trigram indexes would not find it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")
_NUMBER = re.compile(r"\+?[0-9A-Z]{7,24}")
_BETWEEN = re.compile(r"[\s()./-]+")
FEWEST_DIGITS = 7
MOST = 20
"""Pairs asked for at once: whoever pastes a page looks for its beginning."""


def tokens(text: str) -> list[str]:
    """Every token of a text, each once, in order. Case, width and accents don't count."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        found.update(dict.fromkeys(_pairs(run)))
        if not run[0].isascii():
            found.update(dict.fromkeys(run))
    return list(found)


def asked(text: str) -> list[str]:
    """The tokens that a case must have to be what somebody looks for; none: nothing is asked."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        found.update(dict.fromkeys(_pairs(run)))
    return list(found)[:MOST]


def of_a_person(text: str) -> str:
    """What was typed, tidied, if it can only be an ID number or a telephone; else nothing.

    Case numbers and references have words in them, or fewer digits.
    """
    tidy = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    digits = sum(c in "0123456789" for c in tidy)
    return tidy if _NUMBER.fullmatch(tidy) and digits >= FEWEST_DIGITS else ""


def in_order(number: str) -> str:
    """A text that sorts as people count: 第9号 before 第12号."""
    return re.sub(r"[0-9]+", lambda found: found[0].zfill(8), number)


def _pairs(run: str) -> Iterable[str]:
    if run[0].isascii() or len(run) == 1:
        return [run]
    return (a + b for a, b in pairwise(run))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", bare).casefold()
