"""STIX bundles; the figures are counted by eye in tests/fixtures/stix."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources.stix import is_stix, read_stix
from kg.workspace import open_graph
from tests.sources.foreign_checks import KNOWN, assert_corpus_or_clear_error, assert_sound, codes, counts, written

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent.parent / "fixtures/stix"


def test_a_framework_gives_tactics_techniques_and_parents() -> None:
    corpus = read_stix(FOLDER / "framework.json")
    assert_sound(corpus)
    assert corpus.release == "9.9"
    # In the order of the matrix: TA15 before TA01.
    assert [(item.identifier, item.name, item.rank, item.summary) for item in corpus.tactics] == [
        ("TA01", "Plan Tea", 2, ""),
        ("TA15", "Pour Tea", 1, ""),
    ]
    found = {item.identifier: (item.name, item.tactic, item.parent, item.place.line) for item in corpus.techniques}
    assert found == {
        "T0002": ("State Tea", None, None, 7),
        "T0002.001": ("Lone Cup", "TA01", None, 10),
        "T0146": ("Account Asset", "TA15", None, 5),
        "T0146.006": ("Bot Account", "TA15", "T0146", 6),
    }
    assert codes(corpus) == {
        "unknown-tactic": ["framework.json:7"],
        "bad-object": ["framework.json:8", "framework.json:9"],
        "object-not-read": ["framework.json:8", "framework.json:12"],
        "no-parent": ["framework.json:10"],
        "dangling-reference": ["framework.json:12"],
    }
    assert counts(corpus, "stix_attack-pattern") == (4, 0, 2)
    assert counts(corpus, "stix_relationship") == (1, 0, 1)


def test_a_campaign_is_an_incident_with_what_it_uses_targets_and_is_attributed_to() -> None:
    corpus = read_stix(FOLDER / "incidents.json", framework=KNOWN)
    assert_sound(corpus)
    campaign = corpus.incidents[0]
    assert campaign.identifier == "campaign--10000000-0000-4000-8000-000000000001"
    assert (campaign.title, campaign.incident_type, campaign.year_started) == ("Harbour Lights", "campaign", 2021)
    assert campaign.date_added == dt.date(2023, 2, 1)
    assert [area.identifier for area in campaign.attributed_to] == ["IT"]
    # By x_mitre_id, by name, and (listed by the one report about it) by OpenCTI's extension.
    assert [row.technique for row in campaign.rows] == ["T0146", "T0097", "T0002"]
    passage = campaign.rows[0].passage
    assert passage is not None
    assert [mention.technique for mention in passage.groups[0].mentions] == ["T0146", "T0086.002"]
    assert [(reference.url, reference.organisation) for reference in campaign.references] == [
        ("https://lighthouse.example/report", "Lighthouse Weekly"),
        ("https://harbour.example/", "Harbour Office"),
    ]


def test_a_report_without_a_container_is_an_incident_and_an_actor_is_none() -> None:
    corpus = read_stix(FOLDER / "incidents.json", framework=KNOWN)
    assert [incident.title for incident in corpus.incidents] == ["Harbour Lights", "Teapot Affair"]
    report = corpus.incidents[1]
    assert [row.technique for row in report.rows] == ["T0146"]
    assert (report.date_added, report.year_started) == (None, None)


def test_what_is_dangling_double_unknown_or_revoked_is_a_finding_with_its_line() -> None:
    corpus = read_stix(FOLDER / "incidents.json", framework=KNOWN)
    assert codes(corpus) == {
        "no-address": ["incidents.json:3"],
        "unknown-country": ["incidents.json:9"],
        "unknown-technique": ["incidents.json:16"],
        "duplicate-id": ["incidents.json:22"],
        "dangling-reference": ["incidents.json:23"],
        "object-not-read": ["incidents.json:23", "incidents.json:28"],
        "name-differs": ["incidents.json:25"],
        "bad-date": ["incidents.json:27"],
        "no-date": ["incidents.json:27"],
        "unknown-object-type": ["incidents.json:29"],
        "revoked-object": ["incidents.json:30"],
    }
    # Five uses: two of the campaign and one listed by each report are stored, one is of ATT&CK.
    assert counts(corpus, "technique_rows") == (4, 0, 1)
    assert counts(corpus, "stix_set_aside") == (0, 0, 2)
    # Nine relationships that stand once and two ends: only the dangling one says nothing.
    assert counts(corpus, "stix_relationship") == (8, 0, 1)


def test_without_a_framework_ids_of_attack_are_still_kept_apart() -> None:
    corpus = read_stix(FOLDER / "incidents.json")
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0146", "T0002"]
    assert codes(corpus)["foreign-technique"] == ["incidents.json:16"]


def _bundle(*objects: Mapping[str, object]) -> str:
    return json.dumps({"objects": objects, "type": "bundle"}, indent=0)


def test_of_two_versions_of_an_object_the_later_is_kept(tmp_path: Path) -> None:
    old = {"type": "campaign", "id": "campaign--1", "name": "Old", "modified": "2020-01-01T00:00:00Z"}
    new = {**old, "name": "New", "modified": "2021-01-01T00:00:00Z"}
    for objects in ((old, new), (new, old)):
        corpus = read_stix(written(_bundle(*objects), tmp_path))
        assert [incident.title for incident in corpus.incidents] == ["New"]
        assert list(codes(corpus)) == ["duplicate-id"]


def test_what_is_used_and_no_technique_is_no_row(tmp_path: Path) -> None:
    corpus = read_stix(
        written(
            _bundle(
                {"type": "campaign", "id": "campaign--1", "name": "Tea"},
                {"type": "tool", "id": "tool--1", "name": "T0146"},
                {
                    "type": "relationship",
                    "id": "relationship--1",
                    "relationship_type": "uses",
                    "source_ref": "campaign--1",
                    "target_ref": "tool--1",
                },
            ),
            tmp_path,
        )
    )
    assert_sound(corpus)
    assert corpus.incidents[0].rows == ()
    assert [finding.message for finding in corpus.findings] == [
        "1 of type 'tool', which is not read here",
        "1 of relationship type 'uses', which is not read here",
    ]


def test_two_containers_of_one_report_share_its_references_and_keep_their_techniques(tmp_path: Path) -> None:
    def uses(number: int) -> dict[str, str]:
        ends = {"source_ref": f"campaign--{number}", "target_ref": f"attack-pattern--{number}"}
        return {"type": "relationship", "id": f"relationship--{number}", "relationship_type": "uses", **ends}

    patterns = [
        {"type": "attack-pattern", "id": f"attack-pattern--{number}", "x_mitre_id": code}
        for number, code in enumerate(["T0146", "T0002", "T0097"])
    ]
    campaigns = [{"type": "campaign", "id": f"campaign--{number}", "name": f"C{number}"} for number in range(2)]
    report: dict[str, object] = {
        "type": "report",
        "id": "report--1",
        "name": "R",
        "external_references": [{"source_name": "x", "url": "https://tea.example/"}],
        "object_refs": ["campaign--0", "campaign--1", "attack-pattern--0", "attack-pattern--1"],
    }
    told = _bundle(*patterns, *campaigns, uses(0), uses(1), report)
    corpus = read_stix(written(told, tmp_path))
    found = {item.title: ([row.technique for row in item.rows], len(item.references)) for item in corpus.incidents}
    assert found == {"C0": (["T0146"], 1), "C1": (["T0002"], 1)}
    report["object_refs"] = ["campaign--0", "campaign--1", "attack-pattern--2"]
    corpus = read_stix(written(_bundle(*patterns, *campaigns, uses(0), uses(1), report), tmp_path))
    assert {item.title: [row.technique for row in item.rows] for item in corpus.incidents} == {
        "C0": ["T0146"],
        "C1": ["T0002"],
        "R": ["T0097"],
    }


def test_the_ids_of_the_draft_of_2_0_never_mix_with_those_of_1_x(tmp_path: Path) -> None:
    def reference(code: str) -> list[dict[str, str]]:
        return [{"source_name": "DISARM", "external_id": code}]

    draft = _bundle(
        {
            "type": "x-mitre-tactic",
            "id": "x-mitre-tactic--1",
            "x_mitre_shortname": "a",
            "external_references": reference("TA19"),
        },
        {
            "type": "attack-pattern",
            "id": "attack-pattern--1",
            "name": "Linked Content",
            "kill_chain_phases": [{"phase_name": "a"}],
            "external_references": reference("T0117"),
        },
        {"type": "report", "id": "report--1", "name": "R", "object_refs": ["attack-pattern--1"]},
    )
    corpus = read_stix(written(draft, tmp_path))
    assert corpus.release == "2.0-draft"
    assert [(item.identifier, item.tactic) for item in corpus.techniques] == [("T0117_2.0", "TA19_2.0")]
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0117_2.0"]
    assert "draft-release" in codes(corpus)


def test_a_bundle_is_known_by_its_content(tmp_path: Path) -> None:
    assert is_stix(written((FOLDER / "incidents.json").read_bytes(), tmp_path, "x.txt"))
    assert is_stix(written('[{"type": "campaign", "id": "campaign--10000000-0000-4000-8000-000000000001"}]', tmp_path))
    assert not is_stix(written('{"type": "disarm-techniques", "values": []}', tmp_path))
    assert not is_stix(written("| type: bundle |", tmp_path))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"type": "bundle", "objects": []}', "given.json: holds no STIX object; a bundle is"),
        ('{"type": "bundle"}', "given.json: holds no STIX object; a bundle is"),
        ("[" * 100_000, "given.json:1: lists or objects nested too deep"),
        ('{"incidents": ' * 100_000, "given.json:1: lists or objects nested too deep"),
        ('{"type": "bundle",\n"objects": [{"id": "x"', "given.json:2: the document ends in the middle"),
    ],
)
def test_damaged_bundles_are_refused_with_place_and_remedy(tmp_path: Path, data: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_stix(written(data, tmp_path))
    assert str(caught.value).startswith(message)


_IDS = st.sampled_from(
    ["campaign--1", "attack-pattern--1", "intrusion-set--1", "location--1", "report--1", "x-mitre-tactic--1"]
)
_VALUES = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers() | _IDS, max_size=3)
_REFERENCES = st.lists(
    st.fixed_dictionaries(
        {
            "source_name": st.sampled_from(["DISARM", "mitre-attack"]),
            "external_id": st.sampled_from(["T0146", "TA01", "TA19"]) | _VALUES,
        },
        optional={"url": _VALUES},
    ),
    max_size=2,
)
_KINDS = st.sampled_from(
    ["campaign", "attack-pattern", "intrusion-set", "location", "report", "x-mitre-tactic", "relationship", "teapot"]
)
_VERBS = st.sampled_from(["uses", "targets", "attributed-to", "located-at", "subtechnique-of"])
_OBJECTS = st.fixed_dictionaries(
    {"type": _KINDS, "id": _IDS | st.uuids().map(str)},
    optional={
        "name": _VALUES,
        "x_mitre_id": st.sampled_from(["T0146", "T0086.002", "T1"]) | _VALUES,
        "external_references": _REFERENCES | _VALUES,
        "relationship_type": _VERBS,
        "source_ref": _IDS,
        "target_ref": _IDS,
        "object_refs": st.lists(_IDS, max_size=3) | _VALUES,
        "country": st.sampled_from(["IT", "Atlantis"]) | _VALUES,
        "created": _VALUES,
        "extensions": _VALUES,
        "kill_chain_phases": _VALUES,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_OBJECTS | _VALUES, max_size=8))
def test_any_objects_are_a_sound_corpus_or_a_clear_error(objects: list[object]) -> None:
    assert_corpus_or_clear_error(read_stix, json.dumps({"type": "bundle", "objects": objects}))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_sound_corpus_or_a_clear_error(data: bytes) -> None:
    assert_corpus_or_clear_error(read_stix, data)
    assert_corpus_or_clear_error(read_stix, b'{"objects": [' + data)


# Counted with a plain JSON reader: attack patterns, tactics, relationships.
RELEASES = {"1.4": (294, 16, 190), "1.6": (391, 16, 288), "1.7": (445, 15, 336)}


@pytest.mark.corpus
@pytest.mark.parametrize("release", sorted(RELEASES))
def test_the_real_bundles_of_disarm_are_read_whole(corpus_folder: Path, release: str) -> None:
    path = corpus_folder.parent / release / "generated_files/DISARM_STIX/DISARM.json"
    if not path.is_file():
        pytest.skip(f"no bundle of {release} beside {corpus_folder.name}")
    assert is_stix(path)
    corpus = read_stix(path)
    assert_sound(corpus)
    parents = [item for item in corpus.techniques if item.parent is not None]
    assert (len(corpus.techniques), len(corpus.tactics), len(parents)) == RELEASES[release]
    assert all(item.tactic for item in corpus.techniques)
    assert set(codes(corpus)) == {"duplicate-name", "object-not-read"}
    assert corpus.release == ("1.7" if release == "1.7" else "local")


@pytest.mark.corpus
def test_the_real_samples_of_the_draft_and_of_a_platform_are_read(corpus_folder: Path) -> None:
    folder = corpus_folder.parent.parent / "samples/stix"
    if not folder.is_dir():
        pytest.skip(f"no samples beside {corpus_folder.parent.name}")
    draft = read_stix(folder / "disarm-2.0-observable.json")
    assert_sound(draft)
    assert (draft.release, len(draft.techniques), len(draft.tactics)) == ("2.0-draft", 342, 13)
    assert all(item.identifier.endswith("_2.0") for item in (*draft.techniques, *draft.tactics))
    platform = read_stix(folder / "opencti-import-document.json")
    assert_sound(platform)
    (incident,) = platform.incidents
    assert [area.identifier for area in (*incident.attributed_to, *incident.target_countries)] == ["CN", "US"]
    assert codes(platform)["foreign-technique"] == ["opencti-import-document.json:116"]
    assert codes(platform)["duplicate-id"] == ["opencti-import-document.json:126"]


def test_narratives_are_entries_of_the_incidents_that_tell_them(tmp_path: Path) -> None:
    def identified(kind: str, number: int, **more: object) -> dict[str, object]:
        return {"type": kind, "id": f"{kind}--{number:08d}-0000-4000-8000-000000000000", **more}

    campaign, pattern = identified("campaign", 1, name="Kites"), identified("attack-pattern", 1, name="Account Asset")
    pattern["x_mitre_id"] = "T0146"
    told, listed, loose = (identified("narrative", n, name=f"Tale {n}") for n in (1, 2, 3))
    uses = [
        identified("relationship", n, relationship_type="uses", source_ref=campaign["id"], target_ref=found["id"])
        for n, found in enumerate((pattern, told), 1)
    ]
    report = identified("report", 1, name="R", object_refs=[campaign["id"], pattern["id"], listed["id"]])
    path = written(_bundle(campaign, pattern, told, listed, loose, *uses, report), tmp_path, "b.json")
    corpus = read_stix(path, framework=KNOWN)
    assert_sound(corpus)
    (incident,) = corpus.incidents
    assert [(item.name, item.kind, item.concerns) for item in corpus.entries] == [
        ("Tale 1", "narrative", (incident.identifier,)),
        ("Tale 2", "narrative", (incident.identifier,)),
    ]
    # The third is told by nobody: one object that is not read.
    assert counts(corpus, "stix_narrative") == (2, 0, 1)
    with open_graph(path) as graph:
        assert graph.query("ASK { ?n a kg:Entry ; kg:kind 'narrative' ; kg:concerns ?i . ?i a kg:Incident }")
        assert [fault for fault in graph.validate().violations if fault.severity == "violation"] == []
