"""The options that say what is counted, and that narrow it, for every command that counts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

import click

from kg.cli.options import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.filters import Filters
    from kg.workspace import KnowledgeGraph

Function = TypeVar("Function", bound="Callable[..., object]")

_COUNTED = {
    "unit": click.option(
        "--unit", default="incident", show_default=True, help="What is counted: incident, passage or observation."
    ),
    "evidence": click.option(
        "--evidence",
        default="repaired",
        show_default=True,
        help="rows, inline or all as published; repaired: what the default graph asserts.",
    ),
    "level": click.option(
        "--level", default="technique", show_default=True, help="technique, parent or tactic (rolled up)."
    ),
}
_YEAR_BASIS = click.option(
    "--year-basis",
    default="act",
    show_default=True,
    metavar="BASIS,...",
    help="What the year rests on: act, text or published; of several, the first that an incident has.",
)

_OPTIONS = (
    click.option("--tactic", multiple=True, metavar="ID", help="Only techniques of this tactic; N stays. Repeatable."),
    click.option("--from", "year_from", type=int, metavar="YEAR", help="Only incidents of this year or later."),
    click.option("--to", "year_to", type=int, metavar="YEAR", help="Only incidents of this year or earlier."),
    _YEAR_BASIS,
    click.option("--country", multiple=True, metavar="NAME", help="Only incidents aimed at this country. Repeatable."),
    click.option("--actor", multiple=True, metavar="NAME", help="Only incidents attributed to this actor or country."),
    click.option("--platform", multiple=True, metavar="NAME", help="Only incidents on this platform. Repeatable."),
    click.option("--release", metavar="NAME", help="Count what this release published, as it published it."),
    click.option(
        "--recovered",
        "with_recovered",
        is_flag=True,
        help="Count uses too that earlier releases stated and later dropped.",
    ),
    click.option("--suspect", "with_suspect", is_flag=True, help="Count statements too that are held back as suspect."),
    click.option(
        "--aligned", "with_aligned", is_flag=True, help='--actor takes weaker words too, such as "pro-Russian".'
    ),
    click.option(
        "--exclude-relatives",
        is_flag=True,
        help="Leave out pairs of parent and child and of two children of one parent.",
    ),
)
FILTER_OPTIONS = {
    "tactic": "--tactic",
    "year_from": "--from",
    "year_to": "--to",
    "year_basis": "--year-basis",
    "country": "--country",
    "actor": "--actor",
    "platform": "--platform",
    "release": "--release",
    "with_recovered": "--recovered",
    "with_suspect": "--suspect",
    "with_aligned": "--aligned",
    "exclude_relatives": "--exclude-relatives",
}
"""The name of a filter to the option that sets it."""


OF_INCIDENTS = ("year_from", "year_to", "year_basis", "country", "actor", "platform", "with_aligned")
"""The filters that choose incidents; the others choose what is counted in them."""


def counted_options(*names: str) -> Callable[[Function], Function]:
    """The options ``--unit``, ``--evidence`` and ``--level``: those named, or all three."""

    def added(function: Function) -> Function:
        for name in reversed(names or tuple(_COUNTED)):
            function = _COUNTED[name](function)
        return function

    return added


def bases_of(text: str) -> tuple[str, ...]:
    """What ``--year-basis`` names, in its order; blanks do not count."""
    return tuple(text.replace(" ", "").split(","))


def filter_options(function: Function) -> Function:
    """The options of :class:`kg.filters.Filters`, which the command gets as one argument ``filters``."""
    return _with_options(function, tuple(FILTER_OPTIONS))


def incident_options(function: Function) -> Function:
    """Those options that choose incidents, as one argument ``filters``."""
    return _with_options(function, OF_INCIDENTS)


def say_chosen(graph: KnowledgeGraph, filters: Filters) -> None:
    """Tell, beside the answer, how many incidents pass, of how many."""
    from kg.filters import choose_incidents

    for sentence in choose_incidents(graph.store, filters).sentences(filters):
        say(sentence)


def place_options(function: Function) -> Function:
    """Those that choose incidents otherwise than by year, and what a year rests on, as one argument ``filters``."""
    return _with_options(function, tuple(name for name in OF_INCIDENTS if name not in {"year_from", "year_to"}))


def _with_options(function: Function, names: tuple[str, ...]) -> Function:
    @functools.wraps(function)
    def filtered(*arguments: object, **values: object) -> object:
        from kg.filters import Filters

        given = {name: values.pop(name) for name in names}
        given["year_basis"] = bases_of(str(given["year_basis"]))
        return function(*arguments, filters=Filters(**given), **values)  # type: ignore[arg-type]

    for name, option in reversed(tuple(zip(FILTER_OPTIONS, _OPTIONS, strict=True))):
        if name in names:
            filtered = option(filtered)
    return filtered  # type: ignore[return-value]
