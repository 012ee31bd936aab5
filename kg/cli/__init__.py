"""The command line: words and exit codes. One file a command; the dict in :mod:`kg.cli.app` is the whole list."""

from __future__ import annotations

import errno
import io
import os
import sys
import unicodedata

from kg.errors import KgError, QueryError

DONE, ANSWER_IS_NO, WRONG_USAGE, INPUT_AT_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit status: done; done, and the answer is no; wrong usage; the input is at fault; Ctrl-C."""


def main() -> None:
    """Run ``kg``; a :class:`~kg.errors.KgError` becomes one line on stderr and exit status 3."""
    if sys.stdout is None:
        sys.stderr.write("kg: standard output is closed; give it a terminal, a pipe or a file\n")
        sys.exit(INPUT_AT_FAULT)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no curly quote gets a question mark, and never an error.
        sys.stdout.reconfigure(errors="replace")
    sys.exit(_run())


def _run() -> int:
    import click

    from kg.cli.app import cli

    try:
        status = cli.main(prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("kg: interrupted\n")
        return INTERRUPTED
    except KgError as error:
        sys.stderr.write(describe(error) + "\n")
        return INPUT_AT_FAULT
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Nothing more may be written, not even at shutdown.
        _let_go_of_stdout()
        return DONE
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EBADF} or error.filename is not None:
            raise
        _let_go_of_stdout()
        sys.stderr.write(f"kg: standard output cannot be written ({error.strerror}); make room or write elsewhere\n")
        return INPUT_AT_FAULT
    return status if isinstance(status, int) else DONE


def _let_go_of_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
