"""The real release, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.rdf.corpus import corpus_quads
from kg.sources import read_source
from kg.store.embedded import EmbeddedStore
from kg.views import VIEWS, render_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.views.conftest import Opened

pytestmark = [pytest.mark.corpus, pytest.mark.browser]


@pytest.fixture(scope="module")
def release(corpus_folder: Path) -> EmbeddedStore:
    return EmbeddedStore.from_quads(corpus_quads(read_source(corpus_folder)))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_the_release_opens_offline_and_most_of_it_is_named(
    name: str, release: EmbeddedStore, open_page: Callable[..., Opened]
) -> None:
    opened = open_page(render_view(release, name).html)
    seen = opened.page.evaluate("() => kgPage.state()")

    assert opened.faults == []
    assert len(opened.requests) == 1
    assert len(seen["labels"]) > 0.6 * len(seen["nodes"])
    if name != "framework":
        # The page opens at a legible number of edges, not at none.
        assert 30 <= seen["edges"] <= 450
