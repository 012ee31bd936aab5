"""A fictional release without a fault: pages, both workbooks and the bundle, made from a few records written here.

Each test of a rule plants one fault in a copy of it.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.sources import xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

END = "DO NOT EDIT ABOVE THIS LINE - PLEASE ADD NOTES BELOW"
DATA, FRAMEWORKS = "DISARM_MASTER_DATA/DISARM_DATA_MASTER.xlsx", "DISARM_MASTER_DATA/DISARM_FRAMEWORKS_MASTER.xlsx"
BUNDLE = "generated_files/DISARM_STIX/DISARM.json"
PAGES = "generated_pages/"

TECHNIQUES = {
    "T0001": ("Write Letters", "TA01", "Letters are written to people who did not ask for them."),
    "T0001.001": ("Write Forged Letters", "TA01", "Letters are written in the name of somebody else."),
    "T0001.002": ("Write Open Letters", "TA01", "Letters are written for everybody to read in the paper."),
    "T0002": ("Post Pictures", "TA02", "Pictures are posted on the walls of a town, by day or by night."),
}
TACTICS = {"TA01": ("Plan Tales", "What shall be told."), "TA02": ("Tell Tales", "How it is told.")}
URLS = {
    "I00001": "https://news.example/2019/03/03/suitor",
    "I00002": "https://paper.example/harbour-walls",
}
ARCHIVE = "https://web.archive.org/web/20190305101112/"
TEXTS = {
    "I00001": "The suitor wrote to the mayor (T0001.001: Write Forged Letters, T0002: Post Pictures).",
    "I00002": "The harbour was full of pictures (T0002: Post Pictures).",
}
ROWS = {"I00001": ("T0001.001", "T0002"), "I00002": ("T0002",)}
INCIDENTS: dict[str, tuple[str, str, str, str]] = {
    "I00001": ("The suitor of Port Vale", "2019", "Belarus", "Germany"),
    "I00002": ("The walls of Low Harbour", "2018", "Germany", "France"),
}
DATES = {"I00001": "2019-03-03", "I00002": "2018-07-01"}

Rows = list[list[xlsx.Cell]]


@dataclass
class Draft:
    """A release in memory: text files by name, workbooks as sheets of rows, the bundle; ``raw`` stands for a file."""

    files: dict[str, str]
    workbooks: dict[str, dict[str, Rows]]
    bundle: dict[str, list[dict[str, object]]]
    raw: dict[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write it as a release folder."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        for name, sheets in self.workbooks.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(xlsx.workbook(sheets))
        if self.bundle:
            (folder / BUNDLE).parent.mkdir(parents=True, exist_ok=True)
            (folder / BUNDLE).write_text(json.dumps({"type": "bundle", **self.bundle}, indent=1), encoding="utf-8")
        for name, content in self.raw.items():
            (folder / name).write_bytes(content)
        return folder

    def page(self, name: str, old: str, new: str) -> None:
        """Replace a text of a page, which must stand in it."""
        name = PAGES + name
        assert old in self.files[name], f"{old!r} is not in {name}"
        self.files[name] = self.files[name].replace(old, new)

    def cell(self, workbook: str, sheet: str, address: str, value: xlsx.Cell) -> None:
        """Write a cell such as ``B2``."""
        column, row = ord(address[0]) - 65, int(address[1:]) - 1
        rows = self.workbooks[workbook][sheet]
        while len(rows) <= row:
            rows.append([])
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value

    def sub(self, workbook: str, sheet: str, address: str, old: str, new: str) -> None:
        """Replace a text in a cell, which must stand in it."""
        value = self.workbooks[workbook][sheet][int(address[1:]) - 1][ord(address[0]) - 65]
        assert isinstance(value, str)
        assert old in value
        self.cell(workbook, sheet, address, value.replace(old, new))


def draft() -> Draft:
    """The release without a fault."""
    return copy.deepcopy(Draft(_files(), {DATA: _data(), FRAMEWORKS: _frameworks()}, {"objects": _bundle()}))


def page_only(identifier: str = "I00001") -> str:
    """The text of one incident page."""
    return _incident(identifier)


def _link(identifier: str) -> str:
    folder = {"T": "techniques", "C": "counters", "I": "incidents", "A": "actortypes"}.get(identifier[0], "")
    folder = {"TA": "tactics", "TK": "tasks"}.get(identifier[:2], folder)
    return f"[{identifier} {_name(identifier)}](../../generated_pages/{folder}/{identifier}.md)"


def _name(identifier: str) -> str:
    others = {"C00001": "Answer letters", "A001": "postman", "TK0001": "Buy paper", "M001": "Patience"}
    if identifier in TECHNIQUES:
        return TECHNIQUES[identifier][0]
    if identifier in TACTICS:
        return TACTICS[identifier][0]
    return INCIDENTS[identifier][0] if identifier in INCIDENTS else others[identifier]


def _table(*head: str, rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('-' * 9 for _ in head)} |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n\n\n"


def _incident(identifier: str) -> str:
    title, year, who, where = INCIDENTS[identifier]
    url, date = URLS[identifier], DATES[identifier]
    archive = ARCHIVE + url
    reference = [f"[{url}]({url})", date, "A. Writer", "Example News", f"[{archive}]({archive})"]
    return (
        f"# Incident {identifier}: {title}\n\n* **Summary:** What happened in {identifier}, told in a line.\n\n"
        f"* **incident type**: incident\n\n* **Year started:** {year}\n\n* **Countries:** {who} , {where}\n\n"
        f"* **Found via:** \n\n* **Date added:** 2020-01-02\n\n\n"
        + _table("Reference", "Pub Date", "Authors", "Org", "Archive", rows=[reference])
        + _table(
            "Technique",
            "Description given for this incident",
            rows=[[_link(technique), TEXTS[identifier]] for technique in ROWS[identifier]],
        )
        + END
    )


def _technique(identifier: str) -> str:
    name, tactic, summary = TECHNIQUES[identifier]
    parent = identifier.partition(".")[0]
    below = f" <br><br>**Parent Technique:** {parent} {_name(parent)}" if parent != identifier else ""
    others = {"T0001.001": "T0001.002", "T0001.002": "T0001.001"}
    associated = [[_link(others[identifier]), "Both are letters."]] if identifier in others else []
    uses = [[_link(incident), TEXTS[incident]] for incident, rows in ROWS.items() if identifier in rows]
    return (
        f"# Technique {identifier}: {name}\n\n**Summary**: {summary}\n\n"
        f"**Tactic**: {tactic} {_name(tactic)}{below}\n\n\n"
        + _table("Associated Technique", "Description", rows=associated)
        + _table("Incident", "Descriptions given for this incident", rows=uses)
        + _table("Counters", "Response types", rows=[[_link("C00001"), "D01"]] if identifier == "T0001" else [])
        + END
    )


def _tactic(identifier: str) -> str:
    tasks = [[_link("TK0001")]] if identifier == "TA01" else []
    techniques = [[_link(found)] for found, (_, tactic, _) in TECHNIQUES.items() if tactic == identifier]
    counters = [[_link("C00001"), "D01"]] if identifier == "TA01" else []
    return (
        f"# Tactic {identifier}: {_name(identifier)}\n\n* **Summary:** {TACTICS[identifier][1]}\n\n"
        f"* **Belongs to phase:** P01\n\n\n"
        + _table("Tasks", rows=tasks)
        + _table("Techniques", rows=techniques)
        + _table("Counters", "Response types", rows=counters)
        + END
    )


def _counter() -> str:
    return (
        "# Counter C00001: Answer letters\n\n* **Summary**: Every letter gets an answer.\n\n* **Playbooks**: \n\n"
        "* **Metatechnique**: M001 - Patience\n\n* **Resources needed:** \n\n* **Belongs to tactic stage**: TA01\n\n\n"
        + _table("Actor types", "Sectors", rows=[[_link("A001"), "S001"]])
        + _table("Counters these Tactics", rows=[])
        + _table("Counters these Techniques", rows=[[_link("T0001")]])
        + _table("Seen in incidents", rows=[])
        + END
    )


def _index(title: str, *columns: str, rows: list[list[str]]) -> str:
    head = "".join(f"<th>{column}</th>\n" for column in columns)
    body = "".join("<tr>\n" + "".join(f"<td>{cell}</td>\n" for cell in row) + "</tr>\n" for row in rows)
    return f'# DISARM {title}:\n\n<table border="1">\n<tr>\n{head}</tr>\n{body}</table>\n'


def _anchor(folder: str, identifier: str) -> str:
    return f'<a href="{folder}/{identifier}.md">{identifier}</a>'


def _files() -> dict[str, str]:
    pages = {f"incidents/{found}.md": _incident(found) for found in INCIDENTS}
    pages |= {f"techniques/{found}.md": _technique(found) for found in TECHNIQUES}
    pages |= {f"tactics/{found}.md": _tactic(found) for found in TACTICS}
    pages["phases/P01.md"] = f"# Phase P01: Plan\n\n* **Summary:** Before it begins.\n\n{END}"
    pages["tasks/TK0001.md"] = (
        f"# Task TK0001: Buy paper\n\n* **Summary:** Enough of it.\n\n* **Belongs to tactic stage:** TA01\n\n{END}"
    )
    pages["counters/C00001.md"] = _counter()
    counters = _table("Counters", "Response types", rows=[[_link("C00001"), "D01"]])
    pages["metatechniques/M001.md"] = (
        f"# Metatechnique M001: Patience\n\n* **Summary:** It passes.\n\n\n{counters}{END}"
    )
    pages["actortypes/A001.md"] = (
        "# Actor A001: postman\n\n* **Summary:** Who carries letters.\n\n* **Sector:** S001\n\n"
        f"* **Viewpoint:** FW01\n\n\n{counters}{END}"
    )
    pages |= _indexes()
    return {"README.md": "# DISARM 9.9 Framework\n", **{PAGES + name: text for name, text in pages.items()}}


def _indexes() -> dict[str, str]:
    columns = ("disarm_id", "name", "summary")
    incidents = [
        [_anchor("incidents", found), name, "incident", year, where, ""]
        for found, (name, year, _, where) in INCIDENTS.items()
    ]
    counter = [_anchor("counters", "C00001"), "Answer letters", "Every letter gets an answer."]
    return {
        "incidents_index.md": _index(
            "Incidents",
            *("disarm_id", "name", "objecttype", "year_started", "found_in_country", "found_via"),
            rows=incidents,
        ),
        "techniques_index.md": _index(
            "Techniques",
            *(*columns, "tactic_id"),
            rows=[
                [_anchor("techniques", k), name, summary, tactic] for k, (name, tactic, summary) in TECHNIQUES.items()
            ],
        ),
        "tactics_index.md": _index(
            "Tactics",
            *(*columns, "phase_id"),
            rows=[[_anchor("tactics", k), name, summary, "P01"] for k, (name, summary) in TACTICS.items()],
        ),
        "phases_index.md": _index("Phases", *columns, rows=[[_anchor("phases", "P01"), "Plan", "Before it begins."]]),
        "tasks_index.md": _index(
            "Tasks", *(*columns, "tactic_id"), rows=[[_anchor("tasks", "TK0001"), "Buy paper", "Enough of it.", "TA01"]]
        ),
        "counters_index.md": _index(
            "Counters",
            *(*columns, "metatechnique", "tactic", "responsetype"),
            rows=[[*counter, "M001 - Patience", "TA01 Plan Tales", "D01"]],
        ),
        "metatechniques_index.md": _index(
            "Metatechniques", *columns, rows=[[_anchor("metatechniques", "M001"), "Patience", "It passes."]]
        ),
        "actortypes_index.md": _index(
            "Actors",
            *(*columns, "sector_ids"),
            rows=[[_anchor("actortypes", "A001"), "postman", "Who carries letters.", "S001"]],
        ),
    }


def _rows(rows: Iterable[list[xlsx.Cell]]) -> Rows:
    return list(rows)


def _data() -> dict[str, Rows]:
    incidents: Rows = [
        [
            *("disarm_id", "name", "objecttype", "summary", "year_started", "attributions_seen"),
            *("found_in_country", "urls", "notes", "when_added", "found_via", "longname"),
        ]
    ]
    for found, (name, year, who, where) in INCIDENTS.items():
        summary = f"What happened in {found}, told in a line."
        cells: list[xlsx.Cell] = [found, name, "incident", summary, float(year), who, where, URLS[found]]
        incidents.append([*cells, None, "2020-01-02", None, f"{found} - {name}"])
    return {
        "incidents": incidents,
        "urls": [
            ["url_id", "pub_date", "authors", "org", "archive_link"],
            *_rows([url, DATES[k], "A. Writer", "Example News", ARCHIVE + url] for k, url in URLS.items()),
        ],
        "incidenttechniques": [
            ["disarm_id", "name", "incident_id", "technique_ids", "DISARM Version", "summary"],
            *_rows(
                [f"IT0000000{i}", TEXTS[k], k, ",".join(ids), "1.6", None] for i, (k, ids) in enumerate(ROWS.items(), 1)
            ),
        ],
        "associatedtechniques": [
            ["disarm_id", "description", "technique_id", "associated_technique_id"],
            ["AT00000001", "Both are letters.", "T0001.001", "T0001.002"],
            ["AT00000002", "Both are letters.", "T0001.002", "T0001.001"],
        ],
    }


def _frameworks() -> dict[str, Rows]:
    head = ("disarm_id", "name")
    tactics: Rows = [[k, name, "P01", float(i), summary] for i, (k, (name, summary)) in enumerate(TACTICS.items(), 1)]
    return {
        "phases": [[*head, "rank", "summary"], ["P01", "Plan", 1.0, "Before it begins."]],
        "tactics": [[*head, "phase_id", "rank", "summary"], *tactics],
        "techniques": [
            [*head, "tactic_id", "summary", "longname"],
            *_rows([k, name, tactic, text, f"{k} - {name}"] for k, (name, tactic, text) in TECHNIQUES.items()),
        ],
        "tasks": [[*head, "tactic_id", "summary"], ["TK0001", "Buy paper", "TA01", "Enough of it."]],
        "countermeasures": [
            [*head, "metatechnique", "summary", "actortypes", "incident_ids", "tactic", "responsetype", "techniques"],
            [
                *(
                    "C00001",
                    "Answer letters",
                    "M001 - Patience",
                    "Every letter gets an answer.",
                    "A001 - postman",
                    None,
                ),
                *("TA01 Plan Tales", "D01", "T0001 - Write Letters"),
            ],
        ],
        "metatechniques": [[*head, "summary"], ["M001", "Patience", "It passes."]],
        "actortypes": [[*head, "summary", "sector_ids"], ["A001", "postman", "Who carries letters.", "S001"]],
        "responsetypes": [[*head, "summary"], ["D01", "Answer", "Say something."]],
        "sectors": [[*head, "summary"], ["S001", "Post", "All who carry."]],
    }


def _bundle() -> list[dict[str, object]]:
    def _id(kind: str, number: int) -> str:
        return f"{kind}--00000000-0000-4000-8000-{number:012d}"

    def _reference(code: str, folder: str) -> list[dict[str, str]]:
        url = f"https://git.example/main/generated_pages/{folder}/{code}.md"
        return [{"source_name": "DISARM", "external_id": code, "url": url}]

    found: list[dict[str, object]] = []
    for number, (code, (name, _)) in enumerate(TACTICS.items(), 1):
        tactic = {"type": "x-mitre-tactic", "id": _id("x-mitre-tactic", number), "name": name}
        found.append({**tactic, "x_mitre_shortname": code.lower(), "external_references": _reference(code, "tactics")})
    ids = {code: _id("attack-pattern", 10 + number) for number, code in enumerate(TECHNIQUES)}
    for code, (name, tactic_id, summary) in TECHNIQUES.items():
        chain = [{"kill_chain_name": "disarm", "phase_name": tactic_id.lower()}]
        pattern = {"type": "attack-pattern", "id": ids[code], "name": name, "description": summary}
        references = _reference(code, "techniques")
        found.append({**pattern, "kill_chain_phases": chain, "external_references": references})
    for number, code in enumerate(found_id for found_id in TECHNIQUES if "." in found_id):
        ends = {"source_ref": ids[code], "target_ref": ids[code.partition(".")[0]]}
        kind = {"type": "relationship", "relationship_type": "subtechnique-of"}
        found.append({**kind, "id": _id("relationship", 30 + number), **ends})
    return found
