"""What all tests share: where the fixtures and the real releases are, and the browser where there is one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def release_folder() -> Path:
    """A fictional release in the form of the real ones, with one of each trap."""
    return FIXTURES / "release"


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    """The real release named by DISARM_FRAMEWORKS."""
    named = os.environ.get("DISARM_FRAMEWORKS")
    if not named:
        pytest.skip("DISARM_FRAMEWORKS names no release folder")
    folder = Path(named)
    if not (folder / "generated_pages").is_dir():
        pytest.fail(f"DISARM_FRAMEWORKS={named} is no release folder")
    return folder


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium of this machine."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine (tried " + ", ".join(BROWSERS) + ")")
    return found
