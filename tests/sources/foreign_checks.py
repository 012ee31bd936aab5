"""What every reader of other tools' files must do, whatever the bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.rdf.corpus import corpus_quads

if TYPE_CHECKING:
    from kg.model import Corpus
    from kg.sources import Reader

KNOWN = {
    "T0002": "Facilitate State Propaganda",
    "T0085": "Develop Text-Based Content",
    "T0086": "Develop Image-Based Content",
    "T0086.002": "Develop AI-Generated Images (Deepfakes)",
    "T0097": "Present Persona",
    "T0146": "Account Asset",
}


def written(data: bytes | str, folder: Path, name: str = "given.json") -> Path:
    """A file that holds this."""
    path = folder / name
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return path


def codes(corpus: Corpus) -> dict[str, list[str]]:
    """Code of finding -> its places."""
    found: dict[str, list[str]] = {}
    for finding in corpus.findings:
        found.setdefault(finding.code, []).append(str(finding.place))
    return found


def counts(corpus: Corpus, kind: str) -> tuple[int, int, int]:
    """Stored, repaired and reported of a kind."""
    line = next(line for line in corpus.ledger if line.kind == kind)
    return line.stored, line.repaired, line.reported


def assert_sound(corpus: Corpus) -> None:
    """The ledger balances and tells of the rows that are there, what rows name exists, and the corpus is a graph."""
    assert all(line.read == line.stored + line.repaired + line.reported for line in corpus.ledger)
    kept = sum(line.stored + line.repaired for line in corpus.ledger if line.kind == "technique_rows")
    assert kept == sum(len(incident.rows) for incident in corpus.incidents)
    existing = {technique.identifier for technique in corpus.techniques}
    assert all(row.technique in existing for incident in corpus.incidents for row in incident.rows)
    identifiers = [incident.identifier for incident in corpus.incidents]
    assert len(identifiers) == len(set(identifiers))
    assert sum(1 for _ in corpus_quads(corpus)) > 0


def assert_corpus_or_clear_error(read: Reader, data: bytes | str, name: str = "given.json") -> None:
    """A file of these bytes is read soundly, or refused on one line that begins with its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(data, Path(folder), name)
        try:
            corpus = read(path, framework=None)
        except KgError as error:
            message = str(error)
        else:
            assert_sound(corpus)
            return
    assert message.startswith(name + ":")
    assert "\n" not in message
