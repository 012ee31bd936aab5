"""The facts as text for the page: JSON that no HTML parser reads as markup, and sets of small numbers as base64.

For many incidents only what is counted is packed: which techniques each holds, and its year. An incident then costs
about one byte a technique, so that the counts of 100,000 incidents stay below a megabyte.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.views.explorer.facts import Json

_BITS, _LOW, _MORE = 7, 0x7F, 0x80


def pack_sets(sets: Iterable[Sequence[int]]) -> str:
    """Sorted sets of numbers from 0 as base64: for each its size, then the gaps, in LEB128 (7 bits a byte, low first).

    >>> base64.b64decode(pack_sets([[0, 3, 200], []])).hex()
    '030003c50100'
    """
    out = bytearray()
    for numbers in sets:
        _append(out, len(numbers))
        before = 0
        for number in numbers:
            _append(out, number - before)
            before = number
    return base64.b64encode(bytes(out)).decode()


def _append(out: bytearray, number: int) -> None:
    while number >> _BITS:
        out.append(number & _LOW | _MORE)
        number >>= _BITS
    out.append(number)


def json_block(facts: dict[str, Json]) -> str:
    """JSON without ``<``, ``>`` and ``&``, only ASCII: it can stand in a script element as it is."""
    text = json.dumps(facts, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
