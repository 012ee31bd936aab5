"""Servers that several tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.serving import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of the embedded facts, with a clock and bounds that tests can reach."""
    with serving("--timeout", "3", "--rows", "1000") as running:
        yield running
