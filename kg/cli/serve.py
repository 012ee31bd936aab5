"""``kg serve``."""

from __future__ import annotations

from dataclasses import fields

import click

from kg.cli.options import say, source_option

_KIB, _MIB = 1024, 1024 * 1024


@click.command(epilog="Example: kg serve --port 8000; then: curl 'localhost:8000/sparql?query=ASK%20%7B%7D'")
@source_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Interface to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for any.")
@click.option("--workers", type=click.IntRange(0, 512), default=0, help="Quick workers; 0 for two more than cores.")
@click.option("--long", type=click.IntRange(0, 512), default=0, help="Long queries at once; 0 for as many as workers.")
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(0.1, 3600),
    default=10,
    show_default=True,
    help="Seconds a query may take.",
)
@click.option("--memory", type=click.IntRange(64), default=512, show_default=True, help="MB a query may take.")
@click.option(
    "--rows", type=click.IntRange(0), default=10_000, show_default=True, help="Rows of an answer, cut there; 0 for any."
)
@click.option(
    "--answer", type=click.FloatRange(0.1, 1_000_000), default=16, show_default=True, help="MB of an answer, cut there."
)
@click.option("--sending", type=click.FloatRange(1), default=256, show_default=True, help="MB of answers on their way.")
@click.option("--query", type=click.FloatRange(1, 1024), default=64, show_default=True, help="kB of a query.")
@click.option(
    "--nesting", type=click.IntRange(8, 256), default=64, show_default=True, help="Brackets open at once in a query."
)
@click.option("--body", type=click.FloatRange(0.01, 64), default=2, show_default=True, help="MB of a request body.")
@click.option(
    "--patience",
    type=click.FloatRange(0.05, 60),
    default=0.5,
    show_default=True,
    help="Seconds after which a query is long.",
)
@click.option(
    "--queue",
    type=click.IntRange(1, 100_000),
    default=128,
    show_default=True,
    help="Queries that may wait for a worker.",
)
@click.option("--wait", type=click.FloatRange(0.1, 600), default=5, show_default=True, help="Seconds a query may wait.")
@click.option(
    "--connections", type=click.IntRange(10, 60_000), default=2000, show_default=True, help="Connections at once."
)
@click.option(
    "--idle", type=click.FloatRange(1, 3600), default=15, show_default=True, help="Seconds a connection may be idle."
)
@click.option(
    "--slow",
    type=click.FloatRange(1, 600),
    default=10,
    show_default=True,
    help="Seconds to send a request, or to read on.",
)
@click.option("--rate", type=click.FloatRange(0), default=0, help="Requests a second of one address; 0 for any.")
@click.option("--public", default="", metavar="URL", help="Base of the addresses it gives of itself.")
@click.option("--root-path", default="", metavar="PATH", help="Path under which a proxy shows the server.")
@click.option("--trust-proxy", default="", metavar="ADDRESSES", help="Proxies whose X-Forwarded headers are believed.")
@click.option("--no-log", is_flag=True, help="Write no access log.")
def command(
    source: str | None,
    host: str,
    port: int,
    public: str,
    root_path: str,
    trust_proxy: str,
    no_log: bool,
    **limits: float,
) -> None:
    """Serve the graph over HTTP: SPARQL, dumps, pages and an API, read-only.

    Fit for strangers: each query runs in a process of its own, under limits of time, memory and size. SIGTERM ends the
    server when what runs has ended, SIGHUP opens SOURCE again; a store that is built anew is taken up by itself.
    """
    from kg.server.limits import Limits
    from kg.server.run import Address, serve

    if public and not (public.startswith(("http://", "https://")) and public.endswith("/")):
        raise click.UsageError(f"--public {public!r} is no base; write one such as https://example.org/kg/")
    if root_path and not (root_path.startswith("/") and not root_path.endswith("/")):
        raise click.UsageError(f"--root-path {root_path!r} is no path; write one such as /kg")
    if source == "-":
        raise click.UsageError("a server cannot read standard input again; build a store of it and serve that")
    if source == "":
        raise click.UsageError("-s names nothing; give a source, or leave the option out for the embedded facts")
    units = {"answer": _MIB, "sending": _MIB, "query": _KIB, "body": _MIB}
    known = {field.name for field in fields(Limits)}
    chosen = {name: int(value * units[name]) if name in units else value for name, value in limits.items()}
    if unknown := chosen.keys() - known:
        message = f"options without a limit: {unknown}"
        raise AssertionError(message)
    address = Address(host, port, public, root_path, trust_proxy)
    serve(source, Limits(**chosen), address, log=not no_log, ready=lambda where: say(f"serving at {where}"))  # type: ignore[arg-type]
