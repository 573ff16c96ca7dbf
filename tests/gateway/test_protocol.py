"""The protocol is written once: the browser's types and the handlers follow from it."""

from __future__ import annotations

from pydantic import BaseModel

from server.domain.ids import SeatId
from signaling import protocol, typescript
from signaling.gateway import Gateway
from signaling.media.plane import SLOTS, MicrophoneSilent, PlaneEvent, Slots, Speaking


def test_the_browsers_types_are_those_of_the_protocol() -> None:
    assert typescript.TARGET.read_text("utf-8") == typescript.text()


def test_every_event_has_a_handler_and_every_handler_an_event() -> None:
    handlers = {name.removeprefix("on_") for name in dir(Gateway) if name.startswith("on_")}
    assert handlers == set(protocol.COMMANDS) | set(protocol.SIGNALS)


def test_every_payload_refuses_what_it_does_not_know() -> None:
    models: set[type[BaseModel]] = {*protocol.COMMANDS.values(), *protocol.SIGNALS.values()}
    assert models
    for model in models:
        assert model.model_config["extra"] == "forbid", model


def test_what_the_plane_tells_of_voices_and_screens_is_told_as_declared() -> None:
    a, b = SeatId("a"), SeatId("b")
    told: dict[str, PlaneEvent] = {
        "routes": Slots(a, (b, *[None] * (SLOTS - 1)), frozenset({b}), b),
        "speaking": Speaking(a, (b, a)),
        "silent_microphone": MicrophoneSilent(a, True),
    }
    for name, happened in told.items():
        found = protocol.from_plane(happened, list)
        assert found is not None
        assert found[0] == name
        assert protocol.EVENTS[name].model_validate(found[1]).model_dump() == found[1]
    assert protocol.from_plane(told["speaking"], list) == ("speaking", {"seats": ["b", "a"]})
