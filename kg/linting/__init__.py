"""Lint: every fault of a release as published, with its place and what would be right; and the mending of what is safe.

It reads what the sources read, and looks further: at every field and cell, at links and dates, and at workbook, pages
and bundle side by side. It changes nothing in the source.
"""

from kg.linting.report import Report, lint
from kg.linting.rule import Rule
from kg.linting.rules import RULES

__all__ = ["RULES", "Report", "Rule", "lint"]
