"""Networks on the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import networkx as nx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.mark.parametrize("name", ["incidents", "framework", "cooccurrence"])
def test_every_network_is_exported_for_other_tools(kg: Run, name: str, tmp_path: Path) -> None:
    done = kg("export", "--network", name, "-o", "network.graphml")
    assert (done.status, done.err) == (0, "wrote network.graphml\n")
    assert len(nx.read_graphml(tmp_path / "network.graphml")) > 100
    assert kg("export", "--network", name, "--format", "gexf").out.startswith("<?xml")


def test_pairs_are_written_as_a_network_by_the_extension(kg: Run, tmp_path: Path) -> None:
    assert kg("cooccurrence", "--evidence", "rows", "--significance", "-o", "pairs.gexf").status == 0
    network = nx.read_gexf(tmp_path / "pairs.gexf")
    assert {attributes["verdict"] for _, _, attributes in network.edges(data=True)} >= {"together", "chance"}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--network", "incident", "-o", "x.gexf"), 3, "did you mean 'incidents'"),
        (("--network", "incidents", "-o", "x.png"), 3, "names no form of a network"),
        (("--network", "incidents", "--no-text"), 2, "holds no sentences"),
    ],
)
def test_a_network_that_cannot_be_written_is_refused(
    kg: Run, arguments: tuple[str, ...], status: int, message: str
) -> None:
    done = kg("export", *arguments)
    assert done.status == status
    assert message in done.err


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("cooccurrence", "--unit", "passage"), "passages"),
        (("cooccurrence", "--level", "tactic"), "counted as their tactics"),
        (("cooccurrence", "--tactic", "TA06"), "tactic TA06"),
        (("incidents", "--tactic", "TA06"), "tactic TA06"),
    ],
)
def test_a_narrowed_picture_says_what_it_is_narrowed_to(
    kg: Run, arguments: tuple[str, ...], fact: str, tmp_path: Path
) -> None:
    assert kg("view", *arguments, "-o", "page.html").status == 0
    assert fact in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_filter_does_not_apply_to_the_framework(kg: Run) -> None:
    done = kg("view", "framework", "--tactic", "TA06", "-o", "page.html")
    assert (done.status, "a filter does not apply" in done.err) == (2, True)


def test_a_picture_may_show_the_backbone_alone_and_says_how_much_that_is(kg: Run, tmp_path: Path) -> None:
    assert kg("view", "cooccurrence", "--backbone", "0.2", "-o", "page.html").status == 0
    told = re.search(r"backbone at 0\.2, (\d+) pairs between (\d+)", (tmp_path / "page.html").read_text("utf-8"))
    assert told is not None
    structure = kg("structure", "--backbone", "0.2", "--seeds", "2", "--format", "csv")
    assert f"{told[2]} techniques, {told[1]} of " in structure.err


@pytest.mark.parametrize("level", ["0", "-1", "1.5", "nan"])
def test_a_backbone_at_no_level_is_refused(kg: Run, level: str) -> None:
    done = kg("view", "cooccurrence", "--backbone", level, "-o", "page.html")
    assert (done.status, "give a number above 0, at most 1" in done.err) == (3, True)


def test_a_backbone_is_of_pairs_alone(kg: Run) -> None:
    done = kg("view", "framework", "--backbone", "0.2", "-o", "page.html")
    assert (done.status, "--backbone does not apply" in done.err) == (2, True)
