"""From a path to what lint looks at: pages, workbooks and bundles of a release, or one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.linting.release import BundleFile, Release
from kg.model import Finding, Place, Severity
from kg.sources import read_source
from kg.sources.assembly import assemble
from kg.sources.earlier import embedded_texts
from kg.sources.files import shown_name, walk_markdown
from kg.sources.json_reader import parse_json
from kg.sources.json_text import JsonObject, read_foreign
from kg.sources.pages import collect_pages
from kg.sources.stix import is_stix
from kg.sources.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.sources.markdown import Page
    from kg.sources.pages import PageSet

_DERIVED = ("disarm_red_framework.md", "disarm_blue_framework.md")
_FOLDERS = {
    "workbooks": ("DISARM_MASTER_DATA", "."),
    "bundles": ("generated_files/DISARM_STIX", "generated_files", "."),
}
_MOST_FILES = 20


def open_release(
    path: Path, *, framework: Mapping[str, str] | None = None, today: dt.date | None = None
) -> tuple[Release, tuple[Finding, ...]]:
    """Read a source: as it stands, and what the readers make of it.

    Args:
        path: A release folder, a folder of pages or of workbooks, a page, a workbook, or any file kg reads.
        framework: Technique id -> name, for sources that hold incidents only.
        today: The day on which a date begins to lie in the future; by default the day of the call.

    Returns:
        The source, and the findings of the readers.

    Raises:
        SourceError: Nothing in it can be read.
    """
    if not path.exists():
        raise SourceError(f"{path}: does not exist; give a release folder, a page, a workbook or a bundle")
    release = Release(today=today or dt.datetime.now(tz=dt.UTC).date(), framework=framework or {})
    findings: list[Finding] = []
    if not _read_release(path, release, framework):
        findings += _read_workbooks(path, release)
        try:
            # Of a folder of workbooks the rules tell every cell; the readers would tell the same by row.
            release.corpus = read_source(path, framework=framework) if path.is_file() or not release.workbooks else None
        except SourceError:
            # What stands in a workbook can be looked at all the same.
            if not release.workbooks:
                raise
    findings += _read_bundles(path, release)
    if release.corpus is not None:
        findings += release.corpus.findings
    return release, tuple(findings)


def _read_release(path: Path, release: Release, framework: Mapping[str, str] | None) -> bool:
    """Read pages, indexes and the workbooks beside them, once for lint and for the readers; whether there were any."""
    if not path.is_dir() and path.suffix.lower() != ".md":
        return False
    try:
        collected = collect_pages(path, framework=framework)
    except SourceError:
        # The readers say why; a folder of workbooks alone has no page.
        return False
    release.pages = {kind: _listed(collected, kind) for kind in collected.pages}
    release.indexes = collected.indexes
    # The facts know where earlier releases had a description, so a release alone says where it belongs.
    collected.earlier = embedded_texts(before=collected.release)
    release.corpus = assemble(collected)
    release.workbooks = list(collected.books)
    if path.is_dir():
        root = path / "generated_pages" if (path / "generated_pages").is_dir() else path
        below = "" if root == path else "generated_pages/"
        release.folder = str(path.resolve()).rstrip("/") + "/"
        release.files = {below + name: file for file, name in walk_markdown(root)}
        for name, file in release.files.items():
            if name.rpartition("/")[2] in _DERIVED:
                release.derived[name] = Path(file).read_text(encoding="utf-8", errors="replace")
    return True


def _listed(collected: PageSet, kind: str) -> list[Page]:
    """The pages of a kind that belong to the release: those its index lists, or all where it has none."""
    found = collected.pages[kind]
    if kind not in collected.indexes:
        return [found[identifier] for identifier in sorted(found)]
    listed = {entry.identifier for entry in collected.indexes[kind][1].entries}
    return [found[identifier] for identifier in sorted(found) if identifier in listed]


def _read_workbooks(path: Path, release: Release) -> Iterator[Finding]:
    for file, name in _files(path, "workbooks", (".xlsx", ".xlsm")):
        if path.is_file() and not is_workbook(file):
            continue
        try:
            workbook = read_workbook(file, name)
        except SourceError as error:
            yield _unreadable("unreadable-workbook", str(error), name)
            continue
        release.workbooks.append(workbook)
        yield from workbook.findings


def _read_bundles(path: Path, release: Release) -> Iterator[Finding]:
    for file, name in _files(path, "bundles", (".json",)):
        if not is_stix(file):
            continue
        try:
            text, _, doubts = read_foreign(file, name)
            value, more = parse_json(text, name, ("objects",))
        except SourceError as error:
            yield _unreadable("unreadable-file", str(error), name)
            continue
        objects = value.objects("objects") if isinstance(value, JsonObject) else ()
        if any(found.text("type") == "x-mitre-tactic" for found in objects):
            release.bundles.append(BundleFile(name, objects))
            yield from (*doubts, *more) if path.is_dir() else ()


def _files(path: Path, kind: str, extensions: tuple[str, ...]) -> list[tuple[Path, str]]:
    """The files of a kind: the path itself, or those in the folders of a release that hold such, with their names."""
    if path.is_file():
        return [(path, shown_name(path.name))]
    found: dict[str, Path] = {}
    for folder in _FOLDERS[kind]:
        place = path / folder
        for file in sorted(place.iterdir()) if place.is_dir() else ():
            if file.suffix.lower() in extensions and file.is_file() and not file.name.startswith(("~$", ".")):
                found[shown_name(file.relative_to(path).as_posix())] = file
    return [(file, name) for name, file in sorted(found.items())[:_MOST_FILES]]


def _unreadable(code: str, text: str, name: str) -> Finding:
    message, _, fix = text.removeprefix(f"{name}: ").partition("; ")
    return Finding(code, Place(name), Severity.VIOLATION, message, fix)
