from __future__ import annotations

import html
import os
import re
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.errors import OutputError
from kg.views import View, view

if TYPE_CHECKING:
    from pathlib import Path


def test_a_page_is_written_as_utf_8_with_unix_lines(tmp_path: Path) -> None:
    written = View("<p>Ünïcode\n</p>").save(tmp_path / "page.html")
    assert written.read_bytes() == "<p>Ünïcode\n</p>".encode()


def test_a_page_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine")

    with pytest.raises(OutputError, match=r"page\.html: exists"):
        View("new").save(path)
    assert path.read_text() == "mine"


def test_force_overwrites_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    View("new").save(path, force=True)

    assert path.read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_written_page_can_be_read_by_others(tmp_path: Path) -> None:
    path = View("x").save(tmp_path / "page.html")
    assert os.stat(path).st_mode & 0o777 == 0o644  # noqa: PTH116 - the mode of the very file


def test_a_folder_that_is_not_there_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist; make it first"):
        View("x").save(tmp_path / "nowhere" / "page.html")


def test_a_path_that_is_a_folder_is_an_output_error_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()

    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        View("x").save(tmp_path / "page.html", force=True)
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_in_a_notebook_the_page_stands_in_a_sandbox_whole_and_escaped() -> None:
    page = view(nx.path_graph(3), title='"quoted" & <marked>')

    shown = page._repr_html_()

    found = re.fullmatch(
        r'<iframe title="Network" sandbox="allow-scripts allow-downloads" style="[^"]*" srcdoc="([^"]*)"></iframe>',
        shown,
    )
    assert found is not None
    assert html.unescape(found[1]) == page.html
