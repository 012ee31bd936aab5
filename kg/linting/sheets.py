"""Rules about the sheets of the workbooks, each on its own: ids, names, references from sheet to sheet."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.lineage.states import name_key
from kg.linting.following import earlier_meaning, successor
from kg.linting.release import ID_COLUMNS, REFERENCES, Fault
from kg.model import Place
from kg.sources.values import or_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Entry, Release

ID = re.compile(r"(?<![A-Za-z0-9])(?:TA|TK|FW|TL|ME|MP|[ACDFGIMPRST])\d{2,6}(?:\.\d{3})?(?![A-Za-z0-9])")
_TECHNIQUE = re.compile(r"T0\d{3}(?:\.\d{3})?")
COLON_ID = re.compile(r"(?<![\w.])(T\d{4}):[ \t]?(\d{3})(?=[:,)\s]|$)")
_WHOLE_ID = re.compile(r"[A-Z]{1,2}\d{2,8}(?:\.\d{3})?")
# A name is short; without a bound, a cell of blanks would be looked at once for each of them.
ITEM = re.compile(
    rf"({ID.pattern})[ \t]{{0,9}}[-\u2013:]?[ \t]{{0,9}}([^\n]{{0,200}}?)"
    rf"(?=\s{{0,9}}(?:{ID.pattern})|\n|[,;]\s{{0,9}}$|$)"
)

_REQUIRED = {
    "phases": ("disarm_id", "name", "rank", "summary"),
    "tactics": ("disarm_id", "name", "phase_id", "rank", "summary"),
    "techniques": ("disarm_id", "name", "tactic_id", "summary"),
    "tasks": ("disarm_id", "name", "tactic_id", "summary"),
    "countermeasures": ("disarm_id", "name", "metatechnique", "summary", "tactic", "responsetype", "techniques"),
    "incidents": (
        "disarm_id",
        "name",
        "summary",
        "year_started",
        "attributions_seen",
        "found_in_country",
        "urls",
        "when_added",
    ),
    "incidenttechniques": ("disarm_id", "name", "incident_id", "technique_ids"),
    "associatedtechniques": ("disarm_id", "technique_id", "associated_technique_id"),
    "urls": ("url_id", "pub_date", "authors", "org", "archive_link"),
}


class Reference(NamedTuple):
    """An id in a cell that names a thing of another sheet, the name given to it there, and its row."""

    entry: Entry
    column: str
    identifier: str
    name: str

    def fault(self, message: str, fix: str) -> Fault:
        """A fault of this cell."""
        about = (self.entry.identifier, self.identifier) if self.entry.identifier else (self.identifier,)
        return Fault(self.entry.place(self.column), message, fix, about)


def references(release: Release) -> Iterator[Reference]:
    """Every id in a column of :data:`REFERENCES`, once a cell."""
    for _, entries in release.sheets:
        columns = [column for column in REFERENCES if entries and column in entries[0].sheet.columns]
        for entry in entries:
            for column in columns:
                seen: set[str] = set()
                for match in ITEM.finditer(entry.row.raw(column)):
                    if match[1] not in seen and match[1] != entry.identifier:
                        seen.add(match[1])
                        yield Reference(entry, column, match[1], match[2].strip(" ,;\u00a0"))


def known_ids(release: Release) -> dict[str, dict[str, str]]:
    """Prefix -> id -> name, over all sheets that have ids and names."""
    found: dict[str, dict[str, str]] = {}
    for _, entries in release.sheets:
        for entry in entries:
            prefix = re.match(r"[A-Z]+", entry.identifier)
            if prefix is not None:
                found.setdefault(prefix[0], {}).setdefault(entry.identifier, entry.text("name"))
    return found


def retired_technique(release: Release) -> Iterator[Fault]:
    """A cell that names a technique which does not exist in this release."""
    known = release.names.get("Technique", {})
    for found in references(release) if known else ():
        if _TECHNIQUE.fullmatch(found.identifier) and found.identifier not in known:
            message = f"{found.column} names {found.identifier}, which does not exist in this release"
            yield found.fault(message, successor(found.identifier, known, found.name))


def unknown_id(release: Release) -> Iterator[Fault]:
    """A cell that names a thing other than a technique which no sheet holds."""
    known = known_ids(release)
    for found in references(release):
        if (found.entry.sheet.name, found.column) == ("incidenttechniques", "incident_id"):
            # The readers look at these.
            continue
        prefix = re.match(r"[A-Z]+", found.identifier)
        ids = known.get(prefix[0], {}) if prefix and prefix[0] != "T" else {}
        if ids and found.identifier not in ids:
            message = f"{found.column} names {found.identifier}, which no sheet holds"
            yield found.fault(message, "use an id of this release")


def name_differs(release: Release) -> Iterator[Fault]:
    """A cell that calls a thing otherwise than the sheet it stands in, by a name that is no other thing's."""
    techniques = release.names.get("Technique", {})
    for found, name, other in _misnamed(release):
        if not other:
            message = f"{found.identifier} is called {found.name[:60]!r} here and {name[:60]!r} in its sheet"
            once = found.identifier in techniques and earlier_meaning(found.identifier, techniques, found.name)
            yield found.fault(message, once or "use its name, or the id that was meant")


def name_of_another(release: Release) -> Iterator[Fault]:
    """A cell that gives an id the name of another id: one of the two is not what was meant."""
    for found, _, other in _misnamed(release):
        if other:
            yield found.fault(f"{found.identifier} is given the name of {other}", "correct the id or the name")


def id_blanks(release: Release) -> Iterator[Fault]:
    """Blanks around an id, a no-break space being one: it no longer equals the id."""
    for _, entries in release.sheets:
        columns = ("disarm_id", "url_id", *(column for column in REFERENCES if column.endswith("_id")))
        kept = [column for column in columns if entries and column in entries[0].sheet.columns]
        for entry in entries:
            for column in kept:
                raw = entry.row.raw(column)
                if raw != raw.strip() and raw.strip():
                    side = "before" if raw != raw.lstrip() else "after"
                    message = f"{raw.strip()[:60]} has a blank {side} it"
                    about = (raw.strip(),) if _WHOLE_ID.fullmatch(raw.strip()) else ()
                    yield Fault(entry.place(column), message, "remove the blank", about)


def missing_id(release: Release) -> Iterator[Fault]:
    """A row that holds something and has no id."""
    for _, entries in release.sheets:
        for entry in entries:
            key = "disarm_id" if "disarm_id" in entry.sheet.columns else "url_id"
            if not entry.text(key):
                yield Fault(entry.place(key), f"the row has no {key}", "give it one, or delete the row")


def duplicate_id(release: Release) -> Iterator[Fault]:
    """An id, or an address of the sheet of addresses, that two rows of a sheet have."""
    for _, entries in release.sheets:
        first: dict[str, int] = {}
        for entry in entries:
            key = "disarm_id" if "disarm_id" in entry.sheet.columns else "url_id"
            line = first.setdefault(entry.text(key), entry.row.number) if entry.text(key) else entry.row.number
            if line != entry.row.number:
                message = f"the {key} of row {line} stands here again"
                fix = "give one of the two another, or delete it"
                yield Fault(entry.place(key), message, fix, (entry.identifier,) if entry.identifier else ())


def id_form(release: Release) -> Iterator[Fault]:
    """An id that is not formed like the others of its sheet."""
    for name, entries in release.sheets:
        forms = Counter(_form(entry.identifier) for entry in entries if _WHOLE_ID.fullmatch(entry.identifier))
        if not forms:
            continue
        usual = {form for form, number in forms.items() if number * 10 >= sum(forms.values())}
        for entry in entries:
            if entry.identifier and _form(entry.identifier) not in usual:
                message = f"{entry.identifier[:40]!r} is not formed like the other ids of {name}"
                yield Fault(entry.place("disarm_id"), message, "correct the id", (entry.identifier,))


def long_name(release: Release) -> Iterator[Fault]:
    """A long name that is not the id, a hyphen, and the name: its formula broke."""
    for _, entries in release.sheets:
        for entry in entries:
            given, name = entry.text("longname"), entry.text("name")
            if name and given and " ".join(given.split()) != " ".join(f"{entry.identifier} - {name}".split()):
                message = f"longname of {entry.identifier} is {given[:40]!r}"
                yield Fault(entry.place("longname"), message, "write the id, ' - ' and the name", (entry.identifier,))


def outer_blanks(release: Release) -> Iterator[Fault]:
    """Blanks or line breaks before or after the text of a cell."""
    for value in release.values:
        if (
            value.place.sheet
            and value.column not in ID_COLUMNS
            and value.text != value.text.strip()
            and value.text.strip()
        ):
            message = f"{value.column} begins or ends with a blank"
            yield Fault(value.place, message, "remove it", (value.about,) if value.about else ())


def misspelt_id(release: Release) -> Iterator[Fault]:
    """A colon for the full stop of a sub-technique, in the text of a cell; texts of pages are read by the readers."""
    for value in release.values:
        read_by_readers = not value.place.sheet or value.column in {"technique_ids", "technique_id"}
        match = COLON_ID.search(value.text) if ":" in value.text and not read_by_readers else None
        if match is not None:
            right = f"{match[1]}.{match[2]}"
            about = (value.about, right) if value.about else (right,)
            yield Fault(value.place, f"{match[0]!r} in {value.column} stands for {right}", f"write {right}", about)


def bad_rank(release: Release) -> Iterator[Fault]:
    """Ranks of phases or tactics that are missing, stand twice, or leave a number out."""
    for name in ("phases", "tactics"):
        entries = [entry for entry in release.entries(name) if "rank" in entry.sheet.columns]
        ranks = [int(entry.text("rank")) for entry in entries if entry.text("rank").isdecimal()]
        for entry in entries:
            text = or_nothing(entry.text("rank"))
            rank = int(text) if text.isdecimal() else None
            if rank is None:
                message = (
                    f"the rank of {entry.identifier} is {text[:20]!r}" if text else f"{entry.identifier} has no rank"
                )
            elif ranks.count(rank) > 1:
                message = f"the rank {rank} of {entry.identifier} is that of another as well"
            elif rank > 1 and rank - 1 not in ranks:
                message = f"no rank {rank - 1} stands before the {rank} of {entry.identifier}"
            else:
                continue
            yield Fault(entry.place("rank"), message, "number them 1, 2, 3 ...", (entry.identifier,))


def missing_column(release: Release) -> Iterator[Fault]:
    """A sheet without a column that the pages are made from."""
    for workbook in release.workbooks:
        for sheet in workbook.sheets:
            if not sheet.columns:
                continue
            for column in _REQUIRED.get(sheet.name.strip().casefold(), ()):
                if column not in sheet.columns and (column != "technique_ids" or "technique_id" not in sheet.columns):
                    place = Place(workbook.document.path, sheet.header_row, sheet.name)
                    yield Fault(place, f"the sheet has no column {column!r}", "add it, or give it its name again")


def unnamed_column(release: Release) -> Iterator[Fault]:
    """A column that holds something and has no name."""
    for workbook in release.workbooks:
        for sheet in workbook.sheets:
            if "disarm_id" not in sheet.columns and "url_id" not in sheet.columns:
                continue
            for position, column in enumerate(sheet.columns):
                row = next((row for row in sheet.rows if row.cells[position].strip()), None) if not column else None
                if row is not None:
                    address = sheet.address(position, sheet.header_row)
                    place = Place(workbook.document.path, sheet.header_row, sheet.name, address)
                    yield Fault(place, f"a column without a name holds text, first in row {row.number}", "name it")


def _misnamed(release: Release) -> Iterator[tuple[Reference, str, str]]:
    """The references whose name is not that of their id: the reference, its name, and the id the given name has."""
    known = known_ids(release)
    techniques = release.names.get("Technique", {})
    ids_by_name = {name_key(name): identifier for identifier, name in techniques.items()}
    for found in references(release):
        prefix = re.match(r"[A-Z]+", found.identifier)
        names = techniques if prefix and prefix[0] == "T" else known.get(prefix[0], {}) if prefix else {}
        name = names.get(found.identifier)
        if not name or not found.name or name_key(found.name) == name_key(name):
            continue
        other = ids_by_name.get(name_key(found.name), "") if names is techniques else ""
        yield found, name, other


def _form(identifier: str) -> str:
    """An id with each run of digits as its length: T0146.002 -> T4.3."""
    return re.sub(r"\d+", lambda match: str(len(match[0])), identifier)
