"""How rows are written: SPARQL 1.1 Query Results in JSON, XML, CSV and TSV, whole or block by block.

A document is an opening, blocks of rows and an ending. JSON may hold its head at the end as well, and XML an
instruction behind all else: there they can say of rows that are sent while the query still runs whether they were cut.
CSV and TSV have no place for it.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OutputError
from kg.rdf.namespaces import PREFIXES
from kg.store.graphs import as_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store.answers import Row, Solutions, Term

RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
"""Name to the engine's own; all but JSON are written by it, as it does for its own results."""

CUT = "#truncated-after-"
"""How a link begins by which the head of an answer says that it was cut, and after how many rows."""

_XML_END = "</results></sparql>"


class RowsWriter:
    """Writes the rows of one answer.

    Args:
        variables: The names of the columns.
        name: A name of :data:`RESULTS`.
        replace: Put U+FFFD for characters that XML cannot hold, instead of an error.
    """

    def __init__(self, variables: Sequence[str], name: str, *, replace: bool = False) -> None:
        self._variables = tuple(variables)
        self._name = name
        self._replace = replace
        self._opening = "" if name == "json" else self._by_engine([]).removesuffix(_XML_END)

    @property
    def between(self) -> bytes:
        """What stands between two blocks."""
        return b"," if self._name == "json" else b""

    def opening(self, cut_after: int | None = None) -> bytes:
        """What stands before the rows.

        Args:
            cut_after: After how many rows the answer was cut, where it was; XML and JSON say so.
        """
        if self._name == "json":
            return f'{{"head":{self._json_head(cut_after)},"results":{{"bindings":['.encode()
        if self._name == "xml" and cut_after is not None:
            link = f'<link href="{_link(cut_after)}"/></head>'
            return self._opening.replace("</head>", link, 1).encode()
        return self._opening.encode()

    def block(self, rows: Sequence[Row]) -> bytes:
        """Rows, one or more."""
        if self._name == "json":
            return _dumped([self._binding(row) for row in rows])[1:-1].encode()
        return self._by_engine(rows)[len(self._opening) :].removesuffix(_XML_END).encode()

    def ending(self) -> bytes:
        """What stands behind the rows."""
        return {"json": b"]}}", "xml": _XML_END.encode()}.get(self._name, b"")

    @property
    def tells_at_end(self) -> bool:
        """Whether the end of the document can say that rows were cut."""
        return self._name in {"json", "xml"}

    def opening_untold(self) -> bytes:
        """What stands before rows of which nobody knows yet whether they will be cut."""
        return b'{"results":{"bindings":[' if self._name == "json" else self.opening()

    def ending_told(self, cut_after: int | None) -> bytes:
        """What stands behind such rows.

        Raises:
            OutputError: they were cut, and the format cannot say so.
        """
        if self._name == "json":
            return f']}},"head":{self._json_head(cut_after)}}}'.encode()
        if cut_after is None:
            return self.ending()
        if not self.tells_at_end:
            message = f"rows: cut after {cut_after}, which {self._name} cannot say at its end; ask for JSON or less"
            raise OutputError(message)
        return self.ending() + f"<?kg-truncated after {cut_after} rows?>".encode()

    def _json_head(self, cut_after: int | None) -> str:
        head: dict[str, object] = {"vars": list(self._variables)}
        if cut_after is not None:
            head["link"] = [_link(cut_after)]
        return _dumped(head)

    def _binding(self, row: Row) -> dict[str, object]:
        return {name: _as_json(term) for name, term in zip(self._variables, row, strict=True) if term is not None}

    def _by_engine(self, rows: Sequence[Row]) -> str:
        bindings = [self._binding(row) for row in rows]
        said = _dumped({"head": {"vars": list(self._variables)}, "results": {"bindings": bindings}})
        out = io.BytesIO()
        ox.parse_query_results(said, ox.QueryResultsFormat.JSON).serialize(out, format=RESULTS[self._name])
        text = out.getvalue().decode()
        return as_xml(text, replace=self._replace) if self._name == "xml" else text


def render_rows(rows: Solutions, name: str, *, replace: bool = False) -> bytes:
    """All rows of an answer; see :class:`RowsWriter`."""
    writer = RowsWriter(rows.variables, name, replace=replace)
    opening = writer.opening(len(rows) if rows.truncated else None)
    return opening + (writer.block(list(rows)) if len(rows) else b"") + writer.ending()


def _link(cut_after: int) -> str:
    return f"{CUT}{cut_after}-rows"


def _dumped(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _as_json(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        return {"type": "triple", "value": {name: _as_json(part) for name, part in parts}}
    said: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        said["xml:lang"] = term.language
        if term.direction is not None:
            said["its:dir"] = str(term.direction)
    elif term.datatype.value != f"{PREFIXES['xsd']}string":
        said["datatype"] = term.datatype.value
    return said
