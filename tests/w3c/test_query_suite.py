"""Query evaluation, result formats and syntax of SPARQL 1.0 and 1.1, over HTTP.

``known.csv`` lists the tests that fail, each with its reason. It may only shrink: one that fails and is not listed
fails here, and one that is listed and passes does too.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from tests.w3c.conftest import FROM
from tests.w3c.manifests import Case, cases, path_of
from tests.w3c.results import READERS, Result, read_file, read_graph, same

if TYPE_CHECKING:
    from tests.server.serving import Answer, Server

KNOWN = Path(__file__).parent / "known.csv"
MOST_KNOWN = 27
"""How many a native server of the same engine fails on the same data, 796 of 823 passed."""
TOTAL = 823
_ACCEPTED = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    "": "application/sparql-results+json, application/n-triples;q=0.9",
}
_UNDERSTOOD = {200, 403, 501}
"""What a server may say to a query that is SPARQL: an answer, that it refuses it, or that it cannot do it."""


def _known() -> dict[str, str]:
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["reason"] for row in csv.DictReader(file)}


def _ask(server: Server, suite: Path, case: Case) -> Answer:
    text = path_of(suite, case.query).read_text(encoding="utf-8")
    if not re.search(r"^\s*BASE\b", text, re.IGNORECASE | re.MULTILINE):
        text = f"BASE <{case.query}>\n{text}"
    graphs = [("default-graph-uri", iri) for iri in case.default] + [("named-graph-uri", iri) for iri in case.named]
    if not FROM.search(text):
        graphs = graphs if case.default else [*graphs, ("default-graph-uri", "urn:x:empty")]
    elif not case.default:
        graphs = []
    suffix = Path(case.result).suffix
    accept = _ACCEPTED.get(suffix, _ACCEPTED[""])
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    return server.ask(f"/sparql?{urlencode(graphs)}", method="POST", body=text.encode(), headers=headers)


def _read(answer: Answer, iri: str) -> Result:
    forms = {"application/sparql-results+json": ".srj", "text/csv": ".csv", "text/tab-separated-values": ".tsv"}
    if answer.kind in forms:
        return READERS[forms[answer.kind]](answer.body)
    return read_graph(answer.body, ox.RdfFormat.N_TRIPLES, iri)


def _passes(server: Server, suite: Path, case: Case) -> bool:
    answer = _ask(server, suite, case)
    if "Syntax" in case.kind:
        return (answer.status in _UNDERSTOOD) == ("Positive" in case.kind)
    if answer.status != 200:
        return False
    expected = read_file(path_of(suite, case.result), case.result)
    return same(expected, _read(answer, case.query), lax=case.lax)


@pytest.mark.corpus
def test_exactly_the_known_tests_of_the_suite_fail(suite_server: Server, suite: Path) -> None:
    every = cases(suite)
    failing = {case.name for case in every if not _passes(suite_server, suite, case)}
    known = _known()
    assert len(every) == TOTAL
    assert sorted(failing - known.keys()) == []
    assert sorted(known.keys() - failing) == []


def test_the_list_of_known_failures_is_short_and_gives_reasons() -> None:
    known = _known()
    assert len(known) <= MOST_KNOWN
    assert all(len(reason.split()) >= 4 for reason in known.values())
