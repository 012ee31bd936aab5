"""The explorer as one HTML file that asks nothing of any other host.

The script and the style are the committed bundle; ``npm run build`` in this folder makes the same bytes again. No text
of the data becomes markup or script: it stands in one JSON block and reaches the page through text nodes and a canvas.
"""

from __future__ import annotations

import base64
import hashlib
import html
import importlib.resources
import string
from typing import TYPE_CHECKING

from kg._version import __version__
from kg.errors import ViewError
from kg.rdf.namespaces import BASE
from kg.store.addresses import is_address
from kg.views.explorer.backbone import backbone_layout
from kg.views.explorer.ego import ego_places
from kg.views.explorer.facts import Facts
from kg.views.explorer.pack import json_block, pack_sets
from kg.views.view import View

if TYPE_CHECKING:
    from kg.store.protocol import TripleStore
    from kg.views.explorer.facts import Json

TITLE = "disarm-kg explorer"

MOST_TOLD = 5_000
"""With more incidents than this, the page holds counts alone: what each incident uses, and its year."""


def render_explorer(store: TripleStore, *, origin: str = "", counts_only: bool | None = None, api: str = "") -> str:
    """The page of a store; the same store gives the same text.

    Args:
        store: What is to be explored.
        origin: What was opened; told in the page's head, of a path its last part alone: a page is passed on, and the
            folders of a machine are nobody's business.
        counts_only: Whether only counts are packed, without titles, evidence and things; left out, where there are
            more than :data:`MOST_TOLD` incidents.
        api: Where the JSON API answers, relative to the page (``api/``). A page of counts alone then asks it for
            what it does not hold, and its policy lets it ask its own host; left out, it can ask none.

    Raises:
        ViewError: the store holds no incident.
    """
    facts = Facts(store)
    if not facts.incidents:
        raise ViewError("explore: the graph holds no incident; open a source that has incidents")
    origin = origin if is_address(origin) else origin.replace("\\", "/").rstrip("/").rpartition("/")[2]
    alone = len(facts.incidents) > MOST_TOLD if counts_only is None else counts_only
    return _page(
        _block(facts, origin, counts_only=alone) | ({"api": api} if api else {}), _about(facts, origin), asks=bool(api)
    )


def explorer_view(store: TripleStore, *, origin: str = "") -> View:
    """The page as an object that saves itself and shows itself in a notebook, in a frame without rights."""
    return View(render_explorer(store, origin=origin))


def _about(facts: Facts, origin: str) -> str:
    releases = ", ".join(facts.releases())
    parts = [f"DISARM {releases}" if releases else "", f"{len(facts.incidents):,} incidents", origin]
    return " · ".join(part for part in parts if part)


def _block(facts: Facts, origin: str, *, counts_only: bool) -> dict[str, Json]:
    block: dict[str, Json] = {
        "title": TITLE,
        "origin": origin,
        "version": __version__,
        "base": BASE,
        "releases": facts.releases(),
        "counted": counts_only,
        **facts.framework(),
    }
    uses = facts.pairs_used()
    if counts_only:
        empty: dict[str, Json] = {
            name: []
            for name in (
                "placements",
                "things",
                "relations",
                "evidence",
                "evidence_kinds",
                "files",
                "passages",
                "references",
                "cites",
                "mentions",
                "stated",
                "words",
            )
        }
        block |= empty | {
            "findings": [],
            "recovered": "",
            "published": [],
            "uses": pack_sets(uses),
            "years": facts.years(),
        }
    else:
        for part in (facts.told, facts.things, facts.evidence, facts.references, facts.findings):
            block |= part()
        passages = block["passages"]
        block |= facts.named(passages if isinstance(passages, list) else [])
        block |= {"uses": uses, "recovered": facts.pairs_recovered(), "published": facts.published()}
    block["layout"] = backbone_layout(uses, len(facts.techniques))
    block["folded"] = backbone_layout(facts.as_parents(uses), len(facts.techniques))
    block["ego"] = ego_places()
    return block


def _page(block: dict[str, Json], about: str, *, asks: bool) -> str:
    script, style = _asset("bundle", "explorer.js"), _asset("bundle", "explorer-style.css")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "img-src blob: data:",
            *(["connect-src 'self'"] if asks else []),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return string.Template(_asset("explorer.html")).substitute(
        policy=policy,
        title=html.escape(TITLE),
        facts=html.escape(about),
        style=style,
        data=json_block(block),
        script=script,
    )


def _asset(*path: str) -> str:
    folder = importlib.resources.files(__package__)
    return folder.joinpath(*path).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
