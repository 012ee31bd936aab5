"""DISARM's Markdown pages: a release folder, a folder of pages, or one page, to a corpus.

What belongs to a release is what its index pages list: the current release has 171 technique pages and 36 incident
pages that are left over from others. A kind without an index is loaded whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Corpus, Outcome, Place, Severity, SourceDocument
from kg.sources.assembly import assemble
from kg.sources.collecting import collector_paused
from kg.sources.earlier import embedded_texts
from kg.sources.files import read_text, shown_name, walk_markdown
from kg.sources.framework import note_form
from kg.sources.index import Index, parse_index
from kg.sources.ledger import Ledger
from kg.sources.markdown import Page, parse_page
from kg.sources.release_parts import read_books, read_bundles

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from kg.sources.placement import Earlier
    from kg.sources.workbook import Workbook

KINDS = {
    "Phase": ("P", "phases"),
    "Tactic": ("TA", "tactics"),
    "Technique": ("T", "techniques"),
    "Task": ("TK", "tasks"),
    "Counter": ("C", "counters"),
    "Metatechnique": ("M", "metatechniques"),
    "Actor": ("A", "actortypes"),
    "Incident": ("I", "incidents"),
    "Group": ("P", "phases"),
    "Category": ("TA", "tactics"),
    "Observation": ("T", "techniques"),
    "Assessment": ("A", "techniques"),
}
"""Word of the heading -> prefix of the id, folder of the pages. The last four are those of DISARM 2.x."""

_LATER = {
    "Groups": "Group",
    "Categories": "Category",
    "Observations": "Observation",
    "Assessments": "Assessment",
}
"""Last word of an index's heading -> the kind of DISARM 2.x it lists, under the file name of a kind of 1.x."""

_SHARED_FOLDERS = (("Phase", "Group"), ("Tactic", "Category"), ("Technique", "Observation", "Assessment"))
_DIGITS = {"Actor": 3, "Assessment": 4}
"""An assessment ``A0001`` differs from an actor type ``A001`` in the number of digits only."""

MOST_IDS = 20_000
"""How often a page may name techniques; the fullest of DISARM does so some 200 times."""

_AN_ID = re.compile(r"T\d{3}")
_INDEXES = {
    **{f"{folder}_index.md": kind for kind, (_, folder) in reversed(KINDS.items())},
    # Until 1.0 the pages of actor types lay in "actors".
    "actors_index.md": "Actor",
    "responsetype_index.md": "Response type",
    "detections_index.md": "Detection",
}
_DERIVED = re.compile(
    r"(?:disarm|amitt)_(?:red|blue)_framework\.md|\w+_by_responsetype_table\.md|matrix\.md|counter_\w+_counts\.md",
    re.IGNORECASE,
)
_INDEX_HEADING = re.compile(r"#[^\n]*?(\w+)[ \t]*:?[ \t]*\n")
_IDENTIFIER = re.compile(r"(?P<prefix>[A-Z]{1,2})\d{2,5}(?:\.\d{3})?")
_VERSION = re.compile(r"#\s*DISARM\s+(\d+\.\d+)\b")


@dataclass(slots=True)
class PageSet:
    """The pages of a source by kind and id, its indexes, and the bookkeeping."""

    release: str
    pages: dict[str, dict[str, Page]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    indexes: dict[str, tuple[str, Index]] = field(default_factory=dict)
    documents: list[SourceDocument] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    framework: Mapping[str, str] = field(default_factory=dict)
    books: list[Workbook] = field(default_factory=list)
    bundles: list[Corpus] = field(default_factory=list)
    earlier: Earlier = field(default_factory=dict)


def is_page_source(path: Path) -> bool:
    """Whether a path is a folder, or a Markdown file."""
    return path.is_dir() or path.suffix.lower() == ".md"


def read_pages(
    path: Path,
    *,
    release: str | None = None,
    framework: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
) -> Corpus:
    """Read a release folder (its pages and its workbooks), its ``generated_pages``, any folder of pages, or one page.

    Args:
        path: The folder or file.
        release: The name of the release; by default what its README says, else the name of the release folder, else
            ``local``.
        framework: Technique id to name, used where the source itself holds no technique page.
        earlier: What earlier releases say of descriptions, to put misplaced ones back; left out, what the embedded
            facts know of them.

    Raises:
        SourceError: Nothing that could be a page of DISARM was found, or the one page given cannot be read.
    """
    with collector_paused():
        return assemble(collect_pages(path, release=release, framework=framework, earlier=earlier))


def collect_pages(
    path: Path,
    *,
    release: str | None = None,
    framework: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
) -> PageSet:
    """The pages, indexes and workbooks of a source as they stand, before anything is made of them; arguments as above.

    Raises:
        SourceError: As for :func:`read_pages`.
    """
    root = path / "generated_pages" if (path / "generated_pages").is_dir() else path
    pages = PageSet(release or _release_name(path, root), framework=framework or {})
    if path.is_dir():
        _read_folder(path, root, pages)
    else:
        _read_page(path, shown_name(path.name), pages)
    pages.earlier = embedded_texts(before=pages.release) if earlier is None else earlier
    if (path / "generated_pages").is_dir():
        read_books(path, pages.books, pages.ledger)
        read_bundles(path, pages.bundles, pages.ledger)
    return pages


def _release_name(path: Path, root: Path) -> str:
    if root == path:
        return "local"
    readme = path / "README.md"
    if readme.is_file():
        match = _VERSION.match(readme.read_text(encoding="utf-8", errors="replace"))
        if match is not None:
            return match[1]
    name = re.sub(r"[^A-Za-z0-9._~-]+", "-", path.resolve().name).strip("-")
    return name or "local"


def _read_folder(path: Path, root: Path, pages: PageSet) -> None:
    seen = 0
    try:
        files = sorted(walk_markdown(root), key=_after_its_id)
    except OSError as error:
        raise SourceError(f"{path}: cannot be listed ({error.strerror}); check its mode") from error
    below = "" if root == path else f"{root.relative_to(path).as_posix()}/"
    for file, inner in files:
        name = below + inner
        seen += 1
        try:
            _read_page(file, name, pages)
        except SourceError as error:
            where, message, fix = _parts(str(error), name)
            pages.ledger.count("files", Outcome.REPORTED)
            pages.ledger.report("unreadable-page", where, message, fix=fix, severity=Severity.VIOLATION)
    if not seen:
        raise SourceError(
            f"{path}: holds no Markdown page; give a release folder of DISARM, its generated_pages, or a page"
        )
    if not any(pages.pages.values()) and not pages.indexes:
        raise SourceError(
            f"{path}: none of its {seen} Markdown files is a page of DISARM; "
            "a page begins like '# Incident I00001: Title'"
        )


def _parts(text: str, name: str) -> tuple[Place, str, str]:
    """A one-line error taken apart into place, message and remedy."""
    match = re.match(rf"{re.escape(name)}(?::(\d+))?: (.*?)(?:; (.*))?$", text, re.DOTALL)
    if match is None:
        return Place(name), text, ""
    return Place(name, int(match[1] or 0)), match[2], match[3] or ""


def _refuse_crowd(text: str, name: str) -> None:
    """Refuse a page that would unfold to more than the memory: each id it names becomes up to forty statements."""
    if len(text) > len("T000") * MOST_IDS and text.count("T") > MOST_IDS and len(_AN_ID.findall(text)) > MOST_IDS:
        raise SourceError(
            f"{name}: names techniques more than {MOST_IDS:,} times; a page tells of one incident, split it"
        )


def _read_page(file: str | os.PathLike[str], name: str, pages: PageSet) -> None:
    read = read_text(file, name)
    base = name.rpartition("/")[2]
    if _DERIVED.fullmatch(base):
        pages.documents.append(read.document)
        pages.ledger.count("files", Outcome.REPORTED)
        pages.ledger.report(
            "derived-file", Place(name), "a table made from the pages; nothing in it is new", severity=Severity.INFO
        )
        return
    if base in _INDEXES:
        _add_index(read.text, name, base, pages)
    else:
        _refuse_crowd(read.text, name)
        _add_page(parse_page(read.text, name), pages)
    pages.documents.append(read.document)
    pages.ledger.findings.extend(read.findings)
    pages.ledger.count("files", Outcome.REPAIRED if read.findings else Outcome.STORED)


def _add_index(text: str, name: str, base: str, pages: PageSet) -> None:
    """Take an index in; one of 2.x is told by its heading, and makes what 1.x has in that folder left over."""
    heading = _INDEX_HEADING.match(text.lstrip("\ufeff \n"))
    kind = _LATER.get(heading[1], _INDEXES[base]) if heading else _INDEXES[base]
    pages.indexes[kind] = (name, parse_index(text))
    for shared in _SHARED_FOLDERS:
        if kind in shared:
            for other in shared:
                pages.indexes.setdefault(other, (name, Index((), ())))


def _add_page(page: Page, pages: PageSet) -> None:
    where = f"{page.name}:1"
    if page.kind not in KINDS:
        raise SourceError(f"{where}: a page of kind {page.kind!r} is not read; the kinds are {', '.join(KINDS)}")
    prefix, _ = KINDS[page.kind]
    match = _IDENTIFIER.fullmatch(page.identifier)
    digits = len(page.identifier.partition(".")[0].removeprefix(prefix))
    if match is None or match["prefix"] != prefix or digits != _DIGITS.get(page.kind, digits):
        shown = page.identifier or "no id"
        raise SourceError(f"{where}: {shown} in the heading; the id of a page of kind {page.kind} begins with {prefix}")
    same = pages.pages[page.kind]
    if page.identifier in same:
        first = same[page.identifier].name
        raise SourceError(f"{where}: {page.identifier} stands in {first} as well; keep one of the two")
    same[page.identifier] = page
    note_form(page, pages.ledger)


def _after_its_id(file: tuple[str, str]) -> tuple[bool, str]:
    """Pages named after their id come first: of two pages with one id, the one that is named so counts."""
    name = file[1]
    return not _IDENTIFIER.fullmatch(name.rpartition("/")[2].removesuffix(".md").strip()), name
