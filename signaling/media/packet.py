"""The two buffers that every packet passes through, and libsrtp working in place on them.

One process forwards one packet at a time, so one buffer to receive into and one to send from are
enough. pylibsrtp's own `Session.protect` copies three times; called on these buffers the library
costs half a microsecond.
"""

from __future__ import annotations

import struct
from typing import Any

from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib

_ROOM = 2048
"""Longer than any datagram that reaches a browser, with room for the authentication tag."""

RX_MEMORY: Any = ffi.new("unsigned char[]", _ROOM)
RX = memoryview(ffi.buffer(RX_MEMORY)).cast("B")
"""The datagram just received; after `unprotect` the packet."""

TX_MEMORY: Any = ffi.new("unsigned char[]", _ROOM)
TX = memoryview(ffi.buffer(TX_MEMORY)).cast("B")
"""The packet to send; after `protect` the datagram."""

LENGTH: Any = ffi.new("int *")
"""`LENGTH[0]` is what libsrtp reads and writes as the length of its packet."""

LARGEST_PAYLOAD = 1400
"""More would not fit through a browser's path, whoever sent it."""

HEADER = struct.Struct(">BBHII")
"""Flags, marker and payload type, sequence number, timestamp, SSRC."""

PICTURE_HEADER = struct.Struct(">BBHIIII")
"""The same, and a header extension with the time of sending."""

SEND_TIME_ID = 3
SEND_TIME = SEND_TIME_ID << 28 | 2 << 24
"""The element's head, in the word that ends with the time: 24 bits, in 6.18 fixed point seconds."""
SEND_TIME_TICKS = 1 << 18

unprotect: Any = lib.srtp_unprotect
unprotect_rtcp: Any = lib.srtp_unprotect_rtcp
protect: Any = lib.srtp_protect


def context(session: Session) -> Any:
    """The `srtp_t` of a session, which must outlive it."""
    return session._srtp[0]
