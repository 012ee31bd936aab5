"""Stores on disk: whole at any moment, shared by readers, and clear about what is wrong with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import KgError, OutputError, StoreError
from kg.store.folder import FORMAT, MARKER, build_store, is_store, open_store
from kg.store.locks import try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

P = ox.NamedNode("http://example.org/p")
ROOT = Path(__file__).parents[2]

# Builds a store of `count` quads and stops for good after `stop` of them, or never.
BUILD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import pyoxigraph as ox
from kg.store.folder import build_store

def quads(count, stop):
    for number in range(count):
        if number == stop:
            print("stopped", flush=True)
            time.sleep(600)
        yield ox.Quad(ox.NamedNode(f"urn:n:{number}"), ox.NamedNode("urn:p:p"), ox.Literal(number))

build_store(quads(int(sys.argv[3]), int(sys.argv[4])), Path(sys.argv[2]))
print("built", flush=True)
"""

OPEN = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from kg.errors import KgError
from kg.store.folder import open_store

try:
    store = open_store(Path(sys.argv[2]), read_only=sys.argv[3] == "read")
    print(len(store), flush=True)
except KgError as error:
    print(type(error).__name__, error, flush=True)
sys.stdin.read()
"""


def quads(count: int) -> Iterator[ox.Quad]:
    for number in range(count):
        yield ox.Quad(ox.NamedNode(f"http://example.org/{number}"), P, ox.Literal(number))


def child(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(ROOT), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_store_is_built_and_opened_again_with_its_graphs(path: Path) -> None:
    graph = ox.NamedNode("http://example.org/g")
    build_store([*quads(3), ox.Quad(graph, P, graph, graph)], path, release="1.7")
    assert is_store(path)
    store = open_store(path)
    assert len(store) == 4
    assert store.graphs() == {graph.value}
    assert store.query("ASK { GRAPH ?g { ?g ?p ?g } }")
    said = json.loads((path / MARKER).read_text())
    assert (said["format"], said["release"]) == (FORMAT, "1.7")


def test_a_folder_that_is_empty_may_become_a_store(path: Path) -> None:
    path.mkdir()
    build_store(quads(1), path)
    assert len(open_store(path)) == 1


def test_a_store_is_replaced_and_leaves_nothing_behind(path: Path) -> None:
    build_store(quads(1), path)
    build_store(quads(5), path)
    assert len(open_store(path)) == 5
    assert len([entry for entry in path.iterdir() if entry.is_dir()]) == 1


def test_who_has_the_old_store_open_goes_on_reading_it(path: Path) -> None:
    build_store(quads(200), path)
    old = open_store(path)
    build_store(quads(7), path)
    assert len(list(old.quads())) == 200
    assert len(open_store(path)) == 7
    old.close()
    build_store(quads(8), path)
    assert len([entry for entry in path.iterdir() if entry.is_dir()]) == 1


def test_a_store_can_be_rebuilt_from_itself(path: Path) -> None:
    build_store(quads(50), path)
    build_store(open_store(path).quads(), path)
    assert len(open_store(path)) == 50


@pytest.mark.parametrize("before", [0, 3])
def test_a_build_that_fails_leaves_the_old_store_or_none(path: Path, before: int) -> None:
    def broken() -> Iterator[ox.Quad]:
        yield from quads(10)
        message = "the source broke off"
        raise KgError(message)

    if before:
        build_store(quads(before), path)
    with pytest.raises(KgError, match="the source broke off"):
        build_store(broken(), path)
    if before:
        assert len(open_store(path)) == before
    else:
        assert not path.exists()


@pytest.mark.parametrize("before", [0, 3])
def test_a_build_that_is_killed_leaves_the_old_store_or_none_and_is_swept_by_the_next(path: Path, before: int) -> None:
    if before:
        build_store(quads(before), path)
    building = child(BUILD, path, 100, 50)
    assert first_line(building) == "stopped"
    end(building)
    if before:
        assert len(open_store(path)) == before
    else:
        assert not is_store(path)
        with pytest.raises(StoreError, match="is not a finished kg store"):
            open_store(path)
    build_store(quads(9), path)
    assert len(open_store(path)) == 9
    assert len([entry for entry in path.iterdir() if entry.is_dir()]) == 1


def test_a_build_killed_at_any_moment_leaves_a_whole_store(path: Path) -> None:
    build_store(quads(4), path)
    for step in range(12):
        building = child(BUILD, path, 2000, -1)
        time.sleep(0.05 + 0.02 * step)
        building.send_signal(signal.SIGKILL)
        building.communicate()
        assert len(list(open_store(path).quads())) in {4, 2000}


def test_a_build_that_is_under_way_is_not_swept(path: Path) -> None:
    build_store(quads(1), path)
    building = child(BUILD, path, 100, 50)
    assert first_line(building) == "stopped"
    build_store(quads(2), path)
    assert len([entry for entry in path.iterdir() if entry.is_dir()]) == 2
    assert len(open_store(path)) == 2
    end(building)


def test_several_processes_read_at_once_and_a_writer_is_alone(path: Path) -> None:
    build_store(quads(6), path)
    readers = [child(OPEN, path, "read") for _ in range(2)]
    assert [first_line(reader) for reader in readers] == ["6", "6"]
    with pytest.raises(StoreError, match=r"another process is using it; try again when it has ended"):
        open_store(path, read_only=False)
    for reader in readers:
        end(reader)
    writer = child(OPEN, path, "write")
    assert first_line(writer) == "6"
    with pytest.raises(StoreError, match=r"another process is writing to it; try again when it has ended"):
        open_store(path)
    end(writer)
    assert len(open_store(path)) == 6


def test_what_a_writer_adds_is_there_afterwards(path: Path) -> None:
    build_store(quads(1), path)
    store = open_store(path, read_only=False)
    store.native.extend(quads(3))
    store.close()
    assert len(open_store(path)) == 3


def data_of(path: Path) -> Path:
    return next(entry for entry in path.iterdir() if entry.is_dir())


def biggest(path: Path) -> Path:
    return max(data_of(path).glob("*.sst"), key=lambda file: file.stat().st_size)


def remove_current(path: Path) -> None:
    (data_of(path) / "CURRENT").unlink()


def remove_table(path: Path) -> None:
    biggest(path).unlink()


def cut_table(path: Path) -> None:
    os.truncate(biggest(path), 100)


def remove_manifest(path: Path) -> None:
    next(data_of(path).glob("MANIFEST*")).unlink()


def fill_current(path: Path) -> None:
    (data_of(path) / "CURRENT").write_bytes(bytes(range(256)))


def remove_data(path: Path) -> None:
    data_of(path).rename(path.parent / "elsewhere")


DAMAGES = [remove_current, remove_table, cut_table, remove_manifest, fill_current, remove_data]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_named_with_the_remedy(path: Path, damage: object) -> None:
    build_store(quads(2000), path)
    assert callable(damage)
    damage(path)
    with pytest.raises(StoreError, match=r"the store is damaged .*; build it again with `kg build`") as caught:
        open_store(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    build_store(quads(1), path)
    assert len(open_store(path)) == 1


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("not json", "is damaged (kg-store.json is not JSON)"),
        ("[" * 50_000, "is damaged (kg-store.json is not JSON)"),
        ("[]", "is damaged (kg-store.json names no format)"),
        ('{"format": true}', "is damaged (kg-store.json names no format)"),
        ('{"format": 999}', "is a store of format 999, this kg reads format 1; upgrade kg"),
        ('{"format": 0}', "is a store of format 0, this kg reads format 1; build it again"),
        ('{"format": 1}', "is damaged (kg-store.json names no data folder)"),
        ('{"format": 1, "data": "../../etc"}', "is damaged (kg-store.json names no data folder)"),
        ('{"format": 1, "data": "kg-data-/../.."}', "is damaged (kg-store.json names no data folder)"),
        (
            '{"format": 1, "data": "kg-data-0123456789abcdef"}',
            "is damaged (kg-data-0123456789abcdef is missing or incomplete)",
        ),
    ],
)
def test_a_marker_that_cannot_be_trusted_is_told_apart(path: Path, marker: str, said: str) -> None:
    build_store(quads(1), path)
    (path / MARKER).write_text(marker)
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert said in str(caught.value)


def test_a_path_that_is_no_store_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist; make a store with `kg build"):
        open_store(tmp_path / "none")
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(StoreError, match="is a file, not a store folder"):
        open_store(file)
    with pytest.raises(StoreError, match="is not a finished kg store"):
        open_store(tmp_path)


def test_nothing_that_is_not_a_store_is_ever_replaced(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(OutputError, match="is a file; name a folder"):
        build_store(quads(1), file)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "kg-data-mine").write_text("mine")
    with pytest.raises(OutputError, match="holds something that is not a kg store"):
        build_store(quads(1), folder)
    with pytest.raises(OutputError, match="does not exist; make the folder first"):
        build_store(quads(1), tmp_path / "a" / "b")
    assert file.read_text() == "mine"
    assert [entry.name for entry in folder.iterdir()] == ["kg-data-mine"]


def test_what_others_put_into_a_store_folder_survives_a_build(path: Path) -> None:
    build_store(quads(1), path)
    (path / "notes.txt").write_text("mine")
    build_store(quads(2), path)
    assert (path / "notes.txt").read_text() == "mine"


def test_a_link_to_a_folder_is_built_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    build_store(quads(2), link)
    assert link.is_symlink()
    assert len(open_store(tmp_path / "real")) == 2


@pytest.fixture
def _nobody(tmp_path: Path) -> Iterator[None]:
    """A folder without any permission, and no superuser, who would not care."""
    tmp_path.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)
    tmp_path.chmod(0o700)


@pytest.mark.usefixtures("_nobody")
def test_a_place_without_permission_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written \(Permission denied\)"):
        build_store(quads(1), tmp_path / "store")
    with pytest.raises(StoreError, match=r"cannot be read \(Permission denied\)"):
        open_store(tmp_path / "store")
    assert not is_store(tmp_path / "store")


def test_a_name_that_is_too_long_is_an_error_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        build_store(quads(1), tmp_path / ("x" * 300))


def test_a_lock_excludes_as_it_says_and_ends_when_released(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    first, second = try_lock(file, shared=True), try_lock(file, shared=True)
    assert first is not None
    assert second is not None
    assert try_lock(file, shared=False) is None
    first.release()
    first.release()
    second.release()
    alone = try_lock(file, shared=False)
    assert alone is not None
    assert try_lock(file, shared=True) is None
    alone.release()


def test_a_lock_on_a_file_that_cannot_be_made_excludes_nobody(tmp_path: Path) -> None:
    assert try_lock(tmp_path / "none" / "lock", shared=False) is not None
