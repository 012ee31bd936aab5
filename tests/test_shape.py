"""The shape of the code: sizes, names, and that the project speaks of itself alone."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "kg").rglob("*.py"))
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
# click and prompt_toolkit call these by name.
GIVEN_NAMES = {"get_command", "get_completions"}
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "DECISIONS.md",
    "LICENSE",
    "README.md",
    "data",
    "kg",
    "notebooks",
    "ontology",
    "pyproject.toml",
    "tests",
}


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.splitlines()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_are_short_and_well_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno
            assert length < MOST_LINES_OF_A_FUNCTION, f"{node.name} has {length} lines"
            if node.name not in GIVEN_NAMES:
                assert not re.match(r"_*(?:get|process|handle)_|.*_?(?:manager|helper|utils)$", node.name), node.name


def test_the_top_level_is_the_fixed_one() -> None:
    found = {name.split("/")[0] for name in _tracked()}
    assert found <= TOP_LEVEL


def test_no_file_names_a_registry_host_or_a_path_of_a_machine() -> None:
    pattern = re.compile(
        r"https?://[a-z0-9.-]*(?:pypi|pythonhosted|npmjs|debian)\.[a-z]+|(?<![\w.])/(?:root|home|Users)/\w"
    )
    for name in _tracked():
        path = ROOT / name
        if path.suffix in {".png", ".trig"} or not path.is_file():
            continue
        found = pattern.findall(path.read_text(encoding="utf-8", errors="replace"))
        assert found == [] or path == Path(__file__), name
