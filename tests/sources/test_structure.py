"""What hangs below what where page, sheet and bundle disagree: what is believed, what was published, what is told."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from kg.rdf.namespaces import GRAPH
from kg.sources import read_source
from kg.workspace import open_graph
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

PAGES = "generated_pages"
BOOK = "DISARM_MASTER_DATA/DISARM_FRAMEWORKS_MASTER.xlsx"
TECHNIQUES: list[list[xlsx.Cell]] = [
    ["disarm_id", "name", "tactic_id"],
    ["T0146", "Account Asset", "TA15"],
    ["T0086", "Develop Image-Based Content", "TA15"],
    ["T0086.002", "Develop AI-Generated Images (Deepfakes)", "TA15"],
    ["T0097.109", "Romantic Suitor Persona", "TA06"],
    ["T0002", "Facilitate State Propaganda", "TA02"],
    ["T0146.006", "Open Access Platform", "TA15"],
]
TACTICS: list[list[xlsx.Cell]] = [["disarm_id", "name", "phase_id"], ["TA06", "Develop Content", "P01"]]
COUNTERS: list[list[xlsx.Cell]] = [["disarm_id", "name", "tactic"], ["C00001", "Teach people", "TA02 Plan Objectives"]]
# What the pages say in place of what the fixture says.
EDITS = {
    # Nothing; the sheet says TA15.
    "techniques/T0146.md": ("**Tactic**: TA15", "**Tactic**: "),
    # A tactic that is none; the sheet says TA02.
    "techniques/T0002.md": ("**Tactic**: TA02", "**Tactic**: TA98"),
    # Another parent than sheet and bundle have.
    "techniques/T0146.006.md": ("**Parent Technique:** T0146", "**Parent Technique:** T0097"),
}


def _object(kind: str, number: int, code: str, **more: object) -> dict[str, object]:
    reference = {"source_name": "DISARM", "external_id": code}
    head = {"type": kind, "spec_version": "2.1", "id": _id(kind, number), "name": code}
    return {**head, "external_references": [reference], **more}


def _id(kind: str, number: int) -> str:
    return f"{kind}--{number:08d}-0000-4000-8000-000000000000"


def _bundle() -> dict[str, object]:
    chain = {"kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "establish"}]}
    objects = [
        _object("x-mitre-tactic", 1, "TA15", x_mitre_shortname="establish"),
        _object("attack-pattern", 1, "T0146", **chain),
        _object("attack-pattern", 2, "T0146.006", **chain, x_mitre_is_subtechnique=True),
        # The fixture's page says TA06, the sheet and the bundle TA15.
        _object("attack-pattern", 3, "T0086.002", **chain),
        _object("attack-pattern", 4, "T0086", **chain),
        {
            "type": "relationship",
            "spec_version": "2.1",
            "id": _id("relationship", 1),
            "relationship_type": "subtechnique-of",
            "source_ref": _id("attack-pattern", 2),
            "target_ref": _id("attack-pattern", 1),
        },
    ]
    return {"type": "bundle", "id": _id("bundle", 1), "objects": objects}


@pytest.fixture(scope="module")
def folder(release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release") / "9.9"
    shutil.copytree(release_folder, made)
    for name, (was, now) in EDITS.items():
        page = made / PAGES / name
        text = page.read_text(encoding="utf-8")
        assert was in text, name
        page.write_text(text.replace(was, now), encoding="utf-8")
    (made / BOOK).parent.mkdir(parents=True)
    sheets = {"techniques": TECHNIQUES, "tactics": TACTICS, "countermeasures": COUNTERS}
    (made / BOOK).write_bytes(xlsx.workbook(sheets))
    bundle = made / "generated_files/DISARM_STIX/DISARM.json"
    bundle.parent.mkdir(parents=True)
    bundle.write_text(json.dumps(_bundle()), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return read_source(folder, earlier={})


def _told(corpus: Corpus, identifier: str, code: str) -> list[str]:
    found = [item for item in corpus.findings if item.about == (identifier,) and item.code == code]
    return [
        f"{item.place.cell or item.place.file}: {item.message}" for item in found if " is called " not in item.message
    ]


def test_what_a_page_lacks_is_taken_from_the_sheet(corpus: Corpus) -> None:
    technique = {item.identifier: item for item in corpus.techniques}["T0146"]
    assert (technique.tactic, technique.published("tactic")) == ("TA15", None)
    (told,) = _told(corpus, "T0146", "field-restored")
    assert told.endswith("the tactic of T0146 stands in the workbook alone (TA15)")


def test_what_leads_to_nothing_gives_way_to_what_leads_somewhere(corpus: Corpus) -> None:
    technique = {item.identifier: item for item in corpus.techniques}["T0002"]
    assert (technique.tactic, technique.published("tactic")) == ("TA02", "TA98")
    (told,) = _told(corpus, "T0002", "workbook-differs")
    assert told.endswith("the tactic of T0002 is TA02 here, and on its page TA98, which is not of this release")


def test_two_sources_that_agree_are_believed_against_the_page(corpus: Corpus) -> None:
    techniques = {item.identifier: item for item in corpus.techniques}
    below = techniques["T0146.006"]
    assert (below.parent, below.published("parent"), below.tactic) == ("T0146", "T0097", "TA15")
    assert (techniques["T0086.002"].tactic, techniques["T0086.002"].published("tactic")) == ("TA15", "TA06")
    (told,) = _told(corpus, "T0086.002", "workbook-differs")
    assert told.endswith("the tactic of T0086.002 is TA15 here, and on its page TA06, against all others")
    # The bundle agrees with what is believed, so nothing is wrong with its tactic.
    assert not any("its tactic" in item.message for item in corpus.findings if item.code == "stix-differs")


def test_where_one_stands_against_one_the_page_does(corpus: Corpus) -> None:
    technique = {item.identifier: item for item in corpus.techniques}["T0097.109"]
    assert technique.tactic == technique.published("tactic") == "TA15"
    (told,) = _told(corpus, "T0097.109", "workbook-differs")
    assert told.endswith("the tactic of T0097.109 is TA06 here and TA15 on its page")


def test_phases_and_counters_are_compared_as_well(corpus: Corpus) -> None:
    assert any("the phase of TA06 is P01 here" in told for told in _told(corpus, "TA06", "workbook-differs"))
    assert any("the tactic of C00001 is TA02 here" in told for told in _told(corpus, "C00001", "workbook-differs"))


def test_every_link_of_the_sheets_is_booked_by_what_became_of_it(corpus: Corpus) -> None:
    (line,) = [line for line in corpus.ledger if line.kind == "workbook_structure"]
    # Six tactics and three parents of techniques, a phase, a counter's tactic.
    assert (line.read, line.stored, line.repaired, line.reported) == (11, 3, 5, 3)


def test_the_default_graph_has_what_is_believed_and_the_release_what_was_published(folder: Path) -> None:
    edges = "{ disarm:T0146.006 skos:broader ?parent . disarm:T0086.002 kg:tactic ?tactic }"
    with open_graph(folder, release="9.9") as graph:
        believed, published = (
            [[value.rpartition("/")[2] for value in row if value] for row in graph.store.select(query).values()]
            for query in (
                f"SELECT ?parent ?tactic {edges}",
                f"SELECT ?parent ?tactic {{ GRAPH <{GRAPH}release/9.9> {edges} }}",
            )
        )
        assert (believed, published) == ([["T0146", "TA15"]], [["T0097", "TA06"]])
        assert not graph.query(f"ASK {{ GRAPH <{GRAPH}release/9.9> {{ disarm:T0146 kg:tactic ?x }} }}")
        assert [fault for fault in graph.validate().violations if fault.severity == "violation"] == []
