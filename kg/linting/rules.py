"""The rules, all of them: code -> how bad, what it says in a sentence, and the functions that look for it.

A rule without a function is one the readers of :mod:`kg.sources` find while reading; its sentence stands here so that
one list explains every code. A code is never given another meaning.
"""

from __future__ import annotations

from kg.linting import agreement, bundles, cells, counter_links, framework, incidents, links, markup, references, sheets
from kg.linting.rule import Rule
from kg.linting.rules_of_files import OTHER_TOOLS
from kg.model import Severity

_BAD, _ODD, _NOTE = Severity.VIOLATION, Severity.WARNING, Severity.INFO

WHAT_IS_LOST: dict[str, Rule] = {
    "dropped-pair": Rule(
        _BAD, "A technique of an incident in the workbook never reaches its page.", (agreement.dropped_pair,)
    ),
    "dropped-description": Rule(
        _ODD, "A second description of a pair in the workbook never reaches its page.", (agreement.dropped_description,)
    ),
    "dropped-reference": Rule(
        _BAD, "A reference of an incident in the workbook never reaches its page.", (agreement.dropped_reference,)
    ),
    "dropped-link": Rule(
        _ODD,
        "A counter names a technique, actor type or incident that its page leaves out.",
        (counter_links.dropped_link,),
    ),
    "orphan-page": Rule(_ODD, "A page is not in its index: it is left over from another release."),
    "index-without-page": Rule(_BAD, "An index lists an id that has no page."),
    "row-without-page": Rule(_BAD, "A row of the workbook has no page in this release.", (agreement.row_without_page,)),
    "page-without-row": Rule(_ODD, "A page has no row in the workbook.", (agreement.page_without_row,)),
    "pair-not-in-workbook": Rule(
        _ODD, "A technique row of a page is not in the workbook.", (agreement.pair_not_in_workbook,)
    ),
    "page-differs": Rule(
        _ODD,
        "A page says otherwise than the workbook it is made from.",
        (agreement.page_differs, agreement.description_differs),
    ),
    "index-differs": Rule(_ODD, "An index says otherwise than the page.", (framework.index_differs,)),
    "bundle-of-another": Rule(
        _BAD, "The STIX bundle is of another release: it shares no id with this one.", (bundles.bundle_of_another,)
    ),
    "bundle-missing": Rule(_ODD, "A technique is not in the STIX bundle.", (bundles.bundle_missing,)),
    "bundle-extra": Rule(_ODD, "The STIX bundle holds a technique of no page or row.", (bundles.bundle_extra,)),
    "bundle-differs": Rule(_ODD, "The STIX bundle says otherwise than the release.", (bundles.bundle_differs,)),
    "unused-address": Rule(
        _NOTE, "A row of the sheet of addresses is cited by no incident.", (agreement.unused_address,)
    ),
}

WHAT_IS_WRONG: dict[str, Rule] = {
    "suspect-placement": Rule(_ODD, "A description tags techniques, but not that of its row: it is another's."),
    "placement-restored": Rule(_NOTE, "A misplaced description was traced to the incident it belongs to."),
    "stray-description": Rule(_ODD, "A description stands in a row without an incident."),
    "row-without-incident": Rule(_ODD, "A row of the workbook names techniques and no incident."),
    "unknown-incident": Rule(_ODD, "A row of the workbook names an incident that does not exist."),
    "shared-passage": Rule(_ODD, "One description stands under two incidents."),
    "unknown-technique": Rule(_BAD, "A row or a tag names a technique that does not exist."),
    "response-for-technique": Rule(_ODD, "A row of the workbook names a counter or detection among techniques."),
    "retired-technique": Rule(
        _ODD,
        "A counter, detection, example or association names a technique that does not exist in this release.",
        (framework.retired_technique, sheets.retired_technique),
    ),
    "unknown-id": Rule(
        _ODD,
        "A field or cell names a tactic, phase, counter, actor type ... that does not exist.",
        (framework.unknown_id, sheets.unknown_id),
    ),
    "name-of-another": Rule(_ODD, "An id is given the name of another id.", (sheets.name_of_another,)),
    "name-differs": Rule(
        _NOTE, "A thing is called otherwise than on its own page.", (links.name_differs, sheets.name_differs)
    ),
    "repaired-id": Rule(_NOTE, "An id is misspelt so that what was meant is plain: T0097:109.", (sheets.misspelt_id,)),
    "duplicate-id": Rule(_BAD, "Two rows or objects have one id.", (sheets.duplicate_id,)),
    "repeated-code": Rule(_BAD, "Two objects of the bundle carry one DISARM id.", (bundles.repeated_code,)),
    "missing-id": Rule(_ODD, "A row holds something and has no id.", (sheets.missing_id,)),
    "id-form": Rule(_ODD, "An id is not formed like the others of its sheet.", (sheets.id_form,)),
    "id-blanks": Rule(_ODD, "A blank stands beside an id, so it no longer equals the id.", (sheets.id_blanks,)),
    "duplicate-name": Rule(_ODD, "Two things of one kind have one name.", (framework.duplicate_name,)),
    "repeated-summary": Rule(
        _ODD, "Two things of one kind have one summary, word for word.", (framework.repeated_summary,)
    ),
    "repeated-row": Rule(_ODD, "A row repeats a technique with the same description.", (incidents.repeated_row,)),
    "repeated-link": Rule(_ODD, "A table lists one link twice.", (framework.repeated_association,)),
    "duplicate-reference": Rule(_ODD, "An incident cites one address twice."),
    "shared-reference": Rule(_NOTE, "Two incidents cite one article; they may be one.", (incidents.shared_reference,)),
    "tactic-mismatch": Rule(
        _ODD, "A sub-technique is under another tactic than its parent.", (framework.tactic_mismatch,)
    ),
    "parent-mismatch": Rule(
        _BAD, "The parent of a sub-technique is not the one its id says.", (framework.parent_mismatch,)
    ),
    "self-association": Rule(
        _ODD, "A technique is associated with itself.", (framework.self_association, cells.self_association)
    ),
    "one-sided-association": Rule(
        _NOTE, "An association stands on one of its two pages only.", (framework.one_sided_association,)
    ),
    "one-sided": Rule(_ODD, "A table shows a fact that the thing itself does not say."),
    "tag-without-row": Rule(
        _NOTE, "A technique is tagged in an incident's text and has no row.", (incidents.tag_without_row,)
    ),
    "untagged-description": Rule(
        _NOTE, "The description of a row tags no technique at all.", (incidents.untagged_description,)
    ),
    "long-prose": Rule(_ODD, "The prose of an incident is longer than what is read for names of actors and places."),
    "loose-mention": Rule(_NOTE, "A technique id stands in running text, outside any group."),
    "negated-mention": Rule(_NOTE, "A technique id stands in a sentence that denies its use."),
    "bad-rank": Rule(_NOTE, "Ranks of phases or tactics stand twice, are missing, or leave a gap.", (sheets.bad_rank,)),
    "long-name": Rule(_NOTE, "A long name is not made of the id and the name.", (sheets.long_name,)),
    "incident-type": Rule(
        _NOTE, "The type of an incident is none of incident, campaign, apt.", (incidents.incident_type,)
    ),
    "country-spelling": Rule(
        _NOTE, "A country is spelt otherwise than elsewhere in the release.", (incidents.country_spelling,)
    ),
    "unknown-country": Rule(_ODD, "The name of a country is not known.", (cells.unknown_country,)),
    "countries-form": Rule(
        _ODD, "A field of countries has no ' , ' between who did it and where.", (incidents.countries_form,)
    ),
    "country-unknown": Rule(_NOTE, "The country is given as Unknown."),
    "foreign-chain": Rule(
        _ODD, "The STIX bundle says its kill chain or ids are those of MITRE ATT&CK.", (bundles.foreign_chain,)
    ),
}

WHEN_AND_WHERE: dict[str, Rule] = {
    "bad-year": Rule(_ODD, "A year is not four digits.", (cells.bad_year,)),
    "bad-date": Rule(_ODD, "A date cannot be read, or no such day exists.", (cells.bad_date,)),
    "year-form": Rule(_NOTE, "A year is written as a decimal number: 2016.0.", (incidents.year_form,)),
    "date-form": Rule(_NOTE, "A date is not written year-month-day.", (references.date_form,)),
    "future-date": Rule(_ODD, "A date or year has not come yet.", (references.future_date,)),
    "dates-differ": Rule(_ODD, "Two incidents give one article different dates."),
    "archived-too-early": Rule(
        _ODD, "An article was archived before it is said to be published.", (references.archived_too_early,)
    ),
    "date-not-in-address": Rule(
        _ODD, "An article's date is over a month from the one in its address.", (references.date_not_in_address,)
    ),
    "published-before": Rule(
        _ODD,
        "An article is older than its incident, or the incident was added before it.",
        (references.published_before,),
    ),
    "archive-of-another": Rule(
        _ODD, "The archived copy is of another address than the one cited.", (references.archive_of_another,)
    ),
    "archive-cited": Rule(_NOTE, "The address cited is itself an archived copy.", (references.archive_cited,)),
    "not-archived": Rule(_NOTE, "A reference has no archived copy.", (references.not_archived,)),
    "bad-address": Rule(_ODD, "An address is not one of http or https.", (cells.bad_address,)),
    "odd-address": Rule(_NOTE, "An address carries tracking, a blank or a stray mark.", (references.odd_address,)),
    "no-address": Rule(_NOTE, "A reference has no address."),
    "broken-link": Rule(_BAD, "A link leads to a page that is not there.", (links.broken_link,)),
    "link-elsewhere": Rule(_BAD, "A link says one id and leads to another's page.", (links.link_elsewhere,)),
    "bundle-link": Rule(_ODD, "An address in the bundle leads to no page of the release.", (bundles.bundle_link,)),
}

HOW_IT_IS_WRITTEN: dict[str, Rule] = {
    "unbalanced-markup": Rule(
        _ODD, "A tag such as <i> is opened and not closed, or the reverse.", (markup.unbalanced_markup,)
    ),
    "unclosed-group": Rule(_ODD, "A group of technique ids is never closed."),
    "odd-blank": Rule(_NOTE, "A no-break space, a tab or a character without width.", (markup.odd_blank,)),
    "outer-blanks": Rule(_NOTE, "A cell begins or ends with a blank.", (sheets.outer_blanks,)),
    "mojibake": Rule(_ODD, "Text was read with the wrong encoding once.", (markup.mojibake,)),
    "encoding": Rule(_ODD, "A file is not UTF-8."),
    "control-character": Rule(_ODD, "A file holds a control character."),
    "more-findings": Rule(_ODD, "A page has more faults of one kind than are told one by one."),
    "row-over-lines": Rule(_ODD, "A line break stands inside a cell of a table."),
    "bad-row": Rule(_BAD, "A row is cut, has too many cells, or names nothing."),
    "bad-index-row": Rule(_ODD, "A row of an index names no id."),
    "duplicate-index-row": Rule(_ODD, "An index lists an id twice."),
    "description-variants": Rule(_NOTE, "One description stands in forms that differ in markup only."),
    "no-description": Rule(_NOTE, "A technique row has no description."),
    "no-summary": Rule(_NOTE, "A thing of the framework has no summary.", (framework.no_summary,)),
    "no-techniques": Rule(_NOTE, "An incident lists no technique.", (incidents.no_techniques,)),
    "no-references": Rule(_NOTE, "An incident gives no reference.", (incidents.no_references,)),
    "unfilled-fields": Rule(_NOTE, "An incident leaves fields empty.", (incidents.unfilled_fields,)),
    "missing-field": Rule(_ODD, "A page leaves out a field that it needs."),
    "unknown-field": Rule(_ODD, "A page has a field that its kind does not have.", (framework.unknown_field,)),
    "missing-title": Rule(_ODD, "A page has no title."),
    "blank-page": Rule(_ODD, "A page holds nothing."),
    "no-end-mark": Rule(_ODD, "A page has no closing line, so it may be cut."),
    "notes-below": Rule(_NOTE, "Notes stand below the closing line of a page."),
    "stray-line": Rule(_ODD, "A line belongs to no field or table."),
    "repeated-field": Rule(_ODD, "A field is given twice."),
    "file-name": Rule(_ODD, "A page's file is not named after its id.", (framework.file_name,)),
    "missing-column": Rule(_ODD, "A sheet lacks a column that pages are made from.", (sheets.missing_column,)),
    "unnamed-column": Rule(_NOTE, "A column holds something and has no name.", (sheets.unnamed_column,)),
    "no-cell-value": Rule(_ODD, "A formula has no value, or an error for one."),
    "unreadable-page": Rule(_BAD, "A page cannot be read as what it should be."),
    "unreadable-sheet": Rule(_BAD, "A sheet cannot be read."),
    "unreadable-file": Rule(_BAD, "A STIX bundle cannot be read."),
    "unreadable-workbook": Rule(_BAD, "A workbook cannot be read."),
}

GROUPS = {
    "lost": WHAT_IS_LOST,
    "wrong": WHAT_IS_WRONG,
    "dates-and-addresses": WHEN_AND_WHERE,
    "form": HOW_IT_IS_WRITTEN,
    "other-tools": OTHER_TOOLS,
}
"""Name of a group -> its rules."""

RULES: dict[str, Rule] = {code: rule for rules in GROUPS.values() for code, rule in rules.items()}
"""Code -> rule."""

NO_FAULTS = frozenset(
    {
        "association-restored",
        "bad-field",
        "derived-file",
        "field-restored",
        "link-migrated",
        "link-unsure",
        "reference-restored",
        "stix-differs",
        "stix-extra",
        "stix-missing",
        "unread-sheet",
        "workbook-differs",
        "workbook-row",
    }
)
"""Codes of the readers that are not shown: what is no fault, and what rules here tell with its cell.

The latter are ``duplicate-id``, ``missing-id`` and ``row-without-page``; ``page-differs``; ``bad-year``, ``bad-date``;
``retired-technique``, ``unknown-id`` and ``name-differs`` of the cells of counters and detections; ``bundle-differs``,
``bundle-extra`` and ``bundle-missing``; ``dropped-reference`` and its like.
"""
