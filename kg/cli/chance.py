"""The options that say how signal is told from chance, for every command that tests pairs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


class Margin(click.ParamType):  # type: ignore[type-arg] # click takes no argument before 8.4
    """A whole number, or ``auto``, which is None."""

    name = "N|auto"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """The number that is given."""
        text = str(value)
        if text == "auto":
            return None
        if not text.removeprefix("-").isdecimal() or not text.isascii():
            self.fail(f"{text!r} is neither a whole number nor auto", param, ctx)
        return int(text)


_TESTING = (
    click.option("--test", default="fisher", show_default=True, help="fisher or chi-squared."),
    click.option("--alternative", default="two-sided", show_default=True, help="two-sided, together or apart."),
    click.option("--correction", default="bh", show_default=True, help="bh, by, tarone or discrete."),
    click.option(
        "--alpha", type=float, default=0.05, show_default=True, help="The rate of false discoveries accepted."
    ),
    click.option(
        "--margin",
        type=Margin(),
        default="3",
        show_default=True,
        help="Test pairs whose techniques both occur in so many units; auto: the least at which one could survive.",
    ),
)
_RANDOMISING = (
    click.option(
        "--null",
        "null_name",
        metavar="NAME",
        help="Compare with random tables of the same margins: curveball. Adds columns.",
    ),
    click.option(
        "-n",
        "--randomisations",
        type=int,
        default=10_000,
        show_default=True,
        help="How many random tables; no p-value is below 1 in so many.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same random tables."),
    click.option("--workers", type=int, metavar="N", help="Random tables made at a time; by default one a processor."),
)


def chance_options(function: Function) -> Function:
    """The options of :class:`Significance` and :class:`NullModel`; the command gets ``asked``, and ``null`` or None."""

    @functools.wraps(function)
    def asking(*arguments: object, **values: object) -> object:
        from kg.analysis.nullmodel import NullModel
        from kg.analysis.significance import Significance

        given = {name: values.pop(name) for name in ("test", "alternative", "correction", "alpha", "margin")}
        null_name = values.pop("null_name")
        random = {name: values.pop(name) for name in ("randomisations", "seed", "workers")}
        if null_name is None:
            refuse({"randomisations": "-n", "seed": "--seed", "workers": "--workers"}, "add --null curveball")
        null = None if null_name is None else NullModel(null_name, **random)  # type: ignore[arg-type]
        return function(*arguments, asked=Significance(**given), null=null, **values)  # type: ignore[arg-type]

    for option in reversed(_TESTING + _RANDOMISING):
        asking = option(asking)
    return asking  # type: ignore[return-value]


def refuse(options: dict[str, str], why: str) -> None:
    """An option that cannot apply is an error, not ignored.

    Args:
        options: Name of a parameter to the option that sets it.
        why: What is wrong with it, or what would make it apply.

    Raises:
        UsageError: One of them stands on the command line.
    """
    context = click.get_current_context()
    for name, option in options.items():
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{option}: {why}")
