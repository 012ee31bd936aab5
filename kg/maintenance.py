"""What is asked of releases and of files that use them: what is broken, what changed, what follows what, what moves.

The commands ``kg lint``, ``diff``, ``migrate`` and ``history`` are written with these, and ``kg.lint(...)`` and the
like are these. Results are frozen; nothing is written unless a path to write to is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.analysis.difference import Breakage, difference, find_breakages, version_of_history
from kg.analysis.history import Row, history_rows
from kg.analysis.versions import version_of_store, with_incidents
from kg.errors import OutputError, SourceError, unknown_name
from kg.exports import write_rdf
from kg.exports.changes import CHANGE_FORMS
from kg.files import atomic_write
from kg.lineage.embedded import embedded_crosswalk, embedded_history, embedded_successors
from kg.lineage.states import TECHNIQUES
from kg.linting import lint as lint_with
from kg.linting.mending import mend as mend_with
from kg.sources.workbook_versions import is_workbook_release, version_of_workbooks
from kg.store.embedded import EmbeddedStore
from kg.store.folder import build_store, is_store
from kg.store.parse import RDF_EXTENSIONS
from kg.uses import migrate as migrate_file
from kg.uses import read_uses, target_release
from kg.workspace import embedded_names, open_graph

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Callable, Collection

    from kg.lineage import Changes, Version
    from kg.linting import Report
    from kg.linting.mending import Mending
    from kg.uses import Migration, Outcome
    from kg.workspace import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two releases, and what of a file breaks by it; ``str()`` tells it as ``kg diff`` does.

    Attributes:
        changes: Ids, names, tactics, incidents and pairs, kind by kind.
        breaks: The ids of the file that are not what they were, in order; None where no file was given.
    """

    changes: Changes
    breaks: tuple[Breakage, ...] | None = None

    def render(self, form: str = "text") -> str:
        """The answer as ``text``, ``markdown``, ``json`` or a Navigator ``layer``.

        Raises:
            UnknownNameError: There is no such form.
        """
        if form not in CHANGE_FORMS:
            raise unknown_name("form", form, CHANGE_FORMS)
        return CHANGE_FORMS[form](self.changes, self.breaks)

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True, slots=True)
class Migrated:
    """A file with the ids of another release, not written yet.

    Attributes:
        release: The release whose ids it has now.
        migration: What became of each id and name, and the places that change.
    """

    release: str
    migration: Migration

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of each id: the verdict with its confidence and reason, its lines and its uses."""
        return self.migration.outcomes

    def uses(self, outcome: str) -> int:
        """How many uses have this outcome: ``kept``, ``moved`` or ``stays``."""
        return self.migration.tags(outcome)

    @property
    def is_graph(self) -> bool:
        """Whether it is RDF or a store, which are written anew; of other files only the ids change."""
        return self.migration.file.graph is not None

    def data(self) -> bytes:
        """The bytes of a file that is no graph: all but what moved as they were."""
        return self.migration.data()

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write it: RDF by the extension, a store as a store, any other file byte for byte.

        Raises:
            OutputError: The path is taken (without ``force``) or cannot be written.
        """
        if not self.is_graph:
            with atomic_write(path, force=force) as file:
                file.write(self.data())
        elif self.migration.file.form == "rdf":
            write_rdf(EmbeddedStore.from_quads(self.migration.quads()), path, force=force)
        elif Path(path).exists() and not force:
            raise OutputError(f"{path}: exists already; choose another path, or replace it with --force (force=True)")
        else:
            build_store(self.migration.quads(), Path(path))


def lint(
    source: str | os.PathLike[str],
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    today: dt.date | None = None,
) -> Report:
    r"""Every fault of a release folder, page, workbook, bundle or other file, as it is published.

    >>> import tempfile, pathlib
    >>> page = pathlib.Path(tempfile.mkdtemp()) / "I00901.md"
    >>> _ = page.write_text("# Incident I00901: Tea\n\n* **Year started:** 2016.0\n")
    >>> [finding.fix for finding in lint(page, select=["year-form"]).findings]
    ['write 2016']

    Args:
        source: What to look at; it is never changed.
        select: Only these codes; all where it is empty.
        ignore: Not these codes.
        today: The day on which a date begins to lie in the future; by default the day of the call.

    Raises:
        SourceError: The source cannot be read at all, or is RDF or a store.
        UnknownNameError: No rule has that code.
    """
    return lint_with(source, select=_codes(select), ignore=_codes(ignore), framework=_names(source), today=today)


def mend(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Mending:
    """Write a copy of a source in which everything is mended that nobody has to decide on, as ``kg lint --fix`` does.

    Args:
        source: A release folder, a folder of pages, a page or a workbook; it is never changed.
        out: A folder that does not exist yet.
        select: Mend only these codes; all that are safe where it is empty.
        ignore: Do not mend these codes.

    Raises:
        OutputError: ``out`` exists, lies inside the source, or cannot be written.
        SourceError: The source cannot be read.
        UnknownNameError: No rule has that code.
    """
    return mend_with(source, out, select=_codes(select), ignore=_codes(ignore), framework=_names(source))


def diff(
    old: str | os.PathLike[str],
    new: str | os.PathLike[str],
    *,
    uses: str | os.PathLike[str] | None = None,
    opener: Callable[[str | None], KnowledgeGraph] = open_graph,
) -> Difference:
    """What changed between two releases, and what of a file of yours breaks by it.

    >>> found = diff("1.6", "1.7").changes
    >>> len(found.added), len(found.removed), found.renamed
    (67, 13, ())
    >>> diff("1.7", "2.0").changes.followed[0].after
    'A1003.002 Activity Introduces Another Narrative which Competes with Target Narrative (0.6, reviewed)'

    Args:
        old: A release folder, pages, a workbook, a bundle, RDF, a store, or the name of a release that is embedded.
        new: The same.
        uses: A layer, CSV, matrix, bundle, event, RDF file or store that names techniques of ``old``.
        opener: What opens a source.

    Raises:
        SourceError: One of them cannot be read, or the two are of lines that nothing joins.
        UnknownNameError: There is no such path and no such release.
    """
    before, after = (read_version(str(given), opener) for given in (old, new))
    crosswalk = embedded_crosswalk()
    try:
        changes = difference(before, after, crosswalk)
    except ValueError as error:
        raise SourceError(f"{error}; give two of one line, or 1.x first") from error
    if uses is None:
        return Difference(changes)
    breaks = find_breakages(read_uses(Path(uses)), changes, after, embedded_history(), crosswalk)
    return Difference(changes, breaks)


def migrate(
    file: str | os.PathLike[str], *, to: str | None = None, origin: str | None = None, least: float = 0.8
) -> Migrated:
    r"""A file of yours with the ids of another release; what is not sure enough stays and says why.

    >>> import tempfile, pathlib
    >>> tags = pathlib.Path(tempfile.mkdtemp()) / "tags.csv"
    >>> _ = tags.write_text("Our case,T0023.001\nAnother,T0044\n")
    >>> found = migrate(tags, to="1.7")
    >>> [(each.verdict.identifier, each.verdict.outcome, each.verdict.target) for each in found.outcomes]
    [('T0023.001', 'moved', 'T0162'), ('T0044', 'stays', 'T0044')]
    >>> found.data()
    b'Our case,T0162\nAnother,T0044\n'

    Args:
        file: A CSV, 0/1 matrix, Navigator layer, STIX bundle, MISP event, RDF file or store; it is never changed.
        to: The release wanted, ``2.0`` too; by default the latest of 1.x.
        origin: The release the file is of, where it is known: it tells what an id means.
        least: The confidence from 0 to 1 below which nothing is moved.

    Raises:
        SourceError: The file names no techniques in any form that is read.
        UnknownNameError: No such release.
    """
    known = embedded_history()
    target = target_release(known, to or known.releases[TECHNIQUES][-1])
    successors = embedded_crosswalk() if target.is_later else embedded_successors()
    found = migrate_file(read_uses(Path(file)), target, known, successors, origin=origin, least=least)
    return Migrated(target.release, found)


def history(*identifiers: str) -> tuple[Row, ...]:
    """What became of ids over the releases, and what follows them; of every id where none is given.

    >>> [(row.release, row.what, row.successor) for row in history("T0023.001")]
    [('1.4', 'added', ''), ('1.7', 'retired', ''), ('', 'followed by (same)', 'T0162')]

    Raises:
        UnknownNameError: An id that never was.
    """
    wanted = [identifier.strip().upper() for identifier in identifiers]
    return tuple(history_rows(embedded_history(), embedded_crosswalk(), wanted))


def read_version(given: str, opener: Callable[[str | None], KnowledgeGraph]) -> Version:
    """What a path, or an embedded release of that name, says of its ids, incidents and pairs.

    Args:
        given: The path or name; a path of that name goes before.
        opener: What opens a source.

    Raises:
        SourceError: It cannot be read.
        UnknownNameError: It is neither.
    """
    if not Path(given).exists():
        known = version_of_history(embedded_history(), given)
        if known is None:
            names = [name for order in embedded_history().releases.values() for name in order]
            raise unknown_name("path or release", given, [*names, "2.0"])
        with opener(None) as graph:
            return with_incidents(known, graph.store)
    if is_workbook_release(Path(given)):
        return version_of_workbooks(Path(given))
    with opener(given) as graph:
        return version_of_store(graph.store)


def _codes(given: Collection[str]) -> Collection[str]:
    """The codes; a single one may be given as it is."""
    return [given] if isinstance(given, str) else given


def _names(source: str | os.PathLike[str]) -> dict[str, str] | None:
    """What exists, for sources that hold no framework themselves."""
    path = Path(source)
    if path.suffix.lower() in RDF_EXTENSIONS or (path.is_dir() and is_store(path)):
        raise SourceError(f"{source}: lint reads files as published; RDF and stores are checked by 'kg validate'")
    return None if path.is_dir() else embedded_names()
