"""Sealed fields: AES-256-GCM under the data key of the case they belong to.

What is sealed says which field of which thing it is, so that it can't be put in another's place.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALG = "aes256gcm"
NONCE_BYTES = 12


class Unreadable(Exception):
    """The key is not the one it was sealed with, or the words were changed."""


def seal(key: bytes, field: str, text: str) -> str:
    """`field` names the field and the thing, `party:<id>`. Returns `aes256gcm:` and base64."""
    sealed = seal_bytes(key, field.encode(), text.encode("utf-8", "replace"))
    return f"{ALG}:" + base64.b64encode(sealed).decode()


def unseal(key: bytes, field: str, sealed: str) -> str:
    """Raises Unreadable."""
    alg, colon, content = sealed.partition(":")
    if not colon or alg != ALG:
        raise Unreadable(alg[:16])
    return unseal_bytes(key, field.encode(), base64.b64decode(content)).decode()


def seal_bytes(key: bytes, about: bytes, content: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about)


def unseal_bytes(key: bytes, about: bytes, sealed: bytes) -> bytes:
    """Raises Unreadable."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise Unreadable(ALG) from None


def lookup(key: bytes, tenant: str, kind: str, value: str) -> str:
    """By this a value is found exactly and read by nobody: `hs256:` and base64.

    `value` is normalised already. Tenants' values can't be compared with each other's.
    """
    message = f"heyi lookup\n{tenant}\n{kind}\n{value}".encode("utf-8", "replace")
    return "hs256:" + base64.b64encode(hmac.digest(key, message, "sha256")).decode()
