from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest

import kg
from kg.errors import KgError, SourceError, UnknownNameError
from kg.resources import data_folder
from kg.snapshot import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_gives_the_embedded_facts_and_their_manifest_is_true() -> None:
    manifest = json.loads((data_folder() / "manifest.json").read_text(encoding="utf-8"))
    with kg.open() as graph:
        assert len(graph) == manifest["quads"]
    sha256 = hashlib.sha256((data_folder() / manifest["file"]).read_bytes()).hexdigest()
    assert sha256 == manifest["sha256"]
    rest = hashlib.sha256((data_folder() / manifest["graphs"]).read_bytes()).hexdigest()
    assert rest == manifest["graphs_sha256"]


@pytest.mark.corpus
def test_the_embedded_facts_equal_what_the_loader_makes_of_the_release_text_apart(
    corpus_folder: Path, tmp_path: Path
) -> None:
    kept = json.loads((data_folder() / "manifest.json").read_text(encoding="utf-8"))
    earlier = [corpus_folder.parent / name for name in kept["earlier"]]
    if corpus_folder.name != kept["release"] or not all(folder.is_dir() for folder in earlier):
        pytest.skip(f"wants the releases {kept['release']}, {', '.join(kept['earlier'])} side by side")
    made = write_snapshot(corpus_folder, tmp_path, earlier=earlier, commit=kept["commit"])
    assert made.sha256 == kept["sha256"]
    for name in ("disarm.trig", "graphs.trig", "descriptions.csv"):
        assert (tmp_path / name).read_bytes() == (data_folder() / name).read_bytes()


@pytest.mark.corpus
def test_no_sentence_of_the_release_stands_in_the_embedded_facts(corpus_folder: Path) -> None:
    facts = "".join((data_folder() / name).read_text(encoding="utf-8") for name in ("disarm.trig", "graphs.trig"))
    with kg.open(corpus_folder) as graph:
        query = "SELECT DISTINCT ?text { { ?x dcterms:description ?text } UNION { ?x rdf:value ?text } }"
        texts = [row[0] or "" for row in graph.store.select(query).values()]
    sentences = [
        sentence.strip() for text in texts for sentence in text.replace("\n", ". ").split(". ") if len(sentence) > 60
    ]
    assert len(sentences) > 3000
    titles = facts
    found = [sentence for sentence in sentences if json.dumps(sentence, ensure_ascii=False)[1:-1] in titles]
    # A title may be quoted in a text; nothing else may be in both.
    with kg.open() as embedded:
        names = {
            row[1] or "" for kind in ("incidents", "techniques", "counters") for row in embedded.list(kind).values()
        }
    assert [sentence for sentence in found if not any(sentence in name or name in sentence for name in names)] == []


def test_a_release_a_page_and_an_rdf_file_open_alike(release_folder: Path, tmp_path: Path) -> None:
    with kg.open(release_folder) as graph:
        graph.export(tmp_path / "a.trig")
        stats = graph.stats()
    with kg.open(tmp_path / "a.trig") as graph:
        assert graph.stats() == stats
    with kg.open(release_folder / "generated_pages") as graph:
        assert graph.stats()["incidents"] == 3
    with kg.open(release_folder / "generated_pages/incidents/I00001.md") as graph:
        # One page is checked against the framework of the embedded facts, where T0086.002 is retired.
        assert graph.stats()["incidents"] == 1
        found = [row[4] for row in graph.list("findings").values() if row[0] == "unknown-technique"]
        assert any("T0086.002" in (message or "") for message in found)
        assert bool(graph.query("ASK { incident:I00001 kg:usesTechnique disarm:T0146 }"))


def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        kg.open(tmp_path / "nothing")
    (tmp_path / "x.ttl").write_text("@prefix : <http://a.example/> .\n:a :b .\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"x\.ttl:2"):
        kg.open(tmp_path / "x.ttl")


def test_networks_are_networkx_graphs(release_folder: Path) -> None:
    with kg.open(release_folder) as graph:
        incidents, framework, pairs = (graph.network(name) for name in ("incidents", "framework", "cooccurrence"))
        assert nx.is_bipartite(incidents)
        assert sorted(incidents["I00001"]) == ["T0086.002", "T0097.109", "T0146"]
        assert nx.is_directed(framework)
        # Both incidents with more than one technique hold T0146: three pairs from I00001, one from I00002.
        assert sorted(tuple(sorted(edge)) for edge in pairs.edges) == [
            ("T0086.002", "T0097.109"),
            ("T0086.002", "T0146"),
            ("T0097.102", "T0146"),
            ("T0097.109", "T0146"),
        ]
        with pytest.raises(UnknownNameError, match="did you mean 'incidents'"):
            graph.network("incident")


def test_rdflib_sees_the_same_store() -> None:
    with kg.open() as graph:
        rows = list(graph.rdflib().query("SELECT ?x { ?x a kg:Phase }"))
        assert len(rows) == 4


def test_answers_become_tables() -> None:
    pandas = pytest.importorskip("pandas")
    with kg.open() as graph:
        answer = graph.query(
            "SELECT ?i ?y { ?x a kg:Incident ; dcterms:identifier ?i ; kg:yearStarted ?y } ORDER BY ?i LIMIT 2"
        )
        frame = answer.to_pandas()  # type: ignore[union-attr]
    assert isinstance(frame, pandas.DataFrame)
    assert frame["y"].tolist() == [2016, 2014]


def test_the_package_offers_its_names_without_loading_the_engine() -> None:
    assert callable(kg.open)
    assert issubclass(SourceError, KgError)
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        kg.opne  # noqa: B018 - the access is the test
