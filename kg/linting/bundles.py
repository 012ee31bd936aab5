"""Rules about the STIX bundle of a release: what it says of the framework, and whether the rest agrees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.linting.links import same_name
from kg.linting.release import Fault
from kg.model import Place
from kg.sources.stix_objects import object_code
from kg.sources.values import split_ids
from kg.text import fold, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import BundleFile, Release
    from kg.sources.json_text import JsonObject

_PAGE = re.compile(r"generated_pages/[A-Za-z]+/[A-Za-z0-9.]+\.md$")


def bundle_of_another(release: Release) -> Iterator[Fault]:
    """A bundle that shares no technique with the release it lies in: one finding instead of one for each technique."""
    of_release = list(_of_release(release))
    for bundle in release.bundles:
        if bundle not in of_release:
            number = sum(1 for found in _patterns(bundle) if object_code(found))
            message = f"none of its {number} techniques is one of the {len(_techniques(release))} of this release"
            yield Fault(Place(bundle.name), message, "make the bundle anew")


def _of_release(release: Release) -> Iterator[BundleFile]:
    """The bundles that hold any technique of the release, or that nothing can be compared with."""
    known = _techniques(release)
    for bundle in release.bundles:
        codes = {code for found in _patterns(bundle) if (code := object_code(found))}
        if not known or not codes or codes & known.keys():
            yield bundle


def bundle_missing(release: Release) -> Iterator[Fault]:
    """A technique of the release that its bundle lacks."""
    for bundle in _of_release(release):
        held = {object_code(found) for found in _patterns(bundle)}
        for identifier in sorted(set(_techniques(release)) - held):
            yield Fault(Place(bundle.name), f"{identifier} is not in the bundle", "make the bundle anew", (identifier,))


def bundle_extra(release: Release) -> Iterator[Fault]:
    """A technique of the bundle that the release does not have."""
    known = _techniques(release)
    for bundle in _of_release(release) if known else ():
        for found in _patterns(bundle):
            code = object_code(found)
            if code and code not in known:
                message = f"{code} is in the bundle and not in the release"
                yield Fault(Place(bundle.name, found.line), message, "make the bundle anew", (code,))


def bundle_differs(release: Release) -> Iterator[Fault]:
    """A technique that the bundle names, describes, or puts under a tactic or parent otherwise than the release."""
    facts = _facts(release)
    for bundle in release.bundles:
        tactics = {found.text("x_mitre_shortname"): object_code(found) for found in _of(bundle, "x-mitre-tactic")}
        parents = _parents(bundle)
        for found in _patterns(bundle):
            code = object_code(found)
            if code not in facts:
                continue
            name, summary, tactic = facts[code]
            said = {tactics.get(phase.text("phase_name"), "") for phase in found.objects("kill_chain_phases")}
            wrong = [
                what
                for what, differs in (
                    ("name", not same_name(found.text("name"), name)),
                    ("description", bool(summary) and fold(plain_text(found.text("description"))) != summary),
                    ("tactic", bool(tactic) and said != {tactic}),
                    ("parent", parents.get(code, "") != ("" if "." not in code else code.partition(".")[0])),
                )
                if differs
            ]
            if wrong:
                message = f"{', '.join(wrong)} of {code} {'differs' if len(wrong) == 1 else 'differ'} from the release"
                yield Fault(Place(bundle.name, found.line), message, "make the bundle anew", (code,))


def repeated_code(release: Release) -> Iterator[Fault]:
    """An id that two objects of one type of the bundle carry."""
    for bundle in release.bundles:
        first: dict[tuple[str, str], int] = {}
        for found in bundle.objects:
            code = object_code(found)
            if not code:
                continue
            line = first.setdefault((found.text("type"), code), found.line)
            if line != found.line:
                message = f"{code} is carried by two objects, first in line {line}"
                yield Fault(Place(bundle.name, found.line), message, "keep one of the two", (code,))


def foreign_chain(release: Release) -> Iterator[Fault]:
    """A bundle that calls DISARM's kill chain or ids those of MITRE ATT&CK, so that tools mix the two."""
    for bundle in release.bundles:
        chains = [phase for found in _patterns(bundle) for phase in found.objects("kill_chain_phases")]
        named = sum(phase.text("kill_chain_name") == "mitre-attack" for phase in chains)
        sources = [source for found in _patterns(bundle) for source in found.objects("external_references")]
        called = sum(source.text("source_name") == "mitre-attack" for source in sources)
        if named or called:
            line = next(found.line for found in _patterns(bundle))
            message = f"{named} kill chain phases and {called} ids are said to be of 'mitre-attack'"
            yield Fault(Place(bundle.name, line), message, "name them 'disarm' and 'DISARM'")


def bundle_link(release: Release) -> Iterator[Fault]:
    """An address in the bundle that leads to a page which is not in the release."""
    for bundle in _of_release(release) if release.files else ():
        for found in bundle.objects:
            for source in found.objects("external_references"):
                match = _PAGE.search(source.text("url"))
                if match is not None and match[0] not in release.files:
                    message = (
                        f"the address of {object_code(found) or found.text('id')[:60]} leads to no page: {match[0]}"
                    )
                    code = object_code(found)
                    yield Fault(Place(bundle.name, found.line), message, "correct it", (code,) if code else ())


def _of(bundle: BundleFile, kind: str) -> Iterator[JsonObject]:
    return (found for found in bundle.objects if found.text("type") == kind)


def _patterns(bundle: BundleFile) -> Iterator[JsonObject]:
    return _of(bundle, "attack-pattern")


def _parents(bundle: BundleFile) -> dict[str, str]:
    codes = {found.text("id"): object_code(found) for found in _patterns(bundle)}
    return {
        codes[found.text("source_ref")]: codes.get(found.text("target_ref"), "")
        for found in _of(bundle, "relationship")
        if found.text("relationship_type") == "subtechnique-of" and found.text("source_ref") in codes
    }


def _techniques(release: Release) -> dict[str, str]:
    return release.names.get("Technique", {}) if release.pages.get("Technique") or release.workbooks else {}


def _facts(release: Release) -> dict[str, tuple[str, str, str]]:
    """Technique -> name, folded summary, tactic: from the pages, else from the workbook."""
    found = {}
    for page in release.pages.get("Technique", ()):
        tactics = split_ids(page.value("tactic") or page.value("belongs to tactic stage"))
        found[page.identifier] = (page.title, fold(plain_text(page.value("summary"))), tactics[0] if tactics else "")
    for entry in release.entries("techniques"):
        if entry.identifier not in found:
            found[entry.identifier] = (
                entry.text("name"),
                fold(plain_text(entry.text("summary"))),
                entry.text("tactic_id"),
            )
    return found
