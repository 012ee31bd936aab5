"""``kg query``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.filters import incident_options
from kg.cli.options import (
    form,
    open_source,
    output_options,
    say,
    source_option,
    table_text,
    unrunnable,
    write_data,
    write_rows,
)
from kg.errors import QueryError
from kg.store.child import in_child

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.filters import Filters
    from kg.store.answers import Answer, Solutions, Term
    from kg.workspace import KnowledgeGraph

ROW_FORMATS = ("table", "csv", "tsv", "json", "xml")
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")
MAX_QUERY_BYTES = 65536


@click.command(
    epilog="Examples: kg query 'SELECT ?id { ?i a kg:Incident ; dcterms:identifier ?id }' --format csv; "
    "kg query --name who-says-so --param technique=T0154.002"
)
@click.argument("query", required=False)
@source_option
@click.option("--name", metavar="NAME", help="A named query of the ontology; see --names.")
@click.option("--param", "parameters", metavar="KEY=VALUE", multiple=True, help="A parameter of the named query.")
@click.option("--names", is_flag=True, help="List the named queries and their parameters.")
@click.option("--union", is_flag=True, help="Ask the union of all graphs instead of the default graph.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*ROW_FORMATS, *GRAPH_FORMATS]),
    help="Form of the answer; rows: a table on a terminal and CSV in a pipe; graphs: turtle.",
)
@click.option("--timeout", type=click.FloatRange(min=0), default=60, show_default=True, help="Seconds; 0 for any.")
@click.option("--memory", type=click.IntRange(min=0), default=4096, show_default=True, help="Megabytes; 0 for any.")
@incident_options
@output_options
def command(  # one argument an option
    query: str | None,
    source: str | None,
    name: str | None,
    parameters: tuple[str, ...],
    names: bool,
    union: bool,
    format_: str | None,
    timeout: float,
    memory: int,
    filters: Filters,
    output: str | None,
    force: bool,
) -> None:
    """Answer a SPARQL query, a named query, or open a prompt.

    QUERY is SPARQL text, a file that holds it, or '-' for stdin; left out on a terminal, a prompt opens. The usual
    prefixes (kg, disarm, incident, tactic, skos, dcterms, prov, ...) need not be declared. A named query that counts
    incidents can be narrowed by year, country, actor and platform.
    """
    if names:
        _list_names(format_, output, force=force)
        return
    _check_options(query, name, parameters, filters, union=union)
    if query is None and name is None and not sys.stdin.isatty():
        query = "-"
    if query == source == "-":
        raise click.UsageError("the query and the source cannot both be stdin; give one of them as a file")
    with open_source(source) as graph:
        if query is None and name is None:
            from kg.cli.prompt import run_prompt

            run_prompt(graph, seconds=timeout, megabytes=memory)
            return
        if name is not None:
            asked = partial(_named, graph, name, _pairs(parameters), filters, format_, output)
        else:
            ask = partial(graph.query, _text(query or "-"), union=union)
            asked = partial(_outcome_of, ask, format_, output)
        outcome = in_child(asked, seconds=timeout, megabytes=memory)
    write_data(outcome.data, output, force=force)
    if outcome.note:
        say(outcome.note)
    if outcome.is_no:
        click.get_current_context().exit(ANSWER_IS_NO)


def _check_options(
    query: str | None, name: str | None, parameters: tuple[str, ...], filters: Filters, *, union: bool
) -> None:
    """Refuse what cannot apply."""
    if parameters and name is None:
        raise click.UsageError("--param goes with --name")
    if filters.words() and name is None:
        raise click.UsageError("filters go with --name; SPARQL says it itself: ?incident kg:attributedTo actor:...")
    if name is not None and (query is not None or union):
        raise click.UsageError("--name takes neither a QUERY nor --union")


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = [parameter.partition("=") for parameter in parameters]
    if wrong := [key for key, sign, _ in pairs if not sign]:
        raise click.UsageError(f"--param {wrong[0]!r} is not KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _text(query: str) -> str:
    """The query itself, or what the file or stdin that it names holds."""
    if query == "-":
        data = sys.stdin.buffer.read(MAX_QUERY_BYTES + 1)
    elif "{" in query or "\n" in query or not Path(query).is_file():
        if "{" not in query and query.lower().endswith((".rq", ".sparql")):
            raise QueryError(f"{query}: does not exist; give SPARQL text, a file that holds it, or '-'")
        return query
    else:
        try:
            with Path(query).open("rb") as file:
                data = file.read(MAX_QUERY_BYTES + 1)
        except OSError as error:
            raise QueryError(f"{query}: cannot be read ({error.strerror}); check its mode") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QueryError(f"{query}: byte {error.start} is not UTF-8; save the query as UTF-8") from error


def _list_names(format_: str | None, output: str | None, *, force: bool) -> None:
    from kg.queries import named_queries

    rows = [
        (name, query.title, ", ".join(f"{parameter.name}={parameter.default}" for parameter in query.parameters))
        for name, query in named_queries().items()
    ]
    if format_ not in {None, "table", "csv", "tsv", "json"}:
        raise click.UsageError(f"--names has no form {format_!r}; choose table, csv, tsv or json")
    write_rows(("name", "title", "parameters"), rows, format_, output=output, force=force)


class Outcome(NamedTuple):
    """What is written, a word beside it, and whether the answer is no."""

    data: str | bytes
    note: str = ""
    is_no: bool = False


def _named(
    graph: KnowledgeGraph,
    name: str,
    parameters: dict[str, str],
    filters: Filters,
    format_: str | None,
    output: str | None,
) -> Outcome:
    """The answer to a named query, with how many incidents it was asked of where filters narrow them."""
    from kg.filters import choose_incidents

    outcome = _outcome(graph.ask_named(name, parameters, filters), format_, output)
    said = choose_incidents(graph.store, filters).sentences(filters)
    return outcome._replace(note="\n".join(filter(None, (*said, outcome.note))))


def _outcome_of(ask: Callable[[], Answer], format_: str | None, output: str | None) -> Outcome:
    """What comes of a question, asked here."""
    return _outcome(ask(), format_, output)


def _outcome(answer: Answer, format_: str | None, output: str | None) -> Outcome:
    """An answer in the form it is to be written in."""
    from kg.store.answers import Solutions, Truth
    from kg.store.formats import render_answer

    if isinstance(answer, Truth):
        plain = format_ in {None, "table"}
        word = "yes\n" if answer else "no\n"
        return Outcome(word if plain else render_answer(answer, format_ or "csv"), is_no=not answer)
    if isinstance(answer, Solutions):
        name = form(format_, output)
        if name == "csv":
            return Outcome(render_answer(_unrunnable(answer), name))
        if name != "table":
            return Outcome(render_answer(answer, name))
        rows = [[short(cell) for cell in row] for row in answer.values()]
        return Outcome(table_text(answer.variables, rows), f"{len(rows):,} rows")
    if format_ in ROW_FORMATS:
        raise QueryError(
            f"query: its answer is a graph, which has no form {format_!r}; choose {', '.join(GRAPH_FORMATS)}"
        )
    return Outcome(render_answer(answer, format_ or "turtle"))


def _unrunnable(answer: Solutions) -> Solutions:
    """The same rows for a spreadsheet: no text of theirs is run as a formula."""
    import pyoxigraph as ox

    from kg.store.answers import Solutions

    def tamed(term: Term | None) -> Term | None:
        if not isinstance(term, ox.Literal):
            return term
        text = str(unrunnable(term.value))
        return term if text == term.value else ox.Literal(text)

    return Solutions(answer.variables, [tuple(map(tamed, row)) for row in answer])


def short(cell: str | None) -> str:
    """An IRI of ours with its prefix, anything else as it is: what a table has room for."""
    from kg.rdf.namespaces import PREFIXES

    if cell is None or "://" not in cell:
        return cell or ""
    for prefix, namespace in PREFIXES.items():
        rest = cell.removeprefix(namespace)
        if rest != cell and rest and "/" not in rest and "#" not in rest:
            return f"{prefix}:{rest}"
    return cell
