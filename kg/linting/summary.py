"""What lint found, in words for the people who maintain the release."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.linting.agreement import pairs
from kg.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.linting.report import Report


def summarise(report: Report) -> list[str]:
    """Sentences on what is lost and what is wrong, the gravest first; then how much there is in all."""
    sentences = [sentence for code, tell in _SENTENCES.items() if report.of(code) for sentence in (tell(report),)]
    by_severity = Counter(finding.severity for finding in report.findings)
    if not report.findings:
        return ["No fault was found."]
    counted = ", ".join(_number(by_severity[item], word) for item, word in _WORDS.items() if by_severity[item])
    codes = len({finding.code for finding in report.findings})
    files = len({finding.place.file for finding in report.findings})
    found = _number(len(report.findings), "finding")
    sentences.append(f"In all {found} of {_number(codes, 'kind')} in {_number(files, 'file')}: {counted}.")
    return sentences


_WORDS = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "note"}


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _dropped_pairs(report: Report) -> str:
    known = list(pairs(report.release))
    lost = report.of("dropped-pair")
    blank = sum(": a blank" in finding.message for finding in lost)
    incidents = len({finding.about[0] for finding in lost})
    return (
        f"{len(lost):,} of {len(known):,} pairs of incident and technique never reach the pages "
        f"({blank:,} for a blank beside their id), in {_number(incidents, 'incident')}."
    )


def _dropped_references(report: Report) -> str:
    lost = report.of("dropped-reference")
    cited = sum(len(entry.text("urls").split()) for entry in report.release.entries("incidents"))
    return f"{len(lost):,} of {_number(cited, 'reference')} of incidents never reach the pages."


def _suspect(report: Report) -> str:
    corpus = report.release.corpus
    rows = [row for incident in corpus.incidents for row in incident.rows] if corpus else []
    suspect = sum(row.suspect for row in rows)
    incidents = len({finding.about[0] for finding in report.of("suspect-placement") if finding.about})
    return (
        f"{suspect:,} of {_number(len(rows), 'technique row')} in {_number(incidents, 'incident')} carry a description "
        "that does not tag their technique: it is probably another incident's."
    )


def _retired(report: Report) -> str:
    found = report.of("retired-technique")
    ids = {finding.about[-1] for finding in found if finding.about}
    return (
        f"{len(found):,} times counters, detections, examples and associations name a technique that does not exist "
        f"in this release ({len(ids):,} ids)."
    )


def _simple(code: str, sentence: str) -> Callable[[Report], str]:
    def tell(report: Report) -> str:
        return sentence.format(f"{len(report.of(code)):,}")

    return tell


_SENTENCES: dict[str, Callable[[Report], str]] = {
    "dropped-pair": _dropped_pairs,
    "dropped-reference": _dropped_references,
    "suspect-placement": _suspect,
    "dropped-link": _simple(
        "dropped-link", "{} techniques, actor types and incidents that counters name are not on their pages."
    ),
    "retired-technique": _retired,
    "name-of-another": _simple("name-of-another", "{} times an id is given the name of another id."),
    "unknown-technique": _simple("unknown-technique", "{} times incidents name a technique that does not exist."),
    "orphan-page": _simple("orphan-page", "{} pages are left over from other releases."),
    "broken-link": _simple("broken-link", "{} links lead to pages that are not there."),
    "archive-of-another": _simple(
        "archive-of-another", "{} archived copies are of another address than the one cited."
    ),
}
"""Code -> the sentence about it, in the order of the summary."""
