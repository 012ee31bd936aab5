from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

import kg.views
from kg.views.palette import COLOURS, NEUTRAL, mark

# Machado, Oliveira and Fernandes (2009), severity 1.0.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ np.clip(light, 0, 1), 1e-6, None) / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_colours_stay_apart_for_the_colour_blind(blindness: str) -> None:
    seen = [lab(BLINDNESS[blindness] @ linear(colour)) for colour in COLOURS]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))
    # About 2.3 is a just noticeable difference.
    assert nearest > 10


def test_twenty_four_groups_have_twenty_four_marks() -> None:
    assert len({mark(index) for index in range(24)}) == 24
    assert mark(24) == (NEUTRAL, "dot")


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


def themes() -> list[dict[str, str]]:
    css = (Path(kg.views.__file__).parent / "network.css").read_text(encoding="utf-8")
    return [variables(block) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)]


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_text_has_contrast_with_each_ground(theme: dict[str, str]) -> None:
    for ground in ("paper", "panel"):
        assert contrast(theme["ink"], theme[ground]) >= 7
        assert contrast(theme["quiet"], theme[ground]) >= 4.5
        assert contrast(theme["accent"], theme[ground]) >= 3


def test_the_script_draws_in_the_colours_of_the_style() -> None:
    script = (Path(kg.views.__file__).parent / "network.js").read_text(encoding="utf-8")
    light, dark = themes()
    for theme in (light, dark):
        assert f'paper: "{theme["paper"]}", ink: "{theme["ink"]}", quiet: "{theme["quiet"]}"' in script
