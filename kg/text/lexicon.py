"""The lists of names: platforms, actors, reporters and countries out of ``data/``, and a user's own, all checked.

A row is a fact about a thing in the world: its name, its aliases, what it is. What a name means in a sentence is
decided elsewhere; a list only says, by ``context=strict`` or ``strict:NAME|NAME``, which names are also ordinary
words or other things, and so need a word beside them.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.named import Thing, identifier_of
from kg.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

ACTOR_KINDS = ("state", "state-organ", "operation", "group", "company", "person", "media")
CATEGORIES = ("actor", "platform", "reporter")
COLUMNS = (
    *("id", "name", "category", "kind", "type", "aliases", "former_names"),
    *("country", "owner", "wikidata", "misp_uuid", "source", "context"),
)
"""The columns that a user's list may have; ``id`` and ``name`` must be there, and ``category`` unless all are
actors."""

_REQUIRED = ("id", "name")
_MOST_BYTES = 16_000_000
_MOST_ALIASES = 200
_LONGEST_NAME = 120
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,10}")
_FORMS = {
    "type": (re.compile(r"T\d{4}(?:\.\d{3})?"), "the id of a technique such as T0152.006"),
    "country": (re.compile(r"[A-Z]{2}"), "an ISO 3166-1 alpha-2 code such as RU"),
    "wikidata": (re.compile(r"Q[1-9]\d*"), "a Wikidata id such as Q42"),
    "misp_uuid": (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "a UUID in small letters"),
}
_LISTS = {"platforms.csv": "platform", "actors.csv": "actor", "reporters.csv": "reporter"}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write the name of a thing.

    ``strict`` forms are names only in the right context; ``adjective`` forms ("Russian") and ``metonym`` forms
    ("Kremlin") stand for a country without being its name.
    """

    text: str
    thing: Thing
    strict: bool = False
    adjective: bool = False
    metonym: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form of every thing, in the order of the lists."""

    forms: tuple[Form, ...]

    def things(self) -> list[Thing]:
        """Each thing once, in the order of the lists."""
        return list(dict.fromkeys(form.thing for form in self.forms))

    def extended(self, rows: Iterable[tuple[Thing, tuple[Form, ...]]]) -> Lexicon:
        """The lexicon with further things; a thing of the same category and id replaces the one that was there."""
        added = list(rows)
        replaced = {(thing.category, thing.identifier) for thing, _ in added}
        kept = [form for form in self.forms if (form.thing.category, form.thing.identifier) not in replaced]
        return Lexicon((*(form for _, forms in added for form in forms), *kept))


@cache
def shipped_lexicon() -> Lexicon:
    """The lists of ``data/``."""
    forms: list[Form] = []
    for file, category in _LISTS.items():
        path = data_folder() / file
        if path.is_file():
            for _, found in read_names(path.read_text(encoding="utf-8"), file, category):
                forms.extend(found)
    forms.extend(_country_forms((data_folder() / "countries.csv").read_text(encoding="utf-8")))
    return Lexicon(tuple(forms))


@cache
def _listed() -> dict[str, frozenset[str]]:
    """The identifiers of the shipped lists, by category."""
    found: dict[str, set[str]] = {}
    for thing in shipped_lexicon().things():
        found.setdefault(thing.category, set()).add(thing.identifier)
    return {category: frozenset(identifiers) for category, identifiers in found.items()}


def unlisted(category: str, name: str, source: str = "") -> Thing:
    """The record of a thing that no list has: whether prose names it or a table states it, it is one thing."""
    identifier = identifier_of(name, _listed().get(category, frozenset()))
    return Thing(category=category, identifier=identifier, name=name, source=source)


def lexicon_with(path: Path | None) -> Lexicon:
    """The shipped lists, and a user's own beside them.

    Raises:
        SourceError: The file cannot be read, or a row of it is wrong; the message names file and line.
    """
    if path is None:
        return shipped_lexicon()
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: more than {_MOST_BYTES // 1_000_000} MB; a list of names is smaller")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); give a CSV file of names") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: byte {error.start} is not UTF-8; save the list as UTF-8") from error
    return shipped_lexicon().extended(read_names(text, str(path)))


def read_names(text: str, file: str, category: str = "") -> list[tuple[Thing, tuple[Form, ...]]]:
    """The things of a list with their forms.

    Args:
        text: CSV with a header row; see :data:`COLUMNS`.
        file: Its name in messages.
        category: What every row is, where the list has no column ``category``.

    Raises:
        SourceError: A column is missing or unknown, or a row is wrong.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        _check_header(reader.fieldnames or (), file)
        found = []
        seen: dict[tuple[str, str], int] = {}
        for row in reader:
            where = f"{file}:{reader.line_num}"
            if None in row or None in row.values():
                raise SourceError(
                    f"{where}: not as many cells as columns; write every comma, quote cells that hold one"
                )
            thing, forms = _row(row, where, category)
            first = seen.setdefault((thing.category, thing.identifier), reader.line_num)
            if first != reader.line_num:
                raise SourceError(
                    f"{where}: id {thing.identifier!r} stands in line {first} as well; keep one of the two"
                )
            found.append((thing, forms))
    except csv.Error as error:
        raise SourceError(f"{file}:{reader.line_num + 1}: no CSV ({error}); check the quotes") from error
    return found


def _check_header(names: Iterable[str], file: str) -> None:
    given = list(names)
    missing = [name for name in _REQUIRED if name not in given]
    if missing:
        raise SourceError(f"{file}:1: no column {missing[0]!r}; the first line names the columns, {', '.join(COLUMNS)}")
    strange = [name for name in given if name not in COLUMNS]
    if strange:
        raise SourceError(f"{file}:1: unknown column {strange[0]!r}; the columns are {', '.join(COLUMNS)}")


def _row(row: Mapping[str, str], where: str, category: str) -> tuple[Thing, tuple[Form, ...]]:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    what = category or values["category"] or "actor"
    if what not in CATEGORIES:
        raise SourceError(f"{where}: category {what!r} is unknown; write {', '.join(CATEGORIES)}")
    if not _SLUG.fullmatch(values["id"]):
        raise SourceError(f"{where}: id {values['id']!r} is no slug; write small letters, digits and single hyphens")
    for name, (pattern, right) in _FORMS.items():
        if values[name] and not pattern.fullmatch(values[name]):
            raise SourceError(f"{where}: {name} {values[name]!r} is not {right}; mend it or leave it empty")
    if what == "actor" and values["kind"] and values["kind"] not in ACTOR_KINDS:
        raise SourceError(f"{where}: kind {values['kind']!r} is unknown; write {', '.join(ACTOR_KINDS)}")
    names = _names(values, where)
    strict = _strict_names(values["context"], names, where)
    thing = Thing(
        category=what,
        identifier=values["id"],
        name=names[0],
        aliases=tuple(names[1:]),
        kind=values["type"] if what == "platform" else values["kind"],
        country=values["country"],
        owner=values["owner"],
        wikidata=values["wikidata"],
        misp=values["misp_uuid"],
        source=values["source"],
    )
    forms = [Form(name, thing, strict=name in strict) for name in names]
    forms += [Form(form.text.replace(".", "[.]"), thing, strict=form.strict) for form in forms if _is_domain(form.text)]
    return thing, tuple(forms)


def _is_domain(name: str) -> bool:
    """Whether reports write the name so that nobody follows it by mistake: "bit[.]ly"."""
    return _DOMAIN.fullmatch(name) is not None


def _names(values: Mapping[str, str], where: str) -> list[str]:
    """The name, then the aliases and former names, each once."""
    if not values["name"]:
        raise SourceError(f"{where}: the name is empty; write what the thing is called")
    written = (values["name"], *values["aliases"].split("|"), *values["former_names"].split("|"))
    found = list(dict.fromkeys(filter(None, (" ".join(name.split()) for name in written))))
    longest = max(found, key=len)
    if len(longest) > _LONGEST_NAME:
        raise SourceError(f"{where}: {longest[:40]!r} is longer than {_LONGEST_NAME} characters; shorten it")
    if len(found) > _MOST_ALIASES:
        raise SourceError(f"{where}: {len(found)} names; at most {_MOST_ALIASES} are taken")
    return found


def _strict_names(context: str, names: list[str], where: str) -> frozenset[str]:
    """The names that count only in the right context: all of them, those behind ``strict:``, or none."""
    if context in {"", "strict"}:
        return frozenset(names if context else ())
    word, _, listed = context.partition(":")
    chosen = [" ".join(name.split()) for name in listed.split("|")]
    strange = [name for name in chosen if name not in names]
    if word != "strict" or strange:
        what = f"{strange[0]!r} is no name of the row" if strange and word == "strict" else f"context {context[:40]!r}"
        raise SourceError(f"{where}: {what}; write strict, strict:NAME|NAME with names of the row, or nothing")
    return frozenset(chosen)


def _country_forms(text: str) -> Iterator[Form]:
    """Forms of countries and regions: names, adjectives and peoples, and seats of government that stand for them."""
    for row in csv.DictReader(io.StringIO(text)):
        names = _parts(row, "aliases")
        thing = Thing(
            category=row["kind"],
            identifier=row["id"],
            name=row["name"],
            aliases=tuple(names),
            kind="state" if row["kind"] == "country" else "",
            wikidata=row.get("wikidata") or "",
            source="iso",
        )
        yield from (Form(name, thing) for name in dict.fromkeys((row["name"], *names)))
        yield from (Form(name, thing, adjective=True) for name in _parts(row, "demonyms"))
        yield from (Form(name, thing, metonym=True) for name in _parts(row, "metonyms"))


def _parts(row: Mapping[str, str], column: str) -> list[str]:
    return [name.strip() for name in (row.get(column) or "").split(";") if name.strip()]
