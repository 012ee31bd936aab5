"""Reading: workbooks against the library that opens them, and generated pages against a bare regular expression."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from kg.sources.pages import read_pages
from kg.sources.workbook import read_workbook
from tests.benchmarks.loading import release_folder
from tests.benchmarks.report import timed, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = 100_000
"""Incident pages that are generated."""

_SCAN = re.compile(r"T\d{4}(?:\.\d{3})?|\[[^\]]*\]\([^)]*\)|\*\*[A-Za-z ]+:\*\*|\([^()]*\)")
_WORDS = ("garden", "letter", "harbour", "radio", "poster", "market", "rumour", "bridge", "signal", "choir")


def benchmark(pages: int = PAGES) -> None:
    """CPU seconds and ratios: wanted are 2 for workbooks and 3 for pages."""
    folder = release_folder()
    books = sorted(folder.glob("DISARM_MASTER_DATA/*.xlsx")) if folder is not None else []
    if not books:
        write_line("workbooks: left out, since DISARM_FRAMEWORKS names no release with workbooks")
    rows: list[tuple[object, ...]] = []
    for book in books:
        alone, _ = timed(lambda book=book: _cells(book), repeats=3)  # type: ignore[misc]
        ours, _ = timed(lambda book=book: read_workbook(book, book.name), repeats=3)  # type: ignore[misc]
        rows.append((book.name, alone.cpu, ours.cpu, ours.cpu / alone.cpu))
    write_table("Workbooks (CPU seconds; wanted: ratio 2)", ("file", "calamine s", "kg s", "ratio"), rows)
    with tempfile.TemporaryDirectory() as made:
        for number, text in enumerate(_pages(pages)):
            Path(made, f"I{number:05}.md").write_text(text, encoding="utf-8")
        scan, found = timed(lambda: sum(1 for path in Path(made).iterdir() for _ in _SCAN.finditer(_text(path))))
        read, corpus = timed(lambda: read_pages(Path(made)))
    techniques = sum(len(incident.rows) for incident in corpus.incidents)
    head = ("way", "s", "us a page", "ratio", "found")
    rows = [
        ("bare scan", scan.cpu, scan.cpu * 1e6 / pages, 1.0, found),
        ("kg, to records", read.cpu, read.cpu * 1e6 / pages, read.cpu / scan.cpu, techniques),
    ]
    write_table(f"{pages:,} pages (CPU seconds; wanted: ratio 3)", head, rows)


def _cells(book: Path) -> int:
    """Every cell of a workbook as calamine gives it."""
    opened = CalamineWorkbook.from_path(book)
    return sum(len(opened.get_sheet_by_name(name).to_python()) for name in opened.sheet_names)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _pages(number: int, seed: int = 1847) -> Iterator[str]:
    """Invented incidents in the form of the pages: two references, two to four rows of one passage with two groups."""
    chance = random.Random(seed)  # noqa: S311 - data for benchmarks, nothing secret
    for at in range(number):
        ids = [f"T{chance.randrange(1, 200):04}.{chance.randrange(1, 9):03}" for _ in range(chance.randint(2, 4))]
        told = " ".join(
            f"{' '.join(chance.choices(_WORDS, k=40))} ({', '.join(f'{name}: Invented {name}' for name in ids)})."
            for _ in range(2)
        )
        cited = "".join(
            f"| [https://a.example/{at}/{n}](https://a.example/{at}/{n}) | 2020/01/0{n} | A. Writer | A. Paper | "
            f"[https://b.example/{at}/{n}](https://b.example/{at}/{n}) |\n"
            for n in (1, 2)
        )
        used = "".join(
            f"| [{name} Invented {name}](../../generated_pages/techniques/{name}.md) | {told} |\n" for name in ids
        )
        yield (
            f"# Incident I{at:05}: The {chance.choice(_WORDS)} affair\n\n* **Summary:** {told[:200]}\n\n"
            "* **incident type**: \n\n* **Year started:** 2020.0\n\n* **Countries:** Russia , France\n\n"
            "* **Found via:** \n\n* **Date added:** \n\n\n"
            f"| Reference | Pub Date | Authors | Org | Archive |\n| --- | --- | --- | --- | --- |\n{cited}\n\n"
            f"| Technique | Description given for this incident |\n| --- | --- |\n{used}\n\n"
            "DO NOT EDIT ABOVE THIS LINE - PLEASE ADD NOTES BELOW"
        )
