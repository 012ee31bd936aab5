"""The group of commands. A command is imported when it is run, so that ``kg --help`` is quick."""

from __future__ import annotations

import difflib
import importlib

import click

from kg._version import __version__

COMMANDS: dict[str, str] = {
    "demo": "Build the graph, ask it, write Turtle and a page: the whole product in one go.",
    "query": "Answer a SPARQL query, a named query, or open a prompt.",
    "search": "Find techniques, incidents, actors, platforms ... by words of their names, or by a part of an id.",
    "show": "Show the card of an incident, technique, tactic, counter, actor, platform ... with its evidence.",
    "list": "List everything of one kind.",
    "mentions": "Print the actors, platforms, countries and dates read in the prose of incidents, each with its place.",
    "stats": "Count what the graph holds, as JSON.",
    "cooccurrence": "Count which techniques occur together, how strongly, and how many pairs are more than chance.",
    "why": "Show why techniques are said to go together: incidents, passages, places, articles, repairs.",
    "sets": "Find sets of three and more techniques, and whether they are more than their pairs explain.",
    "structure": "Tell communities of techniques, how stable they are, and which techniques are central.",
    "change": "Tell what changed between two periods, each with its interval.",
    "similar": "Name the incidents most like one, by shared techniques; rare techniques weigh more.",
    "match": "Tell whether an article's behaviour was seen before: like incidents, and the techniques to check it for.",
    "suggest": "Name techniques to look for where these were seen, each with what supports it.",
    "evaluate": "Measure how well suggestions find what was hidden, beside the popularity baseline.",
    "coverage": "Tell which observed techniques have a counter, through which link, and which have none.",
    "explore": "Write the explorer: one page that opens offline, to see what goes together and read why.",
    "view": "Draw a network as an interactive page that opens offline.",
    "export": "Write the graph as RDF, its incidents as STIX or a Navigator layer, or a network for Gephi.",
    "history": "Tell what became of an id over the releases: its names, tactics and parents, and what follows it.",
    "diff": "Tell what changed from OLD to NEW, and what of yours breaks.",
    "migrate": "Rewrite the ids of a CSV, matrix, Navigator layer, STIX bundle, MISP event, RDF file or store.",
    "build": "Keep a source as a store on disk.",
    "serve": "Serve the graph over HTTP: SPARQL, dumps, pages and an API, read-only.",
    "push": "Send the graph to a SPARQL 1.1 endpoint of somebody else's, and count there that all of it arrived.",
    "ledger": "Account for everything that was read: read = stored + repaired + reported.",
    "lint": "Find every fault of a release as it is published: pages, workbooks and STIX bundle.",
    "validate": "Check a graph against the shapes and rules of the ontology.",
    "snapshot": "Rebuild the embedded facts from release folders.",
    "completion": "Print the shell completion script for bash, zsh or fish.",
}
"""Name of a command -> its summary; the module ``kg.cli.<name>`` holds it as ``command``."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the dict."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: object = importlib.import_module(f"kg.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelt name gets a suggestion."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "; see 'kg --help'"
            ctx.fail(f"No such command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: kg query --name goes-with-technique --param technique=T0154.002",
)
@click.version_option(__version__, prog_name="kg")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for debugging.")
def cli(verbose: int) -> None:
    """An open graph knowledge base of disinformation incidents: DISARM as RDF, SPARQL and networks.

    SOURCE (-s, or the variable KG_SOURCE) is the embedded facts of DISARM unless you name something else: a release
    folder, a folder of pages, a page, an RDF file, or a store made by 'kg build'.
    """
    if verbose:
        import logging

        logging.basicConfig(level=logging.DEBUG if verbose > 1 else logging.INFO, format="%(name)s: %(message)s")
