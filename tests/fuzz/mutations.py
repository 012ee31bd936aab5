"""Damage to files, as by chance, an editor, a broken transfer or an attacker. The same seed, the same damage."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAGMENTS = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
        b"\xc2\xa0",
        b"\r",
        b"\x1b[31m",
        b"\x85",
    ),
    *(
        b"[" * 3000,
        b"{" * 3000,
        b"(" * 3000,
        b"<<(" * 500,
        b'"' * 999,
        b"|" * 3000,
        b"`" * 500,
        b"_" * 2000,
        b"*" * 999,
    ),
    *(b'{"a":' * 2000, b"<e:a>" * 2000, b"[ <urn:a:b> " * 500, b"(T0146: " * 500, b"](" * 999, b"<br>" * 999),
    *(b"9" * 5000, b"1e999", b"-0", b"NaN", b"Infinity", b"9999-99-99", b"0000", b"20\xd9\xa1\xd9\xa6", b"2016.0"),
    *(b"=HYPERLINK(1)", b"'; DROP", b"<script>", b"&#0;", b"&amp;lol;", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"\\u0000"),
    *(b"https://[", b"http://\xe2\x80\xae/", b"file:///etc/passwd", b"../../..", b"%00", b"xn--\xff", b"javascript:1"),
    *(b"T0146", b"T0146.", b"T0097:109", b"TA01", b"I00001", b"T9999.999", b"t0146", b"T\xd9\xa0146", b"T0146" * 2000),
    *(b"\n\n# Incident I00001: Twice\n", b"DO NOT EDIT ABOVE THIS LINE", b"| --- | --- |\n", b"**Countries:** , , ,\n"),
    *(b'"type": "bundle"', b'"id": null,', b'"objects": [],', b'"Event": {}', b'"@context": "http://127.0.0.1:9/"'),
)
"""What is put in between."""


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 4, 32))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randint(0, len(data)) :]


def _drop(data: bytearray, chance: random.Random) -> None:
    start = chance.randint(0, len(data))
    del data[start : start + chance.choice((1, 8, 64, 512))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randint(0, len(data))
    data[start:start] = data[start : start + chance.choice((8, 64, 512))] * chance.choice((1, 2, 20))


def _insert(data: bytearray, chance: random.Random) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice(FRAGMENTS)


def _insert_at_a_mark(data: bytearray, chance: random.Random) -> None:
    """Where values begin or end is where parsers decide."""
    marks = [at for at, byte in enumerate(data) if byte in b'":,|<>(){}[]\n']
    at = chance.choice(marks) + chance.randint(0, 1) if marks else 0
    data[at:at] = chance.choice(FRAGMENTS)


def _swap_lines(data: bytearray, chance: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    data[:] = b"\n".join(lines)


def _recode(data: bytearray, chance: random.Random) -> None:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7"))
    data[:] = bytes(data).decode("utf-8", "replace").encode(encoding, "replace")


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _cut, _drop, _repeat, _insert, _insert_at_a_mark, _insert_at_a_mark, _swap_lines, _recode),
)


def damaged(data: bytes, seed: int) -> bytes:
    """The bytes with one to four mutations."""
    chance = random.Random(seed)  # noqa: S311 - damage, nothing secret
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        chance.choice(MUTATIONS)(found, chance)
    return bytes(found)
