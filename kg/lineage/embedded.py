"""The history of ids and the reviewed successors as they lie in ``data/``, each read once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kg.lineage.states import DRAFT, TECHNIQUES, same_words
from kg.lineage.successors import Successors
from kg.lineage.tables import read_history, read_successors
from kg.resources import data_folder

if TYPE_CHECKING:
    from kg.lineage.history import History

HISTORY, RELEASES = "history.csv", "releases.csv"
SUCCESSORS, CROSSWALK = "successors.csv", "crosswalk.csv"


@cache
def embedded_history() -> History:
    """The history in ``data/``.

    Raises:
        SourceError: A table is missing or not as it should be.
    """
    return read_history(data_folder() / HISTORY, data_folder() / RELEASES)


@cache
def embedded_successors() -> Successors:
    """The reviewed table of successors, with the ids that the 2.0 draft gives another meaning.

    Raises:
        SourceError: A table is missing or not as it should be.
    """
    return Successors(read_successors(data_folder() / SUCCESSORS), reused_in_draft(embedded_history()))


@cache
def embedded_crosswalk() -> Successors:
    """What follows each id up to 2.x: the reviewed successors within 1.x, and of ids of the last 1.x those in 2.x.

    Raises:
        SourceError: A table is missing or not as it should be.
    """
    known = embedded_successors()
    rows = (*known.rows, *read_successors(data_folder() / CROSSWALK))
    return Successors(rows, known.reused, "the crosswalk to 2.x has no row of it, and nothing there bears its name")


def reused_in_draft(history: History) -> dict[str, str]:
    """Ids of 1.x that the 2.0 draft gives another meaning, and the name it has there."""
    of_draft = {span.identifier: span.name for span in history.spans if span.line == DRAFT}
    found = {}
    for identifier, name in of_draft.items():
        names = {each.name for each in history.by_identifier[identifier] if each.line == TECHNIQUES}
        if names and not any(same_words(name, each) for each in names):
            found[identifier] = name
    return found
