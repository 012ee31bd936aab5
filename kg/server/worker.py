"""A worker: does one job after the other and is gone when one of them takes too long or too much.

Its clock is the system's: an alarm that nothing in the engine can hold up ends the process at the deadline, whether or
not anybody is left to kill it.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import traceback
from typing import TYPE_CHECKING

from kg.errors import EvaluationError, KgError, QueryError, QueryRefusedError
from kg.server.jobs import JOBS
from kg.server.replies import Reply
from kg.server.sending import send_reply
from kg.server.wire import receive
from kg.store.process import close_all_but, limit_memory, open_nothing_more
from kg.store.sandbox import give_up_calls, read_only_below
from kg.store.tokens import ForbiddenError, TextError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.server.jobs import State
    from kg.server.wire import Message

BAD_REQUEST, FORBIDDEN, BUG, NOT_THERE, NO_MEMORY = 400, 403, 500, 501, 507


def run_worker(channel: socket.socket, state: State, *, sealed: bool) -> None:
    """Serve a channel until its other side is gone. Called in a forked process, which this ends.

    Args:
        channel: To the front.
        state: The graph and what belongs to it.
        sealed: Give up every right that answering a stranger does not need.
    """
    status = 1
    try:
        for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            # The engine's own last words would only be noise in the log.
            os.dup2(null, standard)
        channel.detach()
        own = socket.socket(fileno=_only(state))
        limit_memory(state.limits.memory)
        if sealed:
            _give_up_rights(state, own.fileno())
        _serve(own, state)
        status = 0
    finally:
        os._exit(status)


def _only(state: State) -> int:
    """The descriptor of the channel, with those that are the keeper's closed."""
    if state.store.path is None:
        return close_all_but(state.descriptor)
    # The engine holds files of its store open, and would not open them again.
    for descriptor in state.private:
        os.close(descriptor)
    return state.descriptor


def _give_up_rights(state: State, channel: int) -> None:
    if state.store.path is None:
        # Not one descriptor more: no file, no socket.
        open_nothing_more(channel)
    else:
        # The engine opens the files of its store as it needs them.
        read_only_below(state.store.path)
    give_up_calls()


def _serve(channel: socket.socket, state: State) -> None:
    while (message := receive(channel)) is not None:
        signal.setitimer(signal.ITIMER_REAL, message.head.get("seconds", state.limits.seconds))
        reply = do(JOBS[message.head["kind"]], state, message)
        send_reply(channel, reply)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if gc.get_count()[2] > 1:
            gc.collect(1)


def do(job: Callable[[State, Message], Reply], state: State, message: Message) -> Reply:
    """What a job gives; an error of the client's, or a fault of ours, is a reply too."""
    try:
        return job(state, message)
    except QueryError as error:
        return Reply.of_error(_status(error), str(error), excerpt=error.excerpt, line=error.line, column=error.column)
    except KgError as error:
        return Reply.of_error(BAD_REQUEST, str(error))
    except MemoryError:
        return Reply.of_error(NO_MEMORY, "query: needs more memory than it may have; narrow it, or add a LIMIT")
    except Exception:  # noqa: BLE001 - a bug of ours costs one answer; its trace goes to the log of the front
        return Reply(BUG, bug=traceback.format_exc())


def _status(error: QueryError) -> int:
    """The status for what is wrong with a query: no SPARQL, SPARQL that is not allowed, or more than there is here."""
    if isinstance(error, EvaluationError):
        return NOT_THERE
    lexical = isinstance(error.__cause__, TextError) and not isinstance(error.__cause__, ForbiddenError)
    return FORBIDDEN if isinstance(error, QueryRefusedError) and not lexical else BAD_REQUEST
