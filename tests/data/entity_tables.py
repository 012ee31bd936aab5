"""The tables of platforms and actors as the tests read them: rows by the header, names split."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
PLATFORM_COLUMNS = ["id", "name", "aliases", "former_names", "type", "owner", "wikidata", "source", "context"]
ACTOR_COLUMNS = ["id", "name", "kind", "aliases", "country", "wikidata", "misp_uuid", "source", "context"]
REPORTER_COLUMNS = ["id", "name", "aliases", "kind", "source", "context"]
REPORTER_KINDS = {"newsroom", "fact-checker", "research", "company", "agency"}
ACTOR_KINDS = {"operation", "state-organ", "group", "company", "person", "media"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one table with its line in the file."""

    table: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def names(self) -> list[str]:
        """The name, the aliases and the former names, in this order."""
        listed = (self.cells.get(column, "") for column in ("aliases", "former_names"))
        return [self["name"], *(name for cell in listed for name in cell.split("|") if name)]

    @property
    def strict_names(self) -> list[str]:
        """The names that are names only in the right context."""
        context = self.cells.get("context", "")
        if context == "strict":
            return self.names
        return context.removeprefix("strict:").split("|") if context else []

    def __str__(self) -> str:
        return f"data/{self.table}.csv:{self.line} {self['id']}"


def read_table(table: str) -> list[Row]:
    """The rows of ``data/<table>.csv``."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [Row(table, reader.line_num, row) for row in reader]
