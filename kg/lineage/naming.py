"""Which meaning of an id is meant where it stands with a name, as old tables write it: ``T0053 - Twitter Trolls ...``.

An id that came to mean something else is not to be believed without its name, and a name that nothing at hand knows
leaves open what is meant.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from kg.lineage.states import TECHNIQUES, name_key, same_words, share_a_word
from kg.lineage.successors import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.lineage.history import History
    from kg.lineage.successors import Successors

# "Teriary Sites Amplify News" is 0.98 like what was meant; two names of one id that mean different things are at most
# 0.49 alike over the 546 ids of 1.x.
_ALIKE = 0.8


class Meant(NamedTuple):
    """An id with the meaning it has here: as in :class:`kg.lineage.history.Span`, and the name it is known by.

    ``exact`` says that the name given is the known one but for case and punctuation.
    """

    meaning: str
    name: str
    exact: bool


class Forwarder:
    """Follows ids that stand with a name into one release.

    Args:
        history: What every id was called.
        successors: What follows what.
        names: Id -> name in the release.
        least: The confidence below which nothing is followed.
    """

    def __init__(
        self, history: History, successors: Successors, names: Mapping[str, str], *, least: float = 0.8
    ) -> None:
        self._successors = successors
        self._names = names
        self._least = least
        self._known: dict[str, dict[str, str]] = {}
        for span in history.spans:
            if span.line == TECHNIQUES:
                self._known.setdefault(span.identifier, {})[span.name] = span.meaning

    def meant(self, identifier: str, name: str) -> Meant | None:
        """Which meaning a name gives an id; None where that cannot be told."""
        known = dict(self._known.get(identifier, {}))
        here = self._names.get(identifier)
        if here is not None:
            known.setdefault(here, "" if not known or self._is_last(known, here) else "new")
        if not name:
            # A release that calls it as no other ever did speaks of its own.
            meanings = {"new"} if here is not None and known[here] == "new" else set(known.values())
            return Meant(meanings.pop(), here or next(iter(known)), exact=False) if len(meanings) == 1 else None
        for called, meaning in known.items():
            if name_key(called) == name_key(name):
                return Meant(meaning, called, exact=True)
        return _nearest(name, known)

    @staticmethod
    def _is_last(known: Mapping[str, str], here: str) -> bool:
        return any(share_a_word(here, called) for called, meaning in known.items() if not meaning)

    def follow(self, identifier: str, name: str) -> tuple[Meant | None, Verdict]:
        """What is meant by an id with its name, and what becomes of it in the release."""
        meant = self.meant(identifier, name)
        if meant is None:
            why = "its name is none that it ever had" if name else "no name tells which of its meanings is meant"
            return None, Verdict(identifier, "stays", identifier, 0.0, "unknown", why)
        if meant.meaning == "new":
            return meant, Verdict(identifier, "kept", identifier, 1.0, "exists", "it exists")
        if identifier in self._names and not meant.meaning and not self._stands(identifier):
            why = f"{identifier} means something else in this release"
            return meant, Verdict(identifier, "stays", identifier, 0.0, "unknown", why)
        verdict = self._successors.resolve(
            identifier, self._names, name=meant.name, meaning=meant.meaning, least=self._least
        )
        return meant, verdict

    def _stands(self, identifier: str) -> bool:
        """Whether an id means in the release what it meant last as far as is known."""
        known = self._known.get(identifier, {})
        return not known or self._is_last(known, self._names[identifier])


def _nearest(name: str, known: Mapping[str, str]) -> Meant | None:
    """The one meaning with a name nearly like this one; None where there is none, or more than one."""
    key = name_key(name)
    alike = [
        (called, meaning)
        for called, meaning in known.items()
        if same_words(name, called) or SequenceMatcher(None, key, name_key(called), autojunk=False).ratio() >= _ALIKE
    ] or [(called, meaning) for called, meaning in known.items() if share_a_word(name, called)]
    meanings = {meaning for _, meaning in alike}
    return Meant(alike[-1][1], alike[-1][0], exact=False) if len(meanings) == 1 else None
