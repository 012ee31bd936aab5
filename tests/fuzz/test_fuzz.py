"""Whatever the bytes, a reader gives a graph or one line of ours, in bounded time. ``python -m tests.fuzz`` goes on."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources import read_source
from tests.fuzz.mutations import damaged
from tests.fuzz.targets import FIXTURES, SECONDS, Target, TooSlowError, bounded, outcome, targets

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = st.integers(0, 1 << 32)
TARGETS = {target.name: target for target in targets()}
QUICK = [name for name in TARGETS if not name.startswith("tiny.")]
PARSED_IN_A_CHILD = [name for name in TARGETS if name.startswith("tiny.")]


def assert_clear(message: str, target: Target) -> None:
    """One line, printable, that names the file and gives a remedy behind a semicolon."""
    assert "\n" not in message
    assert target.name.partition(".")[0] in message
    assert "; " in message


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_the_sound_file_is_read(target: Target) -> None:
    assert outcome(target, target.data) == ""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(QUICK), SEEDS)
def test_damaged_files_are_read_or_refused_on_one_line_in_bounded_time(name: str, seed: int) -> None:
    if message := outcome(TARGETS[name], damaged(TARGETS[name].data, seed)):
        assert_clear(message, TARGETS[name])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PARSED_IN_A_CHILD), SEEDS)
def test_damaged_graphs_are_read_or_refused_on_one_line_in_bounded_time(name: str, seed: int) -> None:
    if message := outcome(TARGETS[name], damaged(TARGETS[name].data, seed)):
        assert_clear(message, TARGETS[name])


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(QUICK), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_on_one_line(name: str, data: bytes) -> None:
    if message := outcome(TARGETS[name], data):
        assert_clear(message, TARGETS[name])


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_damaged_page_never_costs_the_others(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("release")
    release = Path(shutil.copytree(FIXTURES / "release", folder / "release"))
    page = release / "generated_pages/incidents/I00002.md"
    page.write_bytes(damaged(page.read_bytes(), seed))
    with bounded():
        corpus = read_source(release)
    assert {"I00001"} <= {incident.identifier for incident in corpus.incidents}
    assert all(line.read == line.stored + line.repaired + line.reported for line in corpus.ledger)
    shutil.rmtree(folder)


def test_the_same_seed_gives_the_same_damage_and_nearly_every_seed_some() -> None:
    data = targets()[0].data
    assert [damaged(data, seed) for seed in range(50)] == [damaged(data, seed) for seed in range(50)]
    assert sum(damaged(data, seed) != data for seed in range(100)) > 90


def test_a_reader_that_does_not_end_is_caught() -> None:
    def endless(_: Path) -> None:
        while True:
            pass

    with pytest.raises(TooSlowError), bounded(0.05):
        endless(Path())
    assert SECONDS > 0


HEAD = "# Incident I00001: A\n\n"
ROWS = HEAD + "| Technique | Description given for this incident |\n| --- | --- |\n"
CITED = HEAD + "| Reference | Pub Date | Authors | Org | Archive |\n" + "| --- " * 5 + "|\n"
LINK = "[T0146 A](../T0146.md)"
GROWN: dict[str, Callable[[int], str]] = {
    "rows": lambda n: ROWS + "".join(f"| {LINK} | told {i} (T0146: A) |\n" for i in range(n)),
    "groups in groups": lambda n: f"{ROWS}| {LINK} | " + "(T0146: A, " * n + "|\n",
    "groups": lambda n: f"{ROWS}| {LINK} | " + "told (T0146: A). " * n + "|\n",
    "bars": lambda n: ROWS + "| " * n + "\n",
    "open links": lambda n: ROWS + "| " + "[" * n + " | a |\n",
    "half links": lambda n: ROWS + "| " + "[a](" * n + " | a |\n",
    "links": lambda n: (
        CITED + "".join(f"| [https://a.example/{i}](https://a.example/{i}) | | | | |\n" for i in range(n))
    ),
    "fields": lambda n: HEAD + "* **Summary:** a\n" * n,
    "italics": lambda n: f"{HEAD}* **Summary:** " + "_a " * n,
    "tags": lambda n: f"{HEAD}* **Summary:** " + "<i" * n,
    "blanks": lambda n: f"{HEAD}* **Summary:** a" + " \u00a0" * n + "b",
    "countries": lambda n: f"{HEAD}* **Countries:** " + "Russia, " * n,
}


@pytest.mark.parametrize("kind", GROWN)
def test_the_time_to_read_a_page_grows_as_the_page_does(kind: str, tmp_path: Path) -> None:
    # Sixteen times the page takes sixteen times as long, some 256 times where a step is quadratic.
    page = tmp_path / "I00001.md"
    small, large = (_seconds(page, GROWN[kind](size)) for size in (1_000, 16_000))
    assert large < 100 * max(small, 0.002)


def _seconds(page: Path, text: str) -> float:
    """The least seconds of CPU of three readings."""
    page.write_text(text, encoding="utf-8")
    took = []
    for _ in range(3):
        before = time.process_time()
        with contextlib.suppress(SourceError), bounded():
            read_source(page)
        took.append(time.process_time() - before)
    return min(took)
