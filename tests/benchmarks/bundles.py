"""STIX bundles of any size: time and peak memory of reading one, a process a size, so that memory is its own.

The generated bundle is what a platform exports: nine tenths of its bytes are indicators, observables, malware and notes
with what leads between them; the rest is incidents and the techniques that they use.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from kg.sources.stix import read_stix
from tests.benchmarks.report import timed, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (10, 100, 300)
"""Megabytes."""

_KINDS = ("indicator", "url", "malware", "note", "file", "observed-data")
_WORDS = ("garden", "letter", "harbour", "radio", "poster", "market", "rumour", "bridge", "signal", "choir")
_TECHNIQUES = 300
_NOISE = 40


def benchmark(sizes: Sequence[int] = SIZES) -> None:
    """CPU seconds and peak memory by size; ``base`` is what the process held before it read."""
    rows = []
    for size in sizes:
        command = [sys.executable, "-m", "tests.benchmarks.bundles", str(size)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found: dict[str, float] = json.loads(told)
        grown = found["peak MB"] - found["base MB"]
        rows.append((size, found["s"], size / found["s"], found["base MB"], grown, grown / size, int(found["uses"])))
    head = ("MB", "s", "MB/s", "base MB", "grown MB", "grown/size", "uses")
    write_table("A STIX bundle, streamed (CPU seconds, peak memory)", head, rows)


def bundle_pieces(megabytes: int, seed: int = 1847) -> Iterator[str]:
    """A bundle of at least so many megabytes, object by object."""
    chance = random.Random(seed)  # noqa: S311 - data for benchmarks, nothing secret
    yield '{"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": ['
    patterns = [_pattern(number, chance) for number in range(_TECHNIQUES)]
    size = 0
    for at, thing in enumerate(_things(patterns, chance)):
        piece = (",\n" if at else "\n") + json.dumps(thing)
        size += len(piece)
        yield piece
        if size > megabytes * 1_000_000 and thing["type"] == "incident":
            break
    yield "\n]}\n"


def _things(patterns: list[dict[str, object]], chance: random.Random) -> Iterator[dict[str, object]]:
    yield from patterns
    while True:
        incident = _thing("incident", chance, name=f"The {_words(chance, 3)} affair", created="2024-05-01T00:00:00Z")
        yield incident
        for pattern in chance.sample(patterns, 4):
            yield _leads("uses", incident, pattern, chance)
        noise = [_thing(chance.choice(_KINDS), chance, pattern=_words(chance, 60)) for _ in range(_NOISE)]
        yield from noise
        for one in noise:
            yield _leads("related-to", one, incident, chance)


def _pattern(number: int, chance: random.Random) -> dict[str, object]:
    code = f"T0{number // 5 + 1:03}" + (f".{number % 5:03}" if number % 5 else "")
    known = [{"source_name": "DISARM", "external_id": code}]
    return _thing("attack-pattern", chance, name=f"Invented {number}", external_references=known)


def _thing(kind: str, chance: random.Random, **more: object) -> dict[str, object]:
    identifier = uuid.UUID(int=chance.getrandbits(128), version=4)
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{identifier}",
        **more,
        "description": _words(chance, 50),
    }


def _leads(verb: str, source: dict[str, object], target: dict[str, object], chance: random.Random) -> dict[str, object]:
    ends = {"relationship_type": verb, "source_ref": source["id"], "target_ref": target["id"]}
    return _thing("relationship", chance, **ends)


def _words(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(_WORDS, k=number))


def measure(megabytes: int) -> dict[str, float]:
    """What reading a bundle of this size takes: seconds of CPU, peak memory before and after, uses found."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bundle.json")
        with path.open("w", encoding="utf-8") as file:
            file.writelines(bundle_pieces(megabytes))
        base = _peak()
        took, corpus = timed(lambda: read_stix(path))
        uses = sum(len(incident.rows) for incident in corpus.incidents)
        return {"s": took.cpu, "base MB": base, "peak MB": _peak(), "uses": uses}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))
