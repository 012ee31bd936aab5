"""Which description belongs to which row, where a column of descriptions slid against the rows of its table.

A description tags the techniques it tells of, and the row it was written for lists them; so rows and descriptions can
be laid side by side like two strands of which one has lost pieces. Where rows contradict their descriptions, the two
are aligned anew (Needleman and Wunsch 1970, with affine gaps after Gotoh 1982): a slide of any length costs one gap,
however many rows follow. Nothing here knows of incidents, files or releases.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How often a description tags a technique of its own row; measured on release 1.6, where nothing slid: 0.97.
_TAGGED = 0.92
_OPEN, _EXTEND = 2.5, 0.6
_IN_PLACE = 0.05
_WORST = -6.0
_CALM = 6
_GAIN = 6.0
_STRONG, _MARGIN = 4.0, 2.0
_FAIR = 2.0
_NARROW, _WIDEST, _EDGE, _WORK = 16, 256, 4, 3_000_000
_LONGEST = 5000
# From this many texts on it is asked first whether there is anything to align, and for what share of the texts chance
# may say so.
_MANY, _BY_CHANCE, _IN_STEP = 400, 0.01, 0.1
_NEVER = -1e9
_MATCH, _SKIP_ROW, _SKIP_TEXT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: the techniques it lists, and those its description tags; either may be empty."""

    listed: frozenset[str]
    tagged: frozenset[str]

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against the description: it tags all that is listed, or nothing at all."""
        return not self.tagged or (bool(self.listed) and self.listed <= self.tagged)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a description belongs.

    Attributes:
        row: The 0-based row; None where no row of the table is its own.
        weight: The evidence of its tags for that row, a logarithm of odds; 0 where only the order speaks.
        in_order: Whether it stands in the order of its neighbours.
    """

    row: int | None
    weight: float = 0.0
    in_order: bool = False


def find_homes(lines: Sequence[Line]) -> dict[int, Home]:
    """Where the descriptions belong that do not stand in their own row.

    Args:
        lines: The rows in the order of their table.

    Returns:
        Row that holds a misplaced description -> where it belongs. Rows that are not named hold their own.
    """
    if all(line.sound for line in lines):
        return {}
    odds = _Odds(lines)
    own = [odds(line.listed, line.tagged) for line in lines]
    homes: dict[int, Home] = {}
    taken: set[int] = set()
    within: set[int] = set()
    for start, end in _windows(own):
        within.update(range(start, end))
        found = _realigned(lines, range(start, end), own, odds)
        for text, home in found.items():
            homes[text] = home
            if home.row is not None:
                taken.add(home.row)
    for index, line in enumerate(lines):
        if index not in homes and index not in taken and line.tagged and not line.tagged & line.listed:
            # Nothing it tags is listed where it stands: it is no text of this row.
            homes[index] = Home(None)
    rows = [index for index in homes if index not in taken and lines[index].listed]
    texts = [index for index, home in homes.items() if home.row is None]
    homes.update(_leftovers(lines, sorted(rows), sorted(texts), odds))
    alone = {text for text, home in homes.items() if home.row is None and text not in within and lines[text].listed}
    # Outside a slide few texts are misplaced: what says so of one without a home must outweigh how rare that is.
    rarity = math.log((len(lines) - len(alone) + 1) / (len(alone) + 1))
    return {
        text: home for text, home in homes.items() if home.row != text and (text not in alone or own[text] <= -rarity)
    }


class _Odds:
    """The logarithm of how much likelier it is that a description belongs to a row than that it does not."""

    def __init__(self, lines: Sequence[Line]) -> None:
        told = Counter(technique for line in lines for technique in line.tagged)
        texts = sum(bool(line.tagged) for line in lines) + 1
        chance = {technique: min((told[technique] + 0.5) / texts, 0.9) for line in lines for technique in line.listed}
        self._hit = {technique: math.log(_TAGGED / share) for technique, share in chance.items()}
        self._miss = {technique: math.log((1 - _TAGGED) / (1 - share)) for technique, share in chance.items()}

    def __call__(self, listed: frozenset[str], tagged: frozenset[str]) -> float:
        if not listed or not tagged:
            return 0.0
        hit, miss = self._hit, self._miss
        return max(sum(hit[found] if found in tagged else miss[found] for found in listed), _WORST)


def _windows(own: Sequence[float]) -> Iterable[tuple[int, int]]:
    """Stretches in which at least two rows contradict their description, with some calm rows on either side."""
    bad = [index for index, weight in enumerate(own) if weight < 0]
    start = 0
    for place, index in enumerate(bad):
        last = place + 1 == len(bad) or bad[place + 1] - index > 2 * _CALM or index - bad[start] > _LONGEST
        if last:
            if place > start:
                yield max(bad[start] - _CALM, 0), min(index + _CALM + 1, len(own))
            start = place + 1


def _realigned(lines: Sequence[Line], window: range, own: Sequence[float], odds: _Odds) -> dict[int, Home]:
    """The new home of each description of a window; nothing where another order explains the rows no better."""
    rows = [index for index in window if lines[index].listed]
    texts = list(window)
    pairs, score = _align([lines[row] for row in rows], [lines[text] for text in texts], odds)
    if score - sum(own[index] for index in window) < _GAIN:
        return {}
    home = {texts[right]: rows[left] for left, right in pairs}
    return {
        text: Home(home[text], odds(lines[home[text]].listed, lines[text].tagged), in_order=True)
        if text in home
        else Home(None)
        for text in texts
        if lines[text].tagged or text in home
    }


def _align(rows: Sequence[Line], texts: Sequence[Line], odds: _Odds) -> tuple[list[tuple[int, int]], float]:
    """The best pairs (row, text) that do not cross, and their score.

    Slides are short, so a narrow band is looked at first; it is widened while the best way keeps to its edge. No pair
    where the texts of a long stretch are in step with no row: the best of all ways is then one that chance made.
    """
    if len(texts) >= _MANY and not _in_step(rows, texts):
        return [], _NEVER
    least = abs(len(rows) - len(texts))
    most = max(_NARROW, min(_WIDEST, _WORK // max(len(rows), 1)))
    reach = _NARROW
    while True:
        pairs, score = _align_within(rows, texts, odds, least + reach)
        far = max((abs(left - right) for left, right in pairs), default=0)
        if reach >= most or far < least + reach - _EDGE:
            return pairs, score
        reach = min(reach * 4, most)


def _in_step(rows: Sequence[Line], texts: Sequence[Line]) -> bool:
    """Whether texts one behind the other tag what rows list at one distance, as they do where a column slid.

    How many of them must is told by how often a text tags a row at any distance: by chance so many are in step at one
    text in a hundred, and they have to be at one in ten.
    """
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for technique in row.listed:
            places.setdefault(technique, []).append(place)
    reach = _WIDEST + abs(len(rows) - len(texts))
    near = [_distances(place, text, places, reach) for place, text in enumerate(texts) if text.tagged]
    density = sum(map(len, near)) / max(1, len(near)) / (2 * reach + 1)
    if not density:
        return False
    wanted = math.ceil(math.log(_BY_CHANCE / (2 * reach + 1)) / math.log(min(density, 0.9)))
    runs: dict[int, int] = {}
    kept = 0
    for distances in near:
        runs = {distance: runs.get(distance, 0) + 1 for distance in distances}
        kept += max(runs.values(), default=0) >= wanted
    return kept >= _IN_STEP * len(near)


def _distances(place: int, text: Line, places: dict[str, list[int]], reach: int) -> set[int]:
    """How far from a text the rows within reach stand that list what it tags."""
    found: set[int] = set()
    for technique in text.tagged:
        rows = places.get(technique, [])
        within = rows[bisect_left(rows, place - reach) : bisect_right(rows, place + reach)]
        found.update(row - place for row in within)
    return found


def _align_within(
    rows: Sequence[Line], texts: Sequence[Line], odds: _Odds, reach: int
) -> tuple[list[tuple[int, int]], float]:
    width = len(texts) + 1
    before = [[_NEVER] * width for _ in range(3)]
    before[_MATCH][0] = 0.0
    trace: list[tuple[int, bytearray]] = []
    for left in range(len(rows) + 1):
        low, high = max(0, left - reach), min(width, left + reach + 1)
        now = [[_NEVER] * width for _ in range(3)]
        steps = bytearray(3 * (high - low))
        for right in range(low, high):
            _step((left, right), (before, now), (rows, texts), odds, memoryview(steps)[3 * (right - low) :])
        if left == 0:
            now[_MATCH][0] = 0.0
        trace.append((low, steps))
        before = now
    ends = [column[width - 1] for column in before]
    state = ends.index(max(ends))
    return _walk_back(trace, len(rows), width - 1, state), max(ends)


def _step(
    at: tuple[int, int],
    scores: tuple[list[list[float]], list[list[float]]],
    lines: tuple[Sequence[Line], Sequence[Line]],
    odds: _Odds,
    steps: memoryview,
) -> None:
    """One field of the table: the best way to it in each of the three states."""
    (left, right), (before, now), (rows, texts) = at, scores, lines
    if left and right:
        ways = [column[right - 1] for column in before]
        best = max(ways)
        row, text = rows[left - 1], texts[right - 1]
        now[_MATCH][right] = best + (odds(row.listed, text.tagged) if row is not text else _at_home(row, odds))
        steps[_MATCH] = ways.index(best)
    if left:
        ways = [before[state][right] - (_EXTEND if state == _SKIP_ROW else _OPEN) for state in range(3)]
        now[_SKIP_ROW][right] = max(ways)
        steps[_SKIP_ROW] = ways.index(max(ways))
    if right:
        source = now if left else before
        ways = [source[state][right - 1] - (_EXTEND if state == _SKIP_TEXT else _OPEN) for state in range(3)]
        now[_SKIP_TEXT][right] = max(ways)
        if not left:
            before[_SKIP_TEXT][right] = now[_SKIP_TEXT][right]
        steps[_SKIP_TEXT] = ways.index(max(ways))


def _at_home(row: Line, odds: _Odds) -> float:
    # Where nothing else speaks, a description stays where it is.
    return odds(row.listed, row.tagged) + _IN_PLACE


def _walk_back(trace: Sequence[tuple[int, bytearray]], left: int, right: int, state: int) -> list[tuple[int, int]]:
    pairs = []
    while left or right:
        low, steps = trace[left]
        came = steps[3 * (right - low) + state]
        if state == _MATCH:
            left, right = left - 1, right - 1
            pairs.append((left, right))
        elif state == _SKIP_ROW:
            left -= 1
        else:
            right -= 1
        state = came
    return pairs[::-1]


def _leftovers(lines: Sequence[Line], rows: list[int], texts: list[int], odds: _Odds) -> dict[int, Home]:
    """Homes for what is left: first in order, then by tags alone where no other pair comes near."""
    found: dict[int, Home] = {}
    if not rows or not texts:
        return found
    limit = math.isqrt(_WORK)
    rows, texts = rows[:limit], texts[:limit]
    pairs, _ = _align([lines[row] for row in rows], [lines[text] for text in texts], odds)
    for left, right in pairs:
        weight = odds(lines[rows[left]].listed, lines[texts[right]].tagged)
        if weight >= _FAIR:
            found[texts[right]] = Home(rows[left], weight, in_order=True)
    used = {home.row for home in found.values()}
    rows, texts = [row for row in rows if row not in used], [text for text in texts if text not in found]
    found.update(_by_tags(lines, rows, texts, odds))
    return found


def _by_tags(lines: Sequence[Line], rows: list[int], texts: list[int], odds: _Odds) -> dict[int, Home]:
    # Odds are against every row that lists nothing a text tags: only the others can be its home, or a rival.
    listing: dict[str, list[int]] = {}
    for row in rows:
        for technique in lines[row].listed:
            listing.setdefault(technique, []).append(row)
    of_text: dict[int, dict[int, float]] = {}
    of_row: dict[int, dict[int, float]] = {row: {} for row in rows}
    for text in texts:
        tagged = lines[text].tagged
        near = {row for technique in tagged for row in listing.get(technique, ())}
        of_text[text] = {row: odds(lines[row].listed, tagged) for row in sorted(near)}
        for row, weight in of_text[text].items():
            of_row[row][text] = weight
    found = {}
    for text, weights in of_text.items():
        best = max(weights.values(), default=0.0)
        if best < _STRONG:
            continue
        home = next(row for row, weight in weights.items() if weight == best)
        rivals = [weight for row, weight in weights.items() if row != home]
        rivals += [weight for other, weight in of_row[home].items() if other != text]
        if best - max(rivals, default=0.0) >= _MARGIN:
            found[text] = Home(home, best)
    return found
