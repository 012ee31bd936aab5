"""The identity of techniques over releases: states, what changed between two, the history of each id, its successors.

Pure: records in, records out. What a release holds is read in :mod:`kg.sources`, asked of a store in
:mod:`kg.analysis`.
"""

from kg.lineage.changes import Changes, compare
from kg.lineage.history import History, Span, build_history
from kg.lineage.states import State, Version, name_key
from kg.lineage.successors import Successor, Successors, Verdict

__all__ = [
    "Changes",
    "History",
    "Span",
    "State",
    "Successor",
    "Successors",
    "Verdict",
    "Version",
    "build_history",
    "compare",
    "name_key",
]
