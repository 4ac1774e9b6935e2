"""Which place do they name? Asks the directory; the only file here that does."""

from __future__ import annotations

from bot.triage.vocabulary import Finding


def find_area(text: str) -> Finding | None:
    """The postcode, town or council in the text as the fact `area`; None when there is none."""
    from bot.directory import load_directory  # here, so that reading text does not load the directory for nothing

    match = load_directory().find_area(text)
    if match is None:
        return None
    return Finding("area", match.start, match.end, text[match.start : match.end], match.as_value(), 0.95)
