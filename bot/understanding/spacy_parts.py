"""How is spaCy loaded without TensorFlow behind it? Everything of spaCy's that Haven uses comes from here."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

#: Thinc, under spaCy, imports any of these that is installed, though nothing here computes with them: seconds and
#: hundreds of megabytes.
_UNWANTED = ("tensorflow", "torch", "mxnet")


class SpacyParts(NamedTuple):
    """The classes in use, and the vocabulary of a blank English pipeline (no model is downloaded)."""

    doc: type[Doc]
    phrase_matcher: type[PhraseMatcher]
    vocab: Vocab


@lru_cache(maxsize=1)
def spacy_parts() -> SpacyParts:
    """Load spaCy once. A module kept out while loading may be imported afterwards as usual, by training for one."""
    kept_out = [name for name in _UNWANTED if name not in sys.modules]
    for name in kept_out:
        sys.modules[name] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc
    finally:
        for name in kept_out:
            sys.modules.pop(name, None)
    return SpacyParts(Doc, PhraseMatcher, spacy.blank("en").vocab)
