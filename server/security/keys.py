"""The key store: a folder outside the database, made at the first start.

Whoever has a copy of the database but not of this folder can open no link. Files are readable
by the server's own account only.
"""

from __future__ import annotations

import base64
import os
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.security import folders
from server.security.data_keys import DataKeys

KEY_BYTES = 32


def recording_key(recording: str) -> str:
    """By which the data key of a recording is known; that of a case is known by the case's id."""
    return f"recording:{recording}"


class KeyUnusable(Exception):
    """A key file is damaged. Never made anew by itself: that would void every link given out."""


class KeyStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = DataKeys(folder, lambda tenant: self._key(f"tenant-{tenant}.key"))

    @cached_property
    def link_key(self) -> bytes:
        """32 bytes, under which the tokens of all seats' links are made."""
        return self._key("link.key")

    @cached_property
    def lookup_key(self) -> bytes:
        """32 bytes, under which ID numbers and telephones are looked up."""
        return self._key("lookup.key")

    @cached_property
    def own_key(self) -> bytes:
        """32 bytes, for what is sealed and belongs to no case: second factors of staff."""
        return self._key("own.key")

    def make_all(self) -> None:
        """What is not there yet, so that a copy made now is of all that will be needed."""
        _ = self.link_key, self.lookup_key, self.own_key, self._audit_key

    def sign(self, message: bytes) -> str:
        """An Ed25519 signature of the audit's checkpoints, in base64."""
        return base64.b64encode(self._audit_key.sign(message)).decode()

    def signed(self, message: bytes, signature: str) -> bool:
        """Whether `sign` made this signature for this message."""
        try:
            self._audit_key.public_key().verify(base64.b64decode(signature), message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def audit_public_key(self) -> str:
        """What checks those signatures, for whoever has no key store: 32 bytes in base64."""
        return base64.b64encode(self._audit_key.public_key().public_bytes_raw()).decode()

    @cached_property
    def _audit_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key("audit.key"))

    def _key(self, name: str) -> bytes:
        file = self.folder / name
        if not file.exists():
            self._make(file)
        key = file.read_bytes()
        if len(key) != KEY_BYTES:
            raise KeyUnusable(f"{file}: expected {KEY_BYTES} bytes, found {len(key)}")
        return key

    def _make(self, file: Path) -> None:
        """Whole or not at all; of two servers starting at once, both use the first one's."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(KEY_BYTES))
            os.fsync(descriptor)
            os.close(descriptor)
            try:
                file.hardlink_to(draft)
            except FileExistsError:
                return
            folders.sync(self.folder)
        finally:
            draft.unlink()
