"""About files, reports from the field, and imports."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "file_missing": N_("Please choose a file."),
    "file_too_large": N_(
        "This file is larger than this page takes, so it was not kept. Please make it smaller, or "
        "choose another one."
    ),
    "file_empty": N_("This file is empty, so it was not kept. Please choose it again."),
    "file_type": N_(
        "One of the files is of a kind that we do not take, so nothing was kept. Photos, PDF, Word "
        "and Excel documents, plain text, sound and video (MP3, M4A, MP4) are taken."
    ),
    "report_decided": N_(
        "This report has been taken up already. Please tell your office by telephone, or report "
        "it anew."
    ),
    "too_many_files": N_("These are more than 20 files, so nothing more was kept."),
    "document_kind_unusable": N_("Please choose what kind of paper this is."),
    "position_unusable": N_("This position is not readable. Clear it, or take it again."),
    "report_place_missing": N_("Please say where it is, or add your position."),
    "import_kind_missing": N_("Please choose what is to be imported."),
    "import_unreadable": N_(
        "This file can't be read as a table. Excel (.xlsx) and CSV in UTF-8 or GB18030 can be; "
        "save it again as one of these."
    ),
    "import_empty": N_("There are no rows below the headings, so nothing was taken in."),
    "import_columns_missing": N_(
        "Some columns that are needed are missing, so nothing was taken in. Headings stand in the "
        "first row, as in the template."
    ),
    "import_too_many_rows": N_("A file can have 500,000 rows. Please divide it."),
    "import_too_many_wrong": N_(
        "More than 5,000 rows are wrong, so the check was stopped. Is it the right file?"
    ),
    "import_file_gone": N_(
        "The file is not here any more, so nothing more was brought in. Please send it again."
    ),
    "import_cell_missing": N_("This can't be empty."),
    "import_too_long": N_("This is too long, or has characters that can't be shown."),
    "import_word_unknown": N_("This is none of the words that are known here."),
    "import_date_unreadable": N_("This is no date. Write it like 2026-11-23."),
    "import_date_future": N_("This date is in the future."),
    "import_dates_disorder": N_("This is earlier than the step before it."),
    "import_accepted_missing": N_(
        "The day of acceptance is missing: only accepted cases have a number, a mediator or an end."
    ),
    "import_outcome_missing": N_("A closed case needs how it ended."),
    "import_closed_missing": N_("The day it was closed is missing."),
    "import_number_taken": N_("Another case of this organisation has this number already."),
    "import_mediator_unknown": N_("Nobody who handles cases there has this login."),
    "import_more_than_names": N_("There are more of these than names."),
    "import_organisation_unknown": N_("No organisation of yours has this name."),
    "import_organisation_ambiguous": N_(
        "Several organisations of yours have this name. Write the id instead."
    ),
    "import_organisation_known": N_("There is one of this name in this place already."),
}
