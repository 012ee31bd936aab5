"""A corrected copy of a source, and the patch that makes it: what is safe is mended, the rest is said.

The copy is linted and mended until nothing more can be, so mending it again changes nothing.
"""

from __future__ import annotations

import re
import secrets
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import OutputError, unknown_name
from kg.linting.copying import cells_csv, check_target, compare, copy_source, give_name
from kg.linting.counter_links import rows_of_links
from kg.linting.descriptions import moves
from kg.linting.fixes import FIXED, FIXES, RESTORED, ROW_DELETED, Target
from kg.linting.page_edits import NewRow, add_rows, change_descriptions, mend_page
from kg.linting.report import lint
from kg.linting.restoring import is_blank_page, new_addresses, rows_of_pairs, rows_of_references
from kg.linting.rules import RULES
from kg.linting.suggestions import read_page
from kg.linting.xlsx import edit_workbook

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Collection, Mapping

    from kg.linting.release import Release
    from kg.linting.report import Report
    from kg.linting.xlsx import Cells
    from kg.model import Finding
    from kg.sources.workbook import Sheet, SheetRow

_MOST_ROUNDS = 10
_MISPLACED = frozenset({"placement-restored", "suspect-placement"})


@dataclass(slots=True)
class Mending:
    """What was mended.

    Attributes:
        found: How many findings of each code the source had.
        left: The report on the corrected copy.
        files: The files that differ from the source, with ``/``.
        patch: The patch of the text files.
        cells: What was written to cells of workbooks: file, sheet, cell, text before and after.
    """

    found: Counter[str]
    left: Report
    files: list[str] = field(default_factory=list)
    patch: bytes = b""
    cells: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def account(self) -> list[tuple[str, int, int, str]]:
        """Code, findings before, findings after, and why some are left, in order of code."""
        after = Counter(finding.code for finding in self.left.findings)
        return [
            (code, self.found[code], after[code], _reason(code, after[code]))
            for code in sorted(self.found.keys() | after.keys())
        ]


def _reason(code: str, left: int) -> str:
    if not left:
        return "mended"
    if code in FIXED:
        return "the rest cannot be mended without a decision"
    return "not mended: somebody has to decide"


def mend(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    framework: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> Mending:
    """Write a corrected copy of a source, with the patch of its pages and a list of the changed cells.

    Args:
        source: A release folder, a folder of pages or workbooks, a page or a workbook.
        out: A folder that does not exist yet. For a single file it may also be a file with the same extension; patch
            and list then stand beside it.
        select: Mend only these codes; all that are safe where it is empty.
        ignore: Do not mend these codes.
        framework: As for :func:`kg.linting.lint`.
        today: As for :func:`kg.linting.lint`.

    Raises:
        OutputError: ``out`` exists, lies inside the source, or cannot be written.
        SourceError: The source cannot be read.
        UnknownNameError: No rule has that code.
    """
    origin, target = Path(source), Path(out)
    for code in (*select, *ignore):
        if code not in RULES:
            raise unknown_name("rule", code, RULES)
    check_target(origin, target)
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    codes = {code for code in FIXED if (not select or code in select) and code not in ignore}
    try:
        root = copy_source(origin, beside)
        workshop = _Workshop(root, codes)
        first = report = lint(root, framework=framework, today=today)
        for _ in range(_MOST_ROUNDS):
            if not workshop.mend_round(report):
                break
            report = lint(root, framework=framework, today=today)
        found = Counter(finding.code for finding in first.findings)
        mending = Mending(found, report, cells=workshop.cells)
        mending.files, mending.patch = compare(origin, root)
        give_name(origin, beside, target, (mending.patch, cells_csv(mending.cells)))
    except OSError as error:
        message = f"{out}: cannot be written ({error.strerror or error}); choose another path or make room"
        raise OutputError(message) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return mending


class _Workshop:
    """Mends the files of one copy, round by round: fields, rows and cells, then what is to be added or deleted."""

    def __init__(self, root: Path, codes: set[str]) -> None:
        self._folder = root if root.is_dir() else root.parent
        self._codes = codes
        self._cells: dict[tuple[str, str, str], tuple[str, str]] = {}

    @property
    def cells(self) -> list[tuple[str, str, str, str, str]]:
        """Each cell that is other than it was: file, sheet, cell, text before the first round and after the last."""
        return [(*key, before, after) for key, (before, after) in sorted(self._cells.items()) if before != after]

    def mend_round(self, report: Report) -> bool:
        """Mend what one report names; whether anything was."""
        wanted = [finding for finding in report.findings if finding.code in self._codes]
        if self._move_descriptions(report.release, wanted):
            return True
        texts, cells = self._mend_texts(wanted), self._mend_cells(report.release, wanted)
        # Rows are added last: by then no line number of the report is needed any more.
        return self._restore(report.release, wanted) or texts or cells

    def _move_descriptions(self, release: Release, wanted: list[Finding]) -> bool:
        if not any(finding.code in _MISPLACED for finding in wanted):
            return False
        found = moves(release)
        changed = self._write_cells(found.cells, found.befores)
        for name, changes in found.pages.items():
            text = self._read(name)
            if text is not None:
                changed |= self._write(name, text, change_descriptions(text, changes))
        return changed

    def _mend_texts(self, wanted: list[Finding]) -> bool:
        changed = False
        by_file: dict[str, list[Finding]] = {}
        for finding in wanted:
            if not finding.place.sheet and (finding.code in FIXES or finding.code in ROW_DELETED):
                by_file.setdefault(finding.place.file, []).append(finding)
        for name, findings in by_file.items():
            text = self._read(name)
            if text is not None:
                changed |= self._write(name, text, mend_page(text, findings))
        return changed

    def _mend_cells(self, release: Release, wanted: list[Finding]) -> bool:
        rows: dict[tuple[str, str, int], tuple[Sheet, SheetRow]] = {}
        for workbook in release.workbooks:
            for sheet in workbook.sheets:
                rows.update({(workbook.document.path, sheet.name, row.number): (sheet, row) for row in sheet.rows})
        texts: dict[tuple[str, str, str], str] = {}
        befores: dict[tuple[str, str, str], str] = {}
        for finding in wanted:
            place = finding.place
            found = rows.get((place.file, place.sheet, place.line))
            if found is None or not place.cell or finding.code not in FIXES:
                continue
            sheet, row = found
            key = (place.file, place.sheet, place.cell)
            position = _position(place.cell) - sheet.first_column
            before = befores.setdefault(key, row.cells[position] if position < len(row.cells) else "")
            column = sheet.columns[position] if position < len(sheet.columns) else ""
            texts[key] = FIXES[finding.code](texts.get(key, before), Target(finding, row, column))
        changes: dict[str, dict[str, Cells]] = {}
        for (file, sheet_name, cell), text in texts.items():
            if text != befores[file, sheet_name, cell]:
                changes.setdefault(file, {}).setdefault(sheet_name, {})[cell] = text
        return self._write_cells(changes, befores)

    def _write_cells(
        self, changes: Mapping[str, Mapping[str, Cells]], befores: Mapping[tuple[str, str, str], str]
    ) -> bool:
        changed = False
        for file, sheets in changes.items():
            path = self._folder / file
            try:
                data, written = edit_workbook(path.read_bytes(), sheets)
            except (KeyError, ValueError, zipfile.BadZipFile):
                # Its parts have other names or another encoding than any known program gives them: it is left alone.
                continue
            for sheet, cells in written.items():
                for cell, text in cells.items():
                    changed = True
                    key = (file, sheet, cell)
                    first, _ = self._cells.get(key, (befores.get(key, ""), ""))
                    self._cells[key] = first, text
            path.write_bytes(data)
        return changed

    def _restore(self, release: Release, wanted: list[Finding]) -> bool:
        of = {code: [finding for finding in wanted if finding.code == code] for code in RESTORED}
        rows: dict[str, list[NewRow]] = {}
        for name, row in (
            *rows_of_pairs(release, [*of["dropped-pair"], *of["dropped-description"]]),
            *rows_of_references(release, of["dropped-reference"]),
            *rows_of_links(release, of["dropped-link"]),
        ):
            rows.setdefault(name, []).append(row)
        changed = False
        for name, new in rows.items():
            text = self._read(name)
            if text is not None:
                changed |= self._write(name, text, add_rows(text, new))
        changed |= self._write_cells(new_addresses(release, of["dropped-reference"]), {})
        for finding in of["orphan-page"]:
            text = self._read(finding.place.file)
            if text is not None and is_blank_page(text):
                (self._folder / finding.place.file).unlink()
                changed = True
        return changed

    def _read(self, name: str) -> str | None:
        return read_page(self._folder, name)

    def _write(self, name: str, before: str, after: str) -> bool:
        if before != after:
            (self._folder / name).write_bytes(after.encode("utf-8"))
        return before != after


def _position(cell: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", cell):
        number = number * 26 + ord(letter) - 64
    return number - 1
