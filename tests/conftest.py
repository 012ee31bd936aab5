"""What all tests share: where the fixtures and the real releases are, and the browser where there is one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

# No test asserts seconds, and hypothesis' deadline is one.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

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


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    """One Chromium for all tests: Playwright's plain interface cannot be opened twice in one process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--strict-skips``, ``--passed-to`` and ``--passed-in``, by which CI runs no test twice."""
    parser.addoption(
        "--strict-skips", action="store_true", help="fail where a test of the corpus, browser or endpoints skips"
    )
    parser.addoption("--passed-to", type=Path, metavar="FILE", help="write down the tests that passed, a line each")
    parser.addoption("--passed-in", type=Path, metavar="FILE", help="leave out the tests that a former run passed")


def pytest_configure(config: pytest.Config) -> None:
    """Keep a list of what passes where one is asked for."""
    if config.getoption("--passed-to"):
        config.pluginmanager.register(Passed(config.getoption("--passed-to")), "passed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what ``--passed-in`` names, and say how many that were (pytest counts them as deselected)."""
    former: Path | None = config.getoption("--passed-in")
    if former is None:
        return
    passed = set(former.read_text(encoding="utf-8").splitlines())
    left_out = [item for item in items if item.nodeid in passed]
    items[:] = [item for item in items if item.nodeid not in passed]
    config.hook.pytest_deselected(items=left_out)


class Passed:
    """Writes down the tests that passed, with none of their phases failed or skipped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: dict[str, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of each phase: setup, call, teardown."""
        self.outcomes.setdefault(report.nodeid, set()).add(report.outcome)

    def pytest_sessionfinish(self) -> None:
        """Write the list; an id over several lines is left out, and so its test runs again."""
        passed = (name for name, seen in self.outcomes.items() if seen == {"passed"} and len(name.splitlines()) == 1)
        self.path.write_text("".join(f"{name}\n" for name in sorted(passed)), encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a corpus, browser or endpoint test into a failure under ``--strict-skips``."""
    report = yield
    strict = item.config.getoption("--strict-skips")
    if (
        strict
        and report.skipped
        and not hasattr(report, "wasxfail")
        and ({"corpus", "browser", "endpoints"} & {mark.name for mark in item.iter_markers()})
    ):
        report.outcome = "failed"
    return report
