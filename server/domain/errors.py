"""The one way in which the domain says no."""

from __future__ import annotations


class Refused(Exception):
    """A command that the rules do not allow; nothing has changed.

    `code` is stable and meant for programs; `server/sentences.py` has its sentence for people.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
