"""Columns that are alike in every table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, String, Text

from server.domain.conflict import plain
from server.store.types import Id, UtcDateTime, now


def word() -> String:
    """A value of one of the domain's enums."""
    return String(32)


def own_id() -> Column[Any]:
    return Column("id", Id(), primary_key=True)


def to(table: str, name: str | None = None, **options: Any) -> Column[Any]:
    options.setdefault("nullable", False)
    return Column(name or table, Id(), ForeignKey(f"{table}.id"), **options)


def plain_name() -> Column[Any]:
    """The row's `name` as names are compared. Made from it in every insert; who renames says it."""

    def made(context: Any) -> str:
        return plain(context.get_current_parameters()["name"])

    return Column("plain_name", Text, nullable=False, index=True, default=made, server_default="")


def created() -> Column[Any]:
    return Column("created_at", UtcDateTime(), nullable=False, default=now)
