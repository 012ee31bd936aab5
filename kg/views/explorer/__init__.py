"""The explorer: one self-contained page where an analyst sees what goes together and reads why."""

from kg.views.explorer.page import explorer_view, render_explorer

__all__ = ["explorer_view", "render_explorer"]
