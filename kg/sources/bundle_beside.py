"""The STIX bundle of a release beside its pages and workbook: what agrees is a second source, what differs is told.

A bundle is made from the workbook as the pages are, and holds techniques, tactics and what is below what. The release
stands where it says otherwise; what the bundle alone holds is of another release, and is told and not loaded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from kg.lineage.states import name_key
from kg.model import Outcome, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import Corpus, Finding, Tactic, Technique
    from kg.sources.ledger import Ledger

Kind = TypeVar("Kind", "Tactic", "Technique")
_SHOWN = 12
# Booked here by whether they agree.
_COMPARED = frozenset({"parents", "stix_attack-pattern", "stix_x-mitre-tactic", "tactics", "techniques"})


def with_bundles(corpus: Corpus, bundles: Sequence[Corpus], ledger: Ledger) -> Corpus:
    """The corpus with the bundle as a second source of what it agrees on."""
    for bundle in bundles:
        for line in bundle.ledger:
            if line.kind not in _COMPARED:
                kind = "bundle_" + line.kind.removeprefix("stix_").replace("-", "_")
                for outcome, number in zip(Outcome, (line.stored, line.repaired, line.reported), strict=True):
                    ledger.count(kind, outcome, number)
        ledger.findings.extend(_of_the_bundle(bundle.findings))
        place = Place(bundle.documents[0].path)
        tactics = tuple(_beside(corpus.tactics, bundle.tactics, place, ledger))
        techniques = tuple(_beside(corpus.techniques, bundle.techniques, place, ledger))
        _compare_order(corpus.tactics, bundle.tactics, place, ledger)
        corpus = replace(corpus, tactics=tactics, techniques=techniques)
    return corpus


def _of_the_bundle(findings: Iterable[Finding]) -> Iterable[Finding]:
    # Two techniques of one name are told where their pages are.
    return (finding for finding in findings if finding.code != "duplicate-name")


def _beside(known: Sequence[Kind], told: Sequence[Kind], file: Place, ledger: Ledger) -> Iterable[Kind]:
    """Each record of the release, with its place in the bundle where that says the same."""
    kind = "tactic" if told and told[0].identifier.startswith("TA") else "technique"
    by_id = {item.identifier: item for item in told}
    existing = {item.identifier for item in known}
    extra = [item for item in told if item.identifier not in existing]
    ledger.count(f"bundle_{kind}s", Outcome.REPORTED, len(extra))
    _tell_some("stix-extra", f"{kind}s of the bundle are not in the release", extra, file, ledger)
    missing = [item for item in known if item.identifier not in by_id]
    _tell_some("stix-missing", f"{kind}s of the release are not in the bundle", missing, file, ledger)
    item: Kind
    for item in known:
        other = by_id.get(item.identifier)
        if other is None:
            yield item
            continue
        wrong = _differences(item, other)
        ledger.count(f"bundle_{kind}s", Outcome.REPORTED if wrong else Outcome.STORED)
        if not wrong:
            yield replace(item, also=(*item.also, other.place))
            continue
        message = f"{item.identifier}: {'; '.join(wrong)}"
        about = (item.identifier,)
        ledger.report("stix-differs", other.place, message, fix="the release stands; make the bundle anew", about=about)
        yield item


def _differences(item: Kind, other: Kind) -> list[str]:
    """In what a record of the bundle differs; of a text only that it does."""
    found = []
    if name_key(item.name) != name_key(other.name):
        found.append(f"called {other.name[:60]!r}, and {item.name[:60]!r} in the release")
    for word in ("tactic", "parent"):
        here, there = getattr(item, word, None), getattr(other, word, None)
        if here and here != there:
            found.append(f"its {word} is {there or 'none'}, and {here} in the release")
    if item.summary and other.summary and name_key(item.summary) != name_key(other.summary):
        found.append("described otherwise")
    return found


def _compare_order(known: Sequence[Tactic], told: Sequence[Tactic], file: Place, ledger: Ledger) -> None:
    ranks = {item.identifier: item.rank for item in told}
    shared = [item for item in known if item.identifier in ranks]
    here = [item.identifier for item in sorted(shared, key=lambda item: item.rank)]
    there = sorted(here, key=ranks.__getitem__)
    if here != there:
        first = next(index for index, pair in enumerate(zip(here, there, strict=True)) if pair[0] != pair[1])
        message = f"the matrix of the bundle has {there[first]} where the release has {here[first]}"
        about = (there[first], here[first])
        ledger.report("stix-differs", file, message, fix="the order of the release stands", about=about)


def _tell_some(code: str, what: str, items: Sequence[Kind], file: Place, ledger: Ledger) -> None:
    """One finding for all of them: a bundle of another release would make one of each of its objects."""
    if not items:
        return
    shown = ", ".join(f"{item.identifier} {item.name[:40]!r}" for item in items[:_SHOWN])
    more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
    about = tuple(item.identifier for item in items[:_SHOWN])
    message = f"{len(items):,} {what}: {shown}{more}"
    severity = Severity.WARNING
    place = items[0].place if code == "stix-extra" else file
    ledger.report(code, place, message, fix="make the bundle anew", about=about, severity=severity)
