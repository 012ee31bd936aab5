"""All Turtle of the ontology is in the normal form of :mod:`tests.ontology.turtle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.ontology.engines import ONTOLOGY
from tests.ontology.turtle import normal_form

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(ONTOLOGY.rglob("*.ttl"))

UNTIDY = """# A comment.
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix unused: <https://example.org/> .
kg:b a skos:Concept ; kg:rank 2, 10 ; skos:prefLabel "say \\"so\\""@en .
kg:a kg:list (kg:b "x") . kg:b a kg:Tactic .
"""
TIDY = """# A comment.

@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

kg:a
    kg:list ( kg:b "x" ) .

kg:b
    a kg:Tactic, skos:Concept ;
    skos:prefLabel "say \\"so\\""@en ;
    kg:rank 10, 2 .
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ONTOLOGY).as_posix())
def test_a_turtle_file_is_in_normal_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert normal_form(text) == text


def test_the_normal_form_orders_and_keeps_every_triple() -> None:
    assert normal_form(UNTIDY) == TIDY
    assert isomorphic(rdflib.Graph().parse(data=UNTIDY), rdflib.Graph().parse(data=TIDY))


def test_a_nameless_node_has_no_normal_form() -> None:
    with pytest.raises(ValueError, match="blank node"):
        normal_form("@prefix kg: <https://w3id.org/disarm-kg/ns#> .\nkg:a kg:about [ kg:rank 1 ] .\n")
