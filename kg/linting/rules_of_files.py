"""The rules about files of other tools: all are found by their readers, and told here in a sentence each."""

from __future__ import annotations

from kg.linting.rule import Rule
from kg.model import Severity

_BAD, _ODD, _NOTE = Severity.VIOLATION, Severity.WARNING, Severity.INFO

OTHER_TOOLS: dict[str, Rule] = {
    "ambiguous-name": Rule(_BAD, "A name is that of several techniques."),
    "bad-cell": Rule(_ODD, "A cell of a 0/1 matrix is neither 0 nor 1."),
    "bad-object": Rule(_BAD, "A STIX object has no id or no type."),
    "bad-parent": Rule(_ODD, "A STIX relationship puts a technique under no technique, or under two."),
    "column-not-read": Rule(_NOTE, "A column of a matrix names no technique and is not read."),
    "dangling-reference": Rule(_ODD, "A STIX object leads to one that is not in the bundle."),
    "draft-release": Rule(_ODD, "A bundle is the draft of 2.0, which gives ids of 1.x other meanings."),
    "duplicate-column": Rule(_ODD, "A technique has two columns in a matrix."),
    "duplicate-incident": Rule(_NOTE, "An incident stands twice in one file."),
    "duplicate-key": Rule(_ODD, "A key stands twice in one object of JSON."),
    "duplicate-row": Rule(_NOTE, "A technique stands twice in one incident."),
    "empty-cell": Rule(_NOTE, "Cells of technique columns are empty."),
    "foreign-technique": Rule(_BAD, "A technique id is not of DISARM 1.x."),
    "formula-cell": Rule(_ODD, "A cell holds what a spreadsheet would run."),
    "later-id": Rule(_ODD, "An incident of 1.x names an observation or assessment of 2.x."),
    "links-not-followed": Rule(_NOTE, "Links of a galaxy lead to clusters of other files."),
    "names-not-read": Rule(_NOTE, "A galaxy names sectors, response types and metatechniques without ids."),
    "no-date": Rule(_NOTE, "A date of a bundle stands for one that is not known."),
    "no-name": Rule(_ODD, "What stands for a name is none of one thing."),
    "no-number": Rule(_ODD, "A number is none of JSON: NaN or Infinity."),
    "no-parent": Rule(_ODD, "No relationship of a bundle says what a sub-technique is below."),
    "no-use": Rule(_NOTE, "A technique of a layer is not marked as used."),
    "object-not-read": Rule(_NOTE, "A kind of STIX object is not read."),
    "parent-differs": Rule(_ODD, "A STIX relationship names another parent than the id of the technique."),
    "ragged-row": Rule(_ODD, "A row has more or fewer cells than its header."),
    "repaired-cell": Rule(_NOTE, "A cell of a matrix is misspelt so that 1 was plainly meant."),
    "repaired-date": Rule(_ODD, "A day is a spreadsheet's serial number, or stands in the place of a year."),
    "revoked-object": Rule(_ODD, "A STIX object is revoked."),
    "tags-not-read": Rule(_NOTE, "Tags of a MISP event say neither a technique nor a target."),
    "title-differs": Rule(_ODD, "A table calls one incident by two titles."),
    "uncertain-country": Rule(_NOTE, "A country of a matrix is marked as uncertain."),
    "uncertain-name": Rule(_NOTE, "A name is marked as uncertain."),
    "unknown-object-type": Rule(_ODD, "A type of STIX object is unknown."),
    "unknown-tactic": Rule(_ODD, "A technique is under a phase that is no tactic."),
}
"""Code -> rule."""
