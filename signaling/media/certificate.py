"""The certificate with which a worker shakes hands, and what it agrees to there.

Its key is made when the worker starts, is in that process's memory only, and ends with it: there is
nothing to store, to leak or to replace. Who it is a browser knows by the fingerprint in the
description, which came over TLS.
"""

from __future__ import annotations

from functools import cached_property

from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    SRTPProtectionProfile,
)
from OpenSSL import SSL

_DTLS_1_2 = 0xFEFD
_CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256",
    b"ECDHE-ECDSA-AES256-GCM-SHA384",
    b"ECDHE-ECDSA-CHACHA20-POLY1305",
)


class Certificate(RTCCertificate):
    """aiortc's, without what is older than DTLS 1.2 or not authenticated encryption. What is the
    same for all links is made once."""

    @cached_property
    def _fingerprints(self) -> list[RTCDtlsFingerprint]:
        return super().getFingerprints()

    @cached_property
    def _contexts(self) -> dict[tuple[bytes, ...], SSL.Context]:
        return {}

    def getFingerprints(self) -> list[RTCDtlsFingerprint]:
        return self._fingerprints

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        kind = tuple(profile.openssl_profile for profile in srtp_profiles)
        if kind not in self._contexts:
            context = super()._create_ssl_context(srtp_profiles)
            context.set_min_proto_version(_DTLS_1_2)
            context.set_cipher_list(b":".join(_CIPHERS))
            # Every handshake is a whole one, and nothing of it is kept for another.
            context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            self._contexts[kind] = context
        return self._contexts[kind]
