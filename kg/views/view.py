"""The finished page as an object, and the ready-made views by name."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from kg.errors import ViewError, unknown_name
from kg.files import atomic_write
from kg.views.cooccurrence import cooccurrence_picture
from kg.views.framework import framework_picture
from kg.views.incidents import incidents_picture
from kg.views.limits import cut
from kg.views.picture import ViewOptions, picture_of

_Node = TypeVar("_Node", bound="Hashable")

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Hashable

    import networkx as nx

    from kg.filters import Filters
    from kg.store.protocol import TripleStore
    from kg.views.picture import Picture

    ViewFunction: TypeAlias = Callable[[TripleStore, ViewOptions], Picture]

VIEWS: dict[str, ViewFunction] = {
    "cooccurrence": cooccurrence_picture,
    "incidents": incidents_picture,
    "framework": framework_picture,
}
"""The ready-made views; each is drawn by :func:`render_view`."""

HEEDED: dict[str, tuple[str, ...]] = {
    "cooccurrence": ("unit", "evidence", "level", "units", "threshold", "filters", "backbone"),
    "incidents": ("evidence", "level", "threshold", "filters"),
    "framework": ("level", "threshold"),
}
"""The options each view takes; another one is an error and never ignored."""


@dataclass(frozen=True, slots=True)
class View:
    """One page.

    Attributes:
        html: The whole file.
    """

    html: str

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the page as UTF-8 in one step: a failure leaves no half of a file.

        Args:
            path: Where to.
            force: Overwrite what is there.

        Raises:
            OutputError: the path exists and ``force`` is not given, or it cannot be written.
        """
        with atomic_write(path, force=force) as file:
            file.write(self.html.encode())
        return Path(path)

    def _repr_html_(self) -> str:
        return (
            '<iframe title="Network" sandbox="allow-scripts allow-downloads" '
            'style="width:100%;height:640px;border:1px solid #8884" '
            f'srcdoc="{html.escape(self.html)}"></iframe>'
        )


def view(network: nx.Graph[_Node], *, title: str | None = None, threshold: float | None = None) -> View:
    """The page of any networkx graph; the graph is not changed.

    Node attributes it knows: ``label``, ``tactic`` or ``group`` (colour), ``count`` (size). Edge attributes: ``count``
    or ``weight`` (width and threshold). All others are shown as text.

    Args:
        network: Any graph.
        title: The heading; left out, the graph's own ``title`` or ``name``.
        threshold: Leave out edges below this, and the nodes that this leaves alone.

    Raises:
        ViewError: there is nothing to draw, or too much to be read.
    """
    picture = picture_of(cast("nx.Graph[Hashable]", network), title=title)
    return View(_rendered(picture if threshold is None else cut(picture, threshold)))


def render_view(store: TripleStore, name: str = "cooccurrence", **options: str | float | Filters | None) -> View:
    """One of the ready-made views.

    Args:
        store: What to draw.
        name: A name of :data:`VIEWS`.
        **options: Fields of :class:`~kg.views.picture.ViewOptions`; None stands for the default.

    Raises:
        UnknownNameError: there is no view or option of this name, or no such unit, evidence or level.
        ViewError: the view does not take the option, there is nothing to draw, or too much to be read.
    """
    if name not in VIEWS:
        raise unknown_name("view", name, VIEWS)
    asked = ViewOptions()
    known: dict[str, type] = {
        field.name: type(field.default) if field.default is not None else int for field in fields(ViewOptions)
    }
    known["backbone"] = float
    for option, value in options.items():
        if option not in known:
            raise unknown_name("view option", option, known)
        if value is None:
            continue
        if option not in HEEDED[name]:
            raise ViewError(f"view {name}: takes no {option} ({value!r}); it takes {', '.join(HEEDED[name])}")
        if not isinstance(value, known[option]) and not (known[option] is float and isinstance(value, int)):
            wanted = {int: "a whole number", float: "a number", str: "a name"}.get(
                known[option], "made by kg.filters.Filters"
            )
            raise ViewError(f"view {name}: {option} is {value!r}; it must be {wanted}")
        asked = replace(asked, **{option: value})  # type: ignore[arg-type] # its type has just been looked at
    return View(_rendered(VIEWS[name](store, asked)))


def _rendered(picture: Picture) -> str:
    # pyvis imports IPython, which takes half a second: only those who draw shall wait for it.
    from kg.views.page import render_page  # noqa: PLC0415

    return render_page(picture)
