"""The Navigator's layer format 4.5 as a check: which fields there are, their types, and which must be there.

Format: https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
"""

from __future__ import annotations

import re

_Field = tuple[type | tuple[type, ...], bool]
_NUMBER = (int, float)

LAYER: dict[str, _Field] = {
    "versions": (dict, False),
    "name": (str, True),
    "description": (str, False),
    "domain": (str, True),
    "customDataURL": (str, False),
    "filters": (dict, False),
    "sorting": (int, False),
    "layout": (dict, False),
    "hideDisabled": (bool, False),
    "techniques": (list, False),
    "gradient": (dict, False),
    "legendItems": (list, False),
    "showTacticRowBackground": (bool, False),
    "tacticRowBackground": (str, False),
    "selectTechniquesAcrossTactics": (bool, False),
    "selectSubtechniquesWithParent": (bool, False),
    "selectVisibleTechniques": (bool, False),
    "metadata": (list, False),
    "links": (list, False),
}
VERSIONS: dict[str, _Field] = {"attack": (str, False), "navigator": (str, True), "layer": (str, True)}
TECHNIQUE: dict[str, _Field] = {
    "techniqueID": (str, True),
    "tactic": (str, False),
    "comment": (str, False),
    "enabled": (bool, False),
    "score": (_NUMBER, False),
    "color": (str, False),
    "metadata": (list, False),
    "links": (list, False),
    "showSubtechniques": (bool, False),
}
GRADIENT: dict[str, _Field] = {"colors": (list, True), "minValue": (_NUMBER, True), "maxValue": (_NUMBER, True)}
LEGEND: dict[str, _Field] = {"label": (str, True), "color": (str, True)}
LINK: dict[str, _Field] = {"label": (str, True), "url": (str, True)}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Observations and assessments of 2.x have ids of their own.
_ID = re.compile(r"[TA]\d{4}(?:\.\d{3})?")


def layer_faults(layer: object) -> list[str]:
    """What in a layer is not as the format says; nothing where all is."""
    if not isinstance(layer, dict):
        return ["is no object"]
    faults = _object("layer", layer, LAYER)
    versions = layer.get("versions", {})
    faults += _object("versions", versions, VERSIONS)
    if versions.get("layer") != "4.5" or tuple(map(int, versions["navigator"].split("."))) < (4, 9, 0):
        faults.append(f"versions {versions}")
    seen = set()
    for entry in layer.get("techniques", ()):
        faults += _object("technique", entry, TECHNIQUE)
        faults += [f"techniqueID {entry['techniqueID']}"] if not _ID.fullmatch(entry["techniqueID"]) else []
        faults += [f"color {entry['color']}"] if not _COLOUR.fullmatch(entry.get("color", "#000000")) else []
        key = (entry["techniqueID"], entry.get("tactic"))
        faults += [f"{key} stands twice"] if key in seen else []
        seen.add(key)
    if "gradient" in layer:
        faults += _gradient(layer["gradient"])
    for item in layer.get("legendItems", ()):
        faults += _object("legend", item, LEGEND)
        faults += [] if _COLOUR.fullmatch(item["color"]) else [f"color {item['color']}"]
    for link in layer.get("links", ()):
        faults += _object("link", link, LINK)
        faults += [] if re.match(r"\w+://.", link["url"]) else [f"url {link['url']}"]
    return faults


def _gradient(gradient: dict[str, object]) -> list[str]:
    faults = _object("gradient", gradient, GRADIENT)
    colours, least, most = gradient["colors"], gradient["minValue"], gradient["maxValue"]
    assert isinstance(colours, list)
    assert isinstance(least, int)
    assert isinstance(most, int)
    if len(colours) < 2 or not all(map(_COLOUR.fullmatch, colours)) or most <= least:
        faults.append(f"gradient {gradient}")
    # mitreattack-python puts each colour at a whole score, and fails where there are fewer scores than colours.
    if most - least + 1 < len(colours):
        faults.append(f"gradient of {len(colours)} colours from {least} to {most}")
    return faults


def _object(what: str, found: object, fields: dict[str, _Field]) -> list[str]:
    if not isinstance(found, dict):
        return [f"{what} is no object"]
    faults = [f"{what} has a field {name}" for name in found if name not in fields]
    for name, (kind, required) in fields.items():
        if name not in found:
            faults += [f"{what} lacks {name}"] if required else []
        elif not isinstance(found[name], kind) or (kind is not bool and isinstance(found[name], bool)):
            faults.append(f"{what}.{name} is {found[name]!r}")
    return faults
