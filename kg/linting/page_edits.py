"""Pages changed as text: a field or row mended where it stands, a row added or deleted. All else stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError
from kg.linting.fixes import FIXES, OF_CELLS, ROW_DELETED, Target
from kg.sources.incidents import split_upstream_id
from kg.sources.markdown import parse_link, parse_page, split_id
from kg.text import digest, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Finding
    from kg.sources.markdown import Page, Row, Table


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of a field or row: index of the first line, of the line behind the last, whether a row of a table."""

    start: int
    stop: int
    is_table_row: bool = False


class Edit(NamedTuple):
    """A stretch of a text and what takes its place; lines and columns from 1, in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add to a page.

    Attributes:
        column: The first column of the table, in small letters.
        identifier: The id its link shall say; or the address, for a reference.
        text: The row, without a line break.
        after: The ids of the rows it stands behind, the nearest first; at the top where none is there.
        sha256: The hash of its description; empty where any row with that id is the same row.
    """

    column: str
    identifier: str
    text: str
    after: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class NewText:
    """Another description for a row: the table, the id of its link, the hash of the text it has, and the new text."""

    column: str
    identifier: str
    sha256: str
    text: str


def on_one_line(text: str) -> str:
    """A text as a cell of a table holds it: its lines with a tag between them."""
    return "<br>".join(line.strip() for line in text.strip().split("\n"))


def mend_page(text: str, findings: Iterable[Finding]) -> str:
    """A page, or an index, with what can be mended in it.

    Lines are told from one another by line feeds alone; a carriage return before one stays.
    """
    lines = text.split("\n")
    by_region: dict[Region, list[Finding]] = {}
    for finding, region in _placed(text, len(lines), findings):
        by_region.setdefault(region, []).append(finding)
    # From the last region to the first, so that the lines above keep their numbers.
    for region, faults in sorted(by_region.items(), key=lambda item: -item[0].start):
        if any(finding.code in ROW_DELETED for finding in faults):
            del lines[region.start : region.stop]
        else:
            before = "\n".join(lines[region.start : region.stop])
            lines[region.start : region.stop] = _mended(before, region, faults).split("\n")
    return "\n".join(lines)


def edits_of(text: str, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Edit]]:
    """What :func:`mend_page` would do for each finding alone; nothing for those it would not mend."""
    lines = text.split("\n")
    for finding, region in _placed(text, len(lines), findings):
        before = "\n".join(lines[region.start : region.stop])
        if finding.code in ROW_DELETED:
            below = (region.stop + 1, 1) if region.stop < len(lines) else (region.stop, len(lines[-1]) + 1)
            yield finding, Edit(region.start + 1, 1, *below, "")
            continue
        after = _mended(before, region, [finding])
        if after != before:
            yield finding, _narrowed(before, after, region.start + 1)


def _placed(text: str, number: int, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Region]]:
    """The findings that a page is mended for, each with the field or row it points at."""
    region_of = {line: region for region in _regions(text, number) for line in range(region.start, region.stop)}
    for finding in findings:
        region = region_of.get(finding.place.line - 1)
        is_mended = finding.code in ROW_DELETED or (finding.code in FIXES and finding.code not in OF_CELLS)
        if region is not None and is_mended:
            yield finding, region


def _mended(before: str, region: Region, faults: Iterable[Finding]) -> str:
    end = "\r" if before.endswith("\r") else ""
    after = before.removesuffix("\r")
    for finding in faults:
        after = FIXES[finding.code](after, Target(finding, is_table_row=region.is_table_row))
    return after + end


def _narrowed(before: str, after: str, line: int) -> Edit:
    """The edit without what both texts begin and end with; ``line`` is the 1-based line the texts begin at."""
    start = _shared(before, after)
    longest = min(len(before), len(after)) - start
    same = _shared(before[::-1][:longest], after[::-1][:longest])
    stop = len(before) - same
    ends = [(line + before.count("\n", 0, at), at - before.rfind("\n", 0, at)) for at in (start, stop)]
    return Edit(*ends[0], *ends[1], after[start : len(after) - same])


def _shared(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    differ = (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other)
    return next(differ, min(len(left), len(right)))


def add_rows(text: str, rows: Iterable[NewRow]) -> str:
    """A page with rows added to its tables; those it has already, or has no table for, are not."""
    for row in rows:
        lines = text.split("\n")
        try:
            page = parse_page(text.replace("\r", ""), "page")
        except SourceError:
            return text
        table = page.tables.get(row.column)
        if table is None or _has(table, row):
            continue
        at = _line_behind(table, row.after)
        end = "\r" if lines[at - 1].endswith("\r") else ""
        lines.insert(at, row.text + end)
        text = "\n".join(lines)
    return text


def _has(table: Table, row: NewRow) -> bool:
    known = _identifiers(table)
    if row.identifier not in known or not row.sha256:
        return row.identifier in known
    texts = (plain_text(split_upstream_id(found.cells[1])[1]) for found in table.rows if _says(found, row.identifier))
    return row.sha256 in {digest(text) for text in texts}


def _says(row: Row, identifier: str) -> bool:
    link = parse_link(row.cells[0]) if len(row.cells) > 1 else None
    return link is not None and split_id(link[0])[0] == identifier


def change_descriptions(text: str, changes: Iterable[NewText]) -> str:
    """A page whose rows tell otherwise; a row that has another text than the change expects stays as it is."""
    wanted = {(change.column, change.identifier, change.sha256): change.text for change in changes}
    try:
        page = parse_page(text.replace("\r", ""), "page")
    except SourceError:
        return text
    lines = text.split("\n")
    rows = [(row, column) for column, table in page.tables.items() for row in table.rows if len(row.cells) > 1]
    for row, column in sorted(rows, key=lambda item: -item[0].line):
        link = parse_link(row.cells[0])
        told = plain_text(row.cells[1])
        key = (column, split_id(link[0])[0] if link else "", digest(told) if told else "")
        if key in wanted:
            start, stop = row.line - 1, row.line - 1 + len(row.lines)
            end = "\r" if lines[stop - 1].endswith("\r") else ""
            lines[start:stop] = [f"| {row.cells[0]} | {wanted[key]} |{end}"]
    return "\n".join(lines)


def _identifiers(table: Table) -> dict[str, int]:
    """What the links of a table's rows say, id or address -> the index of the line behind the row."""
    found: dict[str, int] = {}
    for row in table.rows:
        link = parse_link(row.cells[0]) if row.cells else None
        if link is not None:
            found[split_id(link[0])[0] or link[1]] = row.line - 1 + len(row.lines)
    return found


def _line_behind(table: Table, after: tuple[str, ...]) -> int:
    known = _identifiers(table)
    for identifier in after:
        if identifier in known:
            return known[identifier]
    # Below the head and the line that parts it from the rows.
    return table.line + 1


def _regions(text: str, number: int) -> list[Region]:
    try:
        page = parse_page(text.replace("\r", ""), "page")
    except SourceError:
        return _index_regions(text) or [Region(index, index + 1) for index in range(number)]
    return _page_regions(page, text)


def _page_regions(page: Page, text: str) -> list[Region]:
    title = text.count("\n", 0, len(text) - len(text.lstrip()))
    found = [Region(title, title + 1)]
    found.extend(Region(item.line - 1, item.line - 1 + len(item.lines)) for item in page.fields.values())
    for table in page.tables.values():
        found.extend(Region(row.line - 1, row.line - 1 + len(row.lines), is_table_row=True) for row in table.rows)
    return found


def _index_regions(text: str) -> list[Region]:
    """The rows of an index, each from its first line to its last."""
    found = []
    for match in re.finditer(r"<tr>.*?</tr>", text, re.DOTALL):
        start = text.count("\n", 0, match.start())
        found.append(Region(start, start + match[0].count("\n") + 1))
    return found
