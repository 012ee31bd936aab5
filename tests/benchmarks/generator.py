"""Seeded data of the shape of the real graph, at any size: N-Quads lines, one incident after the other.

Everything is invented: 400 techniques under 16 tactics, then incidents with rows, passages, observations, uses and
references until the number of statements asked for is reached. The same seed gives the same bytes. Memory does not grow
with the size.
"""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import pyoxigraph

from kg.rdf.namespaces import GRAPH, ID, PREFIXES
from kg.store.filling import BLOCK, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


PARENTS = 80
CHILDREN = 4
TECHNIQUES = PARENTS * (1 + CHILDREN)
TACTICS = 16
SEED = 1847
_WORDS = ("garden", "letter", "harbour", "radio", "poster", "market", "rumour", "bridge", "signal", "choir")
_TYPE = f"<{PREFIXES['rdf']}type>"


def _iri(prefix: str, name: str) -> str:
    return f"<{PREFIXES[prefix]}{name}>"


def _integer(value: int) -> str:
    return f'"{value}"^^{_iri("xsd", "integer")}'


def technique_id(index: int) -> str:
    """The id of the technique of this 0-based index: every fifth is a parent, the four that follow its children."""
    parent, child = divmod(index, 1 + CHILDREN)
    return f"T{parent + 1:04}" if child == 0 else f"T{parent + 1:04}.{child:03}"


def _framework(graph: str) -> Iterator[str]:
    """The lines of the scheme, its release, tactics and techniques."""
    scheme, release = f"<{ID}scheme/disarm>", f"<{ID}release/0.1>"
    label, inside, notation = _iri("skos", "prefLabel"), _iri("skos", "inScheme"), _iri("skos", "notation")
    name, text = _iri("dcterms", "identifier"), _iri("dcterms", "description")
    yield f"{scheme} {_TYPE} {_iri('skos', 'ConceptScheme')} .\n"
    yield f'{scheme} {name} "disarm" .\n'
    yield f'{scheme} {_iri("dcterms", "title")} "DISARM" .\n'
    yield f"{scheme} {_iri('dcterms', 'hasVersion')} {release} .\n"
    yield f"{release} {_TYPE} {_iri('kg', 'Release')} .\n"
    yield f'{release} {_iri("owl", "versionInfo")} "0.1" .\n'
    yield f"{graph} {_TYPE} {_iri('dcat', 'Dataset')} .\n"
    concepts = [("tactic", "Tactic", f"TA{rank:02}") for rank in range(1, TACTICS + 1)]
    concepts += [("technique", "Technique", technique_id(index)) for index in range(TECHNIQUES)]
    for kind, class_name, identifier in concepts:
        subject = f"<{ID}{kind}/{identifier}>"
        yield f"{subject} {_TYPE} {_iri('skos', 'Concept')} .\n"
        yield f"{subject} {_TYPE} {_iri('kg', class_name)} .\n"
        yield f'{subject} {name} "{identifier}" .\n'
        yield f'{subject} {notation} "{identifier}" .\n'
        yield f'{subject} {label} "Invented {kind} {identifier}"@en .\n'
        yield f"{subject} {inside} {scheme} .\n"
        yield f'{subject} {text} "What {identifier} would be: a {_WORDS[len(identifier)]}, (told twice)."@en .\n'
        yield f"{subject} {_iri('kg', 'line')} {_integer(1)} .\n"
        if kind == "tactic":
            yield f"{subject} {_iri('kg', 'rank')} {_integer(int(identifier[2:]))} .\n"
        else:
            tactic = int(identifier[1:5]) % TACTICS + 1
            yield f"{subject} {_iri('kg', 'tactic')} <{ID}tactic/TA{tactic:02}> .\n"
        if "." in identifier:
            parent = f"<{ID}technique/{identifier[:5]}>"
            yield f"{subject} {_iri('skos', 'broader')} {parent} .\n"
            yield f"{subject} {_iri('skos', 'broaderTransitive')} {parent} .\n"


class _Incidents:
    """The lines of one incident after the other; the terms are spelt once, here."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - data for benchmarks, nothing secret
        self.kg = {
            name: _iri("kg", name)
            for name in (
                *("Incident", "TableRow", "TechniqueUse", "Observation", "Passage", "Reference"),
                *("incident", "technique", "status", "statedIn", "passage", "line", "ordinal", "placement", "about"),
                *("ofIncident", "techniqueList", "inPassage", "length", "sha256", "yearStarted", "usesTechnique"),
            )
        }
        self.name = _iri("dcterms", "identifier")
        self.derived = _iri("prov", "wasDerivedFrom")
        self.graph = f"<{GRAPH}release/0.1>"

    def node(self, kind: str, name: str, class_name: str) -> tuple[str, list[str]]:
        """The IRI of a node and the lines that every node has."""
        subject = f"<{ID}{kind}/{name}>"
        return subject, [f"{subject} {_TYPE} {class_name} .\n", f'{subject} {self.name} "{name}" .\n']

    def lines(self, number: int) -> list[str]:
        """All lines of the incident of this number."""
        chance, kg = self.random, self.kg
        identifier = f"I{number:07}"
        incident, out = self.node("incident", identifier, kg["Incident"])
        document = f"<{ID}document/{number:016x}>"
        out.append(f'{incident} {_iri("dcterms", "title")} "The {chance.choice(_WORDS)} affair, no. {number}" .\n')
        out.append(f"{incident} {kg['yearStarted']} {_integer(chance.randint(2008, 2024))} .\n")
        out.append(f"{incident} {self.derived} {document} .\n{incident} {kg['line']} {_integer(1)} .\n")
        passage_id = f"{chance.getrandbits(64):016x}"
        passage, lines = self.node("passage", passage_id, kg["Passage"])
        words = " ".join(chance.choices(_WORDS, k=40))
        out += lines
        out.append(f"{passage} {kg['length']} {_integer(len(words))} .\n{passage} {kg['about']} {incident} .\n")
        out.append(f'{passage} {_iri("rdf", "value")} "{words}" .\n{passage} {kg["sha256"]} "{passage_id * 4}" .\n')
        # Squaring makes low indices common: a few techniques in many incidents, as in the real table.
        chosen = sorted({int(TECHNIQUES * chance.random() ** 2) for _ in range(chance.randint(1, 9))})
        for ordinal, index in enumerate(chosen, 1):
            out += self.use(identifier, incident, technique_id(index), ordinal, passage, document)
        for start in range(0, 40 * chance.randint(0, 3), 40):
            out += self.observation(identifier, incident, chosen, (passage_id, start), document)
        url = f"https://example.org/{chance.choice(_WORDS)}/{number}"
        reference, lines = self.node("reference", f"{chance.getrandbits(64):016x}", kg["Reference"])
        out += lines
        out.append(f'{reference} {_iri("schema", "url")} "{url}"^^{_iri("xsd", "anyURI")} .\n')
        out.append(f"{incident} {_iri('dcterms', 'references')} {reference} .\n")
        return out

    def use(
        self, identifier: str, incident: str, technique: str, ordinal: int, passage: str, document: str
    ) -> list[str]:
        """A table row and the use of a technique that it states."""
        kg, target = self.kg, f"<{ID}technique/{technique}>"
        row, out = self.node("row", f"{identifier}-{ordinal}", kg["TableRow"])
        use, lines = self.node("use", f"{identifier}-{technique}", kg["TechniqueUse"])
        out += lines
        for subject in (row, use):
            out.append(f"{subject} {kg['incident']} {incident} .\n{subject} {kg['technique']} {target} .\n")
            out.append(f'{subject} {kg["status"]} "accepted" .\n{subject} {kg["passage"]} {passage} .\n')
            out.append(f"{subject} {self.derived} {document} .\n{subject} {kg['line']} {_integer(20 + ordinal)} .\n")
        out.append(f'{row} {kg["ordinal"]} {_integer(ordinal)} .\n{row} {kg["placement"]} "sound" .\n')
        out.append(f"{use} {kg['statedIn']} {row} .\n{incident} {kg['usesTechnique']} {target} .\n")
        out.append(f"{incident} {kg['usesTechnique']} {target} {self.graph} .\n")
        return out

    def observation(
        self, identifier: str, incident: str, chosen: list[int], place: tuple[str, int], document: str
    ) -> list[str]:
        """An inline group with its target and its selector."""
        kg = self.kg
        together = self.random.sample(chosen, min(len(chosen), self.random.randint(1, 4)))
        listed = [technique_id(index) for index in together]
        span = f"{place[0]}-{place[1]}-{place[1] + 38}"
        observation, out = self.node("observation", f"{identifier}-{span}", kg["Observation"])
        target, lines = self.node("target", f"{identifier}-{span}", _iri("oa", "SpecificResource"))
        selector, more = self.node("selector", span, _iri("oa", "TextPositionSelector"))
        passage = f"<{ID}passage/{place[0]}>"
        out += lines + more
        out += [f"{observation} {kg['technique']} <{ID}technique/{name}> .\n" for name in listed]
        out.append(f'{observation} {kg["techniqueList"]} "{" ".join(listed)}" .\n')
        out.append(f'{observation} {kg["ofIncident"]} {incident} .\n{observation} {kg["status"]} "accepted" .\n')
        out.append(f"{observation} {kg['inPassage']} {passage} .\n{observation} {self.derived} {document} .\n")
        out.append(f"{observation} {_iri('oa', 'hasTarget')} {target} .\n")
        out.append(f"{target} {_iri('oa', 'hasSource')} {passage} .\n")
        out.append(f"{target} {_iri('oa', 'hasSelector')} {selector} .\n")
        out.append(f"{selector} {_iri('oa', 'start')} {_integer(place[1])} .\n")
        out.append(f"{selector} {_iri('oa', 'end')} {_integer(place[1] + 38)} .\n")
        return out


def statement_blocks(statements: int, seed: int = SEED) -> Iterator[bytes]:
    """N-Quads in blocks that end at a line, with at least ``statements`` lines in all and at most one incident more."""
    framework = "".join(_framework(f"<{GRAPH}release/0.1>"))
    yield framework.encode()
    made = framework.count("\n")
    incidents = _Incidents(seed)
    for number in itertools.count(1):
        if made >= statements:
            return
        block = "".join(incidents.lines(number))
        made += block.count("\n")
        yield block.encode()


def gathered(blocks: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """The blocks joined to larger ones of at least ``size`` bytes, the last one apart."""
    held = bytearray()
    for block in blocks:
        held += block
        if len(held) >= size:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def generated_store(statements: int, seed: int = SEED) -> pyoxigraph.Store:
    """The generated statements in an in-memory store."""
    store = pyoxigraph.Store()
    fill(store, gathered(statement_blocks(statements, seed)))
    return store
