"""The style of our pages and the policy that goes with it; the front needs both and knows no RDF."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources


def asset(name: str) -> str:
    """A file of ``kg/server/page``."""
    return (importlib.resources.files("kg.server") / "page" / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """How a Content-Security-Policy names a script or a style by its hash."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE = asset("thing.css")
POLICY = (
    f"default-src 'none'; style-src {source_hash(STYLE)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages without a script."""
QUERY_STYLE = STYLE + asset("query.css")
QUERY_SCRIPT = asset("query.js")
QUERY_POLICY = (
    f"default-src 'none'; script-src {source_hash(QUERY_SCRIPT)}; style-src {source_hash(QUERY_STYLE)}; "
    "connect-src 'self'; img-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Of the query page."""
EXPLORER_POLICY = "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
"""Of the explorer, beside the policy that stands in its page."""
