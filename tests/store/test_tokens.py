"""How SPARQL text is cut into tokens."""

from __future__ import annotations

import contextlib
import sys

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.tokens import Kind, TextError, decoded, tokens


def cut(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def test_tokens_carry_their_kind_text_and_place() -> None:
    found = list(tokens("?x a\tkg:T.1 ; 'é'@en-GB 1.5e3 _:b <urn:x> # c\n(^)"))
    assert [(token.kind, token.text, token.start) for token in found] == [
        (Kind.VARIABLE, "?x", 0),
        (Kind.WORD, "a", 3),
        (Kind.NAME, "kg:T.1", 5),
        (Kind.OPERATOR, ";", 12),
        (Kind.STRING, "'é'", 14),
        (Kind.LANGUAGE, "@en-GB", 17),
        (Kind.NUMBER, "1.5e3", 24),
        (Kind.BLANK, "_:b", 30),
        (Kind.IRI, "<urn:x>", 34),
        (Kind.OPEN, "(", 46),
        (Kind.OPERATOR, "^", 47),
        (Kind.CLOSE, ")", 48),
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ex:a.b. ex:a...", ["ex:a.b", ".", "ex:a", ".", ".", "."]),
        (r"ex:a\-b\.c ex:%41", [r"ex:a\-b\.c", "ex:%41"]),
        (": :a a.b:c", [":", ":a", "a.b:c"]),
        ("a.b.c", ["a", ".", "b", ".", "c"]),
        ("1.SERVICE", ["1", ".", "SERVICE"]),
        ("'''a''b''' ''''a'''", ["'''a''b'''", "''''a'''"]),
        ('"a\\"b" ""', ['"a\\"b"', '""']),
        ("?x?y$z", ["?x", "?y", "$z"]),
        ("ex:p? ?x", ["ex:p", "?", "?x"]),
        ("(?a<?b)", ["(", "?a", "<", "?b", ")"]),
        ("(?a<?b&&?c>?d)", ["(", "?a", "<", "?b", "&&", "?c", ">", "?d", ")"]),
        ("(?a <http://e/#>)", ["(", "?a", "<http://e/#>", ")"]),
        ("(?a = <urn:e#>)", ["(", "?a", "=", "<urn:e#>", ")"]),
        ("?s<urn:e#>?o", ["?s", "<urn:e#>", "?o"]),
        ("(?a<<http://e/#>)", ["(", "?a", "<", "<http://e/#>", ")"]),
        ("<<( ?s ?p ?o )>>", ["<<", "(", "?s", "?p", "?o", ")", ">>"]),
        ("?a <= 1 >= 2", ["?a", "<=", "1", ">=", "2"]),
    ],
)
def test_text_is_cut_where_the_grammar_cuts_it(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@pytest.mark.parametrize("text", ["(?a<b:c#>)", "(?a<?b(>)", "(<<b:c#>)", "'a", "'''a'", r"'\x'", "%", "(]", "\u00a0"])
def test_text_that_can_be_read_in_two_ways_or_in_none_raises(text: str) -> None:
    with pytest.raises(TextError):
        cut(text)


def test_escapes_are_replaced_once_with_their_places() -> None:
    assert decoded(r"a\u0042c\U0001F600\u005Cu0041\uZZ") == ("aBc\U0001f600\\u0041\\uZZ", [(2, 7), (4, 18), (5, 24)])
    assert decoded(r"\UFFFFFFFF") == (r"\UFFFFFFFF", [])


@given(st.text(alphabet="'\"\\nu04a \n", max_size=12))
def test_strings_are_cut_where_the_engine_cuts_them(text: str) -> None:
    # In VALUES the engine takes one string after the other: where ours are all strings, it must find as many.
    try:
        found = list(tokens(text))
    except TextError:
        return
    if not all(token.kind is Kind.STRING for token in found):
        return
    rows = ox.Store().query(f"SELECT * {{ VALUES ?x {{ {text} }} }}")
    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == len(found)


UNITS = ["a.", "a-.", "<", "''", "a:", "ex:a.", "?a ", "<<", "#\n", "'", "a", "@en", "\\u0041", "ex:%"]


@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_in_step_with_the_text(unit: str) -> None:
    def work(size: int) -> int:
        """Calls made; what a regular expression does within one is bounded by the text it takes."""
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in {"call", "c_call"}

        sys.setprofile(count)
        with contextlib.suppress(TextError):
            cut(unit * (size // len(unit)))
        sys.setprofile(None)
        return calls

    # The first text of all pays for the patterns.
    work(100)
    assert work(32_000) <= 2 * work(16_000) + 200


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_a_text_in_ascii_is_cut_alike_by_the_patterns_of_every_script(text: str) -> None:
    def found(text: str) -> list[object]:
        pieces: list[object] = []
        try:
            pieces.extend(tokens(text))
        except TextError as fault:
            pieces.append((str(fault), fault.start))
        return pieces

    # A letter in a comment calls for the patterns of every script, and is no token.
    assert found(text) == found(f"{text}\n#\u00e9")
