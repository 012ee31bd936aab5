"""What a stranger may cost: every limit of the server, with its default."""

from __future__ import annotations

import os
from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server.

    Attributes:
        seconds: Wall-clock time of one job, after which its worker is gone.
        memory: MiB that a worker may take on top of what it shares with the others.
        rows: Rows or triples of an answer, which is cut there and says so; 0 for any.
        answer: Bytes of an answer; rows are cut there and say so, a dump is refused.
        sending: Bytes of answers on their way to clients, all together.
        query: Bytes of a query.
        nesting: Brackets that may be open at once in a query.
        body: Bytes of a request body.
        head: Bytes of a request line with its headers.
        workers: Workers for quick jobs.
        long: Jobs that may run on after ``patience``, each in a process of its own and behind the quick ones.
        patience: Seconds after which a job is long.
        queue: Jobs that may wait for a worker.
        wait: Seconds a job may wait for a worker.
        connections: Connections at once; above, the one that has been idle longest is closed.
        idle: Seconds a connection may be idle.
        slow: Seconds for a request to arrive, and for a client that stopped reading to go on.
        rate: Requests a second of one client address, over ten seconds; 0 for any.
    """

    seconds: float = 10
    memory: int = 512
    rows: int = 10_000
    answer: int = 16 * MIB
    sending: int = 256 * MIB
    query: int = 64 * KIB
    nesting: int = 64
    body: int = 2 * MIB
    head: int = 256 * KIB
    workers: int = 0
    long: int = 0
    patience: float = 0.5
    queue: int = 128
    wait: float = 5
    connections: int = 2000
    idle: float = 15
    slow: float = 10
    rate: float = 0

    def __post_init__(self) -> None:
        workers = self.workers or (os.cpu_count() or 1) + 2
        object.__setattr__(self, "workers", workers)
        object.__setattr__(self, "long", self.long or workers)
