"""Descriptions, each distinct one parsed once: a table repeats one description once for every technique."""

from __future__ import annotations

import hashlib

from kg.model import Passage
from kg.text import digest, parse_groups, plain_text


class Passages:
    """The passages of one source, by their markup and by their hash."""

    def __init__(self) -> None:
        self._by_markup: dict[str, Passage | None] = {}
        self._by_hash: dict[str, Passage] = {}

    def intern(self, markup: str) -> Passage | None:
        """The passage of a cell; None where the cell holds no text.

        Cells that differ in markup or white space only are one passage: the text of the first one read stands.
        """
        if markup not in self._by_markup:
            text = plain_text(markup)
            self._by_markup[markup] = self._passage(text) if text else None
        return self._by_markup[markup]

    def _passage(self, text: str) -> Passage:
        # A plain text of ASCII letters on one line is folded already.
        folded = text.isascii() and "\n" not in text
        sha256 = hashlib.sha256(text.encode()).hexdigest() if folded else digest(text)
        known = self._by_hash.get(sha256)
        if known is None:
            groups, loose = parse_groups(text)
            known = self._by_hash[sha256] = Passage(sha256, text, groups, loose)
        return known
