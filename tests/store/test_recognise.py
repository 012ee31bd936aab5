"""RDF is known by its beginning where no name says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg.store.recognise import rdf_extension, rdf_extension_of

if TYPE_CHECKING:
    from pathlib import Path

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
THING = '<rdf:Description rdf:about="urn:e:a"><e:p>one</e:p></rdf:Description></rdf:RDF>'
TEXTS = {
    ".jsonld": ['{"@id": "urn:e:a", "urn:e:p": "one"}', ' [{"@id": "urn:e:a",\n "urn:e:p": "one"}]'],
    ".rdf": [RDF + THING, f'<?xml version="1.0"?>\n<!-- x -->{RDF}{THING}'],
    ".nq": [
        '<urn:e:a> <urn:e:p> "one" .',
        '# said here\n\n<urn:e:a> <urn:e:p> "one" .\n_:b <urn:e:p> "o\\"ne"@en-GB <urn:e:g> . # there\n',
        '_:b <urn:e:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    ],
    ".trig": [
        '@prefix e: <urn:e:> .\ne:a e:p "one" .',
        '# said\nPREFIX e: <urn:e:>\n{ e:a e:p "one" }',
        "<urn:e:a> <urn:e:p> 1 , 2 .",
        "<#a> a <#b> .",
        'GRAPH <urn:e:g> { <urn:e:a> <urn:e:p> "one" }',
        '{ <urn:e:a> <urn:e:p> "one" }',
        "BASE <urn:e:> <a> <p> <b> .",
    ],
}
OTHERS = [
    "",
    "id,name\nI00001,T0146\n",
    "<html><body>no</body></html>",
    '<?xml version="1.0"?><a/>',
    '{"type": "bundle", "objects": []}',
    "[1, 2]",
    "# Incident I00001: A page",
    "<not>,closed\n",
    "{curly}",
    "prefix,suffix\nT0146,b\n",
]


@pytest.mark.parametrize(("extension", "text"), [(key, text) for key, texts in TEXTS.items() for text in texts])
def test_each_form_is_known_and_is_read_whatever_the_file_is_called(extension: str, text: str, tmp_path: Path) -> None:
    assert rdf_extension_of(text, whole=True) == extension
    path = tmp_path / "data.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    with kg.open(path) as graph:
        assert len(graph) > 0


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_rdf_is_not_taken_for_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text(text, encoding="utf-8")
    assert rdf_extension(path) is None


def test_a_line_cut_off_in_the_middle_says_nothing() -> None:
    line = '<urn:e:a> <urn:e:p> "one" .\n'
    assert rdf_extension_of(line * 3 + '<urn:e:a> <urn:e:p> "on', whole=False) == ".nq"
    assert rdf_extension_of(line * 3 + '<urn:e:a> <urn:e:p> "on', whole=True) == ".trig"


def test_a_file_that_cannot_be_read_holds_none(tmp_path: Path) -> None:
    assert rdf_extension(tmp_path / "missing") is None
