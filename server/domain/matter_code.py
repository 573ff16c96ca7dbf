"""The code by which somebody without an account asks how their matter stands 事项查询码.

Ten characters, read aloud without mistakes: no I, L, O and U.
"""

from __future__ import annotations

from server.domain.errors import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_MEANT = str.maketrans("ILOU", "110V")


def normalised(typed: str) -> str:
    """As it was given out, whatever spaces, dashes or look-alikes were typed.

    Raises Refused("code_unusable").
    """
    code = "".join(c for c in typed.upper().translate(_MEANT) if not c.isspace() and c not in "-–—")
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise Refused("code_unusable")
    return code


def written(code: str) -> str:
    """In groups, as it is shown: `7K3M-9QX2-4D`."""
    return "-".join((code[:4], code[4:8], code[8:]))
