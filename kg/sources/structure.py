"""What hangs below what, as pages, sheets and bundle say it: tactic, phase, parent and the like of each thing.

Page and bundle are made from the workbook. Where they disagree, what is published stands, unless it names nothing of
the release or both others say one other thing; what a page lacks is taken from the others. Each difference is told at
the cell or object, and the record keeps what its page showed for the graph of the release as published.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg.model import Concept, Outcome, Severity
from kg.sources.sheets import identifier_of, sheet_rows
from kg.sources.values import split_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Corpus, Place
    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, SheetRow, Workbook

    _At = tuple[Workbook, Sheet, SheetRow]

Kind = TypeVar("Kind", bound=Concept)


class _Field(NamedTuple):
    """A field of a record, and the column that gives it; without one its id does: T0086.001 is below T0086."""

    name: str
    column: str = ""
    prefix: str = ""


_KINDS: dict[str, tuple[str, tuple[_Field, ...]]] = {
    "tactics": ("tactics", (_Field("phase", "phase_id", "P"),)),
    "techniques": ("techniques", (_Field("tactic", "tactic_id", "TA"), _Field("parent"))),
    "tasks": ("tasks", (_Field("tactic", "tactic_id", "TA"),)),
    "counters": ("countermeasures", (_Field("tactic", "tactic", "TA"), _Field("response_type", "responsetype", "D"))),
    "detections": ("detections", (_Field("tactic", "tactic", "TA"), _Field("response_type", "responsetype", "D"))),
    "categories": ("tactics", (_Field("group", "phase_id", "P"),)),
    "observation_types": ("techniques", (_Field("category", "tactic_id", "TA"), _Field("parent"))),
    "assessments": ("techniques", (_Field("category", "tactic_id", "TA"), _Field("parent"))),
}
"""Kind of record -> its sheet, and the fields that lead to another record."""


def with_structure(corpus: Corpus, books: Sequence[Workbook], bundles: Sequence[Corpus], ledger: Ledger) -> Corpus:
    """The corpus with its tactics, phases, parents ... as they are to be believed, of all that says them."""
    if not books and not bundles:
        return corpus
    told = {item.identifier: item for bundle in bundles for item in (*bundle.tactics, *bundle.techniques)}
    rows: dict[str, dict[str, _At]] = {}
    for sheet in dict.fromkeys(sheet for sheet, _ in _KINDS.values()):
        found = rows.setdefault(sheet, {})
        for at in sheet_rows(books, sheet):
            # Of two rows with one id the first stands, as elsewhere.
            found.setdefault(identifier_of(at[2]), at)
    reader = _Reader(_existing(corpus), told, ledger)
    changed: dict[str, tuple[Concept, ...]] = {}
    for kind, (sheet, fields) in _KINDS.items():
        concepts: tuple[Concept, ...] = getattr(corpus, kind)
        changed[kind] = tuple(reader.settled(item, fields, rows[sheet].get(item.identifier)) for item in concepts)
    return replace(corpus, **changed)  # type: ignore[arg-type]  # each kind comes back as it was


def _existing(corpus: Corpus) -> frozenset[str]:
    kinds: tuple[Sequence[Concept], ...] = (
        *(getattr(corpus, kind) for kind in _KINDS),
        corpus.phases,
        corpus.groups,
        corpus.response_types,
    )
    return frozenset(item.identifier for kind in kinds for item in kind)


class _Voice(NamedTuple):
    """What a source beside the page says, and where."""

    value: str
    place: Place
    word: str
    code: str


class _Reader:
    """Lays the fields of one record after another beside what sheet and bundle say."""

    def __init__(self, existing: frozenset[str], told: dict[str, Concept], ledger: Ledger) -> None:
        self._existing = existing
        self._told = told
        self._ledger = ledger

    def settled(self, item: Kind, fields: Sequence[_Field], at: _At | None) -> Kind:
        """The record with each field as it is to be believed, and with what its page showed where that is not it."""
        believed: dict[str, str] = {}
        shown: dict[str, str] = {}
        for field in fields:
            here: str = getattr(item, field.name) or ""
            voices = list(self._voices(item, field, at))
            value = self._believed(here, voices)
            if value != here:
                believed[field.name], shown[field.name] = value, here
            self._tell(item.identifier, field.name, (here, value), voices)
        if not believed:
            return item
        return replace(item, **believed, shown=(*item.shown, *shown.items()))  # type: ignore[arg-type]

    def _voices(self, item: Concept, field: _Field, at: _At | None) -> Iterator[_Voice]:
        if at is not None:
            book, sheet, row = at
            said = _in_cell(row[field.column], field.prefix) if field.column else _above(item.identifier)
            if said:
                place = book.place(sheet, row, field.column or "disarm_id")
                yield _Voice(said, place, "workbook", "workbook-differs")
        other = self._told.get(item.identifier)
        value = getattr(other, field.name, None) if other is not None else None
        if other is not None and value:
            yield _Voice(value, other.place, "bundle", "stix-differs")

    def _believed(self, here: str, voices: Sequence[_Voice]) -> str:
        others = [voice.value for voice in voices if voice.value in self._existing]
        if not others or here in others:
            return here
        agreed = len(others) > 1 and len(set(others)) == 1
        return others[0] if agreed or here not in self._existing else here

    def _tell(self, identifier: str, name: str, both: tuple[str, str], voices: Sequence[_Voice]) -> None:
        here, believed = both
        what = f"the {name.replace('_', ' ')} of {identifier}"
        told = False
        for voice in voices:
            taken = believed != here and voice.value == believed
            if voice.word == "workbook":
                differs = Outcome.STORED if voice.value == here else Outcome.REPORTED
                self._ledger.count("workbook_structure", Outcome.REPAIRED if taken else differs)
            if voice.value == here or (taken and told) or (not taken and voice.word == "bundle"):
                # What the bundle says of a thing otherwise is told at once, where the two are compared.
                continue
            code, severity = voice.code, Severity.INFO
            if not taken:
                message = f"{what} is {voice.value} here and {here or 'none'} on its page"
                fix = "the page stands: it is what was published"
            elif not here:
                message, code = f"{what} stands in the {voice.word} alone ({voice.value})", "field-restored"
                fix = f"taken from the {voice.word}"
            else:
                why = "against all others" if here in self._existing else "which is not of this release"
                message = f"{what} is {voice.value} here, and on its page {here}, {why}"
                fix, severity = f"taken from the {voice.word}; make the page anew", Severity.WARNING
            told = told or taken
            self._ledger.report(code, voice.place, message, fix=fix, about=(identifier,), severity=severity)


def _in_cell(cell: str, prefix: str) -> str:
    """The one id of that kind in a cell; nothing where there is none, or several."""
    found = [item for item in split_ids(cell) if item.rstrip("0123456789.") == prefix]
    return found[0] if len(found) == 1 else ""


def _above(identifier: str) -> str:
    parent, dot, _ = identifier.partition(".")
    return parent if dot else ""
