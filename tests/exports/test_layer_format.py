"""Every layer that is written is one of format 4.5."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kg.exports.layer import render_layer
from kg.maintenance import diff
from kg.workspace import open_graph
from tests.exports.layer_format import layer_faults

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "name": "x",
    "versions": {"navigator": "5.0.0", "layer": "4.5"},
    "domain": "DISARM",
    "techniques": [{"techniqueID": "T0001", "score": 1, "enabled": True}],
    "gradient": {"colors": ["#ffffff", "#000000"], "minValue": 0, "maxValue": 1},
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, []),
        ({"name": 1}, ["layer.name is 1"]),
        ({"colour": "red"}, ["layer has a field colour"]),
        ({"versions": {"navigator": "4.8.0", "layer": "4.5"}}, ["versions {'navigator': '4.8.0', 'layer': '4.5'}"]),
        ({"techniques": [{"techniqueID": "T0001", "score": "1"}]}, ["technique.score is '1'"]),
        ({"techniques": [{"techniqueID": "Q1"}]}, ["techniqueID Q1"]),
        ({"techniques": [{"techniqueID": "T0001"}] * 2}, ["('T0001', None) stands twice"]),
        ({"links": [{"label": "x", "url": "www"}]}, ["url www"]),
        (
            {"gradient": {"colors": ["#ffffff", "#777777", "#000000"], "minValue": 0, "maxValue": 1}},
            ["gradient of 3 colours from 0 to 1"],
        ),
    ],
)
def test_the_check_sees_what_is_wrong(change: dict[str, object], fault: list[str]) -> None:
    assert layer_faults({**GOOD, **change}) == fault


@pytest.mark.parametrize("incidents", [(), ("I00096",), ("I00096", "I00100")])
def test_the_layers_of_the_embedded_incidents_are_of_the_format(incidents: tuple[str, ...]) -> None:
    with open_graph() as graph:
        layer = json.loads(b"".join(render_layer(graph.store, incidents=incidents)))
    assert layer["techniques"]
    assert layer_faults(layer) == []


@pytest.mark.parametrize(("old", "new"), [("1.6", "1.7"), ("1.7", "2.0")])
def test_the_layers_of_what_changed_are_of_the_format(old: str, new: str, tmp_path: Path) -> None:
    uses = tmp_path / "mine.csv"
    uses.write_text("A,T0097.202\nB,T0023.001\nC,T0002\n", encoding="utf-8")
    for given in (None, uses):
        layer = json.loads(diff(old, new, uses=given).render("layer"))
        assert layer["techniques"]
        assert layer_faults(layer) == []
