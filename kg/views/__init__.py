"""Pictures: HTML pages that open offline. What is counted is not decided here."""

from __future__ import annotations

from kg.views.picture import Picture, ViewOptions, Words, picture_of
from kg.views.view import HEEDED, VIEWS, View, render_view, view

__all__ = ["HEEDED", "VIEWS", "Picture", "View", "ViewOptions", "Words", "picture_of", "render_view", "view"]
