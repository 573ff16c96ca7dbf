"""How words are found: Chinese by pairs of characters, everything else by whole words.

A two-character word (租赁) is one pair; trigram indexes would not find it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")


def tokens(text: str) -> list[str]:
    """Every token of a text, each once, in order. Case, width and accents don't count."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        if run[0].isascii() or len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
            found.update(dict.fromkeys(run))
    return list(found)


def asked(text: str) -> list[str]:
    """The tokens that a case must have to be what somebody looks for; none: nothing is asked."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        if run[0].isascii() or len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
    return list(found)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
