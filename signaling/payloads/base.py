"""What all payloads are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$")]
"""A UUID in lower case."""


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Command(Payload):
    id: Id


class Switch(Command):
    on: bool


class OnSeat(Command):
    seat: Id
