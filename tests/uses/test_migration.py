"""A framework of kettles and the files of its users: what moves, what stays, and that nothing else changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kg.analysis.difference import find_breakages
from kg.errors import SourceError, UnknownNameError
from kg.lineage import History, Successors, build_history, compare
from kg.store.embedded import EmbeddedStore
from kg.store.folder import build_store, open_store
from kg.uses import read_uses, target_release
from kg.uses.migration import _written
from tests.uses.kettles import DRAFT, NEW, OLD, ROWS, moved, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def history() -> History:
    return build_history([OLD, NEW, DRAFT])


@pytest.fixture
def successors() -> Successors:
    return Successors(ROWS, {"T0008": "Break Cups"})


def test_a_two_column_table_keeps_every_other_byte(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "x.csv"
    before = (
        b"\xef\xbb\xbfincident;technique;\r\n"
        b'"A; ""case""";T0001;\r\n'
        b"B ;  T0003 - Pour;\r\n"
        b"C;T0005;\r\n"
        b"D;T0001 T0003 T0002;\r\n\r\n"
        b'E;"T0004";\r\n'
    )
    path.write_bytes(before)
    found = moved(path, history, successors)
    assert found.data() == (
        before.replace(b"T0001", b"T0006").replace(b"T0003", b"T0007").replace(b'"T0004"', b'"T0006"')
    )
    assert told(found) == {
        "T0001": ("moved", "T0006", 2),
        "T0002": ("kept", "T0002", 1),
        "T0003": ("moved", "T0007", 1),
        "T0004": ("moved", "T0006", 1),
        "T0005": ("stays", "T0005", 1),
    }


def test_of_a_wider_table_only_the_column_of_techniques_moves(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "wide.csv"
    before = b"incident_id,technique_id,note\nI1,T0001,was T0001\nI2,T0002,\n"
    path.write_bytes(before)
    found = moved(path, history, successors)
    assert found.data() == before.replace(b"I1,T0001", b"I1,T0006")
    assert told(found) == {"T0001": ("moved", "T0006", 1), "T0002": ("kept", "T0002", 1)}


def test_what_moves_and_stays_is_counted_by_uses(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "Year,Event,T0001_Whistle,`T0002_Boil Water,T0003_Pour,T0005_ Sip Tea\n2020,A,1,0,1,1\n2021,B,`1,1,0,1\n",
        encoding="utf-8",
    )
    found = moved(path, history, successors)
    assert {kind: found.tags(kind) for kind in ("kept", "moved", "stays")} == {"kept": 1, "moved": 3, "stays": 2}
    # The name of T0007 holds a comma and a quote: its cell keeps the old label, as it has no quotes to hold them.
    assert found.data().decode().splitlines()[0] == (
        "Year,Event,T0006_Make a Sound,`T0002_Boil Water,T0007_Pour,T0005_ Sip Tea"
    )
    assert found.data().decode().splitlines()[1:] == path.read_text(encoding="utf-8").splitlines()[1:]


def test_a_name_beside_an_id_tells_which_meaning_is_meant(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0004 Shout\nB,T0004 Wash Cups\nC,T0004\n", encoding="utf-8")
    # Without a release, T0004 alone is what it is today.
    assert moved(path, history, successors, None).data() == b"A,T0006 Make a Sound\nB,T0004 Wash Cups\nC,T0004\n"
    assert moved(path, history, successors, "0.1").data() == b"A,T0006 Make a Sound\nB,T0004 Wash Cups\nC,T0006\n"


def test_the_ids_that_the_draft_reuses_are_refused_until_it_is_clear_what_is_meant(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0008\n", encoding="utf-8")
    (alone,) = moved(path, history, successors, None).outcomes
    assert (alone.verdict.outcome, alone.verdict.basis) == ("stays", "refused")
    assert "Break Cups" in alone.verdict.reason
    (said,) = moved(path, history, successors, "0.1").outcomes
    assert said.verdict.outcome == "kept"
    (draft,) = moved(path, history, successors, "2.0-draft").outcomes
    assert (draft.verdict.outcome, draft.verdict.basis) == ("stays", "refused")
    path.write_text("A,T0008\nB,T0002\n", encoding="utf-8")
    known = moved(path, history, successors, None)
    assert told(known)["T0008"] == ("kept", "T0008", 1)
    assert known.origin == "taken to be of 1.x: the 2.0 draft has no T0002"
    path.write_text("A,T0008\nB,T0099\n", encoding="utf-8")
    strange = moved(path, history, successors, None)
    assert told(strange) == {"T0008": ("stays", "T0008", 1), "T0099": ("stays", "T0099", 1)}
    path.write_text("A,T0008 Stir\nB,T0008 Break Cups\n", encoding="utf-8")
    assert [(o.verdict.outcome, o.name) for o in moved(path, history, successors, None).outcomes] == [
        ("stays", "Break Cups"),
        ("kept", "Stir"),
    ]


def test_nothing_is_moved_that_is_less_sure_than_asked(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0001\nB,T0005\n", encoding="utf-8")
    assert moved(path, history, successors, least=0.95).data() == b"A,T0001\nB,T0005\n"
    assert moved(path, history, successors, least=0.3).data() == b"A,T0006\nB,T0007\n"
    unsure = moved(path, history, successors).outcomes[1].verdict
    assert (unsure.candidate, unsure.confidence) == ("T0007", 0.3)


def test_a_layer_keeps_its_scores_and_comments(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "layer.json"
    text = (
        '{"name": "x", "domain": "DISARM", "versions": {"layer": "4.5"},\n "techniques": [\n'
        '  {"techniqueID": "T0001", "score": 3, "comment": "T0001 was seen"},\n'
        '  {"techniqueID":"T0004","enabled":false }, {"techniqueID": "T9999"} ] }\n'
    )
    path.write_text(text, encoding="utf-8")
    found = moved(path, history, successors)
    assert found.data().decode() == text.replace('"T0001",', '"T0006",').replace('"T0004"', '"T0006"')
    notes = [outcome.note for outcome in found.outcomes]
    assert notes == ["T0004 stands there as well", "T0001 stands there as well", ""]


def stix(*patterns: dict[str, object]) -> str:
    bundle = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": list(patterns)}
    return json.dumps(bundle, indent=1)


def pattern(number: int, name: str, **members: object) -> dict[str, object]:
    identifier = f"attack-pattern--00000000-0000-4000-8000-{number:012}"
    return {"type": "attack-pattern", "id": identifier, "name": name, "description": "about T0001", **members}


def test_a_bundle_is_mended_where_it_carries_ids(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "bundle.json"
    text = stix(
        pattern(1, "Whistle", external_references=[{"source_name": "DISARM", "external_id": "T0001", "url": "T0001"}]),
        pattern(2, "Pour, or Spill", x_mitre_id="T0003"),
        pattern(3, "Whistle", external_references=[{"source_name": "capec", "external_id": "T0001"}]),
        pattern(4, "Shout", extensions={"extension-definition--1": {"id": "T0004"}}),
    )
    path.write_text(text, encoding="utf-8")
    found = json.loads(moved(path, history, successors).data())["objects"]
    assert [each["name"] for each in found] == ["Make a Sound", 'Serve, "properly"', "Whistle", "Make a Sound"]
    assert found[0]["external_references"][0] == {"source_name": "DISARM", "external_id": "T0006", "url": "T0001"}
    assert found[1]["x_mitre_id"] == "T0007"
    assert found[2]["external_references"][0]["external_id"] == "T0001"
    assert found[3]["extensions"]["extension-definition--1"]["id"] == "T0006"
    assert {each["description"] for each in found} == {"about T0001"}


def test_a_framework_is_not_migrated(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(stix(pattern(1, "x", x_mitre_id="T0001"), {"type": "x-mitre-tactic", "id": "x"}), encoding="utf-8")
    with pytest.raises(SourceError, match="a framework itself"):
        moved(path, history, successors)


def test_tags_of_misp_follow_by_name(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "event.json"
    tag = 'misp-galaxy:disarm-techniques="{}"'
    event = {
        "Event": {
            "info": "x",
            "Tag": [{"name": tag.format(each)} for each in ("Whistle", "Boil Water", "Stir", "Sip Tea", "Unheard of")],
            "Galaxy": [
                {
                    "type": "disarm-techniques",
                    "GalaxyCluster": [
                        {
                            "type": "disarm-techniques",
                            "value": "Whistle",
                            "tag_name": tag.format("Whistle"),
                            "meta": {"external_id": ["T0001"]},
                        }
                    ],
                }
            ],
        }
    }
    path.write_text(json.dumps(event), encoding="utf-8")
    found = moved(path, history, successors)
    after = json.loads(found.data())["Event"]
    # A technique that was renamed in place is tagged by its new name.
    assert [each["name"] for each in after["Tag"]] == [
        tag.format(each) for each in ("Make a Sound", "Heat Water", "Stir", "Sip Tea", "Unheard of")
    ]
    (cluster,) = after["Galaxy"][0]["GalaxyCluster"]
    assert (cluster["value"], cluster["tag_name"]) == ("Make a Sound", tag.format("Make a Sound"))
    assert cluster["meta"]["external_id"] == ["T0006"]
    assert found.tags("stays") == 2


GRAPH = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix id: <https://w3id.org/disarm-kg/id/> .
@prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/disarm-kg/id/incident/I00001> a kg:Incident ; dcterms:title "About disarm:T0001" ;
  kg:usesTechnique disarm:T0001, disarm:T0005 .
<https://w3id.org/disarm-kg/id/use/I00001-T0001> a kg:TechniqueUse ; dcterms:identifier "I00001-T0001" ;
  kg:technique disarm:T0001 .
<https://w3id.org/disarm-kg/id/observation/o> kg:techniqueList "T0001 T0005" ; kg:technique disarm:T0001 .
disarm:T0001 dcterms:identifier "T0001" .
"""


def test_a_graph_speaks_of_other_techniques_and_says_the_same_of_them(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(GRAPH, encoding="utf-8")
    found = moved(path, history, successors)
    assert told(found) == {"T0001": ("moved", "T0006", 1), "T0005": ("stays", "T0005", 1)}
    store = EmbeddedStore.from_quads(found.quads())
    rows = store.select("SELECT ?t { ?i kg:usesTechnique ?t } ORDER BY ?t")
    assert [(row[0] or "").rpartition("/")[2] for row in rows.values()] == ["T0005", "T0006"]
    (use,) = store.select(
        "SELECT ?u ?id ?t { ?u a kg:TechniqueUse ; dcterms:identifier ?id ; kg:technique ?t }"
    ).values()
    assert [(cell or "").rpartition("/")[2] for cell in use] == ["I00001-T0006", "I00001-T0006", "T0006"]
    (listed,) = store.select("SELECT ?l { ?o kg:techniqueList ?l }").values()
    assert listed == ("T0006 T0005",)
    # What the old technique is stays said, and so do words.
    assert store.query("ASK { disarm:T0001 dcterms:identifier 'T0001' }")
    assert store.query("ASK { ?i dcterms:title 'About disarm:T0001' }")


def test_a_store_is_read_and_written(tmp_path: Path, history: History, successors: Successors) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(GRAPH, encoding="utf-8")
    graph = read_uses(path).graph
    assert graph is not None
    build_store(graph.quads(), tmp_path / "store")
    found = moved(tmp_path / "store", history, successors)
    build_store(found.quads(), tmp_path / "after")
    with_new = open_store(tmp_path / "after")
    assert with_new.query("ASK { ?i kg:usesTechnique disarm:T0006 }")


def test_what_breaks_is_what_is_gone_or_other_than_it_was(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0001\nB,T0001\nC,T0002\nD,T0004\nE,T0005\nF,T0008\nG,T0777\n", encoding="utf-8")
    found = find_breakages(read_uses(path), compare(OLD, NEW), NEW, history, successors)
    assert [(each.identifier, each.uses, each.what, each.to) for each in found] == [
        ("T0001", 2, "gone", "T0006"),
        ("T0002", 1, "renamed to Heat Water", "T0002"),
        ("T0004", 1, "means something else", "T0006"),
        ("T0005", 1, "gone", ""),
        ("T0008", 1, "moved to TA02", "T0008"),
        ("T0777", 1, "gone", ""),
    ]


def test_a_release_that_is_none_and_one_of_2_are_refused(history: History) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown release '0\.3'"):
        target_release(history, "0.3")
    with pytest.raises(UnknownNameError, match="is a draft whose ids mean other things"):
        target_release(history, "2.0-draft")
    with pytest.raises(UnknownNameError, match=r"unknown release '2\.0'"):
        target_release(history, "2.0")


def test_every_column_of_ids_of_a_table_moves_and_what_only_mentions_one_stays(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    before = (
        b"\xef\xbb\xbfcase;first;then;note\r\n"
        b"A;T0001;T0003 | t0005;see T0001\r\n"
        b'B; t0001 ;;"T0003 ""said"" so"\r\n'
        b"C;T0002\r\n"
    )
    path.write_bytes(before)
    found = moved(path, history, successors)
    after = before.replace(b"A;T0001;T0003 |", b"A;T0006;T0007 |").replace(b" t0001 ", b" T0006 ")
    assert found.data() == after
    assert told(found) == {
        "T0001": ("moved", "T0006", 2),
        "T0002": ("kept", "T0002", 1),
        "T0003": ("moved", "T0007", 1),
        "T0005": ("stays", "T0005", 1),
    }


def test_ids_in_other_letters_and_with_blanks_are_the_same_ids(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "layer.json"
    layer = {"name": "x", "domain": "DISARM", "techniques": [{"techniqueID": each} for each in ("t0001", " T0001 ", 7)]}
    path.write_text(json.dumps(layer), encoding="utf-8")
    found = moved(path, history, successors)
    assert found.data().decode() == json.dumps(layer).replace('"t0001"', '"T0006"').replace('" T0001 "', '"T0006"')
    layer["domain"] = "ics-attack"
    path.write_text(json.dumps(layer), encoding="utf-8")
    with pytest.raises(SourceError, match="the domain of the layer is 'ics-attack'"):
        read_uses(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", b"nothing here", "is no file of uses"),
        ("y.csv", b"a,b,c\nsee T0001 there,x,y\n", "is no file of uses"),
        ("x.csv", b'A,T0001\n"B', "never closed"),
        ("layer.json", b'{"domain": "DISARM", "version": "x", "techniques": [{"techniqueID": "T0001",]}', "is no JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_uses(path)
    assert message in str(caught.value)


def test_bytes_of_an_unknown_encoding_come_back_as_they_were(
    tmp_path: Path, history: History, successors: Successors
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Caf\xe9 \x81,T0001\n")
    assert moved(path, history, successors).data() == b"Caf\xe9 \x81,T0006\n"
    path.write_bytes("A,T0001\r\n".encode("utf-16"))
    assert moved(path, history, successors).data() == "A,T0006\r\n".encode("utf-16")


def test_the_line_that_declares_the_delimiter_stays_and_a_name_in_its_own_cell_is_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    head = "sep=;\nincident;technique;technique name\n"
    path.write_text(f'{head}A;T0049;Old Name\nB;T0049;"Old Name"\nC;T0146;Kept\n', encoding="utf-8")
    file = read_uses(path)
    assert [(found.identifier, found.name, found.line) for found in file.occurrences] == [
        ("T0049", "Old Name", 3),
        ("T0049", "Old Name", 4),
        ("T0146", "Kept", 5),
    ]
    spans = [[file.text[span.start : span.end] for span in found.spans] for found in file.occurrences]
    assert spans == [["T0049", "Old Name"], ["T0049", "Old Name"], ["T0146", "Kept"]]
    forms = [found.spans[1] for found in file.occurrences[:2]]
    assert [_written(span, 'A; "B"') for span in forms] == ['"A; ""B"""', 'A; ""B""']
    assert _written(forms[0], "Plain") == "Plain"


def test_of_a_list_of_layers_those_of_disarm_are_migrated(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '[{"name": "a", "domain": "DISARM", "versions": {}, "techniques": [{"techniqueID": "T0146"}]},'
        ' {"name": "b", "domain": "enterprise-attack", "versions": {}, "techniques": [{"techniqueID": "T0097"}]}]',
        encoding="utf-8",
    )
    assert [found.identifier for found in read_uses(path).occurrences] == ["T0146"]
