"""The explorer as a widget of a notebook: the page in a frame without rights, its address in step with Python.

Needs anywidget (``pip install 'disarm-kg[notebook]'``). Without it a notebook shows :class:`~kg.views.view.View`, the
same page in the same kind of frame, which says nothing back.
"""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING

from kg.errors import ViewError
from kg.views.explorer.page import render_explorer

if TYPE_CHECKING:
    from anywidget import AnyWidget

    from kg.store.protocol import TripleStore


def explorer_widget(store: TripleStore, *, origin: str = "", address: str = "", height: int = 640) -> AnyWidget:
    """The explorer as a widget.

    Args:
        store: What is to be explored.
        origin: What was opened; told in the page's head.
        address: What the page shows, as the part of its address behind ``#``. The trait ``address`` of the widget
            follows what its user does, and the page follows the trait.
        height: Of the frame, in pixels.

    Raises:
        ViewError: anywidget is not installed, or the store holds no incident.
    """
    try:
        import anywidget  # noqa: PLC0415 - an extra
        import traitlets  # noqa: PLC0415 - comes with it
    except ImportError as error:
        raise ViewError("explore: a widget needs anywidget; pip install 'disarm-kg[notebook]'") from error

    class ExplorerWidget(anywidget.AnyWidget):
        _esm = importlib.resources.files(__package__).joinpath("widget.js").read_text(encoding="utf-8")
        page = traitlets.Unicode().tag(sync=True)
        address = traitlets.Unicode().tag(sync=True)
        height = traitlets.Int().tag(sync=True)

    return ExplorerWidget(page=render_explorer(store, origin=origin), address=address, height=height)
