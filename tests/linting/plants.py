"""One planted fault for every rule: where the finding must point, and what is changed in the clean release."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.linting.clean import BUNDLE, DATA, FRAMEWORKS, PAGES, TEXTS, URLS, Draft, page_only
from tests.sources import xlsx

if TYPE_CHECKING:
    from collections.abc import Callable


class Plant(NamedTuple):
    """The place of the finding as ``kg lint`` prints it, and the change of the clean release."""

    place: str
    change: Callable[[Draft], None]


I1, I2 = "incidents/I00001.md", "incidents/I00002.md"
T1, T11, T12, T2 = (f"techniques/{found}.md" for found in ("T0001", "T0001.001", "T0001.002", "T0002"))
LETTERS, HARBOUR = TEXTS["I00001"], TEXTS["I00002"]
URL = URLS["I00001"]
ROW = "| [T0002 Post Pictures](../../generated_pages/techniques/T0002.md) | "


def _swap(name: str, line: int, old: str, new: str) -> Plant:
    """Another text in a page; line 0 is the page as a whole."""
    place = f"{PAGES}{name}:{line}" if line else f"{PAGES}{name}"
    return Plant(place, lambda draft: draft.page(name, old, new))


def _cell(workbook: str, sheet: str, address: str, value: xlsx.Cell) -> Plant:
    return Plant(f"{workbook}[{sheet}]:{address}", lambda draft: draft.cell(workbook, sheet, address, value))


def _add(name: str, text: str) -> Plant:
    def change(draft: Draft) -> None:
        draft.files[PAGES + name] = text

    return Plant(f"{PAGES}{name}:1", change)


def _drop(name: str, place: str) -> Plant:
    def change(draft: Draft) -> None:
        del draft.files[PAGES + name]

    return Plant(place, change)


def _line(name: str, number: int, *, times: int, place: int = 0) -> Plant:
    """A line of a page left out (0) or repeated (2)."""

    def change(draft: Draft) -> None:
        lines = draft.files[PAGES + name].split("\n")
        lines[number - 1 : number] = [lines[number - 1]] * times
        draft.files[PAGES + name] = "\n".join(lines)

    return Plant(f"{PAGES}{name}:{place or number}", change)


def _at(place: str, *plants: Plant) -> Plant:
    """Several changes, of which the finding points at one place."""

    def change(draft: Draft) -> None:
        for plant in plants:
            plant.change(draft)

    return Plant(place, change)


def _entry(line: int, number: int, **changes: object) -> Plant:
    """An object of the bundle, from 0, with other properties."""

    def change(draft: Draft) -> None:
        draft.bundle["objects"][number].update(changes)

    return Plant(f"{BUNDLE}:{line}" if line else BUNDLE, change)


def _objects(line: int, change: Callable[[list[dict[str, object]]], None]) -> Plant:
    return Plant(f"{BUNDLE}:{line}" if line else BUNDLE, lambda draft: change(draft.bundle["objects"]))


def _index_row(name: str, folder: str, identifier: str, row: str, place: int) -> Plant:
    """What stands before the row of an id in an index."""
    anchor = f'<tr>\n<td><a href="{folder}/{identifier}.md">'
    return _swap(name, place, anchor, row + anchor)


def _second(objects: list[dict[str, object]]) -> None:
    objects.append({**objects[2], "id": "attack-pattern--00000000-0000-4000-8000-000000000099"})


def _renumber(objects: list[dict[str, object]]) -> None:
    """The bundle of another release: no id of this one in it."""
    for number, found in enumerate(found for found in objects if found["type"] == "attack-pattern"):
        found["external_references"] = _reference(f"T09{number:02d}")


_FORMULA = '<row r="2"><c r="A2"><f>B2</f></c></row>'


def slide(draft: Draft) -> None:
    """Twelve incidents with a row each; the row of the second was deleted and its text stayed, so all below it slid."""
    for name in [name for name in draft.files if "/techniques" in name or "/incidents" in name]:
        del draft.files[name]
    draft.bundle.clear()
    draft.workbooks = {DATA: {"incidenttechniques": draft.workbooks[DATA]["incidenttechniques"][:1]}}
    listed: list[int | None] = [1, *range(3, 13), None]
    for number, row in enumerate(listed, 1):
        incident, technique = (f"I{row:05d}", f"T01{row:02d}") if row else (None, None)
        text = f"Tale {number} (T01{number:02d}: Tell Tale {number})."
        draft.workbooks[DATA]["incidenttechniques"].append([f"IT{number:08d}", text, incident, technique])
        page = f"# Incident I{number:05d}: Tale {number}\n\n* **Summary:** A tale.\n"
        if row:
            link = f"[{technique} Tell Tale {row}](../../generated_pages/techniques/{technique}.md)"
            table = f"\n| Technique | Description given for this incident |\n| --- | --- |\n| {link} | {text} |\n"
            draft.files[f"{PAGES}incidents/{incident}.md"] = page.replace(f"{number:05d}", f"{row:05d}") + table
    draft.files[f"{PAGES}incidents/I00002.md"] = "# Incident I00002: Tale 2\n\n* **Summary:** A tale.\n"


def _reference(code: str) -> list[dict[str, str]]:
    url = f"https://git.example/main/generated_pages/techniques/{code}.md"
    return [{"source_name": "DISARM", "external_id": code, "url": url}]


LOST = {
    "dropped-pair": _at(
        f"{DATA}[incidenttechniques]:D2",
        _line(I1, 24, times=0),
        _cell(DATA, "incidenttechniques", "D2", "T0001.001, T0002"),
    ),
    "dropped-description": _at(
        f"{DATA}[incidenttechniques]:D4",
        _cell(DATA, "incidenttechniques", "A4", "IT00000003"),
        _cell(DATA, "incidenttechniques", "B4", "More pictures were posted (T0002: Post Pictures)."),
        _cell(DATA, "incidenttechniques", "C4", "I00001"),
        _cell(DATA, "incidenttechniques", "D4", " T0002"),
    ),
    "dropped-reference": _cell(DATA, "incidents", "H2", f"{URL} https://other.example/a"),
    "dropped-link": _cell(FRAMEWORKS, "countermeasures", "I2", "T0001 - Write Letters\nT0002 - Post Pictures"),
    "orphan-page": _add("techniques/T0003.md", "# Technique T0003: Left over\n\n**Summary**: Old.\n"),
    "index-without-page": _drop(T2, f"{PAGES}techniques_index.md:29"),
    "row-without-page": _at(
        f"{FRAMEWORKS}[techniques]:A6",
        _cell(FRAMEWORKS, "techniques", "A6", "T0003"),
        _cell(FRAMEWORKS, "techniques", "B6", "Sing Songs"),
    ),
    "page-without-row": _at(f"{PAGES}{T2}:1", _cell(FRAMEWORKS, "techniques", "A5", "T0008")),
    "pair-not-in-workbook": _at(f"{PAGES}{I1}:24", _cell(DATA, "incidenttechniques", "D2", "T0001.001")),
    "page-differs": _swap(I1, 7, "** 2019", "** 2017"),
    "index-differs": _swap("techniques_index.md", 29, "Pictures are posted", "Pictures were posted"),
    "bundle-of-another": _objects(0, _renumber),
    "bundle-missing": _objects(0, lambda objects: objects.__delitem__(5)),
    "bundle-extra": _entry(30, 2, external_references=_reference("T0009")),
    "bundle-differs": _entry(30, 2, name="Write Postcards"),
    "unused-address": _cell(DATA, "urls", "A4", "https://other.example/a"),
}

WRONG = {
    # One technique that is not tagged may be an oversight; of two none is.
    "suspect-placement": _at(
        f"{PAGES}{I1}:23",
        _swap(I1, 23, "(T0001.001: Write Forged Letters, T0002: Post Pictures)", "(T0001: Write Letters)"),
        _cell(DATA, "incidenttechniques", "B2", "The suitor wrote to the mayor (T0001: Write Letters)."),
    ),
    "placement-restored": Plant(f"{DATA}[incidenttechniques]:4", slide),
    "stray-description": _at(
        f"{DATA}[incidenttechniques]:4",
        _cell(DATA, "incidenttechniques", "A4", "IT00000009"),
        _cell(DATA, "incidenttechniques", "B4", "A text of nobody (T0001: Write Letters)."),
    ),
    "row-without-incident": _at(
        f"{DATA}[incidenttechniques]:4",
        _cell(DATA, "incidenttechniques", "A4", "IT00000009"),
        _cell(DATA, "incidenttechniques", "D4", "T0001"),
    ),
    "unknown-incident": _at(f"{DATA}[incidenttechniques]:2", _cell(DATA, "incidenttechniques", "C2", "I00077")),
    "shared-passage": _at(f"{PAGES}{I1}:23", _swap(I2, 23, HARBOUR, LETTERS)),
    "unknown-technique": _swap(I2, 23, "(T0002:", "(T0077: Sing, T0002:"),
    "response-for-technique": _at(
        f"{DATA}[incidenttechniques]:D2", _cell(DATA, "incidenttechniques", "D2", "T0001.001,T0002,C00001")
    ),
    "retired-technique": _cell(FRAMEWORKS, "countermeasures", "I2", "T0001 - Write Letters\nT0077 - Sing"),
    "unknown-id": _cell(FRAMEWORKS, "techniques", "C3", "TA77"),
    "later-id": _swap(I2, 23, "(T0002:", "(T2001.001: Sing, T0002:"),
    "name-of-another": _cell(FRAMEWORKS, "countermeasures", "I2", "T0001 - Post Pictures"),
    "name-differs": _swap("tactics/TA01.md", 15, "T0001 Write Letters", "T0001 Write Postcards"),
    "repaired-id": _swap(I1, 23, "T0001.001: Write", "T0001:001: Write"),
    "duplicate-id": _cell(DATA, "incidenttechniques", "A3", "IT00000001"),
    "repeated-code": _objects(120, _second),
    "missing-id": _cell(DATA, "incidenttechniques", "A2", None),
    "id-form": _cell(FRAMEWORKS, "techniques", "A3", "T001.1"),
    "id-blanks": _cell(DATA, "incidenttechniques", "A2", "\u00a0IT00000001"),
    "duplicate-name": _swap(I2, 1, "The walls of Low Harbour", "The suitor of Port Vale"),
    "repeated-summary": _swap(
        T2,
        3,
        "Pictures are posted on the walls of a town, by day or by night.",
        "Letters are written to people who did not ask for them.",
    ),
    "repeated-row": _line(I1, 24, times=2, place=25),
    "repeated-link": _line("tactics/TA01.md", 15, times=2, place=16),
    "duplicate-reference": _line(I1, 18, times=2, place=19),
    "shared-reference": _swap(I2, 18, URLS["I00002"], URL),
    "tactic-mismatch": _swap(T11, 5, "TA01 Plan Tales", "TA02 Tell Tales"),
    "parent-mismatch": _swap(T11, 5, "** T0001 Write Letters", "** T0002 Post Pictures"),
    "self-association": _swap(T11, 10, "T0001.002", "T0001.001"),
    "one-sided-association": _line(T12, 10, times=0, place=0),
    "one-sided": _swap("tactics/TA01.md", 15, "T0001 Write Letters", "T0002 Post Pictures"),
    "tag-without-row": _swap(I2, 23, "(T0002:", "(T0001: Write Letters, T0002:"),
    "untagged-description": _swap(I2, 23, " (T0002: Post Pictures)", ""),
    "loose-mention": _swap(I2, 23, "pictures (T0002", "pictures, which is T0001 (T0002"),
    "negated-mention": _swap(I2, 23, "pictures (T0002", "pictures and not of T0001 (T0002"),
    "bad-rank": _cell(FRAMEWORKS, "tactics", "D3", 3.0),
    "long-name": _cell(FRAMEWORKS, "techniques", "E3", "Write Forged Letters -"),
    "incident-type": _swap(I1, 5, "**: incident", "**: rumour"),
    "country-spelling": _at(
        f"{PAGES}{I1}:9",
        _swap(I1, 9, "Belarus , Germany", "SaudiArabia , Germany"),
    ),
    "unknown-country": _swap(I1, 9, "Belarus", "Belorus"),
    "countries-form": _swap(I1, 9, "Belarus , Germany", "Belarus, Germany"),
    "country-unknown": _swap(I1, 9, "Belarus", "Unknown"),
    "foreign-chain": _entry(30, 2, kill_chain_phases=[{"kill_chain_name": "mitre-attack", "phase_name": "ta01"}]),
}
WRONG["long-prose"] = _swap(I1, 1, "* **Summary:** ", "* **Summary:** " + "word " * 40_001)
WRONG["one-sided-association"] = Plant(f"{PAGES}{T11}:10", WRONG["one-sided-association"].change)

WHEN = {
    "bad-year": _swap(I1, 7, "** 2019", "** 20x9"),
    "bad-date": _swap(I1, 18, "| 2019-03-03 |", "| 2019-02-30 |"),
    "year-form": _swap(I1, 7, "** 2019", "** 2019.0"),
    "date-form": _swap(I1, 18, "| 2019-03-03 |", "| 2019/03/03 |"),
    "future-date": _swap(I1, 7, "** 2019", "** 2999"),
    "dates-differ": _at(f"{PAGES}{I2}:18", _swap(I2, 18, URLS["I00002"], URL)),
    "archived-too-early": _swap(I1, 18, "| 2019-03-03 |", "| 2019-03-09 |"),
    "date-not-in-address": _swap(I1, 18, "| 2019-03-03 |", "| 2018-03-03 |"),
    "published-before": _swap(I1, 18, "| 2019-03-03 |", "| 2018-12-31 |"),
    "archive-of-another": _swap(I1, 18, f"112/{URL}", "112/https://news.example/2019/03/03/mayor"),
    "archive-cited": _swap(I1, 18, f"[{URL}]({URL})", "[a](https://archive.ph/AbCdE)"),
    "not-archived": _cell(DATA, "urls", "E2", None),
    "bad-address": _swap(I1, 18, f"({URL}) | 2019", "(news.example/a) | 2019"),
    "odd-address": _swap(I1, 18, f"({URL}) | 2019", f"({URL}?utm_source=post) | 2019"),
    "no-address": _swap(I1, 18, f"[{URL}]({URL}) | 2019", "- | 2019"),
    "broken-link": _swap(I1, 24, "techniques/T0002.md", "techniques/T0007.md"),
    "link-elsewhere": _swap(I1, 24, "techniques/T0002.md", "techniques/T0001.md"),
    "bundle-link": _entry(
        30,
        2,
        external_references=[
            {**_reference("T0001")[0], "url": "https://git.example/generated_pages/techniques/T0099.md"}
        ],
    ),
}

WRITTEN = {
    "unbalanced-markup": _swap(I2, 23, HARBOUR, f"<i>{HARBOUR}"),
    "unclosed-group": _swap(I2, 23, "Post Pictures).", "Post Pictures."),
    "odd-blank": _swap(I2, 23, "full of", "full\u00a0of"),
    "outer-blanks": _cell(DATA, "incidents", "B2", "The suitor of Port Vale "),
    "mojibake": _swap(I2, 23, "harbour", "harbour\u00e2\u20ac\u2122s wall"),
    "encoding": _swap(I1, 1, "suitor", "s\udcfcitor"),
    "control-character": _swap(I1, 1, "suitor", "suit\x07or"),
    "more-findings": _swap(I1, 1027, "DO NOT EDIT", "stray\n" * 1001 + "DO NOT EDIT"),
    "row-over-lines": _swap(I1, 18, "| A. Writer |", "| A.\nWriter |"),
    "bad-row": _swap(I1, 18, "| A. Writer | Example News |", "|"),
    "bad-index-row": _index_row("techniques_index.md", "techniques", "T0002", "<tr>\n<td>none</td>\n</tr>\n", 29),
    "duplicate-index-row": _at(
        f"{PAGES}techniques_index.md:29",
        _index_row("techniques_index.md", "techniques", "T0002", "<tr>\n<td>T0001</td>\n</tr>\n", 29),
    ),
    "description-variants": _at(
        f"{PAGES}{I1}:23", _swap(I1, 23, f"T0002.md) | {LETTERS}", f"T0002.md) | <b>{LETTERS}</b>")
    ),
    "no-description": _swap(I2, 23, HARBOUR, ""),
    "no-summary": _swap(T2, 3, "Pictures are posted on the walls of a town, by day or by night.", ""),
    "no-techniques": _line(I2, 23, times=0, place=1),
    "no-references": _line(I2, 18, times=0, place=1),
    "unfilled-fields": _swap(I2, 5, "**: incident", "**: "),
    "missing-field": _swap(T2, 5, "TA02 Tell Tales", ""),
    "unknown-field": _swap(I2, 3, "**Summary:**", "**Sumary:**"),
    "missing-title": _swap(I2, 1, ": The walls of Low Harbour", ": "),
    "blank-page": _at(
        f"{PAGES}{I2}:1",
        _swap(I2, 1, ": The walls of Low Harbour", ": "),
        _swap(I2, 3, "What happened in I00002, told in a line.", ""),
    ),
    "no-end-mark": _swap(I2, 0, "DO NOT EDIT ABOVE THIS LINE - PLEASE ADD NOTES BELOW", ""),
    "notes-below": _swap(I2, 0, "NOTES BELOW", "NOTES BELOW\nA note."),
    "stray-line": _swap(I2, 25, "\nDO NOT EDIT", "Astray\nDO NOT EDIT"),
    "repeated-field": _line(I2, 5, times=2, place=6),
    "file-name": _at(
        f"{PAGES}incidents/I0002.md:1",
        _add("incidents/I0002.md", page_only("I00002")),
        _drop(I2, ""),
    ),
    "missing-column": Plant(f"{FRAMEWORKS}[tasks]:1", lambda draft: draft.cell(FRAMEWORKS, "tasks", "C1", "tactic")),
    "unnamed-column": _at(f"{DATA}[urls]:F1", _cell(DATA, "urls", "F2", "what?")),
    "unreadable-page": _add("incidents/.md", "# Incident : \n\n* **Summary:** \n"),
    "unreadable-file": _at(BUNDLE, Plant("", lambda draft: draft.raw.update({BUNDLE: b'{"type": "bundle", '}))),
    "unreadable-workbook": _at(DATA, Plant("", lambda draft: draft.raw.update({DATA: b"PK\x03\x04 and no more"}))),
    "unreadable-sheet": _at(
        f"{DATA}[bad]", Plant("", lambda draft: draft.raw.update({DATA: xlsx.archive({"bad": "<worksheet"})}))
    ),
    "no-cell-value": _at(
        f"{DATA}:2",
        Plant("", lambda draft: draft.raw.update({DATA: xlsx.archive({"urls": xlsx.wrapped(_FORMULA)})})),
    ),
}
"""Code -> plant, in the order of the registry."""
