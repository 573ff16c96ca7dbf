"""Commands of the recorder: a host asks, everybody answers, and it is stopped."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.domain.consent import Purpose
from server.domain.recorded import LONGEST
from signaling.payloads.base import Command, Id

Hash = Annotated[str, Field(max_length=80)]


class AskRecording(Command):
    """`hash`: of the text that was on the host's screen, and will be on everybody's."""

    purpose: Purpose
    minutes: Annotated[int, Field(ge=1, le=LONGEST)]
    hash: Hash


class AnswerRecording(Command):
    """`person`: who of those beside answers, empty for the one whose seat it is."""

    recording: Id
    hash: Hash
    person: Annotated[str, Field(max_length=200)] = ""
    yes: bool
