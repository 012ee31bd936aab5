"""The STIX bundle of the fictional release beside its pages: a second source, or a finding."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from kg.sources import read_source
from kg.workspace import open_graph

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

Json = dict[str, object]
NAME = "generated_files/DISARM_STIX/DISARM.json"


def _id(kind: str, number: int) -> str:
    return f"{kind}--{number:08d}-0000-4000-8000-000000000000"


def _tactic(number: int, code: str, name: str) -> Json:
    return {
        "type": "x-mitre-tactic",
        "spec_version": "2.1",
        "id": _id("x-mitre-tactic", number),
        "name": name,
        "x_mitre_shortname": name.lower().replace(" ", "-"),
        "external_references": [{"source_name": "DISARM", "external_id": code}],
    }


def _technique(number: int, code: str, name: str, phase: str, told: str = "") -> Json:
    return {
        "type": "attack-pattern",
        "spec_version": "2.1",
        "id": _id("attack-pattern", number),
        "name": name,
        "description": told,
        "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": phase}],
        "external_references": [{"source_name": "mitre-attack", "external_id": code}],
    }


OBJECTS: list[Json] = [
    _tactic(1, "TA06", "Develop Content"),
    _tactic(2, "TA15", "Establish Assets"),
    _tactic(3, "TA02", "Plan Objectives"),
    _technique(1, "T0086", "Develop Image-Based Content", "develop-content"),
    # Another name, another tactic, and no relationship to its parent.
    _technique(2, "T0086.002", "Develop Pictures", "establish-assets"),
    _technique(3, "T0199", "Of another release", "develop-content"),
    {
        "type": "x-mitre-matrix",
        "spec_version": "2.1",
        "id": _id("x-mitre-matrix", 1),
        "name": "m",
        "tactic_refs": [_id("x-mitre-tactic", 3), _id("x-mitre-tactic", 2), _id("x-mitre-tactic", 1)],
    },
]


@pytest.fixture(scope="module")
def folder(release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release") / "9.9"
    shutil.copytree(release_folder, made)
    (made / NAME).parent.mkdir(parents=True)
    bundle = {"type": "bundle", "id": _id("bundle", 1), "objects": OBJECTS}
    (made / NAME).write_text(json.dumps(bundle, indent=1), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return read_source(folder, earlier={})


def test_what_agrees_has_the_bundle_as_a_second_source(corpus: Corpus) -> None:
    second = {item.identifier: item.also[0].file for item in corpus.techniques if item.also}
    assert second == {"T0086": NAME}
    assert {item.identifier for item in corpus.tactics if item.also} == {"TA02", "TA06", "TA15"}


def test_what_differs_is_told_at_its_object_and_the_release_stands(corpus: Corpus, folder: Path) -> None:
    told = {item.about[0]: item for item in corpus.findings if item.code == "stix-differs"}
    assert told["T0086.002"].message.startswith("T0086.002: called 'Develop Pictures', and 'Develop AI-Generated")
    assert "its tactic is TA15, and TA06 in the release" in told["T0086.002"].message
    assert "its parent is none, and T0086 in the release" in told["T0086.002"].message
    text = (folder / NAME).read_text(encoding="utf-8").splitlines()
    # The object begins within the line that is named, and its id stands right below.
    assert any(_id("attack-pattern", 2) in line for line in text[told["T0086.002"].place.line - 1 :][:4])
    assert told["TA15"].message == "the matrix of the bundle has TA15 where the release has TA06"
    assert {item.identifier: item.name for item in corpus.techniques}["T0086.002"].startswith("Develop AI-Generated")


def test_what_the_bundle_alone_holds_and_what_it_lacks_are_one_finding_each(corpus: Corpus) -> None:
    (extra,) = [item for item in corpus.findings if item.code == "stix-extra"]
    assert extra.message == "1 techniques of the bundle are not in the release: T0199 'Of another release'"
    (missing,) = [item for item in corpus.findings if item.code == "stix-missing"]
    assert missing.message.startswith(f"{len(corpus.techniques) - 2} techniques of the release are not in the bundle")
    assert "T0199" not in {item.identifier for item in corpus.techniques}


def test_every_object_is_booked_by_what_became_of_it(corpus: Corpus) -> None:
    lines = {line.kind: (line.read, line.stored, line.repaired, line.reported) for line in corpus.ledger}
    assert lines["bundle_tactics"] == (3, 3, 0, 0)
    assert lines["bundle_techniques"] == (3, 1, 0, 2)
    assert lines["bundle_x_mitre_matrix"] == (1, 1, 0, 0)


def test_no_statement_is_doubled_and_the_graph_conforms(folder: Path, release_folder: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?t a kg:Technique ; skos:prefLabel ?name ; kg:tactic ?tactic }"
    with open_graph(folder) as whole, open_graph(release_folder) as bare:
        assert list(whole.store.select(query).values()) == list(bare.store.select(query).values())
        source = "ASK { disarm:T0086 prov:wasDerivedFrom/kg:path '" + NAME + "' }"
        assert whole.query(source)
        assert not bare.query(source)
        assert [fault for fault in whole.validate().violations if fault.severity == "violation"] == []


@pytest.mark.parametrize(
    "text", ['{"type": "bundle", "objects": [' + '{"type": "x-mitre-tactic", "a": ' * 3000, '{"type": "bundle"}', "{"]
)
def test_a_damaged_bundle_costs_only_itself(release_folder: Path, tmp_path: Path, text: str) -> None:
    made = tmp_path / "9.9"
    shutil.copytree(release_folder, made)
    (made / NAME).parent.mkdir(parents=True)
    (made / NAME).write_text(text, encoding="utf-8")
    corpus = read_source(made, earlier={})
    assert len(corpus.incidents) == 3
    assert any(item.place.file == NAME for item in corpus.findings) or text == "{"


@pytest.mark.corpus
def test_the_bundle_of_the_current_release_agrees_with_its_pages(corpus_folder: Path) -> None:
    corpus = read_source(corpus_folder)
    bundle = json.loads((corpus_folder / NAME).read_text(encoding="utf-8"))
    held = sum(item["type"] == "attack-pattern" for item in bundle["objects"])
    assert sum(bool(item.also) for item in corpus.techniques) == held == 445
