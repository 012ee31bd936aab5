"""Lint: every fault of a release as published, with its place and what would be right; and the mending of what is safe.

It reads what the sources read, and looks further: at every field and cell, at links and dates, and at workbook, pages
and bundle side by side. It changes nothing in the source.
"""

from kg.lint.report import Report, lint
from kg.lint.rule import Rule
from kg.lint.rules import RULES

__all__ = ["RULES", "Report", "Rule", "lint"]
