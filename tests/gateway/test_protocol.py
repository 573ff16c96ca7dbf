"""The protocol is written once: the browser's types and the handlers follow from it."""

from __future__ import annotations

from pydantic import BaseModel

from signaling import protocol, typescript
from signaling.gateway import Gateway


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
