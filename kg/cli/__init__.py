"""The command line: words and exit codes. One file a command; the dict in :mod:`kg.cli.app` is the whole list."""

from __future__ import annotations

import os
import sys
import unicodedata

from kg.errors import KgError, QueryError

DONE, ANSWER_IS_NO, WRONG_USAGE, INPUT_AT_FAULT = 0, 1, 2, 3
"""Exit status: done; done, and the answer is no; wrong usage; the input is at fault."""


def main() -> None:
    """Run ``kg``; a :class:`~kg.errors.KgError` becomes one line on stderr and exit status 3."""
    from kg.cli.app import cli

    try:
        cli(prog_name="kg")
    except KgError as error:
        sys.stderr.write(describe(error) + "\n")
        sys.exit(INPUT_AT_FAULT)
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Nothing more may be written, not even at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)


def describe(error: KgError) -> str:
    """An error as it is shown: one line, and for a query the faulty line with a caret below."""
    text = f"kg: {printable(str(error))}"
    if isinstance(error, QueryError) and error.excerpt:
        text += "\n" + printable(error.excerpt)
    return text


def printable(text: str) -> str:
    r"""Text without the control characters by which data could steer a terminal; line breaks and tabs stay.

    >>> printable("a\x1b[31mb")
    'a\ufffd[31mb'
    """
    if text.isprintable():
        return text
    return "".join(char if char in "\n\t" or not _is_control(char) else "\ufffd" for char in text)


# They turn the direction of writing, so that a line reads otherwise than it is.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" or char in _OVERRIDES


if __name__ == "__main__":
    main()
