"""Which unit holds which technique: the one table between the graph and the numbers.

A unit is an incident; a passage of one: a description with the rows it explains; or an observation: techniques seen
together in one act. One SELECT query a kind of evidence gives the pairs; here they become sorted integer arrays, which
everything in :mod:`kg.analysis` counts on. What is left out of them is said (:attr:`Incidence.notes`).
"""

from kg.incidence.patterns import LEVELS, UNITS
from kg.incidence.table import Incidence, incidence, incidence_of

__all__ = ["LEVELS", "UNITS", "Incidence", "incidence", "incidence_of"]
