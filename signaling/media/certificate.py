"""The certificate with which a worker shakes hands, and what it agrees to there.

Its key is made when the worker starts, is in that process's memory only, and ends with it: there is
nothing to store, to leak or to replace. Who it is a browser knows by the fingerprint in the
description, which came over TLS.
"""

from __future__ import annotations

from aiortc.rtcdtlstransport import RTCCertificate, SRTPProtectionProfile
from OpenSSL import SSL

_DTLS_1_2 = 0xFEFD
_CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256",
    b"ECDHE-ECDSA-AES256-GCM-SHA384",
    b"ECDHE-ECDSA-CHACHA20-POLY1305",
)


class Certificate(RTCCertificate):
    """aiortc's, without what is older than DTLS 1.2 or not authenticated encryption."""

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        context = super()._create_ssl_context(srtp_profiles)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_cipher_list(b":".join(_CIPHERS))
        return context
