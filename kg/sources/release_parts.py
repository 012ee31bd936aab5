"""What a release folder holds beside its pages: workbooks and the STIX bundle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Outcome, Place, Severity
from kg.sources.files import shown_name
from kg.sources.stix import is_stix, read_stix
from kg.sources.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus, Finding
    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Workbook

_FOLDERS = ("DISARM_MASTER_DATA", "AMITT_MASTER_DATA", "CoreData", "Core_data", ".")
"""Where the releases keep their workbooks, the latest first."""

_BUNDLES = ("generated_files/DISARM_STIX", "generated_files", ".")
_MOST_BUNDLES = 20


def read_bundles(folder: Path, bundles: list[Corpus], ledger: Ledger) -> None:
    """Read the STIX bundles of a release's framework; one that cannot be read is reported and costs only itself."""
    home = next((folder / name for name in _BUNDLES if any((folder / name).glob("*.json"))), None)
    for path in sorted(home.glob("*.json"))[:_MOST_BUNDLES] if home else ():
        if not is_stix(path):
            continue
        name = shown_name(path.relative_to(folder).as_posix())
        try:
            bundle = read_stix(path)
        except SourceError as error:
            message = str(error).removeprefix(f"{path.name}:").removeprefix(" ")
            ledger.count("files", Outcome.REPORTED)
            ledger.report("unreadable-file", Place(name), message, severity=Severity.VIOLATION)
            continue
        if not bundle.tactics:
            ledger.count("files", Outcome.REPORTED)
            message = "a bundle of incidents, which is no part of the release"
            ledger.report("object-not-read", Place(name), message, fix="read it by itself", severity=Severity.INFO)
            continue
        ledger.count(
            "files", Outcome.REPAIRED if any(_is_of_the_file(item) for item in bundle.findings) else Outcome.STORED
        )
        bundles.append(_named(bundle, name))


def _is_of_the_file(finding: Finding) -> bool:
    return finding.code in {"encoding", "control-character"}


def _named(bundle: Corpus, name: str) -> Corpus:
    """A bundle whose places name its file as it lies in the release."""
    return replace(
        bundle,
        documents=tuple(replace(document, path=name) for document in bundle.documents),
        tactics=tuple(replace(item, place=replace(item.place, file=name)) for item in bundle.tactics),
        techniques=tuple(replace(item, place=replace(item.place, file=name)) for item in bundle.techniques),
        findings=tuple(replace(item, place=replace(item.place, file=name)) for item in bundle.findings),
    )


def has_books(folder: Path) -> bool:
    """Whether a release, or a plain folder, holds workbooks where they are looked for."""
    return any(path for name in _FOLDERS for path in (folder / name).glob("*.xlsx"))


def read_books(folder: Path, books: list[Workbook], ledger: Ledger) -> None:
    """Read the workbooks of a release into ``books``; one that cannot be read is reported and costs only itself."""
    home = next((folder / name for name in _FOLDERS if any((folder / name).glob("*.xlsx"))), None)
    for path in sorted(home.glob("*.xlsx")) if home else ():
        # What a spreadsheet leaves beside an open file.
        if path.name.startswith(("~$", ".")) or not is_workbook(path):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            book = read_workbook(path, name)
        except SourceError as error:
            message = str(error).removeprefix(f"{name}: ")
            ledger.count("files", Outcome.REPORTED)
            ledger.report("unreadable-workbook", Place(name), message, severity=Severity.VIOLATION)
            continue
        ledger.count("files", Outcome.REPAIRED if book.findings else Outcome.STORED)
        ledger.findings.extend(book.findings)
        books.append(book)
