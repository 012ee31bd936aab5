"""Releases before and after 1.x as it is now: AMITT and DISARM 1.0, and the observations and assessments of 2.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import SourceError
from kg.model import LedgerLine
from kg.rdf.corpus import corpus_quads
from kg.rdf.iris import by_disarm_id
from kg.sources import read_source
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

END = "\n\nDO NOT EDIT ABOVE THIS LINE - PLEASE ADD NOTES BELOW"
FACET = """# {word} {id}: {name}

**Summary**: About {name}.

**Category**: {category} Some Category {parent}


| Associated {word} | Description |
| --------- | ------------------------- |
"""
INCIDENT = """# Incident I00009: Teapot panic

* **Summary:** A town lost its teapots.

* **incident type**: campaign

* **Year started:** 2016

* **Countries:** France , UK

* **Found via:**

* **Date added:** 2019-02-24


| Technique | Description given for this incident |
| --------- | ------------------------- |
"""


def write(folder: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + ("" if name.endswith("_index.md") else END), encoding="utf-8")
    return folder


def index(heading: str, folder: str, *ids: str) -> str:
    rows = "".join(f'<tr>\n<td><a href="{folder}/{each}.md">{each}</a></td>\n<td>x</td>\n</tr>\n' for each in ids)
    return (
        f'# DISARM {heading}:\n\n<table border="1">\n<tr>\n<th>disarm_id</th>\n<th>name</th>\n</tr>\n{rows}</table>\n'
    )


def facet(word: str, identifier: str, name: str, category: str, parent: str = "") -> str:
    below = f"<br><br>**Parent {word}:** {parent} Some Parent" if parent else ""
    return FACET.format(word=word, id=identifier, name=name, category=category, parent=below)


def test_ids_of_2_are_told_by_their_numbers() -> None:
    assert by_disarm_id("T6001.003") == "https://w3id.org/disarm-kg/id/observation-type/T6001.003"
    assert by_disarm_id("A8005.001") == "https://w3id.org/disarm-kg/id/assessment/A8005.001"
    assert by_disarm_id("T0146") == "https://w3id.org/disarm-kg/id/technique/T0146"


def observations(folder: Path) -> Path:
    return write(
        folder,
        {
            "README.md": "# DISARM 2.0 Observations Framework\n",
            "generated_pages/phases_index.md": index("Groups", "phases", "P05"),
            "generated_pages/phases/P05.md": "# Group P05: Things\n\n* **Summary:** \n",
            "generated_pages/phases/P01.md": "# Phase P01: Left Over\n\n* **Summary:** \n",
            "generated_pages/tactics_index.md": index("Categories", "tactics", "TA21"),
            "generated_pages/tactics/TA21.md": (
                "# Category TA21: Seen Thing\n\n* **Summary:** x\n\n* **Belongs to group:** P05\n\n\n| Observations |\n"
                "| ---------- |\n| [T2001 Kettle](../../generated_pages/techniques/T2001.md) |\n"
            ),
            "generated_pages/techniques_index.md": index("Observations", "techniques", "T2001", "T2001.001"),
            "generated_pages/techniques/T2001.md": facet("Observation", "T2001", "Kettle", "TA21"),
            "generated_pages/techniques/T2001.001.md": facet("Observation", "T2001.001", "Whistle", "TA21", "T2001"),
            "generated_pages/techniques/T0146.md": "# Technique T0146: Left\n\n**Summary**: x\n\n**Tactic**: TA15 y\n",
            "generated_pages/incidents_index.md": index("Incidents", "incidents", "I00009"),
            "generated_pages/incidents/I00009.md": INCIDENT
            + "| [T0097 Present Persona](../x.md) | They posed (T0097: Present Persona, T2001: Kettle). |\n"
            + "| [T2001 Kettle](../x.md) | A kettle was seen. |\n",
        },
    )


def assessments(folder: Path) -> Path:
    return write(
        folder,
        {
            "phases_index.md": index("Groups", "phases", "P20"),
            "phases/P20.md": "# Group P20: Effects\n\n* **Summary:** \n",
            "tactics_index.md": index("Categories", "tactics", "TA80"),
            "tactics/TA80.md": "# Category TA80: Effect\n\n* **Summary:** x\n\n* **Belongs to group:** P20\n",
            "techniques_index.md": index("Assessments", "techniques", "A0001", "A0001.001"),
            "techniques/A0001.md": facet("Assessment", "A0001", "Effect on Kettles", "TA80"),
            "techniques/A0001.001.md": facet("Assessment", "A0001.001", "More Steam", "TA80", "A0001"),
            "actortypes_index.md": index("Actor Types", "actortypes", "A001"),
            "actortypes/A001.md": "# Actor A001: cook\n\n* **Summary:** x\n\n* **Viewpoint:** FW01\n",
        },
    )


def line(corpus: Corpus, kind: str) -> LedgerLine:
    return next(entry for entry in corpus.ledger if entry.kind == kind)


def test_observations_of_2_are_read_and_the_pages_of_1_beside_them_are_left_over(tmp_path: Path) -> None:
    corpus = read_source(observations(tmp_path))
    assert corpus.release == "2.0"
    assert [(item.identifier, item.category, item.parent) for item in corpus.observation_types] == [
        ("T2001", "TA21", None),
        ("T2001.001", "TA21", "T2001"),
    ]
    assert [(item.identifier, item.group, item.rank) for item in corpus.categories] == [("TA21", "P05", 1)]
    assert [(item.identifier, item.rank) for item in corpus.groups] == [("P05", 1)]
    assert (corpus.phases, corpus.tactics) == ((), ())
    assert {finding.about for finding in corpus.findings if finding.code == "orphan-page"} == {("P01",), ("T0146",)}


def test_an_incident_of_2_keeps_its_techniques_of_1_and_no_observation_becomes_one(tmp_path: Path) -> None:
    corpus = read_source(observations(tmp_path))
    (incident,) = corpus.incidents
    assert [row.technique for row in incident.rows] == ["T0097"]
    assert [technique.identifier for technique in corpus.techniques] == ["T0097"]
    assert line(corpus, "technique_rows") == LedgerLine("technique_rows", 2, 1, 0, 1)
    assert line(corpus, "group_mentions") == LedgerLine("group_mentions", 2, 1, 0, 1)
    assert [finding.code for finding in corpus.findings if finding.code == "later-id"] == ["later-id", "later-id"]


def test_an_assessment_is_no_actor_type(tmp_path: Path) -> None:
    corpus = read_source(assessments(tmp_path))
    assert [item.identifier for item in corpus.actor_types] == ["A001"]
    assert [(item.identifier, item.parent) for item in corpus.assessments] == [("A0001", None), ("A0001.001", "A0001")]
    store = EmbeddedStore.from_quads(corpus_quads(corpus))
    rows = store.select(
        "SELECT ?kind ?thing { VALUES ?kind { kg:ActorType kg:Assessment kg:Category } ?thing a ?kind } ORDER BY ?thing"
    )
    assert [(row[0] or "").rpartition("#")[2] + " " + (row[1] or "").partition("/id/")[2] for row in rows.values()] == [
        "ActorType actor-type/A001",
        "Assessment assessment/A0001",
        "Assessment assessment/A0001.001",
        "Category category/TA80",
    ]


def test_an_assessment_with_the_id_of_an_actor_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(facet("Assessment", "A001", "x", "TA80"), encoding="utf-8")
    with pytest.raises(SourceError, match="A001 in the heading; the id of a page of kind Assessment begins with A"):
        read_source(path)


@pytest.mark.parametrize("upstream", ["IT00000011", "I00005T004"])
def test_the_row_id_that_old_releases_print_is_kept_apart_from_the_text(tmp_path: Path, upstream: str) -> None:
    page = INCIDENT + (
        f"| [T0007 Make pages](../generated_pages/techniques/T0007.md) | {upstream} Fake \n\nteapots |\n"
        "| [T0008 Make teas](../techniques/T0008.md) | Fake teapots |\n"
        "| [T0009 Boil](../techniques/T0009.md) | IT1 Boiled |\n"
    )
    corpus = read_source(write(tmp_path, {"incidents/I00009.md": page}))
    first, second, third = corpus.incidents[0].rows
    assert (first.upstream_id, second.upstream_id, third.upstream_id) == (upstream, "", "")
    assert first.passage is second.passage
    assert third.passage is not None
    assert third.passage.text == "IT1 Boiled"
    store = EmbeddedStore.from_quads(corpus_quads(corpus))
    (row,) = store.select("SELECT ?id { ?row kg:upstreamId ?id }").values()
    assert row == (upstream,)


def test_actor_types_of_amitt_are_read_under_their_old_words(tmp_path: Path) -> None:
    corpus = read_source(
        write(
            tmp_path,
            {
                "actors_index.md": index("Actors", "actors", "A001", "A002"),
                "actors/A001.md": "# Actor Type A001: cook\n\n* **Summary:** \n",
                "actors/A002.md": "# Actor A002: baker\n\n* **Sector:** All\n\n* **Viewpoint:** both\n",
                "amitt_red_framework.md": "# AMITT Red framework\n",
                "DISARM_blue_framework.md": "# DISARM Blue framework\n",
            },
        )
    )
    assert [(item.identifier, item.name) for item in corpus.actor_types] == [("A001", "cook"), ("A002", "baker")]
    assert {finding.code for finding in corpus.findings} == {"derived-file"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("release", "observation_types", "assessments", "categories", "groups"),
    [("2.0-observable", 383, 0, 15, 3), ("2.0-assessments", 0, 140, 6, 3)],
)
def test_the_published_2_0_is_read_whole(
    corpus_folder: Path, release: str, observation_types: int, assessments: int, categories: int, groups: int
) -> None:
    folder = corpus_folder.parent / release
    if not folder.is_dir():
        pytest.skip(f"{release} is not beside the release named by DISARM_FRAMEWORKS")
    corpus = read_source(folder)
    # The numbers of rows of the index pages.
    assert len(corpus.observation_types) == observation_types
    assert len(corpus.assessments) == assessments
    assert (len(corpus.categories), len(corpus.groups)) == (categories, groups)
    assert (corpus.techniques, corpus.actor_types) == ((), ())
    store = EmbeddedStore.from_quads(corpus_quads(corpus))
    assert isinstance(store.native, ox.Store)
    found = store.select("SELECT (COUNT(?x) AS ?n) { ?x kg:category/kg:group ?g }")
    assert [row[0] for row in found.values()] == [str(observation_types + assessments)]
