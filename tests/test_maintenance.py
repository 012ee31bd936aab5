"""What maintainers and users of releases ask from Python: ``kg.lint``, ``kg.mend``, ``kg.diff``, ``kg.migrate`` ..."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

import kg
from kg.errors import OutputError, SourceError, UnknownNameError
from kg.linting.report import Report
from kg.store.folder import build_store, open_store
from kg.store.parse import read_rdf
from tests.linting.clean import BUNDLE, DATA, draft
from tests.linting.plants import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

USE = "@prefix kg: <https://w3id.org/disarm-kg/ns#> . @prefix i: <https://w3id.org/disarm-kg/id/incident/> .\n"
USE += "@prefix t: <https://w3id.org/disarm-kg/id/technique/> . i:I00901 kg:usesTechnique t:T0023.001 ."
USES = "SELECT ?t { ?i kg:usesTechnique ?t }"
MOVED = [("https://w3id.org/disarm-kg/id/technique/T0162",)]


def test_the_functions_are_there_and_importing_kg_loads_none_of_them() -> None:
    code = "import sys, kg; print('kg.maintenance' in sys.modules, callable(kg.lint), 'kg.maintenance' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
    assert {"diff", "history", "lint", "mend", "migrate"} <= set(kg.__all__)


def test_a_release_is_linted_and_mended(tmp_path: Path) -> None:
    release = draft()
    WRITTEN["odd-blank"].change(release)
    folder = release.write(tmp_path / "release")
    report = kg.lint(folder, select="odd-blank")
    assert isinstance(report, Report)
    assert [finding.code for finding in report.findings] == ["odd-blank"]
    with pytest.raises(FrozenInstanceError):
        report.findings = ()  # type: ignore[misc]
    mending = kg.mend(folder, tmp_path / "out", select="odd-blank")
    assert (len(mending.files), mending.left.of("odd-blank")) == (1, ())
    with pytest.raises(UnknownNameError, match="unknown rule"):
        kg.lint(folder, ignore="od-blank")
    (tmp_path / "x.ttl").write_text(USE, encoding="utf-8")
    with pytest.raises(SourceError, match="checked by 'kg validate'"):
        kg.lint(tmp_path / "x.ttl")


def test_two_releases_are_compared_in_every_form(tmp_path: Path) -> None:
    tags = tmp_path / "tags.csv"
    tags.write_text("A,T0023.001\n", encoding="utf-8")
    found = kg.diff("1.6", "1.7", uses=tags)
    assert found.breaks is not None
    assert [(each.identifier, each.to) for each in found.breaks] == [("T0023.001", "T0162")]
    assert kg.diff("1.6", "1.7").breaks is None
    assert str(found) == found.render("text")
    assert json.loads(found.render("json"))["new"] == "1.7"
    with pytest.raises(UnknownNameError, match="unknown form 'jsn'; did you mean 'json'"):
        found.render("jsn")
    with pytest.raises(SourceError, match=r"of two lines .*; give two of one line, or 1\.x first"):
        kg.diff("2.0", "1.7")
    with pytest.raises(UnknownNameError, match=r"'1\.66'"):
        kg.diff("1.66", "1.7")


def test_a_framework_and_a_workbook_of_incidents_are_compared_in_what_both_know(tmp_path: Path) -> None:
    folder = draft().write(tmp_path)
    bundle = kg.diff(folder / BUNDLE, folder).changes
    assert (bundle.with_ids, bundle.with_incidents, bundle.incidents_added, bundle.gained) == (True, False, (), ())
    rows = kg.diff(folder, folder / DATA).changes
    assert (rows.with_ids, rows.with_incidents, rows.removed, rows.incidents_removed) == (False, True, (), ())
    tags = tmp_path / "tags.csv"
    tags.write_text("A,T0001\n", encoding="utf-8")
    with pytest.raises(SourceError, match="holds no ids, so it cannot tell what breaks"):
        kg.diff(folder, folder / DATA, uses=tags)


def test_a_file_is_migrated_and_saved_as_what_it_is(tmp_path: Path) -> None:
    tags = tmp_path / "tags.csv"
    tags.write_bytes(b"A,T0023.001\r\nB,T0002\r\n")
    found = kg.migrate(tags)
    assert (found.release, found.uses("moved"), found.uses("kept"), found.is_graph) == ("1.7", 1, 1, False)
    found.save(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"A,T0162\r\nB,T0002\r\n"
    with pytest.raises(OutputError, match="exists already"):
        found.save(tmp_path / "out.csv")
    (tmp_path / "x.ttl").write_text(USE, encoding="utf-8")
    kg.migrate(tmp_path / "x.ttl", to="1.7").save(tmp_path / "y.ttl")
    with kg.open(tmp_path / "y.ttl") as graph:
        assert list(graph.store.select(USES).values()) == MOVED
    build_store(read_rdf(tmp_path / "x.ttl").quads(), tmp_path / "store")
    moved = kg.migrate(tmp_path / "store")
    moved.save(tmp_path / "other")
    assert list(open_store(tmp_path / "other").select(USES).values()) == MOVED
    with pytest.raises(OutputError, match="exists already"):
        moved.save(tmp_path / "store")


def test_the_history_of_ids_is_rows(tmp_path: Path) -> None:
    assert [row.successor for row in kg.history(" t0023.001 ")] == ["", "", "T0162"]
    assert len({row.identifier for row in kg.history()}) > 800
    with pytest.raises(UnknownNameError, match="T9999"):
        kg.history("T9999")
    assert list(tmp_path.iterdir()) == []
