"""What the prose of a corpus names, read once it is assembled, whatever format it came in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.sources.checks import find_long_prose
from kg.text.lexicon import lexicon_with
from kg.text.mentions import reader_of

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus


def with_names(corpus: Corpus, entities: Path | None = None) -> Corpus:
    """The corpus with the mentions of actors, platforms, countries and years in its incidents.

    Of an incident with more than :data:`kg.text.fields.MOST_PROSE` characters the rest is not read; a finding says so.

    Args:
        corpus: What was read; mentions it has already are read anew.
        entities: A list of names of the user's own, beside those that are shipped.

    Raises:
        SourceError: The list cannot be read; the message names file and line.
    """
    if not any(incident.title or incident.summary or incident.rows for incident in corpus.incidents):
        return corpus
    reader = reader_of(lexicon_with(entities))
    names = tuple(mention for item in corpus.incidents for mention in reader.read(item))
    # The readers of pages have told of these.
    untold = set(find_long_prose(corpus.incidents)) - set(corpus.findings)
    return replace(corpus, names=names, findings=(*corpus.findings, *sorted(untold, key=lambda item: str(item.place))))
