"""The README tells the truth: every line marked as run is run, and prints what stands below it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli.app import COMMANDS

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"<!-- run -->\n```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def _blocks() -> list[tuple[str, str]]:
    return [(found["command"], found["output"]) for found in _BLOCK.finditer(README.read_text(encoding="utf-8"))]


def run(command: str, folder: Path) -> str:
    """What a shell prints for a line of the README, with ``kg`` the command of this checkout."""
    shim = folder / "kg"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    paths = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(README.parent)}
    environment = (
        {key: value for key, value in os.environ.items() if key != "KG_SOURCE"} | paths | {"LC_ALL": "C.UTF-8"}
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, env=environment, cwd=folder
    )
    return done.stdout


def test_the_readme_holds_lines_to_run() -> None:
    assert len(_blocks()) >= 6


@pytest.mark.parametrize(("command", "output"), _blocks(), ids=[command for command, _ in _blocks()])
def test_the_readme_prints_what_it_shows(command: str, output: str, tmp_path: Path) -> None:
    assert run(command, tmp_path).rstrip() == output.rstrip()


def test_every_command_stands_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`kg {name}" not in text] == []
