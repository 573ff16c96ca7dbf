"""Ed25519, as evidence is signed and checked. Who signs gives a function; the key stays there."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALG = "ed25519"


@dataclass(frozen=True, slots=True)
class Signer:
    key: str
    """The public key: 32 bytes in base64."""
    sign: Callable[[bytes], str]
    """Gives a signature in base64."""

    def envelope(self, content: bytes) -> dict[str, str]:
        """What is put beside what was signed."""
        return {"alg": ALG, "key": self.key, "signature": self.sign(content)}


def holds(key: str, content: bytes, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True
