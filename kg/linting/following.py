"""What follows an id that is retired or came to mean something else, as a remedy in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.lineage.embedded import embedded_successors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.lineage.successors import Verdict


def successor(identifier: str, names: Mapping[str, str], name: str) -> str:
    """The remedy for an id that does not exist.

    Args:
        identifier: The id.
        names: Id -> name of the techniques that exist.
        name: What stands beside the id; it tells which of its meanings is meant.
    """
    verdict = embedded_successors().resolve(identifier, names, name=name)
    if verdict.outcome == "moved":
        return f"write {verdict.target} {names[verdict.target]} ({verdict.basis}, confidence {verdict.confidence:g})"
    if verdict.candidate:
        told = " or ".join(f"{each} {names[each]}" for each in verdict.candidate.split())
        return f"{told} may follow it (confidence {verdict.confidence:g})"
    return "nothing follows it for certain; name what is meant"


def earlier_meaning(identifier: str, names: Mapping[str, str], name: str) -> str:
    """The remedy for an id that stands with the name it had when it meant something else; empty where it never did."""
    table = embedded_successors()
    if table.meaning_of(identifier, name, names) is None:
        return ""
    return _in_words(table.resolve(identifier, names, name=name), names)


def _in_words(verdict: Verdict, names: Mapping[str, str]) -> str:
    if verdict.outcome != "moved":
        return "the id had that name when it meant something else; name what is meant"
    return f"with that name it was what is {verdict.target} {names[verdict.target]} now"
