"""Counting files of pairs: Parquet and mapped arrays here, and the same Parquet on Apache Spark."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.outofcore import count_file
from kg.errors import KgError, SourceError, UnknownNameError
from kg.incidence import incidence_of
from kg.incidence.files import open_pairs
from tests.benchmarks.incidences import incidence_arrays

if TYPE_CHECKING:
    from kg.analysis.pairs import Cooccurrence

ROOT = Path(__file__).parent.parent.parent

# Techniques whose order as text is not that of numbers, and units that repeat and end in the middle of nowhere.
BY_HAND = [("I1", "T10"), ("I1", "T2"), ("I1", "Tä"), ("I10", "T2"), ("I2", "T10"), ("I2", "T2")]


@pytest.fixture
def parquet() -> Any:  # noqa: ANN401 - pyarrow publishes no types
    return pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed; it comes with the extra parquet")


def write_parquet(path: Path, columns: dict[str, object], **options: object) -> Path:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed; it comes with the extra parquet")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table(columns), path, **options)
    return path


def counts_of(pairs: Cooccurrence) -> set[tuple[str, str, int, int]]:
    """Both ids, how many units hold both, and N; a file orders numbered techniques as numbers, memory as text."""
    columns = (pairs.technique_a.tolist(), pairs.technique_b.tolist(), pairs.count.tolist())
    return {(min(a, b), max(a, b), count, pairs.units) for a, b, count in zip(*columns, strict=True)}


def test_a_file_of_names_gives_what_the_table_in_memory_gives(tmp_path: Path) -> None:
    units, techniques = zip(*BY_HAND, strict=True)
    path = write_parquet(tmp_path / "pairs.parquet", {"incident": list(units), "technique": list(techniques)})
    expected = cooccurrence_of(incidence_of(units, techniques))
    assert count_file(path).cooccurrence().to_csv() == expected.to_csv()


@pytest.mark.parametrize("form", ["parquet", "npy"])
def test_a_file_of_numbers_gives_what_the_table_in_memory_gives(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.incidence.files.PIECE_ROWS", 7_000)
    units, techniques = incidence_arrays(30_000, 40)
    path = tmp_path / f"pairs.{form}"
    if form == "npy":
        np.save(path, np.stack([units, techniques]))
    else:
        write_parquet(path, {"unit": units, "technique": techniques}, row_group_size=5_000)
    counted = count_file(path)
    expected = cooccurrence_of(incidence_of(map(str, units.tolist()), map(str, techniques.tolist())))
    assert counts_of(counted.cooccurrence()) == counts_of(expected)
    assert counted.margins.tolist() == np.bincount(techniques, minlength=40).tolist()
    assert counted.units == len(np.unique(units))


def test_names_may_be_kept_once_and_numbered(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed; it comes with the extra parquet")
    units, techniques = (arrow.array(column).dictionary_encode() for column in zip(*BY_HAND, strict=True))
    path = write_parquet(tmp_path / "pairs.parquet", {"a": units, "b": techniques})
    assert len(count_file(path).cooccurrence()) == 3


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    units, techniques = incidence_arrays(2_000_000, 50)
    path = tmp_path / "pairs.npy"
    np.save(path, np.stack([units, techniques]))
    code = (
        "import resource, sys\n"
        "from kg.analysis.outofcore import count_file\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "count_file(sys.argv[1])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    grown = []
    for rows in (500_000, 2_000_000):
        np.save(path, np.stack([units[:rows], techniques[:rows]]))
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        grown.append(int(done.stdout))
    # The pages of the mapped file count too: 8 bytes a row, in kB. All else stays.
    assert grown[1] - grown[0] < 1_500_000 * 8 / 1024 * 1.5


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"unit": ["I2", "I1"], "technique": ["a", "a"]}, "units are not in order; sort it first"),
        ({"unit": [1, 1], "technique": ["b", "a"]}, "place 1 is not after place 0; sort by unit"),
        ({"unit": [1, 1], "technique": ["a", "a"]}, "without repeats"),
        ({"unit": [1, None], "technique": ["a", "a"]}, "column 'unit' has empty cells"),
        ({"unit": [1, 2], "technique": ["a", None]}, "column 'technique' has empty cells"),
        ({"unit": [1.5, 2.5], "technique": ["a", "a"]}, "column 'unit' is of type double"),
        ({"unit": [1, 2], "technique": [-1, 3]}, "technique -1 is not among the 4"),
        ({"unit": [1, 2], "technique": [1, 10**9]}, "technique numbered 1,000,000,000"),
        ({"x": [1], "y": [2], "z": [3]}, "name two of them 'unit' and 'technique'"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(
    columns: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = write_parquet(tmp_path / "pairs.parquet", columns)
    with pytest.raises(SourceError, match=message) as raised:
        count_file(path)
    assert str(path) in str(raised.value)


def test_a_table_of_nothing_has_no_pairs(tmp_path: Path) -> None:
    np.save(tmp_path / "pairs.npy", np.empty((2, 0), dtype=np.int64))
    counted = count_file(tmp_path / "pairs.npy")
    assert (counted.units, len(counted.cooccurrence(minimum=0))) == (0, 0)


def test_what_is_no_file_of_pairs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / "torn.npy").write_bytes(b"\x93NUMPY\x01\x00")
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (tmp_path / "pickled.npy").write_bytes(buffer.getvalue())
    np.save(tmp_path / "flat.npy", np.arange(5))
    for name, message in (
        ("none.npy", "is no file"),
        ("pairs.csv", "neither .parquet nor .npy"),
        ("torn.npy", "cannot be read as a NumPy array"),
        ("pickled.npy", "cannot be read as a NumPy array"),
        ("flat.npy", r"shape \(5,\) .* write two rows"),
    ):
        with pytest.raises(SourceError, match=message):
            open_pairs(tmp_path / name)


def test_a_torn_parquet_file_is_refused(tmp_path: Path, parquet: object) -> None:
    del parquet
    path = tmp_path / "torn.parquet"
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        count_file(path)


def test_options_of_the_engine_are_checked(tmp_path: Path) -> None:
    np.save(tmp_path / "pairs.npy", np.array([[0, 1], [0, 0]]))
    with pytest.raises(UnknownNameError, match="unknown engine 'sprak'; did you mean 'spark'"):
        count_file(tmp_path / "pairs.npy", engine="sprak")
    with pytest.raises(KgError, match="is for the engine spark"):
        count_file(tmp_path / "pairs.npy", master="local[2]")
    with pytest.raises(KgError, match="units 1: the file holds 2"):
        count_file(tmp_path / "pairs.npy", units=1)


@pytest.fixture
def spark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed; it comes with the extra spark")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("no Java on this machine; Spark needs it")


@pytest.mark.usefixtures("spark")
def test_two_workers_of_spark_count_what_one_process_counts(tmp_path: Path) -> None:
    units, techniques = incidence_arrays(20_000, 30)
    path = write_parquet(tmp_path / "sorted.parquet", {"unit": units, "technique": techniques})
    # Spark is given the rows shuffled and some of them twice.
    order = np.random.default_rng(3).permutation(np.concatenate([np.arange(len(units)), np.arange(500)]))
    names = np.array([f"T{number:02}" for number in range(30)])
    mixed = write_parquet(
        tmp_path / "mixed.parquet", {"unit": units[order], "technique": names[techniques[order]].tolist()}
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kg",
            "cooccurrence",
            "--pairs",
            mixed,
            "--engine",
            "spark",
            "--master",
            "local-cluster[2,1,1024]",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    expected = count_file(path).cooccurrence().to_csv().splitlines()
    named = [expected[0]] + [
        ",".join([f"T{int(row.split(',')[0]):02}", f"T{int(row.split(',')[1]):02}", *row.split(",")[2:]])
        for row in expected[1:]
    ]
    assert done.stdout.splitlines() == named


@pytest.mark.usefixtures("spark")
def test_spark_refuses_what_one_process_refuses_and_counts_names_and_nothing(tmp_path: Path) -> None:
    units, techniques = zip(*BY_HAND, BY_HAND[0], strict=True)  # one row twice
    write_parquet(tmp_path / "names.parquet", {"unit": list(units), "technique": list(techniques)})
    write_parquet(tmp_path / "none.parquet", {"unit": np.empty(0, np.int64), "technique": np.empty(0, np.int64)})
    write_parquet(tmp_path / "float.parquet", {"unit": [1.5, 2.5], "technique": ["a", "a"]})
    write_parquet(tmp_path / "empty.parquet", {"unit": [1, None], "technique": ["a", "b"]})
    write_parquet(tmp_path / "without.parquet", {"unit": [1, 2], "technique": ["a", None]})
    write_parquet(tmp_path / "minus.parquet", {"unit": [1, 2], "technique": [-1, 0]})
    code = (
        "import sys\n"
        "from kg.analysis.outofcore import count_file\n"
        "from kg.errors import SourceError\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        counted = count_file(path, engine='spark', master='local[1]')\n"
        "        shown = (counted.table.techniques, counted.pairs.count.tolist(), counted.margins.tolist())\n"
        "        print(*shown, counted.units)\n"
        "    except SourceError as error:\n"
        "        print(str(error).rpartition('/')[2])\n"
    )
    names = ("names", "none", "float", "empty", "without", "minus")
    files = [str(tmp_path / f"{name}.parquet") for name in names]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.splitlines() == [
        # T10 with T2 in I1 and I2; with Tä in I1, and so is T2.
        "('T10', 'T2', 'Tä') [2, 1, 1] [2, 3, 1] 3",
        "() [] [] 0",
        "float.parquet: column 'unit' is of type double; write whole numbers or text",
        "empty.parquet: column 'unit' has empty cells; leave these rows out",
        "without.parquet: column 'technique' has empty cells; leave these rows out",
        "minus.parquet: technique -1: number them from 0, below 100,000",
    ], done.stderr[-2000:]
