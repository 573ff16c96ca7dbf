"""About files that are shown page by page, and those that can't be."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "paper_locked": N_(
        "A file with a password can't be opened here. Save it without one and send it again, or "
        "print it and photograph the pages."
    ),
    "paper_macros": N_(
        "A file with programs (macros) in it is not kept. In Word or Excel, save it as .docx or "
        ".xlsx, or as PDF, and send that."
    ),
    "paper_broken": N_(
        "This file can't be read: it may be damaged or not have come whole. Open it yourself, save "
        "it anew or as PDF, and send it again."
    ),
    "paper_too_long": N_(
        "This file has more than 2,000 pages, which is more than can be shown. Send only the part "
        "that matters."
    ),
    "paper_too_large": N_(
        "There is more in this file than can be opened safely. Send it as PDF, or as a smaller "
        "picture."
    ),
    "paper_too_slow": N_(
        "It took too long to make pages of this file. Send only the part that matters, or save it "
        "as PDF first."
    ),
    "paper_needs_office": N_(
        "Word, Excel and plain text can be kept and downloaded but not shown here. To show it, "
        "save it as PDF and send that."
    ),
    "paper_no_pages": N_("Sound and video have no pages to show. They can be kept and downloaded."),
}
