"""The forms in which people decide: refuse a matter, give it to somebody, answer, ask a side."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from server.domain.assignment import checked_words
from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.screening import (
    Authority,
    Capacity,
    Equipment,
    Screening,
    Told,
    checked,
)
from server.http.forms import Data, Form, key_of, text
from server.services.deciding import checked_refusal


@dataclass(slots=True)
class RefusalForm(Form):
    ground: str = ""
    words: str = ""
    elsewhere: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, data: Data) -> RefusalForm:
        chosen = {str(value) for value in data.getall("elsewhere", [])}
        return cls(
            key=key_of(data), ground=text(data, "ground"), words=text(data, "words"),
            elsewhere=chosen,
        )  # fmt: skip

    def checked(self) -> tuple[RefusalGround, list[Elsewhere]] | None:
        """Or None with `errors` filled."""
        where = [place for place in Elsewhere if place in self.elsewhere]
        ground = self.check("ground", self._ground)
        if ground is None:
            return None
        try:
            checked_refusal(ground, self.words, where)
        except Refused as refused:
            start = refused.code.partition("_")[0]
            self.errors[start] = refused.code
            return None
        return ground, where

    def _ground(self) -> RefusalGround:
        if self.ground not in set(RefusalGround):
            raise Refused("ground_missing")
        return RefusalGround(self.ground)


@dataclass(slots=True)
class WordsForm(Form):
    words: str = ""

    @classmethod
    def read(cls, data: Data) -> WordsForm:
        return cls(key=key_of(data), words=text(data, "words"))

    def checked(self) -> str | None:
        return self.check("words", lambda: checked_words(self.words))


@dataclass(slots=True)
class GivingForm(Form):
    """Somebody is asked, or takes it on at once (`how`)."""

    fields: ClassVar[dict[str, str]] = {
        "words_": "why",
        "note_": "note",
        "agreed_": "agreed",
        "mediator_unknown": "taker",
        "conflict_": "other_person",
    }
    role: HandlerRole = HandlerRole.MEDIATOR
    language: str = ""
    name: str = ""
    taker: str = ""
    how: str = "offer"
    agreed: bool = False
    other_person: bool = False
    why: str = ""
    note: str = ""

    @classmethod
    def read(cls, data: Data) -> GivingForm:
        """From a form, or from an address."""
        role = text(data, "role")
        return cls(
            key=key_of(data),
            role=HandlerRole(role) if role in set(HandlerRole) else HandlerRole.MEDIATOR,
            language=text(data, "language"),
            name=text(data, "name"),
            taker=text(data, "taker"),
            how=text(data, "how"),
            agreed=bool(text(data, "agreed")),
            other_person=bool(text(data, "other_person")),
            why=text(data, "why"),
            note=text(data, "note"),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        parts = self.language.replace("、", ",").replace("，", ",").split(",")
        return tuple(part.strip() for part in parts if part.strip())

    def chosen(self) -> UserId | None:
        """Or None with `errors` filled."""
        if not self.taker:
            self.errors["taker"] = "mediator_unknown"
            return None
        return UserId(self.taker)


@dataclass(slots=True)
class AnswerForm(Form):
    fields: ClassVar[dict[str, str]] = {"words_": "words"}
    knows: str = ""
    words: str = ""

    @classmethod
    def read(cls, data: Data) -> AnswerForm:
        return cls(key=key_of(data), knows=text(data, "knows"), words=text(data, "words"))

    def checked(self) -> bool:
        """Whether it says what has to be said; else `errors` are filled."""
        if self.knows not in ("nobody", "somebody"):
            self.errors["knows"] = "declaration_missing"
        elif self.knows == "somebody":
            self.check("words", lambda: checked_words(self.words))
        return not self.errors


SAFETY = ("violence", "threats", "pressure")
CHOICES: dict[str, Any] = {
    **dict.fromkeys(SAFETY, Told),
    "capacity": Capacity,
    "authority": Authority,
    "equipment": Equipment,
}
TICKS = ("interpreter", "shuttle_only")


@dataclass(slots=True)
class ScreeningForm(Form):
    told: Screening = field(default_factory=Screening)

    @classmethod
    def read(cls, data: Data) -> ScreeningForm:
        values: dict[str, Any] = {}
        for known in fields(Screening):
            typed = text(data, known.name)
            if known.name in CHOICES:
                kind = CHOICES[known.name]
                values[known.name] = kind(typed) if typed in set(kind) else kind.NOT_ASKED
            elif known.name in TICKS:
                values[known.name] = bool(typed)
            else:
                values[known.name] = typed
        return cls(key=key_of(data), told=Screening(**values))

    def checked(self) -> Screening | None:
        """Or None with `errors` filled."""
        try:
            return checked(self.told)
        except Refused as refused:
            self.errors["notes" if refused.code == "notes_unusable" else "form"] = refused.code
            return None
