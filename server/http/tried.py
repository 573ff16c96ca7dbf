"""What somebody's page said of itself before the meeting, in words for the mediator."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server.domain.progress import Fault, Network, Progress, Transport
from server.http import dates
from server.words import N_, speaking
from server.words import gettext as _

FAULTS: dict[Fault, str] = {
    Fault.INSECURE: N_("the page was not opened securely"),
    Fault.UNSUPPORTED: N_("this browser can't take part"),
    Fault.DENIED: N_("microphone and camera are blocked"),
    Fault.MISSING: N_("no microphone was found"),
    Fault.BUSY: N_("another program uses the microphone"),
    Fault.CAMERA_DENIED: N_("the camera is blocked"),
    Fault.CAMERA_MISSING: N_("no camera was found"),
    Fault.CAMERA_BUSY: N_("another program uses the camera"),
    Fault.NO_SOUND: N_("the test sound was not heard"),
    Fault.NO_WAY: N_("the network lets no calls through"),
}

WEAK_MS, WEAK_LOSS = 400, 0.05
"""From here on a network is a weak one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Tried on Mon 23 Nov 2026: microphone and camera work, network good, WeChat on iPhone."""

    words: str
    fault: bool


def told(said: Progress, zone: ZoneInfo) -> Tried:
    return Tried(_in_words(said, zone), said.fault is not None)


def _in_words(said: Progress, zone: ZoneInfo) -> str:
    parts = [_working(said), _network(said.network), said.browser]
    if said.fault is not None:
        parts.insert(0, _(FAULTS[said.fault]))
    joined = _comma().join(filter(None, parts))
    day = dates.when(said.at, zone)
    if said.fault is not None:
        return _("It did not work on %(day)s: %(what)s", day=day, what=joined)
    if said.rehearsal:
        return _("Tried on %(day)s: %(what)s", day=day, what=joined or _("link opened"))
    return _("Opened on %(day)s: %(what)s", day=day, what=joined or _("link opened"))


def _comma() -> str:
    return "，" if speaking.get() == "zh" else ", "


def _working(said: Progress) -> str:
    if said.microphone and said.camera:
        return _("microphone and camera work")
    if said.microphone:
        return _("the microphone works, no camera")
    if said.camera:
        return _("the camera works, no microphone")
    return ""


def _network(network: Network) -> str:
    if network.rtt_ms is None and network.loss is None:
        return ""
    slow = (network.rtt_ms or 0) > WEAK_MS or (network.loss or 0) > WEAK_LOSS
    if slow:
        return _("network weak")
    if network.transport is Transport.TCP:
        return _("network fair (no UDP)")
    return _("network good")
