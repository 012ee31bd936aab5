"""Plain text out of what DISARM's tables hold: a little HTML, a little Markdown, and stray blanks.

Offsets everywhere else count code points of the text made here.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

_BREAK = re.compile(r"</?br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:i|b|u|em|strong|p|span|sup|sub)\s*/?>", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![\w@/#._-])_(?=[^\s_])([^_\n]*[^\s_])_(?![\w@/#])")
# Whatever the steps below would change; most names and cells hold none of it.
_MARKED = re.compile(r"[<&_\\\n]|  |[^\S ]|[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# One plain blank is left alone: matching each of them would cost more than all the rest.
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_AROUND_BREAK = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")
# Control characters cannot stand in RDF/XML or SPARQL XML results; they carry nothing in a description.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def plain_text(markup: str) -> str:
    r"""The text a reader sees: tags and ``_italics_`` marks gone, ``<br>`` a line break, runs of blanks one blank.

    >>> plain_text("<i>\u201cBots\u201d</I><br /><br>They\xa0posted  (T0115: Post Content).")
    '\u201cBots\u201d\n\nThey posted (T0115: Post Content).'
    """
    if not _MARKED.search(markup):
        return markup.strip()
    text = _TAG.sub("", _BREAK.sub("\n", markup)) if "<" in markup else markup
    if "&" in text:
        text = html.unescape(text)
    text = _CONTROL.sub(" ", text.replace("\\|", "|"))
    if "_" in text:
        text = _ITALIC.sub(r"\1", text)
    text = _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text))
    return _MANY_BREAKS.sub("\n\n", text).strip()


def fold(text: str) -> str:
    """The NFC form with every run of white space one blank: what two passages must share to be the same."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(text: str) -> str:
    """The sha256 of the UTF-8 of the folded text, as 64 hex digits."""
    return hashlib.sha256(fold(text).encode("utf-8")).hexdigest()
