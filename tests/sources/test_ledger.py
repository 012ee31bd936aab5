"""The account of what was read: what is not told one by one is told by its number."""

from __future__ import annotations

from kg.model import Place
from kg.sources.ledger import MOST_ON_A_PAGE, Ledger


def test_a_page_with_a_fault_on_every_line_is_told_by_its_first_thousand_and_a_number() -> None:
    ledger = Ledger()
    for line in range(1, 2501):
        ledger.report("bad-row", Place("I00001.md", line), "cut", about=("I00001",))
    ledger.report("bad-row", Place("I00002.md", 7), "cut")
    ledger.report("bad-year", Place("I00001.md", 9), "no year")
    ledger.close()
    ledger.close()
    kept = [item for item in ledger.findings if item.code == "bad-row" and item.place.file == "I00001.md"]
    assert [item.place.line for item in kept] == list(range(1, MOST_ON_A_PAGE + 1))
    (more,) = (item for item in ledger.findings if item.code == "more-findings")
    assert (str(more.place), more.message) == ("I00001.md:1001", "1,500 more findings bad-row from here on")
    assert len(ledger.findings) == MOST_ON_A_PAGE + 3


def test_a_workbook_tells_of_every_cell() -> None:
    ledger = Ledger()
    for line in range(1, 2501):
        ledger.report("bad-cell", Place("data.xlsx", line, "incidents"), "no year")
    ledger.close()
    assert len(ledger.findings) == 2500
