"""Columns that are alike in every table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, String

from server.store.types import Id, UtcDateTime, now


def word() -> String:
    """A value of one of the domain's enums."""
    return String(32)


def own_id() -> Column[Any]:
    return Column("id", Id(), primary_key=True)


def to(table: str, name: str | None = None, **options: Any) -> Column[Any]:
    options.setdefault("nullable", False)
    return Column(name or table, Id(), ForeignKey(f"{table}.id"), **options)


def created() -> Column[Any]:
    return Column("created_at", UtcDateTime(), nullable=False, default=now)
