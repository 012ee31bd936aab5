"""Rights that are given up are gone, and what is needed is left. Each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def _tried(setup: str, action: str) -> str:
    """What an action ends in, after some rights were given up: ``done``, or the name of the error."""
    program = f"""
import os, socket
from kg.store.sandbox import give_up_calls, read_only_below
from kg.store.process import open_nothing_more
held = {setup}
try:
    {action}
    said = "done"
except Exception as error:  # whichever it is: its name is the answer
    said = type(error).__name__
print("unknown" if held is False else said)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    said = done.stdout.strip()
    if said == "unknown":
        pytest.skip("this kernel cannot take these rights away")
    return said


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("socket.socket()", "PermissionError"),
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("os.execv('/bin/true', ['true'])", "PermissionError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("open(os.__file__).close()", "done"),
        ("os.getpid()", "done"),
    ],
)
def test_no_host_is_called_and_no_program_run_once_that_is_given_up(action: str, said: str) -> None:
    assert _tried("give_up_calls()", action) == said


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("open({inside!r}).close()", "done"),
        ("open({outside!r}).close()", "PermissionError"),
        ("open({inside!r}, 'a').close()", "PermissionError"),
        ("open({inside!r} + 'x', 'w').close()", "PermissionError"),
        ("os.remove({inside!r})", "PermissionError"),
        ("os.listdir({folder!r})", "done"),
        ("os.listdir('/')", "PermissionError"),
    ],
)
def test_only_what_lies_below_the_folder_is_read_and_nothing_written(tmp_path: Path, action: str, said: str) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    for file in (tmp_path / "outside", folder / "inside"):
        file.write_text("x", encoding="utf-8")
    names = {"inside": str(folder / "inside"), "outside": str(tmp_path / "outside"), "folder": str(folder)}
    assert _tried(f"read_only_below({str(folder)!r})", action.format(**names)) == said


def test_nothing_is_opened_once_descriptors_are_at_their_end() -> None:
    assert _tried("open_nothing_more(2)", "open(os.__file__).close()") == "OSError"
    assert _tried("open_nothing_more(2)", "socket.socket()") == "OSError"
