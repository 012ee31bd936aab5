"""RDF files of strangers: read in a child that may die, refused with file, line and column."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import SourceError
from kg.store import convert, parse
from kg.store.parse import LOCAL, RDF_EXTENSIONS, read_rdf, read_trusted_rdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.store.embedded import EmbeddedStore

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
LOCAL_RDF = RDF.replace("http://example.org/", LOCAL)
ONE = {
    "one.ttl": '<http://example.org/a> <http://example.org/p> "é" .',
    "one.nt": '<http://example.org/a> <http://example.org/p> "é" .',
    "one.nq": '<http://example.org/a> <http://example.org/p> "é" .',
    "one.trig": '{ <http://example.org/a> <http://example.org/p> "é" }',
    "one.jsonld": '{"@id": "http://example.org/a", "http://example.org/p": "é"}',
    "one.rdf": f'{RDF}<rdf:Description rdf:about="http://example.org/a" e:p="é"/></rdf:RDF>',
    "ONE.TTL": '<http://example.org/a> <http://example.org/p> "é" .',
}
QUAD = ['<http://example.org/a> <http://example.org/p> "é"']


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(store: EmbeddedStore) -> list[str]:
    return sorted(str(quad) for quad in store.quads())


@pytest.mark.parametrize("name", ONE)
def test_every_format_is_read_by_its_extension(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, ONE[name])
    assert lines(read_rdf(path)) == QUAD
    assert lines(read_trusted_rdf(path)) == QUAD
    assert path.suffix.lower() in RDF_EXTENSIONS


def test_named_graphs_are_kept_and_plain_triples_go_to_the_default_graph(tmp_path: Path) -> None:
    trig = written(tmp_path, "a.trig", "PREFIX : <urn:x:> :a :p 1 . GRAPH :g { :a :p 2 }")
    store = read_rdf(trig)
    assert store.graphs() == {"urn:x:g"}
    assert list(store.query("SELECT ?o { ?s ?p ?o }").records()) == [{"o": 1}]  # type: ignore[union-attr]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for name in ("one.ttl", "one.jsonld", "one.rdf"):
        assert lines(read_rdf(written(tmp_path, name, b"\xef\xbb\xbf" + ONE[name].encode()))) == QUAD


@pytest.mark.parametrize("read", [read_rdf, read_trusted_rdf])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("my file.ttl", "<#a> <p> <../../b> ."),
        ("other.trig", "{ <#a> <p> <../../../../b> }"),
        ("a.rdf", f'{LOCAL_RDF}<rdf:Description rdf:ID="a"><e:p rdf:resource="../../b"/></rdf:Description></rdf:RDF>'),
        ("a.jsonld", f'{{"@id": "#a", "{LOCAL}p": {{"@id": "../../b"}}}}'),
    ],
)
def test_relative_names_are_resolved_against_one_base_and_never_name_a_folder_of_the_user(
    tmp_path: Path, name: str, content: str, read: Callable[[Path], EmbeddedStore]
) -> None:
    path = written(tmp_path, name, content)
    assert lines(read(path)) == [f"<{LOCAL}#a> <{LOCAL}p> <https://w3id.org/b>"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bad.ttl", '@prefix e: <http://e/> .\ne:a e:b "é" ; e:c , .', "bad.ttl:2:19: , is not a valid RDF object"),
        ("bad.nt", "<http://e/a> <http://e/b> <c> .", "bad.nt:1:27: No scheme found"),
        ("cut.trig", "<http://e/g> { <http://e/a> <http://e/b> 1 .\n ", "cut.trig:2:2: Unexpected end"),
        ("bad.jsonld", '{"@id": "http://e/a",\n "http://e/b":}', "bad.jsonld:2:15: "),
        ("bad.rdf", f"{RDF}\n <e:a>\n</rdf:RDF>", "bad.rdf:3:3: mismatched tag"),
        ("cut.rdf", f"{RDF}\n <e:a>", "cut.rdf:2:7: no element found"),
        ("latin.ttl", '<urn:a:b> <urn:a:b> "é" .'.encode("latin-1"), "latin.ttl:1:22: Invalid UTF-8"),
        ("lines.nt", "<urn:a:b> <urn:a:b> <urn:\n:b> .", "lines.nt:1:21: Invalid IRI code point '\\n'"),
        ("text.rdf", f"{RDF}<e:a>x\ny<e:b/></e:a></rdf:RDF>", "text.rdf: Unexpected text event: 'x\\ny'"),
        ("name.rdf", f"{RDF}<e:a rdf:about='http://[' /></rdf:RDF>", "name.rdf: "),
    ],
)
def test_a_fault_is_told_with_file_line_and_column(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_rdf(written(tmp_path, name, content))
    assert str(caught.value).startswith(f"{tmp_path}/{said}")
    assert "mend the file" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.ttl", b"", "is empty; name a file that holds RDF"),
        ("noise.ttl", bytes(range(256)), "is not text"),
        ("wide.ttl", "<urn:a:b> <urn:a:b> 1 .".encode("utf-16"), "is in UTF-16; save it in UTF-8"),
        ("table.csv", b"a,b", ".csv is no RDF format; name one of .ttl .nt .nq .trig .jsonld .rdf"),
        ("none", b"a", "no extension is no RDF format"),
    ],
)
def test_what_is_no_rdf_at_all_is_told_at_once(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_rdf(written(tmp_path, name, content))


def test_a_path_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read .No such file or directory."):
        read_rdf(tmp_path / "none.ttl")
    with pytest.raises(SourceError, match="is a folder; name an RDF file"):
        read_rdf(tmp_path)
    with pytest.raises(SourceError, match=r"cannot be read .File name too long."):
        read_rdf(tmp_path / ("x" * 300 + ".ttl"))
    with pytest.raises(SourceError, match=r"cannot be read .(stat: )?embedded null (byte|character in path)."):
        read_rdf(tmp_path / "a\0b.ttl")
    loop = tmp_path / "loop.ttl"
    loop.symlink_to(loop)
    with pytest.raises(SourceError, match="cannot be read"):
        read_rdf(loop)
    pipe = tmp_path / "pipe.ttl"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="is not a regular file"):
        read_rdf(pipe)


def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "one.ttl", ONE["one.ttl"])
    tmp_path.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match=r"cannot be read .Permission denied."):
            read_rdf(path)
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaa">]>' + RDF + "</rdf:RDF>",
        "<?xml version='1.0'?>\n<!-- x -->\n<!doctype html>" + RDF + "</rdf:RDF>",
        RDF + " " * 70_000 + '<!DOCTYPE x [<!ENTITY a "b">]></rdf:RDF>',
        " " * 65_531 + "<!DOCTYPE x>" + RDF + "</rdf:RDF>",
    ],
)
def test_rdf_xml_with_a_doctype_is_refused_before_it_is_parsed(
    tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    with pytest.raises(SourceError, match="DOCTYPE is refused, entities can fill the memory"):
        read_rdf(written(tmp_path, "bomb.rdf", content))


def test_the_line_of_a_doctype_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "bomb.rdf", "\n" * 70_000 + "<!DOCTYPE x>")
    with pytest.raises(SourceError, match=f"{path}:70001: DOCTYPE"):
        read_rdf(path)


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/context"',
        '[{"a": "http://e/"}, "http://127.0.0.1:9/context"]',
        '{"@import": "http://127.0.0.1:9/context"}',
        '{"a": {"@id": "http://e/a", "@context": "http://127.0.0.1:9/context"}}',
    ],
)
def test_a_context_that_lies_elsewhere_is_refused_and_not_fetched(tmp_path: Path, context: str) -> None:
    path = written(tmp_path, "far.jsonld", f'{{"@context": {context}, "@id": "http://e/x", "a": {{"b": 1}}}}')
    with pytest.raises(SourceError, match=r"context lies elsewhere and is not fetched; put the context into the file"):
        read_rdf(path)


def test_a_context_in_the_file_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "near.jsonld", '{"@context": {"e": "urn:x:"}, "@id": "e:a", "e:p": {"@id": "e:b"}}')
    assert lines(read_rdf(path)) == ["<urn:x:a> <urn:x:p> <urn:x:b>"]


KILLERS = {
    "terms.ttl": "<urn:a:a> <urn:a:b> " + "<<( <urn:a:a> <urn:a:b> " * 30_000 + "1" + " )>>" * 30_000 + " .",
    "terms.nq": "<urn:a:a> <urn:a:b> " + "<<( <urn:a:a> <urn:a:b> " * 30_000 + '"1"' + " )>>" * 30_000 + " .",
    "lists.ttl": "<urn:a:a> <urn:a:b> " + "(" * 200_000,
    "nodes.ttl": "<urn:a:a> <urn:a:b> " + "[ <urn:a:b> " * 200_000,
    "arrays.jsonld": "[" * 300_000,
    "objects.jsonld": '{"http://e/a":' * 20_000 + "1" + "}" * 20_000,
    "prefix.ttl": f"@prefix p: <http://e/{'a' * 500_000}> .\n" + "p:a p:b p:c .\n" * 50_000,
}


@pytest.mark.parametrize("name", KILLERS)
def test_a_file_made_to_end_the_parser_ends_in_a_refusal(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError):
        read_rdf(written(tmp_path, name, KILLERS[name]))


def test_triple_terms_are_read_as_deep_as_the_parent_can_bear(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return "<urn:a:a> <urn:a:b> " + "<<( <urn:a:a> <urn:a:b> " * depth + "1" + " )>>" * depth + " ."

    assert len(read_rdf(written(tmp_path, "ok.ttl", nested(convert.DEEPEST_TERM)))) == 1
    with pytest.raises(SourceError, match="triple terms nested 9 deep; at most 8 are read"):
        read_rdf(written(tmp_path, "deep.ttl", nested(convert.DEEPEST_TERM + 1)))


def nested_xml(nodes: int) -> str:
    return RDF + "<rdf:Description>\n<e:p>" * nodes + "x" + "</e:p></rdf:Description>" * nodes + "</rdf:RDF>"


def test_rdf_xml_is_read_as_deep_as_the_engine_is_quick_and_refused_with_the_line_beyond(tmp_path: Path) -> None:
    deepest = (convert.DEEPEST_XML - 1) // 2
    assert len(read_rdf(written(tmp_path, "ok.rdf", nested_xml(deepest)))) == deepest
    with pytest.raises(SourceError, match=rf"deep.rdf:{deepest + 2}:1: elements nested more than 1,000 deep; name the"):
        read_rdf(written(tmp_path, "deep.rdf", nested_xml(100_000)))


def test_a_parser_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = written(tmp_path, "convert.py", "import time\ntime.sleep(60)\n")
    monkeypatch.setattr(parse, "__file__", str(sleeper))
    monkeypatch.setattr(parse, "_SECONDS", 1)
    with pytest.raises(SourceError, match="not parsed within 1 s"):
        read_rdf(written(tmp_path, "one.ttl", ONE["one.ttl"]))


def test_a_child_that_cannot_start_is_our_fault_and_no_source_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = written(tmp_path, "convert.py", "import there_is_no_such_module\n")
    monkeypatch.setattr(parse, "__file__", str(broken))
    with pytest.raises(RuntimeError, match="the parser did not start"):
        read_rdf(written(tmp_path, "one.ttl", ONE["one.ttl"]))


@pytest.mark.parametrize("noise", [b"\xff", b"<", b"{", b"@prefix", b"\xef\xbb\xbf", b"   \n", b"\xf0\x9f\x98\x80"])
@pytest.mark.parametrize("extension", RDF_EXTENSIONS)
def test_any_bytes_give_a_store_or_a_source_error(tmp_path: Path, extension: str, noise: bytes) -> None:
    path = written(tmp_path, f"x{extension}", noise)
    try:
        assert len(read_rdf(path)) == 0
    except SourceError as error:
        assert str(path) in str(error)  # noqa: PT017 - either outcome is right


def test_the_layer_is_imported_where_there_are_no_limits_and_no_locks() -> None:
    program = (
        # What Python's own library imports by the platform comes before the platform is said to be another.
        "import shutil, subprocess, tempfile, asyncio\n"
        "import sys; sys.modules['resource'] = None; sys.modules['fcntl'] = None; sys.platform = 'win32'\n"
        "import kg.store.folder, kg.store.parse, kg.store.convert, kg.store.formats"
    )
    root = str(Path(__file__).parents[2])
    ended = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
