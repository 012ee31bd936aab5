"""What the guard lets pass does not end the engine: each shape at the largest size that passes, in a process apart."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg.errors import QueryRefusedError
from kg.store.guard import LONGEST, check_query

if TYPE_CHECKING:
    from collections.abc import Callable

STACK = 1 << 20
SECONDS = 60

# Asked in a thread with a stack of 1 MiB, an eighth of what a process has.
ASK = """
import json, sys, threading
import pyoxigraph as ox

def ask():
    for query in json.load(sys.stdin):
        try:
            found = ox.Store().query(query)
            list(found) if not isinstance(found, ox.QueryBoolean) else None
        except (SyntaxError, RuntimeError, ValueError):
            pass
    print("alive")

threading.stack_size(int(sys.argv[1]))
thread = threading.Thread(target=ask)
thread.start()
thread.join()
"""


def pattern(unit: str, end: str = "") -> Callable[[int], str]:
    return lambda size: f"SELECT * {{ {unit * size}{end * size} }}"


def value(before: str, inner: str = "1", after: str = "") -> Callable[[int], str]:
    return lambda size: f"SELECT * {{ ?s ?p ?o FILTER({before * size}{inner}{after * size}) }}"


def object_(before: str, inner: str = "1", after: str = "") -> Callable[[int], str]:
    return lambda size: f"SELECT * {{ ?s ?p {before * size}{inner}{after * size} }}"


def verb(before: str, after: str = "") -> Callable[[int], str]:
    return lambda size: f"SELECT * {{ ?s {before * size}<a:p>{after * size} ?o }}"


SHAPES: dict[str, Callable[[int], str]] = {
    "groups": pattern("{", "}"),
    "groups left open": pattern("{"),
    "optional": pattern("OPTIONAL { ?s ?p ?o ", "}"),
    "exists": pattern("FILTER EXISTS { ?s ?p ?o ", "}"),
    "bracketed exists": pattern("FILTER(EXISTS { ?s ?p ?o ", "})"),
    "subselects": pattern("{ SELECT * { ", "} }"),
    "subselects left open": pattern("{ SELECT * { "),
    "graph": pattern("GRAPH ?g { ", "}"),
    "chained groups": pattern("{ ?s ?p ?o }"),
    "chained minus": pattern("MINUS { ?s ?p ?o }"),
    "chained union": lambda size: f"SELECT * {{ {{}} {'UNION {} ' * size} }}",
    "brackets": value("(", "1", ")"),
    "brackets left open": lambda size: f"SELECT * {{ FILTER{'(' * size}",
    "calls": value("STR(", "1", ")"),
    "regex": value("REGEX(", "'a'", ",'a')"),
    "replace": value("REPLACE(", "'a'", ",'a','b')"),
    "aggregates": lambda size: f"SELECT ({'COUNT(' * size}1{')' * size} AS ?x) {{}}",
    "group_concat": lambda size: f"SELECT ({'GROUP_CONCAT(' * size}1{')' * size} AS ?x) {{}}",
    "not": value("!"),
    "not, broken off": value("!", "?"),
    "not a bracket, broken off": value("!(", "?", ")"),
    "not a call, broken off": value("!STR(", "?", ")"),
    "not a replacement, broken off": value("!REPLACE(", "?", ")"),
    "not an aggregate, broken off": value("!SUM(DISTINCT ", "?", ")"),
    "brackets around a fault": value("(", "?", ")"),
    "minus signs": value("- "),
    "sums": value("1+"),
    "products": value("1*"),
    "or": value("?s||"),
    "and": value("?s&&"),
    "lists": object_("(", "1", ")"),
    "lists with neighbours": object_("(1 ", "1", " 1)"),
    "long lists": lambda size: f"SELECT * {{ ?s ?p ({'1 ' * size}) }}",
    "lists of words": lambda size: f"SELECT * {{ ?s ?p ({'true' * size}) }}",
    "blank nodes": object_("[ ?p ", "1", "]"),
    "reified": object_("<< ?s ?p ", "1", ">>"),
    "triple terms": object_("<<( ?s ?p ", "1", ")>>"),
    "annotations": lambda size: f"SELECT * {{ ?s ?p ?o {'{| ?p ?o ' * size}{'|}' * size} }}",
    "reifiers": lambda size: f"SELECT * {{ ?s ?p ?o {'~ ?r ' * size} }}",
    "objects": object_("1,"),
    "verbs": object_("1;?p "),
    "triples": pattern("?s ?p ?o."),
    "different triples": lambda size: "SELECT * { " + "".join(f"?s{i} ?p ?s{i + 1}." for i in range(size)) + "}",
    "bracketed paths": verb("(", ")*"),
    "sequences": verb("<a:p>/"),
    "alternatives": verb("<a:p>|"),
    "named values": lambda size: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(size)) + "{}",
    "described": lambda size: "DESCRIBE" + " <a:p>" * size,
    "described by name": lambda size: "DESCRIBE" + " kg:p" * size,
    "conditions": lambda size: f"SELECT * {{ }} ORDER BY {'(1)' * size}",
    "sorted": lambda size: f"SELECT * {{ ?s ?p ?o }} ORDER BY {'?s ' * size}",
}


def passes(query: str) -> bool:
    try:
        check_query(query, graphs=None)
    except QueryRefusedError:
        return False
    return True


def largest(shape: Callable[[int], str]) -> str:
    """The largest query of a shape that passes."""
    low, high = 0, LONGEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if passes(shape(middle)) else (low, middle)
    return shape(low)


@pytest.mark.parametrize("name", SHAPES)
def test_the_largest_query_that_passes_does_not_end_the_engine(name: str) -> None:
    query = largest(SHAPES[name])
    assert query != SHAPES[name](0)
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(STACK)],
        input=json.dumps([query]),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (asked.returncode, asked.stdout) == (0, "alive\n")


def test_the_engine_does_end_at_what_the_guard_refuses() -> None:
    query = SHAPES["groups"](6000)
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(STACK)],
        input=json.dumps([query]),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert asked.returncode < 0
    assert not passes(query)
