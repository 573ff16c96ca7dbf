"""Lists of cases: columns, orders, filters."""

from __future__ import annotations

from enum import StrEnum

from server.domain.export import ExportWhy
from server.domain.listing import Column, Due, Sort
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    Column: {
        Column.NUMBER: N_("Number"),
        Column.PARTIES: N_("Parties"),
        Column.TYPE: N_("Type of dispute"),
        Column.STATUS: N_("Status"),
        Column.DIFFICULTY: N_("Difficulty"),
        Column.SOURCE: N_("Source"),
        Column.HANDLERS: N_("Handled by"),
        Column.ORGANISATION: N_("Organisation"),
        Column.CAME_IN: N_("Came in"),
        Column.ACCEPTED: N_("Accepted on"),
        Column.DUE: N_("Next due"),
        Column.MEETING: N_("Next meeting"),
    },
    Sort: {
        Sort.CAME_IN: N_("Newest first"),
        Sort.OLDEST: N_("Oldest first"),
        Sort.ACCEPTED: N_("Last accepted first"),
        Sort.DUE: N_("Due first"),
        Sort.NUMBER: N_("By number"),
    },
    ExportWhy: {
        ExportWhy.FIGURES: N_("For figures"),
        ExportWhy.SUPERIORS: N_("For those above us"),
        ExportWhy.PLANNING: N_("To plan our work"),
        ExportWhy.ARCHIVE: N_("For the archive"),
        ExportWhy.AUTHORITY: N_("A court or an office that may ask for it"),
    },
    Due: {
        Due.OVERDUE: N_("Overdue"),
        Due.WEEK: N_("Due within 7 days"),
    },
}

BUILT_IN = {
    "mine": N_("My cases"),
    "to_decide": N_("To decide"),
    "overdue": N_("Overdue"),
    "without_mediator": N_("Without mediator"),
}
"""The filters that everybody has (domain.listing.BUILT_IN)."""
